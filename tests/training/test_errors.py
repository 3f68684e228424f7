"""What an error of training says."""

from pathlib import Path

import pytest

from app.tagging.errors import SlotFillingError
from training.errors import CorpusError, ExperimentError, ParityError, TrainingError


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (3, "a/train, line 3: expected an intent, found nothing"),
        ("query 2 of fly", "a/train, query 2 of fly: expected an intent, found nothing"),
        (None, "a/train: expected an intent, found nothing"),
    ],
)
def test_a_corpus_error_says_where_and_what(place: int | str | None, sentence: str) -> None:
    error = CorpusError(Path("a/train"), place, "an intent", "nothing")
    assert str(error) == sentence
    assert error.line == (3 if place == 3 else None)


def test_every_error_has_its_own_code_under_one_root() -> None:
    errors: list[type[SlotFillingError]] = [
        TrainingError,
        CorpusError,
        ExperimentError,
        ParityError,
    ]
    assert all(issubclass(error, SlotFillingError) for error in errors)
    assert len({error.code for error in errors}) == len(errors)
