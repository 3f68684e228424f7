"""Tags ↔ spans ↔ slots."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.slots import Slot, Span, read_slots, read_spans, tag_names, write_tags
from app.tagging.tokenizer import tokenize


@pytest.mark.parametrize(
    ("tags", "values"),
    [
        ("O O B-city I-city", ["new york"]),
        ("O O B-city B-city", ["new", "york"]),
        ("O O I-city I-city", ["new york"]),
        ("B-city O I-city I-name", ["fly", "new", "york"]),
        ("O O O O", []),
    ],
)
def test_read_slots(tags: str, values: list[str]) -> None:
    text = "fly to new york"
    assert [slot.value for slot in read_slots(text, tokenize(text), tags.split())] == values


def test_a_slot_is_a_stretch_of_the_text_with_the_confidence_of_its_span() -> None:
    text = "to  New\tYork!"
    tags = ["O", "B-city", "I-city", "O"]
    assert read_slots(text, tokenize(text), tags, [0.75]) == [
        Slot("city", "New\tYork", 4, 12, 0.75)
    ]


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    edges = sorted(draw(st.sets(st.integers(0, 12))))
    names = st.sampled_from(["city", "time"])
    return [Span(draw(names), start, end) for start, end in pairwise(edges) if draw(st.booleans())]


@given(spans())
def test_writing_and_reading_are_inverse(wanted: list[Span]) -> None:
    assert read_spans(write_tags(wanted, 12)) == wanted


def test_tags_stand_in_the_order_of_the_scores() -> None:
    assert tag_names(["city", "time"]) == ["O", "B-city", "I-city", "B-time", "I-time"]
