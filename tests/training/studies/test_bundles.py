"""One bundle against another."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.evaluation.test_evaluate import write_lines, write_spans
from training.corpora.loading import read_data
from training.errors import CorpusError
from training.experiment import Experiment
from training.exporting.export import export
from training.fitting.fit import fit
from training.studies.bundles import compare_bundles

RIGHT = ("leave Taipei", "O B-place_of_departure", None)
MISSED = ("to Springfield", "O B-destination", None)


def test_the_difference_is_that_of_b_less_a(toy_bundle: Path, trained_bundle: Path) -> None:
    corpus = json.loads((trained_bundle / "manifest.json").read_text())["training_config"][
        "corpora"
    ]
    path = Path(corpus[0]["path"])
    found = compare_bundles(toy_bundle, trained_bundle, path)
    other = compare_bundles(trained_bundle, toy_bundle, path)
    assert found.f1_b == 100.0 > found.f1_a
    assert found.evidence.difference == pytest.approx(found.f1_b - found.f1_a)
    assert (found.f1_a, found.f1_b) == (other.f1_b, other.f1_a)
    assert other.evidence.difference == pytest.approx(-found.evidence.difference)
    assert (found.verdict, other.verdict) == ("better", "worse")


def test_a_few_sentences_tell_nothing(
    toy_bundle: Path, trained_bundle: Path, tmp_path: Path
) -> None:
    corpus = write_lines(tmp_path / "a", RIGHT, MISSED)
    found = compare_bundles(toy_bundle, trained_bundle, corpus)
    assert found.sentences == 2
    assert found.verdict == "no significant difference"
    assert "(95 % interval " in str(found)


def test_what_one_of_them_was_trained_on_is_asked_of_neither(
    experiment: Experiment, toy_bundle: Path, tmp_path: Path
) -> None:
    whole = write_lines(tmp_path / "whole", *[RIGHT] * 40)
    source = replace(experiment.corpora[0], path=str(whole))
    short = replace(experiment, corpora=(source,), training=replace(experiment.training, epochs=1))
    export(fit(short, read_data(short), tmp_path / "run", "", quiet=True), tmp_path / "new")
    for bundles in ((toy_bundle, tmp_path / "new"), (tmp_path / "new", toy_bundle)):
        assert compare_bundles(*bundles, whole).sentences == 2  # set aside by rule
    assert compare_bundles(toy_bundle, toy_bundle, whole).sentences == 40


def test_spans_that_tokens_cannot_express_are_missed_by_both(
    toy_bundle: Path, tmp_path: Path
) -> None:
    corpus = write_spans(tmp_path / "a", ("go tomorrow", [(3, 10, "time_of_departure")]))
    with pytest.raises(CorpusError, match="1 of 1"):
        compare_bundles(toy_bundle, toy_bundle, corpus)
    found = compare_bundles(toy_bundle, toy_bundle, corpus, most_changed=1.0)
    assert (found.f1_a, found.f1_b) == (0.0, 0.0)
    assert found.as_json()["changed_spans"] == {"spans": 1, "changed": 1}
