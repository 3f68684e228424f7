"""Marks in pairs, and the slots that hold one of them."""

import pytest

from app.tagging.features import read_tokens
from app.tagging.partners import with_partners
from app.tagging.slots import Span
from app.tagging.tokenizer import tokenize


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
    tokens = tokenize(text)
    words = [token.text for token in tokens]
    start = text.index(decoded)
    inside = [
        at
        for at, token in enumerate(tokens)
        if start <= token.start and token.end <= start + len(decoded)
    ]
    heads = read_tokens(words, punctuation=True).heads
    found = with_partners(words, Span("to", inside[0], inside[-1] + 1), heads)
    assert text[tokens[found.start].start : tokens[found.end - 1].end] == value
