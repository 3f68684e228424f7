"""Tags ↔ spans."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.slots import Span, read_spans, tag_names, write_tags


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O O B-city I-city", [("city", 2, 4)]),
        ("O O B-city B-city", [("city", 2, 3), ("city", 3, 4)]),
        ("O O I-city I-city", [("city", 2, 4)]),
        ("B-city O I-city I-name", [("city", 0, 1), ("city", 2, 3), ("name", 3, 4)]),
        ("O O O O", []),
    ],
)
def test_read_spans(tags: str, spans: list[tuple[str, int, int]]) -> None:
    assert read_spans(tags.split()) == spans


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
