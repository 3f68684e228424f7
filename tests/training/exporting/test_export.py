"""A trained network → a bundle."""

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import training.exporting.export
from app.tagging.bundle import CorpusNote, open_bundle
from app.tagging.tagger import Tagger
from app.values import read_declaration
from tests.training.conftest import Fit
from training.corpora.loading import read_data
from training.errors import ExperimentError, ParityError
from training.evaluation.calibration import Calibration
from training.experiment import Experiment, Source, StaticVectors, TypesSource
from training.exporting.export import export
from training.exporting.onnx_graph import network_graph
from training.fitting.checkpoint import read_checkpoint, write_checkpoint
from training.fitting.fit import fit


@pytest.fixture
def bundle(trained: Path, tmp_path: Path) -> Path:
    """The bundle of the trained toy experiment."""
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None
    export(checkpoint, tmp_path / "toy")
    return tmp_path / "toy"


def test_a_bundle_answers_what_its_network_learnt(bundle: Path) -> None:
    tagger = Tagger(open_bundle(bundle))
    for text, name, value, intent in (
        ("Arrive in Taipei!", "destination", "Taipei", "arrive"),
        ("LEAVE New York", "place_of_departure", "New York", "leave"),
    ):
        (tagging,) = tagger.tag_texts([text])
        assert [(slot.name, slot.value) for slot in tagging.slots] == [(name, value)]
        assert tagging.intents[0][0] == intent
        assert sum(share for _, share in tagging.intents) == pytest.approx(1.0)


def test_the_manifest_says_how_it_was_made(bundle: Path) -> None:
    manifest = open_bundle(bundle).manifest
    assert manifest.command == "slotline fit toy.toml"
    assert manifest.metrics["dev_slot_f1"] == 100.0
    assert manifest.training_config["network"]["hidden"] == 16
    assert manifest.corpora[0].license == "Apache-2.0"
    assert manifest.packages["torch"] == torch.__version__
    assert manifest.punctuation == "ignored"


def test_scores_are_divided_by_the_temperatures(
    trained: Path, bundle: Path, tmp_path: Path
) -> None:
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None
    checkpoint.calibration = Calibration(2.0, 4.0, 0.0123456)
    manifest = export(checkpoint, tmp_path / "tempered")
    assert manifest.metrics.items() >= {
        ("temperature", 2.0),
        ("intent_temperature", 4.0),
        ("dev_calibration_error", 0.0123),
    }
    raw, tempered = (Tagger(open_bundle(folder)) for folder in (bundle, tmp_path / "tempered"))
    tokens = ["arrive", "in", "new", "york"]
    np.testing.assert_allclose(2 * tempered.scores(tokens), raw.scores(tokens), atol=1e-5)
    before, after = (tagger.tag_tokens([tokens])[0] for tagger in (raw, tempered))
    assert after.tags == before.tags
    assert after.slots[0].confidence < before.slots[0].confidence
    odds = [math.log(one.intents[0][1] / one.intents[1][1]) for one in (before, after)]
    assert odds[0] == pytest.approx(4 * odds[1], rel=1e-4)


def test_a_bundle_without_intents_has_no_temperature_for_them(
    experiment: Experiment, fitted: Fit, tmp_path: Path
) -> None:
    plain = replace(experiment, network=replace(experiment.network, intents=False))
    manifest = export(fitted(of=plain, epochs=1), tmp_path / "plain")
    assert manifest.metrics.keys() == {"dev_slot_f1", "best_epoch", "temperature"}


