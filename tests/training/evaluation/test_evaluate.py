"""A bundle against annotated text."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.tagging.errors import BundleNotFoundError
from training.corpora.loading import read_data
from training.errors import CorpusError, ExperimentError
from training.evaluation.evaluate import (
    Part,
    Repeated,
    WithNoise,
    evaluate,
    f1_with_noise,
    read_part,
    repeated,
    seen,
)
from training.evaluation.metrics import SlotFigures
from training.experiment import Experiment, Holdout
from training.exporting.export import export
from training.fitting.fit import fit


def write_lines(path: Path, *lines: tuple[str, str, str | None]) -> Path:
    """Write tagged JSON lines of (tokens, labels, intent)."""
    path.write_text(
        "".join(
            json.dumps({"tokens": tokens.split(), "labels": labels.split(), "intent": intent})
            + "\n"
            for tokens, labels, intent in lines
        )
    )
    return path


def test_answers_are_those_of_the_service(trained_bundle: Path, tmp_path: Path) -> None:
    corpus = write_lines(
        tmp_path / "lines.jsonl",
        ("Arrive in Taipei !", "O O B-destination O", "arrive"),
        ("leave New York", "O B-place_of_departure I-place_of_departure", "leave"),
        ("leave New York", "O B-place_of_departure O", "arrive"),
        ("leave New York", "O B-destination I-destination", None),
    )
    report = evaluate(trained_bundle, corpus).report
    assert report.slots["destination"] == SlotFigures(100.0, 50.0, 200 / 3, 2, 1)
    assert report.slots["place_of_departure"] == SlotFigures(100 / 3, 50.0, 40.0, 2, 3)
    assert report.sentence_accuracy == 50.0
    assert report.intent_accuracy == 200 / 3  # of the three whose intent is known


def test_slots_that_a_bundle_does_not_know_are_missed(trained_bundle: Path, tmp_path: Path) -> None:
    corpus = write_lines(
        tmp_path / "lines.jsonl",
        ("arrive in taipei", "O O B-destination", None),
        ("thank you", "O B-person", None),
    )
    report = evaluate(trained_bundle, corpus).report
    assert report.slots["person"] == SlotFigures(0.0, 0.0, 0.0, 1, 0)
    assert (report.slot_precision, report.slot_recall) == (100.0, 50.0)


def test_a_bundle_without_intents_has_no_intent_accuracy(
    toy_without_intents: Path, tmp_path: Path
) -> None:
    corpus = write_lines(tmp_path / "a", ("leave Taipei", "O B-place_of_departure", "leave"))
    report = evaluate(toy_without_intents, corpus).report
    assert (report.slot_f1, report.intent_accuracy) == (100.0, None)


def test_what_was_mended_in_the_corpus_is_counted(trained_bundle: Path, tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "a", ("a b", "B-x I-destination", None))
    warnings = evaluate(trained_bundle, corpus).corpus.warnings
    assert warnings == {"I- tag that continues nothing, read as B-": 1}


def test_the_bundle_is_looked_for_before_the_corpus(tmp_path: Path) -> None:
    with pytest.raises(BundleNotFoundError):
        evaluate(tmp_path, tmp_path / "none")


@pytest.mark.parametrize(
    ("part", "words"),
    [(None, "d"), ("dev", "d"), ("train", "a b c")],
)
def test_of_a_folder_with_parts_dev_is_measured_unless_train_is_asked_for(
    tmp_path: Path, part: Part | None, words: str
) -> None:
    write_lines(tmp_path / "train", ("a", "O", None), ("b", "O", None), ("c", "O", None))
    write_lines(tmp_path / "dev", ("d", "O", None))
    measured = read_part(tmp_path, None, part)
    assert [utterance.tokens[0] for utterance in measured.utterances] == words.split()


def test_of_a_folder_with_parts_there_is_no_whole(tmp_path: Path) -> None:
    write_lines(tmp_path / "train", ("a", "O", None))
    write_lines(tmp_path / "dev", ("d", "O", None))
    with pytest.raises(CorpusError, match="a folder of parts: name dev, train"):
        read_part(tmp_path, None, "all")


def test_the_validation_pools_of_snips_are_its_dev_part(tmp_path: Path) -> None:
    for part, text in (("train", "learn"), ("validate", "choose")):
        queries = {"fly": [{"data": [{"text": text}]}]}
        (tmp_path / f"{part}_fly.json").write_text(json.dumps(queries))
    [utterance] = read_part(tmp_path, None, None).utterances
    assert utterance.tokens == ("choose",)


@pytest.mark.parametrize(("part", "queries"), [(None, 40), ("all", 40), ("train", 38), ("dev", 2)])
def test_a_single_file_is_measured_whole_or_split_by_rule(
    tmp_path: Path, part: Part | None, queries: int
) -> None:
    corpus = write_lines(tmp_path / "a.jsonl", *[("a", "O", "i")] * 40)
    assert len(read_part(corpus, None, part).utterances) == queries


def test_what_the_corpus_keeps_to_learn_from_is_read_beside_its_dev(
    toy_bundle: Path, tmp_path: Path
) -> None:
    parts, other = tmp_path / "parts", tmp_path / "other"
    for folder, word in ((parts, "a"), (other, "b")):
        folder.mkdir()
        write_lines(folder / "train", (f"{word} learnt", "O O", None))
        write_lines(folder / "dev", (f"{word} asked", "O O", None))
    single = write_lines(tmp_path / "single", ("c", "O", None))

    def learnt(path: Path, part: Part | None = None, train: Path | None = None) -> str | None:
        found = evaluate(toy_bundle, path, None, part, train=train).train
        return None if found is None else " ".join(found.utterances[0].tokens)

    assert learnt(parts) == "a learnt"
    assert learnt(parts, "train") is None
    assert learnt(single) is None
    assert learnt(single, train=other) == "b learnt"
    assert learnt(parts, train=single) == "c"


def test_sentences_that_are_in_training_are_counted_apart(toy_bundle: Path, tmp_path: Path) -> None:
    known, strange = ("go tomorrow", "O B-time_of_departure"), ("go", "B-person")
    asked = write_lines(tmp_path / "a", *((*each, None) for each in (known, known, strange)))

    def found(*learnt: tuple[str, str]) -> Repeated | None:
        train = write_lines(tmp_path / "b", *((*each, None) for each in learnt))
        return repeated(evaluate(toy_bundle, asked, train=train))

    assert found(known) == Repeated(2, 100.0, 0.0)
    assert found(known, strange) == Repeated(3, 80.0, None)
    assert found(("stay", "O")) is None
    assert repeated(evaluate(toy_bundle, asked)) is None


def test_noise_costs_what_its_sentences_cost(toy_bundle: Path, tmp_path: Path) -> None:
    lines = [("go tomorrow", "O B-time_of_departure", None)] * 50
    evaluation = evaluate(toy_bundle, write_lines(tmp_path / "a", *lines))
    assert evaluation.report.slot_f1 == 100.0
    # The toy bundle knows tomorrow in any casing and with any marks, but no tmrw.
    assert f1_with_noise(evaluation, "capitals") == WithNoise(100.0, 100.0)
    assert f1_with_noise(evaluation, "punctuation").slot_f1 == 100.0
    assert f1_with_noise(evaluation, "abbreviations") == WithNoise(0.0, 100.0)
    assert 75 < f1_with_noise(evaluation, "typos").slot_f1 < 100
    assert f1_with_noise(evaluation, "typos") == f1_with_noise(evaluation, "typos")


def test_points_lost_are_those_of_the_same_running_text(toy_bundle: Path, tmp_path: Path) -> None:
    # The token holds a mark that no value of running text has.
    lines = [("go tomorrow!", "O B-time_of_departure", None)] * 20
    evaluation = evaluate(toy_bundle, write_lines(tmp_path / "a", *lines))
    assert evaluation.report.slot_f1 == 100.0
    found = f1_with_noise(evaluation, "capitals")
    assert (found.clean_f1, found.loss) == (found.slot_f1, 0.0)


def write_spans(path: Path, *lines: tuple[str, list[tuple[int, int, str]]]) -> Path:
    """Write JSON lines of text and spans."""
    path.write_text(
        "".join(
            json.dumps(
                {
                    "text": text,
                    "spans": [{"start": a, "end": b, "slot": slot} for a, b, slot in spans],
                }
            )
            + "\n"
            for text, spans in lines
        )
    )
    return path


def test_what_tokens_cannot_express_is_missed(toy_bundle: Path, tmp_path: Path) -> None:
    exact = ("go tomorrow", [(3, 11, "time_of_departure")])
    within = ("go tomorrow", [(3, 10, "time_of_departure")])
    corpus = write_spans(tmp_path / "a", *[exact] * 39, within)
    report = evaluate(toy_bundle, corpus).report
    assert (report.changed_spans, report.spans) == (1, 40)
    # The widened span was found, and is not what was written.
    assert report.slots["time_of_departure"] == SlotFigures(97.5, 97.5, 97.5, 40, 40)


def test_a_corpus_that_tokens_can_hardly_express_is_refused_with_advice(
    toy_bundle: Path, tmp_path: Path
) -> None:
    exact, within = ("go now", [(3, 6, "x")]), ("go now", [(3, 5, "x")])
    at_most = write_spans(tmp_path / "a", *[exact] * 19, within)
    assert evaluate(toy_bundle, at_most).report.changed_share == 5.0
    corpus = write_spans(tmp_path / "b", *[exact] * 18, within, within)
    with pytest.raises(CorpusError) as error:
        evaluate(toy_bundle, corpus)
    assert "found 2 of 20 (10.00%) that begin or end within a token" in str(error.value)
    assert "such as x 'no' in 'go now'" in str(error.value)
    assert "--max-changed-spans" in str(error.value)
    assert evaluate(toy_bundle, corpus, most_changed=0.1).report.changed_spans == 2


def test_values_seen_in_training_are_told_apart(toy_bundle: Path, tmp_path: Path) -> None:
    train = write_lines(tmp_path / "t", ("go tomorrow", "O B-time_of_departure", None))
    asked = write_lines(
        tmp_path / "a",
        ("go TOMORROW", "O B-time_of_departure", None),
        ("go 7", "O B-time_of_departure", None),
    )
    found = seen(evaluate(toy_bundle, asked, train=train))
    assert found is not None
    assert (found["values_seen"].gold, found["values_seen"].slot_f1) == (1, 100.0)
    assert (found["values_unseen"].gold, found["numbers_unseen"].gold) == (1, 1)
    assert "numbers_seen" not in found
    assert seen(evaluate(toy_bundle, asked)) is None


def test_what_was_held_out_of_a_bundle_is_measured(
    experiment: Experiment, corpus: Path, tmp_path: Path
) -> None:
    held = replace(experiment, holdout=Holdout("values", 1))
    data = read_data(held)
    checkpoint = fit(held, data, tmp_path / "run", "", quiet=True)
    export(checkpoint, tmp_path / "bundle")
    evaluation = evaluate(tmp_path / "bundle", corpus, part="holdout")
    assert evaluation.corpus.utterances == data.held_out
    assert evaluation.train is not None
    assert evaluation.train.utterances == data.train
    # The values of dev are compared with what the bundle has learnt, and not with all of train.
    groups = seen(evaluate(tmp_path / "bundle", corpus))
    assert groups is not None
    assert groups["values_unseen"].gold == sum(len(each.exact_spans) for each in data.held_out)


def test_nothing_was_held_out_of_another_bundle(trained_bundle: Path, corpus: Path) -> None:
    with pytest.raises(ExperimentError, match="fit --holdout values"):
        evaluate(trained_bundle, corpus, part="holdout")
