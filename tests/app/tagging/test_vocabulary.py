"""Entries ↔ ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.vocabulary import PADDING, UNKNOWN, Vocabulary


def test_entries_are_numbered_after_padding_and_other() -> None:
    words = Vocabulary(["apple", "bag"])
    assert [words.index(word) for word in ("apple", "bag", "gandalf")] == [2, 3, UNKNOWN]
    assert PADDING == 0
    assert len(words) == 4


def test_an_entry_is_known_or_not() -> None:
    words = Vocabulary(["apple"])
    assert "apple" in words
    assert "gandalf" not in words


def test_an_entry_twice_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        Vocabulary(["apple", "apple"])


@given(st.sets(st.text()), st.text())
def test_every_entry_has_its_place_and_nothing_else_has_one(entries: set[str], other: str) -> None:
    ordered = sorted(entries)
    vocabulary = Vocabulary(ordered)
    assert [vocabulary.index(entry) for entry in ordered] == list(range(2, len(vocabulary)))
    assert (other in vocabulary) == (other in entries)


def test_entries_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.tagging.vocabulary.hash", lambda _: 7, raising=False)
    words = Vocabulary(["apple", "bag"])
    assert [words.index(word) for word in ("apple", "bag", "gandalf")] == [2, 3, UNKNOWN]
