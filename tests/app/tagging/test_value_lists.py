"""Where in a sentence values of lists stand."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.features import CAPITAL, LISTED
from app.tagging.value_lists import (
    MOST_MARKS,
    ValueList,
    ValueSet,
    closed_slots,
    mark_symbols,
    marks_of_lists,
    write_marks,
)

WORDS = st.lists(st.sampled_from("abc"), max_size=8)


def values(*texts: str) -> ValueSet:
    return ValueSet(text.split() for text in texts)


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
    assert known.matches(sentence.split()) == found


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
    assert found.matches(sentence) == expected
    assert (sentence in found) == (bool(sentence) and sentence in known)


def test_each_list_marks_by_itself_and_overlaps_stay() -> None:
    lists = [
        ValueList(("city", "state"), values("new york")),
        ValueList(("street",), values("york street")),
    ]
    marks = marks_of_lists([f"{CAPITAL}new", f"{CAPITAL}york", "street"], lists)
    assert marks == [
        f"{LISTED}B-city{LISTED}B-state",
        f"{LISTED}B-street{LISTED}I-city{LISTED}I-state",
        f"{LISTED}I-street",
    ]
    assert marks_of_lists(["boston"], lists) is None


def test_a_word_in_the_lists_of_very_many_slots_has_no_marks() -> None:
    many = [(f"slot{number}", 0, 1) for number in range(MOST_MARKS + 1)]
    assert write_marks(2, [*many, ("city", 1, 2)]) == ["", f"{LISTED}B-city"]
    assert write_marks(1, many[1:])[0].count(LISTED) == MOST_MARKS


def test_words_are_folded_for_lists_that_hold_folded_values() -> None:
    folded = ValueList(("city",), values("zurich"), fold=lambda word: word.replace("ü", "u"))
    plain = ValueList(("name",), values("zürich"))
    assert marks_of_lists(["zürich"], [folded, plain]) == [f"{LISTED}B-city{LISTED}B-name"]
    assert marks_of_lists(["zurich"], [folded, plain]) == [f"{LISTED}B-city"]


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