def test_the_same_seed_makes_the_same_bytes(fitted: Fit, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(fitted(name, epochs=2), tmp_path / f"{name}-bundle")
    for path in (tmp_path / "one-bundle").iterdir():
        assert path.read_bytes() == (tmp_path / "two-bundle" / path.name).read_bytes()


def test_without_sentences_of_its_own_it_is_proved_on_words_in_no_order(
    trained: Path, tmp_path: Path
) -> None:
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None
    checkpoint.experiment = type(checkpoint.experiment)(
        **checkpoint.experiment.as_dict()
        | {
            "network": checkpoint.experiment.network,
            "training": checkpoint.experiment.training,
            "corpora": (),
            "examples": (),
        }
    )
    export(checkpoint, tmp_path)
    lines = (tmp_path / "examples.jsonl").read_text().splitlines()
    assert [len(json.loads(line)["tokens"]) for line in lines] == [1, 2, 7, 19, 40]


def test_where_every_word_is_rare_it_is_proved_on_words_that_it_lacks(
    experiment: Experiment, fitted: Fit, tmp_path: Path
) -> None:
    rare = replace(experiment, network=replace(experiment.network, min_count=1_000), examples=())
    export(fitted(of=rare, epochs=1), tmp_path / "bundle")
    bundle = open_bundle(tmp_path / "bundle")
    assert bundle.contents.words == []
    assert [len(example.tokens) for example in bundle.contents.examples] == [1, 2, 7, 19, 40]


def test_words_that_have_a_vector_alone_are_in_the_bundle(
    experiment: Experiment, fitted: Fit, tmp_path: Path
) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("taipei 1 2 3\nsauron 4 5 6\n")
    vectors = StaticVectors("two words", str(path), license="none", citation="We")
    export(fitted(of=replace(experiment, vectors=vectors), epochs=1), tmp_path / "bundle")
    bundle = open_bundle(tmp_path / "bundle")
    assert bundle.contents.words[-1] == "sauron"
    assert bundle.manifest.corpora[-1] == CorpusNote("two words", "none", "We")
    # Its vector is all that tells it from another word that training never had.
    sauron, other = (Tagger(bundle).scores(["arrive", word]) for word in ("sauron", "gandalf"))
    assert not np.allclose(sauron, other)


def test_a_run_without_a_whole_epoch_makes_no_bundle(trained: Path, tmp_path: Path) -> None:
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None
    checkpoint.best = {}
    with pytest.raises(ExperimentError, match="has not finished an epoch"):
        export(checkpoint, tmp_path)


def test_a_graph_that_deviates_from_torch_is_refused(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None

    def deviating(network: torch.nn.Module) -> object:
        with torch.no_grad():
            network.output.bias[0] += 0.001  # type: ignore[index, union-attr, operator]
            graph = network_graph(network)  # type: ignore[arg-type]
            network.output.bias[0] -= 0.001  # type: ignore[index, union-attr, operator]
        return graph

    monkeypatch.setattr(training.exporting.export, "network_graph", deviating)
    with pytest.raises(ParityError):
        export(checkpoint, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_bundle_of_written_text_reads_capitals(experiment: Experiment, tmp_path: Path) -> None:
    lines = [
        {"tokens": ["i", "saw", name], "labels": ["O", "O", label]}
        for name, label in (("Bob", "B-person"), ("Rose", "B-person"), ("bob", "O"), ("rose", "O"))
    ]
    for part in ("train", "dev"):
        text = "".join(json.dumps(line) + "\n" for line in lines * 4)
        (tmp_path / f"{part}.jsonl").write_text(text)
    cased = replace(
        experiment,
        corpora=(Source("names", str(tmp_path)),),
        network=replace(experiment.network, casing=True),
    )
    checkpoint = fit(cased, read_data(cased), tmp_path / "run", "", quiet=True)
    export(checkpoint, tmp_path / "bundle")
    tagger = Tagger(open_bundle(tmp_path / "bundle"))
    for text, names in (("i saw Rose", ["person"]), ("i saw rose", [])):
        [tagging] = tagger.tag_texts([text])
        assert [slot.name for slot in tagging.slots] == names


@pytest.fixture
def types(tmp_path: Path) -> Path:
    """A declaration of types for the toy experiment."""
    path = tmp_path / "types.toml"
    path.write_text(
        '[values.destination]\ntype = "name"\nnames = "cities"\n'
        '[names.cities]\nfile = "cities.tsv"\n'
    )
    (tmp_path / "cities.tsv").write_text("value\tid\nTaipei\tTPE\n")
    return path


def typed(experiment: Experiment, types: Path) -> Experiment:
    return replace(experiment, types=TypesSource(str(types)))


def test_an_experiment_with_types_makes_a_bundle_with_types(
    trained: Path, types: Path, tmp_path: Path
) -> None:
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None
    checkpoint.experiment = typed(checkpoint.experiment, types)
    write_checkpoint(tmp_path / "run", checkpoint)
    again = read_checkpoint(tmp_path / "run")
    assert again is not None
    manifest = export(again, tmp_path / "typed")
    bundle = open_bundle(tmp_path / "typed")
    assert bundle.manifest.version == manifest.version
    declared = read_declaration(types)
    assert (manifest.types, bundle.contents.lists) == declared
    assert manifest.training_config["types"] == {"path": str(types), "package": ""}
    types.unlink()
    with pytest.raises(ExperimentError, match=r"\[types\]: .*cannot be read: No such file"):
        export(again, tmp_path / "typed")


def test_types_that_cannot_be_used_are_told_before_training(
    experiment: Experiment, types: Path, tmp_path: Path
) -> None:
    types.write_text('[values.colour]\ntype = "date"\n')
    changed = typed(experiment, types)
    with pytest.raises(ExperimentError, match=r"values\.colour: the model has no"):
        fit(changed, read_data(changed), tmp_path / "run", "", quiet=True)
    assert not (tmp_path / "run" / "checkpoint.pt").exists()


def test_types_can_be_added_to_a_run_that_is_over(
    experiment: Experiment, trained: Path, types: Path, tmp_path: Path
) -> None:
    run = shutil.copytree(trained, tmp_path / "run")
    changed = typed(experiment, types)
    checkpoint = fit(changed, read_data(changed), Path(run), "slotline fit toy.toml", quiet=True)
    assert checkpoint.experiment == changed
    found = read_checkpoint(trained)
    assert found is not None
    assert checkpoint.history == found.history
