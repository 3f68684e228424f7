"""Spans of a text → tags of its tokens."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.slots import Slot, Span, read_spans
from app.tagging.tokenizer import tokenize
from tests.slots import read_slots
from training.corpora.utterances import (
    CUT,
    NARROWED,
    OVERLAPPING,
    TOKENLESS,
    TWICE,
    WIDENED,
    ChangedSpan,
    Corpus,
    SpanCount,
    Utterance,
    count_spans,
    utterance_from_spans,
)


def tags_and_warnings(text: str, *spans: tuple[int, int, str]) -> tuple[str, dict[str, int]]:
    utterance, warnings = utterance_from_spans(text, spans)
    return " ".join(utterance.tags), dict(warnings)


def test_the_tokens_of_a_text_take_the_tags_of_its_spans() -> None:
    utterance, warnings = utterance_from_spans("To New York, now", [(3, 11, "city")], "fly")
    assert utterance == Utterance(
        tokens=("To", "New", "York", ",", "now"),
        tags=("O", "B-city", "I-city", "O", "O"),
        intent="fly",
        text="To New York, now",
    )
    assert not warnings


def test_the_text_keeps_its_blanks_and_line_feeds() -> None:
    utterance, _ = utterance_from_spans(" to  Rome\n", [(5, 9, "city")])
    assert utterance.text == " to  Rome\n"
    assert utterance.tokens == ("to", "Rome")


def test_spans_side_by_side_stay_two() -> None:
    assert tags_and_warnings("台北东京", (0, 2, "city"), (2, 4, "city")) == (
        "B-city I-city B-city I-city",
        {},
    )


@pytest.mark.parametrize(
    ("spans", "tags", "warnings"),
    [
        ([(1, 4, "a")], "B-a O O", {WIDENED: 1}),
        ([(0, 2, "a")], "B-a O O", {WIDENED: 1}),
        ([(0, 5, "a")], "B-a O O", {NARROWED: 1}),
        ([(4, 8, "a")], "O B-a O", {NARROWED: 1}),
        ([(2, 9, "a")], "B-a I-a O", {WIDENED: 1, NARROWED: 1}),
        ([(4, 5, "a")], "O O O", {TOKENLESS: 1}),
        ([(0, 8, "a"), (5, 8, "b")], "B-a I-a O", {OVERLAPPING: 1}),
        ([(5, 8, "b"), (0, 8, "a")], "B-a I-a O", {OVERLAPPING: 1}),
        ([(0, 8, "a"), (5, 14, "b")], "B-a I-a B-b", {CUT: 1}),
        # The first token is more b's than a's, and a has no other.
        ([(0, 1, "a"), (1, 8, "b")], "B-b I-b O", {OVERLAPPING: 1, WIDENED: 1}),
        # The second token is more b's than a's, and a has the first.
        ([(0, 6, "a"), (6, 14, "b")], "B-a B-b I-b", {CUT: 1, WIDENED: 1}),
        ([(0, 4, "a"), (0, 4, "a")], "B-a O O", {TWICE: 1}),
        ([(0, 4, "a"), (0, 4, "b")], "B-a O O", {OVERLAPPING: 1}),
    ],
)
def test_what_does_not_fit_the_tokens_is_mended_and_counted(
    spans: list[tuple[int, int, str]], tags: str, warnings: dict[str, int]
) -> None:
    assert tags_and_warnings("from new  york", *spans) == (tags, warnings)


def test_a_span_outside_the_text_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(AssertionError, match="within its text"):
        utterance_from_spans("to", [(0, 3, "city")])


def test_a_tag_for_each_token() -> None:
    with pytest.raises(AssertionError, match="one tag"):
        Utterance(("to", "Rome"), ("O",))


@given(st.text("ab 1.台\u0301\n", max_size=20), st.data())
def test_spans_of_whole_tokens_are_read_back(text: str, data: st.DataObject) -> None:
    tokens = tokenize(text)
    edges = sorted(data.draw(st.sets(st.integers(0, len(tokens)))))
    spans = [Span("a", start, end) for start, end in pairwise(edges)]
    slots = [(tokens[span.start].start, tokens[span.end - 1].end, span.name) for span in spans]
    utterance, warnings = utterance_from_spans(text, slots)
    assert read_spans(utterance.tags) == spans
    assert not warnings
    read = read_slots(text, tokens, utterance.tags)
    assert [(slot.start, slot.end, slot.name) for slot in read] == slots


@given(
    st.text("ab 1.台\n", min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12), st.sampled_from("xyz")), max_size=5),
)
def test_every_span_is_kept_or_counted(text: str, spans: list[tuple[int, int, str]]) -> None:
    within = [(a, b, slot) for a, b, slot in spans if a < b <= len(text)]
    utterance, warnings = utterance_from_spans(text, within)
    kept: list[Slot] = read_slots(text, tokenize(text), utterance.tags)
    left_out = warnings[OVERLAPPING] + warnings[TOKENLESS] + warnings[TWICE]
    assert len(kept) + left_out == len(within)
    # What F1 counts as in gold is what was written, and exact spans are so to the character.
    assert count_spans([utterance]) == SpanCount(len(set(within)), len(utterance.changed))
    exact = read_slots(text, tokenize(text), utterance.exact_tags)
    written = {(text[a:b].strip(), n) for a, b, n in within}
    assert {(slot.value, slot.name) for slot in exact} <= written
    assert all(any(a < s.end and s.start < b and n == s.name for a, b, n in within) for s in kept)


@pytest.mark.parametrize(
    ("spans", "changed"),
    [
        ([(0, 4, "a")], []),
        ([(0, 5, "a")], []),  # a blank at its edge is not seen
        ([(1, 4, "a")], [ChangedSpan("a", "rom", Span("a", 0, 1))]),
        ([(4, 5, "a")], [ChangedSpan("a", " ")]),
        ([(0, 8, "a"), (5, 8, "b")], [ChangedSpan("b", "new")]),
        (
            [(0, 8, "a"), (5, 14, "b")],
            [ChangedSpan("b", "new  york", Span("b", 2, 3))],
        ),
        ([(0, 4, "a"), (0, 4, "a")], []),
    ],
)
def test_what_tags_cannot_spell_is_kept_as_it_was_written(
    spans: list[tuple[int, int, str]], changed: list[ChangedSpan]
) -> None:
    utterance, _ = utterance_from_spans("from new  york", spans)
    assert list(utterance.changed) == changed
    assert utterance.exact_spans == [
        span
        for span in read_spans(utterance.tags)
        if span not in {each.stand_in for each in changed}
    ]
    assert read_spans(utterance.exact_tags) == utterance.exact_spans


def test_a_slot_around_another_keeps_what_stands_before_that() -> None:
    # The inner one has more of the second token.
    utterance, _ = utterance_from_spans("ab cd ef", [(0, 4, "a"), (3, 5, "b"), (6, 8, "a")])
    assert utterance.tags == ("B-a", "B-b", "B-a")
    assert utterance.exact_spans == [Span("b", 1, 2), Span("a", 2, 3)]


def test_a_corpus_names_its_slots_and_intents_in_order() -> None:
    corpus = Corpus(
        (
            Utterance(("a", "b"), ("B-y", "B-x"), "two"),
            Utterance(("a",), ("O",), "one"),
            Utterance(("a",), ("B-y",)),
        )
    )
    assert corpus.slots == ("x", "y")
    assert corpus.intents == ("one", "two")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("จองตั๋วไปเชียงใหม่พรุ่งนี้", ["เชียงใหม่", "พรุ่งนี้"]),
        ("ຂ້ອຍຢາກໄປວຽງຈັນມື້ອື່ນ", ["ວຽງຈັນ", "ມື້ອື່ນ"]),
        ("ខ្ញុំចង់ទៅភ្នំពេញថ្ងៃស្អែក", ["ភ្នំពេញ", "ថ្ងៃស្អែក"]),
        ("ရန်ကုန်ကိုမနက်ဖြန်သွားမယ်", ["ရန်ကုန်", "မနက်ဖြန်"]),
    ],
)
def test_values_in_scripts_without_blanks_are_as_they_were_written(
    text: str, values: list[str]
) -> None:
    spans = [(text.index(value), text.index(value) + len(value), "to") for value in values]
    utterance, warnings = utterance_from_spans(text, spans)
    assert not warnings
    found = read_slots(text, tokenize(text), utterance.tags)
    assert [slot.value for slot in found] == values
