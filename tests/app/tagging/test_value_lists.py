"""Where in a sentence values of lists stand."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging import features
from app.tagging.features import CAPITAL, LISTED
from app.tagging.value_lists import (
    ADDED_FOR_UNKNOWN,
    ADDED_SCORES,
    MOST_MARKS,
    ListMarker,
    ValueList,
    ValueSet,
    added_scores,
    closed_slots,
    mark_symbols,
    write_marks,
)

WORDS = st.lists(st.sampled_from("abc"), max_size=8)


def values(*texts: str) -> ValueSet:
    return ValueSet(text.split() for text in texts)


def stretches(known: ValueSet, sentence: list[str]) -> list[tuple[int, int]]:
    """Where a list of these values says that its values stand."""
    found: list[tuple[int, int]] = []
    for at, mark in enumerate(ListMarker([ValueList(("x",), known)])(sentence) or ()):
        if mark == f"{LISTED}B-x":
            found.append((at, at + 1))
        elif mark:
            found[-1] = found[-1][0], at + 1
    return found


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
    marker = ListMarker(lists)
    fresh = [ListMarker(lists)(sentence) for sentence in sentences]
    assert [*map(marker, sentences)] == fresh
    assert [*map(marker, sentences)] == fresh


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_CACHED_WORDS", 3)
    marker = ListMarker([ValueList(("city",), values("new york", "new town"))])
    (search,) = marker._searches
    for other in (*"abcdefgh", "x" * (features.CACHED_LETTERS + 1)):
        assert marker(["new", other]) is None
        assert marker(["new", "town"]) is not None
        assert len(search._beginnings) <= 3
        assert len(search._pairs) <= 3
    assert all(len(word) <= features.CACHED_LETTERS for word in search._beginnings)


def test_each_list_marks_by_itself_and_overlaps_stay() -> None:
    lists = [
        ValueList(("city", "state"), values("new york")),
        ValueList(("street",), values("york street")),
    ]
    marks = ListMarker(lists)([f"{CAPITAL}new", f"{CAPITAL}york", "street"])
    assert marks == [
        f"{LISTED}B-city{LISTED}B-state",
        f"{LISTED}I-city{LISTED}I-state{LISTED}B-street",
        f"{LISTED}I-street",
    ]
    assert ListMarker(lists)(["boston"]) is None


def test_a_word_in_the_lists_of_very_many_slots_has_no_marks() -> None:
    many = [(f"slot{number}", 0, 1) for number in range(MOST_MARKS + 1)]
    assert write_marks(2, [*many, ("city", 1, 2)]) == ["", f"{LISTED}B-city"]
    assert write_marks(1, many[1:])[0].count(LISTED) == MOST_MARKS


def test_longer_values_add_more_to_the_scores_of_their_words() -> None:
    spans = [("a", 0, 1), ("b", 1, 3), ("b", 3, 6), ("b", 3, 5), ("a", 0, 1)]
    one, two, more = ADDED_SCORES
    added = added_scores("uvwxyz", spans, {"a": 0, "b": 1}, lambda _: True)
    assert sorted(added) == [
        *((0, 1, one), (1, 3, two), (2, 4, two)),
        *((3, 3, more), (4, 4, more), (5, 4, more)),
    ]
    assert one < two < more


def test_a_value_with_a_word_that_the_network_does_not_know_adds_more() -> None:
    added = added_scores("xyz", [("a", 0, 2), ("a", 2, 3)], {"a": 0}, "xz".__contains__)
    two = ADDED_SCORES[1] + ADDED_FOR_UNKNOWN
    assert added == [(0, 1, two), (1, 2, two), (2, 1, ADDED_SCORES[0])]


def test_a_value_with_a_word_of_very_many_slots_adds_nothing() -> None:
    slots = {f"slot{number}": number for number in range(MOST_MARKS + 1)}
    spans = [*((slot, 0, 1) for slot in slots), ("slot0", 1, 3)]
    added = added_scores("xyz", spans, slots, lambda _: True)
    assert [word for word, _, _ in added] == [1, 2]


def test_words_are_folded_for_lists_that_hold_folded_values() -> None:
    folded = ValueList(("city",), values("zurich"), fold=lambda word: word.replace("ü", "u"))
    mark = ListMarker([folded, ValueList(("name",), values("zürich"))])
    assert mark(["zürich"]) == [f"{LISTED}B-city{LISTED}B-name"]
    assert mark(["zurich"]) == [f"{LISTED}B-city"]


def test_all_lists_of_a_slot_with_a_closed_one_say_what_its_values_are() -> None:
    one, other = values("a"), values("b c")
    lists = [ValueList(("x", "y"), one), ValueList(("x",), other, is_closed=True)]
    closed = closed_slots(lists)
    assert set(closed) == {"x"}
    assert any(["b", "c"] in each for each in closed["x"])
    assert any(["a"] in each for each in closed["x"])


def test_the_symbols_are_those_of_marks() -> None:
    def symbols(marks: Sequence[str]) -> set[str]:
        return {LISTED + mark for each in marks for mark in each.split(LISTED)[1:]}

    assert symbols(write_marks(2, [("a", 0, 2), ("b", 0, 1), ("b", 1, 2)])) < set(
        mark_symbols(["a", "b"])
    )
