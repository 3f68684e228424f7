"""Sentences that are replayed as they are spoken."""

from dataclasses import replace
from pathlib import Path

import pytest

from training.corpora.loading import read_data
from training.corpora.replayed import fresh_texts, spoken_texts
from training.errors import CorpusError
from training.experiment import RECIPES, Experiment, Source, StabilitySource, read_experiment

CITIES = Experiment("mine", corpora=(Source("cities", "cities"),))


def test_they_are_those_of_dev_and_of_a_file_beside_it(folder: Path) -> None:
    data = read_data(CITIES)
    [dev] = spoken_texts(CITIES, data)
    assert dev == " ".join(data.dev[0].tokens)
    (folder / "said.txt").write_text("to lima\n\nand back\n", encoding="utf-8")
    named = replace(CITIES, stability=StabilitySource("said.txt"))
    assert spoken_texts(named, data) == [dev, "to lima", "and back"]


def test_a_file_that_is_not_there_is_an_error_and_what_training_has_is_left_out(
    folder: Path,
) -> None:
    data = read_data(CITIES)
    named = replace(CITIES, stability=StabilitySource("said.txt"))
    with pytest.raises(CorpusError, match=r"said\.txt: expected sentences in UTF-8"):
        spoken_texts(named, data)
    (folder / "said.txt").write_text("to lima\nto paris\n", encoding="utf-8")
    learnt = replace(data, train=(replace(data.train[0], text="to paris"),))
    assert spoken_texts(named, learnt)[1:] == ["to lima"]


def test_a_grammar_makes_others_than_those_of_training_and_dev() -> None:
    experiment = Experiment("mine", corpora=(Source("g", grammar="booking", sentences=200),))
    data = read_data(experiment)
    made = fresh_texts(experiment, data, 100)
    assert 80 < len(made) <= 100
    assert not set(made) & {each.text for each in (*data.train, *data.dev)}
    assert made == fresh_texts(experiment, data, 100)
    assert fresh_texts(CITIES, data, 100) == []


def test_those_of_booking_are_not_among_what_it_learns_from() -> None:
    experiment = read_experiment(RECIPES / "booking.toml")
    own = tuple(each for each in experiment.corpora if each.package)
    experiment = replace(experiment, corpora=own)
    data = read_data(experiment)
    assert len(spoken_texts(experiment, data)) > len(data.dev) + 250
