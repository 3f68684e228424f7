"""What lists of values are worth to a bundle."""

from pathlib import Path

import pytest

from tests.training.evaluation.conftest import Ask
from training.errors import CorpusError, ExperimentError
from training.evaluation.with_lists import lists_table, with_folder, with_made_lists

ASKED = (
    ("arrive Taipei", "O B-destination", ""),
    ("arrive Boston", "O B-destination", ""),
    ("leave Boston", "O B-place_of_departure", ""),
)
LEARNT = (("arrive Taipei", "O B-destination", ""),)


@pytest.mark.parametrize("place", ["", "toy"])
def test_the_lists_of_a_folder_are_those_of_the_model(ask: Ask, tmp_path: Path, place: str) -> None:
    folder = tmp_path / "lists" / place
    folder.mkdir(parents=True)
    (folder / "destination.closed.tsv").write_text("value\nboston\n")
    found = with_folder(ask(*ASKED, train=LEARNT), tmp_path / "lists")
    without, closed = found.values()
    assert (without.slot_f1, without.seen_recall, without.unseen_recall) == (100.0, 100.0, 100.0)
    assert closed.slot_f1 == pytest.approx(80.0)
    assert (closed.seen_recall, closed.unseen_recall) == (0.0, 100.0)
    assert [line.split()[-3:] for line in lists_table(found).splitlines()[1:]] == [
        ["100.00", "100.00", "100.00"],
        ["80.00", "0.00", "100.00"],
    ]


def test_lists_that_cannot_be_used_are_errors(ask: Ask, tmp_path: Path) -> None:
    evaluation = ask(*ASKED)
    with pytest.raises(ExperimentError, match="holds no list"):
        with_folder(evaluation, tmp_path)
    (tmp_path / "hotel.tsv").write_text("value\nritz\n")
    with pytest.raises(CorpusError, match="no slot of the model"):
        with_folder(evaluation, tmp_path)
    (tmp_path / "hotel.tsv").rename(tmp_path / "destination.tsv")
    (tmp_path / "destination.tsv").write_text("value\na\tb\n")
    with pytest.raises(CorpusError, match="line 2: expected 1 columns"):
        with_folder(evaluation, tmp_path)


def test_a_bundle_that_reads_no_lists_is_the_same_with_all(ask: Ask) -> None:
    found = with_made_lists(ask(*ASKED, train=LEARNT))
    assert {"none", "all values", "half of them", "random words"} < set(found)
    assert {each.slot_f1 for each in found.values()} == {100.0}
    with pytest.raises(ExperimentError, match="--train"):
        with_made_lists(ask(*ASKED))
