"""Marks in pairs, and the slots that hold one of them."""

import pytest

from app.tagging.features import read_tokens
from app.tagging.partners import apart, with_partners
from app.tagging.slots import Span
from app.tagging.tokenizer import Token, tokenize


def decoded_in(text: str, decoded: str) -> tuple[list[Token], Span]:
    """The tokens of a text, and the slot that was decoded in them."""
    tokens = tokenize(text)
    start = text.index(decoded)
    inside = [
        index
        for index, token in enumerate(tokens)
        if start <= token.start and token.end <= start + len(decoded)
    ]
    return tokens, Span("to", inside[0], inside[-1] + 1)


@pytest.mark.parametrize(
    ("text", "decoded", "value"),
    [
        ("from Paris (CDG) to Rome", "Paris (CDG", "Paris (CDG)"),
        ("to “New” York", "New” York", "“New” York"),
        ('to "New" York', 'New" York', '"New" York'),
        ('to New "York" now', 'New "York', 'New "York"'),
        ("到罗马「中央」站", "罗马「中央", "罗马「中央」"),
        ("from (Paris) to Rome", "Paris", "Paris"),
        ("to Paris) (or Rome", "Paris) (or Rome", "Paris) (or Rome"),
        ("to Paris (CDG, please", "Paris (CDG", "Paris (CDG"),
        ("to St. Louis.", "St. Louis", "St. Louis"),
    ],
)
def test_who_holds_one_of_a_pair_holds_the_other(text: str, decoded: str, value: str) -> None:
    tokens, span = decoded_in(text, decoded)
    words = [token.text for token in tokens]
    first_words = read_tokens(words, punctuation=True).first_words
    found = with_partners(words, span, first_words)
    assert text[tokens[found.start].start : tokens[found.end - 1].end] == value


@pytest.mark.parametrize(
    ("text", "decoded", "values"),
    [
        ("from “Rome”“Paris” now", "Rome”“Paris", ["Rome", "Paris"]),
        ('from "Rome" "New York" "Oslo"', 'Rome" "New York" "Oslo', ["Rome", "New York", "Oslo"]),
        ("从《罗马》【巴黎】出发", "罗马》【巴黎", ["罗马", "巴黎"]),
        ("from New “York” “City” now", "New “York” “City", ["New “York” “City"]),
        ("from (Paris) (CDG now", "Paris) (CDG", ["Paris) (CDG"]),
        ("Paris) (CDG) now", "Paris) (CDG", ["Paris) (CDG"]),
    ],
)
def test_values_in_pairs_of_their_own_are_several(
    text: str, decoded: str, values: list[str]
) -> None:
    tokens, span = decoded_in(text, decoded)
    words = [token.text for token in tokens]
    first_words = read_tokens(words, punctuation=True).first_words
    found = apart(words, span, first_words)
    assert [text[tokens[span.start].start : tokens[span.end - 1].end] for span in found] == values
