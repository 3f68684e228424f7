"""F1 against the number of sentences."""

from dataclasses import replace

import pytest

import training.studies.learning_curve as curves
from app.tagging.tagger import Tagger
from training.corpora.loading import Data, read_data
from training.evaluation.metrics import CurvePoint
from training.experiment import Experiment
from training.pipeline import train_once
from training.studies.learning_curve import learning_curve


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

    def watched(experiment: Experiment, data: Data, *, quiet: bool) -> Tagger:
        learnt.append(data.train)
        return train_once(experiment, data, quiet=quiet)

    monkeypatch.setattr(curves, "train_once", watched)
    short = replace(short, training=replace(short.training, epochs=1))
    data = read_data(short)
    train = [replace(each, intent=str(at)) for at, each in enumerate(data.train)]
    points = list(learning_curve(short, train, data.dev, (25, 50, 100), quiet=True))
    assert [point.sentences for point in points] == [4, 9, 18] == [len(each) for each in learnt]
    assert set(learnt[0]) < set(learnt[1]) < set(learnt[2])
    assert learnt[2] == tuple(train)
    assert all(isinstance(point, CurvePoint) for point in points)
