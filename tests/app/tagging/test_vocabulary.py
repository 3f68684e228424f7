"""Entries ↔ ids."""

import pytest

from app.tagging.vocabulary import OTHER, PADDING, Vocabulary


def test_entries_are_numbered_after_padding_and_other() -> None:
    words = Vocabulary(["apple", "bag"])
    assert [words.index(word) for word in ("apple", "bag", "gandalf")] == [2, 3, OTHER]
    assert PADDING == 0
    assert len(words) == 4


def test_an_entry_is_known_or_not() -> None:
    words = Vocabulary(["apple"])
    assert "apple" in words
    assert "gandalf" not in words


def test_an_entry_twice_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        Vocabulary(["apple", "apple"])
