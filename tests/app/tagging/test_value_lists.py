"""Where in a sentence values of lists stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging import features
from app.tagging.features import CAPITAL
from app.tagging.slots import Span
from app.tagging.value_lists import (
    ADDED_FOR_UNKNOWN,
    ADDED_SCORES,
    MOST_SLOTS,
    ListFinder,
    ValueList,
    ValueSet,
    added_scores,
    closed_slots,
)

WORDS = st.lists(st.sampled_from("abc"), max_size=8)


def values(*texts: str) -> ValueSet:
    return ValueSet(text.split() for text in texts)


def stretches(known: ValueSet, sentence: list[str]) -> list[tuple[int, int]]:
    """Where a list of these values says that its values stand."""
    spans = ListFinder([ValueList(("x",), known)])(sentence)
    return sorted((span.start, span.end) for span in spans)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("to new york", [(1, 3)]),
        ("new york city hotels in new", [(0, 3)]),
        ("york new new york", [(2, 4)]),
        ("new york new york city", [(0, 2), (2, 5)]),
        ("new", []),
        ("boston boston", [(0, 1), (1, 2)]),
        ("台 北 市", [(0, 2)]),
        ("", []),
    ],
)
def test_the_longest_value_counts(sentence: str, found: list[tuple[int, int]]) -> None:
    known = values("new york", "new york city", "boston", "台 北")
    assert stretches(known, sentence.split()) == found


@given(st.lists(WORDS, max_size=6), WORDS)
def test_matches_are_those_of_a_plain_search(known: list[list[str]], sentence: list[str]) -> None:
    expected = []
    at = 0
    while at < len(sentence):
        ends = [at + len(each) for each in known if each and sentence[at:][: len(each)] == each]
        if ends:
            expected.append((at, max(ends)))
        at = max(ends, default=at + 1)
    found = ValueSet(known)
    assert stretches(found, sentence) == expected
    assert (sentence in found) == (bool(sentence) and sentence in known)


@given(st.lists(st.lists(WORDS, max_size=6), max_size=3), st.lists(WORDS, max_size=6))
def test_what_is_remembered_of_other_sentences_changes_no_answer(
    known: list[list[list[str]]], sentences: list[list[str]]
) -> None:
    lists = [ValueList((f"slot{number}",), ValueSet(each)) for number, each in enumerate(known)]
    finder = ListFinder(lists)
    fresh = [ListFinder(lists)(sentence) for sentence in sentences]
    assert [*map(finder, sentences)] == fresh
    assert [*map(finder, sentences)] == fresh


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_CACHED_WORDS", 3)
    finder = ListFinder([ValueList(("city",), values("new york", "new town"))])
    for other in (*"abcdefgh", "x" * (features.CACHED_LETTERS + 1)):
        assert not finder(["new", other])
        assert finder(["new", "town"])
        assert len(finder._beginnings) <= 3
        assert len(finder._pairs) <= 3
    assert all(len(word) <= features.CACHED_LETTERS for word in finder._beginnings)


def test_each_list_finds_by_itself_and_overlaps_stay() -> None:
    lists = [
        ValueList(("city", "state"), values("new york")),
        ValueList(("street",), values("york street")),
    ]
    assert ListFinder(lists)([f"{CAPITAL}new", f"{CAPITAL}york", "street"]) == [
        Span("city", 0, 2),
        Span("state", 0, 2),
        Span("street", 1, 3),
    ]
    assert not ListFinder(lists)(["boston"])


def test_of_several_lists_of_a_slot_the_longer_value_counts() -> None:
    lists = [
        ValueList(("city",), values("new york")),
        ValueList(("city",), values("york city hall")),
    ]
    assert ListFinder(lists)(["new", "york", "city", "hall"]) == [Span("city", 1, 4)]


def test_a_word_in_the_lists_of_very_many_slots_is_a_value_of_none() -> None:
    def found(slots: int) -> list[str]:
        lists = [ValueList((f"slot{number}",), values("a")) for number in range(slots)]
        return [span.name for span in ListFinder([*lists, ValueList(("x",), values("b"))])("ab")]

    assert found(MOST_SLOTS + 1) == ["x"]
    assert len(found(MOST_SLOTS)) == MOST_SLOTS + 1


def test_longer_values_add_more_to_the_scores_of_their_words() -> None:
    spans = [Span("a", 0, 1), Span("b", 1, 3), Span("b", 3, 6)]
    one, two, more = ADDED_SCORES
    added = added_scores(spans, {"a": 0, "b": 1}, [False] * 6)
    assert sorted(added) == [
        *((0, 1, one), (1, 3, two), (2, 4, two)),
        *((3, 3, more), (4, 4, more), (5, 4, more)),
    ]
    assert one < two < more


def test_a_value_with_a_word_that_the_network_does_not_know_adds_more() -> None:
    spans = [Span("a", 0, 2), Span("a", 2, 3)]
    added = added_scores(spans, {"a": 0}, [False, True, False])
    two = ADDED_SCORES[1] + ADDED_FOR_UNKNOWN
    assert added == [(0, 1, two), (1, 2, two), (2, 1, ADDED_SCORES[0])]


def test_all_lists_of_a_slot_with_a_closed_one_say_what_its_values_are() -> None:
    one, other = values("a"), values("b c")
    lists = [ValueList(("x", "y"), one), ValueList(("x",), other, is_closed=True)]
    closed = closed_slots(lists)
    assert set(closed) == {"x"}
    assert any(["b", "c"] in each for each in closed["x"])
    assert any(["a"] in each for each in closed["x"])
