"""BIO tags ↔ spans of tokens ↔ slots of the text."""

from collections.abc import Iterable
from typing import NamedTuple

OUTSIDE = "O"


# Tuples with names, both: made for every answer, in half the time of a frozen dataclass.
class Span(NamedTuple):
    """A slot's name and its tokens, from `start` up to but without `end`."""

    name: str
    start: int
    end: int


class Slot(NamedTuple):
    """A slot that the text fills; `confidence` is the probability of just this span and name."""

    name: str
    value: str
    start: int
    end: int
    confidence: float = 1.0


def read_spans(tags: Iterable[str]) -> list[Span]:
    """
    Read the spans that the tags spell.

    An I- tag that continues nothing opens a span, as conlleval has it.
    """
    spans: list[Span] = []
    name, start, end = "", 0, 0
    for end, tag in enumerate(tags):
        if name and tag == f"I-{name}":
            continue
        if name:
            spans.append(Span(name, start, end))
        name, start = tag[2:], end
    if name:
        spans.append(Span(name, start, end + 1))
    return spans


def write_tags(spans: Iterable[Span], length: int) -> list[str]:
    """The tags that spell the spans: the inverse of `read_spans`; spans must not overlap."""
    tags = [OUTSIDE] * length
    for span in spans:
        tags[span.start : span.end] = [f"I-{span.name}"] * (span.end - span.start)
        tags[span.start] = f"B-{span.name}"
    return tags


def tag_names(slots: Iterable[str]) -> list[str]:
    """
    Every tag over the slots in the order of the networks' scores: O, then B- and I- of each.

    So tag 0 is O, and slot k has tags 2k + 1 and 2k + 2.
    """
    return [OUTSIDE, *(f"{prefix}-{slot}" for slot in slots for prefix in "BI")]
