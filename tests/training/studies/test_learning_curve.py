"""F1 against the number of sentences."""

from dataclasses import replace
from pathlib import Path

import pytest

import training.studies.learning_curve as curves
from training.corpora.loading import Data, read_data
from training.experiment import Experiment
from training.fitting.checkpoint import Checkpoint
from training.fitting.fit import fit
from training.studies.learning_curve import CurvePoint, learning_curve


@pytest.fixture
def short(experiment: Experiment) -> Experiment:
    return replace(experiment, training=replace(experiment.training, epochs=8))


def test_more_sentences_bring_more(short: Experiment) -> None:
    data = read_data(short)
    few, all_of_them = learning_curve(short, data.train, data.dev, (100, 10, 100), quiet=True)
    assert (few.sentences, all_of_them.sentences) == (1, 18)
    assert few.slot_f1 < 60 < all_of_them.slot_f1


def test_a_larger_share_holds_the_smaller(
    short: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = []

    def watched(
        experiment: Experiment, data: Data, run: Path, command: str, *, quiet: bool
    ) -> Checkpoint:
        learnt.append(data.train)
        return fit(experiment, data, run, command, quiet=quiet)

    monkeypatch.setattr(curves, "fit", watched)
    short = replace(short, training=replace(short.training, epochs=1))
    data = read_data(short)
    train = [replace(each, intent=str(at)) for at, each in enumerate(data.train)]
    points = list(learning_curve(short, train, data.dev, (25, 50, 100), quiet=True))
    assert [point.sentences for point in points] == [4, 9, 18] == [len(each) for each in learnt]
    assert set(learnt[0]) < set(learnt[1]) < set(learnt[2])
    assert learnt[2] == tuple(train)
    assert all(isinstance(point, CurvePoint) for point in points)
