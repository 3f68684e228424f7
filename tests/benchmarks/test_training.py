from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from app.tagging.features import Featurizer
from app.tagging.vocabulary import Vocabulary
from benchmarks.training import filled, plain_batches, until
from tests.training.toy_corpus import write_corpus, write_recipe
from training.corpora.sentences import Sentence
from training.experiment import Experiment, read_experiment
from training.fitting.batches import Batches

SENTENCES = [Sentence(("go",) * length, ("O",) * length, 0) for length in (4, 1, 3, 2, 5)]
BATCHES = Batches(Featurizer(Vocabulary(["go"]), Vocabulary([])), (), batch_size=2)


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Experiment:
    write_corpus(tmp_path / "toy-corpus")
    monkeypatch.setenv("SLOTLINE_DATA", str(tmp_path))
    return read_experiment(write_recipe(tmp_path / "toy.toml"))


def test_plain_batches_have_each_sentence_once_whatever_its_length() -> None:
    found = list(plain_batches(BATCHES, SENTENCES, np.random.default_rng(0)))
    lengths = [batch.lengths.tolist() for batch in found]
    assert [len(each) for each in lengths] == [2, 2, 1]
    assert sorted(chain.from_iterable(lengths)) == [1, 2, 3, 4, 5]
    assert lengths != [[1, 2], [3, 4], [5]]


def test_padding_is_no_word() -> None:
    assert filled([BATCHES.batch(SENTENCES[:2]), BATCHES.batch(SENTENCES[2:3])]) == 8 / 11


def test_a_training_ends_where_the_goal_is_reached(experiment: Experiment) -> None:
    found = until(0.0, experiment)
    assert found["ended_after"] == 1
    assert found["seconds"] == found["course"][-1][0] > 0
    assert found["cpu_seconds"] > 0


def test_a_goal_out_of_reach_takes_all_epochs(experiment: Experiment) -> None:
    short = replace(experiment, training=replace(experiment.training, epochs=2))
    found = until(101.0, short)
    assert found["ended_after"] == len(found["course"]) == 2
    assert found["seconds"] is found["cpu_seconds"] is None
    assert found["best_f1"] == max(f1 for _, f1 in found["course"])
