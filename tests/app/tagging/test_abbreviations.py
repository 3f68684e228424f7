"""The point behind an abbreviation that ends a slot."""

import pytest

from app.tagging.abbreviations import with_point
from app.tagging.features import read_tokens
from app.tagging.slots import Span


@pytest.mark.parametrize(
    ("tokens", "end", "found"),
    [
        ("sammy davis Jr . songs", 3, 4),
        ("5 p . m . please", 4, 5),
        ("J . F . K .", 5, 6),
        ("new york . please", 2, 2),
        ("nov 5 .", 2, 2),
        ("plan b .", 2, 2),
        ("vitamin . 5 .", 3, 3),
        ("nov", 1, 1),
        ("next jun .", 2, 2),
        ("on jun . ”", 2, 2),
        ("on jun . ” at", 2, 3),
        ("sammy davis Jr .", 3, 4),
        ("nov ,", 1, 1),
    ],
)
def test_the_point_of_an_abbreviation_is_in_the_slot(tokens: str, end: int, found: int) -> None:
    words = tokens.split()
    first_words = read_tokens(words, punctuation=False).first_words
    assert with_point(words, Span("to", 0, end), first_words) == Span("to", 0, found)


def test_where_points_are_read_the_network_decides() -> None:
    words = ["nov", ".", "5"]
    first_words = read_tokens(words, punctuation=True).first_words
    assert with_point(words, Span("to", 0, 1), first_words) == Span("to", 0, 1)
