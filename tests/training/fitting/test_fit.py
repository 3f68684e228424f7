"""The training loop."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import training.fitting.fit as loop
from app.tagging.bundle import open_bundle
from app.tagging.slots import Span
from app.tagging.tagger import Tagger
from tests.training.conftest import Fit
from tests.training.fitting.test_loss import Scores, one_batch
from training.corpora.loading import Data, read_data
from training.corpora.sentences import Sentence
from training.corpora.utterances import ChangedSpan, Utterance
from training.errors import ExperimentError
from training.evaluation.calibration import Calibration
from training.evaluation.metrics import slot_f1
from training.experiment import (
    CalibrationSettings,
    Experiment,
    ListSource,
    NetworkSettings,
    StaticVectors,
)
from training.exporting.export import export
from training.fitting.batches import Batch, Batches
from training.fitting.checkpoint import (
    FILE,
    Checkpoint,
    read_checkpoint,
    run_lock,
    write_checkpoint,
)
from training.fitting.fit import fit
from training.fitting.scoring import dev_f1, outside_bias_on


def test_a_network_learns_the_toy_corpus(trained: Path) -> None:
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None
    assert checkpoint.best_f1 == 100.0
    assert checkpoint.epoch == 25
    assert checkpoint.vocabularies.slots == ("destination", "place_of_departure")
    assert checkpoint.vocabularies.intents == ("arrive", "chat", "leave")


def test_an_interrupted_run_ends_as_if_it_had_never_stopped(
    fitted: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fitted("whole", epochs=4, schedule="one-cycle")
    epochs = []

    def interrupt(run: Path, checkpoint: Checkpoint) -> None:
        write_checkpoint(run, checkpoint)
        epochs.append(checkpoint.epoch)
        if len(epochs) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(loop, "write_checkpoint", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fitted("halved", epochs=4, schedule="one-cycle")
    halved = fitted("halved", epochs=4, schedule="one-cycle")
    assert epochs == [1, 2, 3, 4, 4]  # once more with the calibration
    assert halved.best.keys() == whole.best.keys()
    assert all(torch.equal(halved.best[name], whole.best[name]) for name in whole.best)


@pytest.mark.parametrize(
    ("schedule", "shares"),
    [("constant", [0.4] * 6), ("one-cycle", [0.4, 0.3, 0.2, 0.1, 0.0, 0.0])],
)
def test_fewer_sentences_are_swapped_as_the_learning_rate_falls(
    fitted: Fit, monkeypatch: pytest.MonkeyPatch, schedule: str, shares: list[float]
) -> None:
    found = []
    of_pass = Batches.for_training

    def watched(*given: Any, swap: float, **others: Any) -> Iterator[Batch]:
        found.append(swap)
        return of_pass(*given, swap=swap, **others)

    monkeypatch.setattr(Batches, "for_training", watched)
    fitted(epochs=6, mention_replacement=0.4, schedule=schedule)
    assert found == pytest.approx(shares)


@pytest.mark.parametrize("copies", [0, 1, 2])
def test_sentences_are_learnt_with_values_of_lists_beside_their_own(
    experiment: Experiment,
    fitted: Fit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    copies: int,
) -> None:
    path = tmp_path / "far.tsv"
    path.write_text("value\nRio de Janeiro\n")
    source = ListSource("far", str(path), ("destination",))
    read: list[Sentence] = []
    batches_of = Batches.for_training

    def watched(
        self: Batches, own: Sequence[Sentence], *given: Any, copies: Sequence[Sentence], **more: Any
    ) -> Iterator[Batch]:
        read.extend(copies)
        learnt = list(batches_of(self, own, *given, copies=copies, **more))
        assert sum(len(batch.lengths) for batch in learnt) == len(own) + len(copies)
        return iter(learnt)

    monkeypatch.setattr(Batches, "for_training", watched)
    listed = replace(experiment, lists=(source,))
    fitted(of=listed, epochs=3, list_copies=copies)
    with_list = sum("B-destination" in sentence.tags for sentence in read_data(experiment).train)
    assert len(read) == 3 * copies * with_list
    words = {sentence.words for sentence in read}
    assert (("arrive", "rio", "de", "janeiro") in words) is (copies > 0)
    assert ("leave", "from", "rio", "de", "janeiro") not in words


def test_a_finished_run_is_not_trained_further(fitted: Fit) -> None:
    first, again = fitted(epochs=1), fitted(epochs=1)
    assert again.epoch == first.epoch == 1
    assert all(torch.equal(again.best[name], first.best[name]) for name in first.best)


def test_a_run_is_not_begun_anew_beneath_another_fit(
    experiment: Experiment, fitted: Fit, tmp_path: Path
) -> None:
    fitted(epochs=1)
    with run_lock(tmp_path / "run"), pytest.raises(ExperimentError, match="in use by another fit"):
        fit(experiment, read_data(experiment), tmp_path / "run", "", restart=True)
    assert (tmp_path / "run" / FILE).exists()


def test_a_run_is_held_while_it_is_fitted(experiment: Experiment, tmp_path: Path) -> None:
    short = replace(experiment, training=replace(experiment.training, epochs=1))

    def intrude(_: Checkpoint) -> None:
        with run_lock(tmp_path):
            pytest.fail("another could have had it")

    with pytest.raises(ExperimentError, match="in use by another fit"):
        fit(short, read_data(short), tmp_path, "", quiet=True, on_epoch_end=intrude)


def test_a_run_of_another_experiment_is_not_taken_up(fitted: Fit) -> None:
    fitted(epochs=1)
    with pytest.raises(ExperimentError, match="--restart"):
        fitted(epochs=2)


def test_a_run_whose_optional_vectors_are_gone_is_not_taken_up(
    experiment: Experiment, fitted: Fit, tmp_path: Path
) -> None:
    path = tmp_path / "vectors.txt"
    words = {word for each in read_data(experiment).train for word in each.tokens}
    path.write_text("".join(f"{word} 1 2\n" for word in sorted(words)))
    vectors = StaticVectors("few", str(path), optional=True)
    with_vectors = replace(experiment, vectors=vectors)
    assert fitted(of=with_vectors, epochs=1).vocabularies.vector_size == 2
    path.unlink()
    with pytest.raises(ExperimentError, match="--restart"):
        fitted(of=with_vectors, epochs=1)


@pytest.mark.parametrize("setting", ["similar_words", "random_words"])
def test_values_are_made_up_where_words_have_vectors(
    experiment: Experiment, fitted: Fit, tmp_path: Path, setting: str
) -> None:
    path = tmp_path / "vectors.txt"
    words = {word for each in read_data(experiment).train for word in each.tokens}
    path.write_text("".join(f"{word} 1 2\n" for word in sorted(words | {"elsewhere"})))
    vectors = StaticVectors("few", str(path))
    for has_vectors, of in ((False, experiment), (True, replace(experiment, vectors=vectors))):
        runs = [
            fitted(f"{has_vectors} {share}", of=of, epochs=1, **{setting: share})
            for share in (0.0, 1.0)
        ]
        losses = [run.history[0].loss for run in runs]
        assert (losses[0] != losses[1]) == has_vectors


def test_a_run_that_is_taken_up_is_made_by_the_last_command(
    experiment: Experiment, tmp_path: Path
) -> None:
    short = replace(experiment, training=replace(experiment.training, epochs=1))
    for command in ("first", "second"):
        checkpoint = fit(short, read_data(short), tmp_path, command, quiet=True)
        assert checkpoint.command == command


def test_a_file_that_is_no_checkpoint_is_refused(fitted: Fit, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / FILE).write_bytes(b"PK no checkpoint")
    with pytest.raises(ExperimentError, match="not a checkpoint of this release"):
        fitted()


def test_small_corpora_are_passed_over_more_often_in_an_epoch(fitted: Fit) -> None:
    checkpoint = fitted(epochs=2, min_steps=13)
    assert checkpoint.epoch == 2
    # Two passes of five batches each.
    assert checkpoint.progress["averaged"]["n_averaged"] == 20


def test_patience_ends_a_run_that_has_stopped_rising(fitted: Fit) -> None:
    checkpoint = fitted(epochs=100, patience=2)
    figures = [epoch.dev_f1 for epoch in checkpoint.history]
    assert checkpoint.epoch == figures.index(max(figures)) + 3 < 100


def test_of_equally_good_epochs_the_last_is_kept(fitted: Fit) -> None:
    checkpoint = fitted(epochs=3, learning_rate=1e-9)
    assert checkpoint.best_epoch == 3


def test_a_worse_epoch_takes_no_better_ones_place(fitted: Fit) -> None:
    # Steps this large go up and down.
    checkpoint = fitted(epochs=20, learning_rate=0.3, ema_decay=0.0)
    figures = [epoch.dev_f1 for epoch in checkpoint.history]
    assert checkpoint.best_f1 == max(figures)
    assert checkpoint.best_epoch == 20 - figures[::-1].index(max(figures))


def test_settings_that_make_no_network_are_refused_by_name(
    experiment: Experiment, tmp_path: Path
) -> None:
    wrong = replace(experiment, network=NetworkSettings(cell="lstn"))
    with pytest.raises(ExperimentError, match=r"toy, \[network\]: cell = 'lstn'.*peephole"):
        fit(wrong, read_data(wrong), tmp_path, "", quiet=True)


def test_intents_are_left_out_on_request(experiment: Experiment, fitted: Fit) -> None:
    network = replace(experiment.network, intents=False)
    checkpoint = fitted(of=replace(experiment, network=network), epochs=1)
    assert checkpoint.vocabularies.intents == ()


def test_what_is_not_annotated_does_not_count_on_dev(experiment: Experiment) -> None:
    scores = torch.tensor([0.0, 9.0, 0.0, 0.0, 0.0])  # every word a destination
    batches, sentence = one_batch(experiment, unannotated=("destination",))
    taught = replace(sentence, tags=("O", "B-place_of_departure"))
    both = replace(taught, unannotated=())
    assert dev_f1(Scores(scores), batches, [taught]) == 0.0
    right = torch.tensor([0.0, 0.0, 0.0, 9.0, 0.0])
    assert dev_f1(Scores(right), batches, [taught]) == dev_f1(Scores(right), batches, [both]) > 0


@pytest.mark.parametrize("text", ["...", ""])
def test_an_example_without_a_word_is_refused_before_training(
    experiment: Experiment, fitted: Fit, tmp_path: Path, text: str
) -> None:
    with pytest.raises(ExperimentError, match=r"toy, examples: '.*' has no word to read"):
        fitted(of=replace(experiment, examples=("leave Taipei", text)), epochs=1)
    assert not (tmp_path / "run" / FILE).exists()


@pytest.mark.parametrize("learning_rate", [1e3, 1e30])
def test_training_that_diverges_is_refused_and_not_kept(
    fitted: Fit, tmp_path: Path, learning_rate: float
) -> None:
    with pytest.raises(ExperimentError, match=r"diverged in epoch 1, .*: lower learning_rate"):
        fitted(epochs=3, learning_rate=learning_rate)
    assert not (tmp_path / "run" / FILE).exists()


def test_equal_data_have_equal_digests(experiment: Experiment) -> None:
    data = read_data(experiment)
    assert data.digest() == read_data(experiment).digest()
    shorter = Data(data.train[1:], data.dev, data.warnings, data.notes)
    assert shorter.digest() != data.digest()


def test_a_run_ends_with_its_calibration_on_dev(
    experiment: Experiment, fitted: Fit, tmp_path: Path
) -> None:
    assert fitted("small", epochs=1).calibration == Calibration()  # 16 slots say nothing
    [source] = experiment.corpora
    lines = Path(source.path, "dev.jsonl").read_text() * 5
    (tmp_path / "larger").mkdir()
    (tmp_path / "larger" / "dev.jsonl").write_text(lines)
    (tmp_path / "larger" / "train.jsonl").write_text(lines)
    larger = replace(experiment, corpora=(replace(source, path=str(tmp_path / "larger")),))
    found = fitted("large", of=larger, epochs=3).calibration
    assert found is not None
    assert found.error is not None
    assert (found.temperature, found.intent_temperature) != (1.0, 1.0)
    kept = read_checkpoint(tmp_path / "large")
    assert kept is not None
    assert kept.calibration == found


def test_without_a_word_in_dev_nothing_is_calibrated(
    experiment: Experiment, tmp_path: Path
) -> None:
    data = read_data(experiment)
    silent = replace(data.dev[0], tokens=("?",), tags=("O",))
    found = fit(
        replace(experiment, training=replace(experiment.training, epochs=1)),
        replace(data, dev=(silent,)),
        tmp_path,
        "a command",
        quiet=True,
    )
    assert found.calibration == Calibration()


def test_spans_that_no_tags_can_spell_are_missed_on_dev(experiment: Experiment) -> None:
    batches, sentence = one_batch(experiment)
    taught = replace(sentence, tags=("O", "B-place_of_departure"))
    right = torch.tensor([0.0, 0.0, 0.0, 9.0, 0.0])
    f1 = dev_f1(Scores(right), batches, [taught])
    # One span is right, two were found, and gold has one, or two.
    assert dev_f1(Scores(right), batches, [taught], missed=1) == pytest.approx(f1 * 3 / 4)


def test_a_bias_of_no_slot_is_found_where_slots_are_found_too_often(
    experiment: Experiment,
) -> None:
    batches, sentence = one_batch(experiment)
    said = replace(sentence, tags=("O", "B-place_of_departure"))
    silent = replace(sentence, tags=("O", "O"))
    unsure = Scores(torch.tensor([0.0, 0.0, 0.0, 0.8, 0.0]))
    assert outside_bias_on(unsure, batches, [said]) == 0.0
    assert outside_bias_on(unsure, batches, [said] + [silent] * 9) == 0.0  # nothing is better
    sure = Scores(torch.tensor([[0.0, 0.0, 0.0, 0.8, 0.0], [0.0, 0.0, 0.0, 2.9, 0.0]]))
    assert outside_bias_on(sure, batches, [said] * 9) == 1.25


def test_the_bundle_has_the_bias_and_f1_on_dev_with_it(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "outside_bias_on", lambda *_, **__: 40.0)
    data = read_data(experiment)
    before = fit(experiment, data, tmp_path / "run", "", quiet=True)
    assert before.dev_f1 == before.best_f1 == 100.0
    wanted = replace(experiment, calibration=CalibrationSettings(outside_bias=True))
    found = fit(wanted, data, tmp_path / "run", "", quiet=True)
    assert found.history == before.history, "the weights are those of before"
    assert (found.best_f1, found.dev_f1) == (100.0, 0.0)
    assert fit(wanted, data, tmp_path / "run", "", quiet=True).calibration == found.calibration
    manifest = export(found, tmp_path / "bundle")
    assert manifest.metrics.items() >= {("outside_bias", 40.0), ("dev_slot_f1", 0.0)}
    tagger = Tagger(open_bundle(tmp_path / "bundle"))
    taggings = tagger.tag_tokens([each.tokens for each in data.dev])
    assert not any(tagging.slots for tagging in taggings)


def test_a_network_that_hears_its_answers_can_have_no_bias(
    experiment: Experiment, tmp_path: Path
) -> None:
    jordan = replace(
        experiment,
        network=replace(experiment.network, cell="jordan"),
        calibration=CalibrationSettings(outside_bias=True),
    )
    with pytest.raises(ExperimentError, match="leave it out, or take another cell"):
        fit(jordan, read_data(jordan), tmp_path / "run", "", quiet=True)


def test_f1_on_dev_is_that_of_the_bundle_whatever_it_does_not_read(
    experiment: Experiment, tmp_path: Path
) -> None:
    data = read_data(experiment)
    stand_in = Span("destination", 1, 2)
    odd = (
        # A span that begins with a mark, which a bundle for spoken text does not read.
        Utterance(("arrive", "(", "paris"), ("O", "B-destination", "I-destination")),
        Utterance(("!",), ("B-destination",)),
        Utterance(
            ("arrive", "paris"),
            ("O", "B-destination"),
            changed=(ChangedSpan("destination", "pari", stand_in),),
        ),
        Utterance(("arrive", "paris"), ("O", "B-destination")),
    )
    changed = replace(data, dev=data.dev + odd)
    checkpoint = fit(experiment, changed, tmp_path / "run", "", quiet=True)
    export(checkpoint, tmp_path / "bundle")
    tagger = Tagger(open_bundle(tmp_path / "bundle"))
    taggings = tagger.tag_tokens([each.tokens for each in changed.dev])
    assert checkpoint.best_f1 == slot_f1(changed.dev, [tagging.tags for tagging in taggings])
    assert checkpoint.best_f1 < 95
