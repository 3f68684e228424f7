"""Labels of every scheme → BIO."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.slots import Span, read_spans, write_tags
from training.corpora.formats.labels import LabelledQuery, bio_utterances, check_label, is_label
from training.errors import CorpusError

STRAY = "I- tag that continues nothing, read as B-"
IOB1 = "I- opens a span, as IOB1 has it; read as B-"
CONVERTED = "label of another scheme (E-, S- and the like) written as BIO"
UNENDED = "span that lacks its end tag (E-), ended all the same"


def bio(*sentences: str) -> tuple[list[str], dict[str, int]]:
    warnings: Counter[str] = Counter()
    queries = [LabelledQuery(["w"] * len(tags.split()), tags.split(), None) for tags in sentences]
    return [" ".join(each.tags) for each in bio_utterances(queries, warnings)], dict(warnings)


@pytest.mark.parametrize(
    ("labels", "tags", "warnings"),
    [
        ("O B-a I-a B-a O", "O B-a I-a B-a O", {}),
        ("O I-a I-b B-a O", "O B-a B-b B-a O", {STRAY: 2}),
        ("B-a I-b", "B-a B-b", {STRAY: 1}),
        ("I-a I-a B-a I-b", "B-a I-a B-a B-b", {IOB1: 2}),
        ("B-a E-a S-b B-a I-a E-a", "B-a I-a B-b B-a I-a I-a", {CONVERTED: 3}),
        ("S-a S-a", "B-a B-a", {CONVERTED: 2}),
        ("B-a I-a O S-b", "B-a I-a O B-b", {CONVERTED: 1, UNENDED: 1}),
        ("S-a B-a", "B-a B-a", {CONVERTED: 1, UNENDED: 1}),
        ("B-a E-b S-a", "B-a B-b B-a", {CONVERTED: 2, STRAY: 1, UNENDED: 1}),
        ("B-a E-a I-a", "B-a I-a B-a", {CONVERTED: 1, STRAY: 1}),
        ("B-a I-a L-a U-b", "B-a I-a I-a B-b", {CONVERTED: 2}),
        ("B-a M-a E-a S-b", "B-a I-a I-a B-b", {CONVERTED: 3}),
        ("I-a E-a I-a E-a", "B-a I-a B-a I-a", {CONVERTED: 2, IOB1: 2}),
    ],
)
def test_labels_become_bio(labels: str, tags: str, warnings: dict[str, int]) -> None:
    assert bio(labels) == ([tags], warnings)


def test_the_whole_file_tells_iob1_from_strays() -> None:
    assert bio("I-a O", "O B-a")[1] == {STRAY: 1}
    assert bio("I-a O", "O I-a B-a")[1] == {IOB1: 2}


def test_a_span_does_not_reach_into_the_next_query() -> None:
    assert bio("B-a", "I-a I-a") == (["B-a", "B-a I-a"], {STRAY: 1})


def test_empty_queries_are_skipped_and_counted() -> None:
    assert bio("", "O", "") == (["O"], {"empty query skipped": 2})


@pytest.mark.parametrize(
    "label", ["B-", "B", "o", "X-city", "city", "B_city", "", "B- city", "B-a\nb", 7, None]
)
def test_an_unknown_label_is_named_with_its_line(label: object) -> None:
    with pytest.raises(CorpusError, match=r"f, line 3: expected O, or B-.*, found"):
        check_label(label, Path("f"), 3)


@pytest.mark.parametrize("label", ["B-city|B-x", "I-city,O", "B-city; I-x", "B-a+B-b|O"])
def test_several_labels_are_none(label: str) -> None:
    with pytest.raises(CorpusError, match="keep one tag a token"):
        check_label(label, Path("a"), 3)


def test_a_label_has_an_end() -> None:
    assert is_label("B-" + "x" * 900)
    assert not is_label("B-" + "x" * 1_000)


def test_a_slot_can_have_dots_dashes_and_blanks_in_its_name() -> None:
    assert all(map(is_label, ["B-toloc.city-name", "I-a b", "S-城市"]))


def _iob1(spans: Sequence[Span], length: int) -> list[str]:
    labels = ["O"] * length
    for span in spans:
        labels[span.start : span.end] = [f"I-{span.name}"] * (span.end - span.start)
        if any(other.end == span.start and other.name == span.name for other in spans):
            labels[span.start] = f"B-{span.name}"
    return labels


def _with_ends(inside: str, end: str, single: str) -> Callable[[Sequence[Span], int], list[str]]:
    def write(spans: Sequence[Span], length: int) -> list[str]:
        labels = ["O"] * length
        for span in spans:
            labels[span.start : span.end] = [f"{inside}-{span.name}"] * (span.end - span.start)
            labels[span.start] = f"B-{span.name}"
            labels[span.end - 1] = f"{single if span.end == span.start + 1 else end}-{span.name}"
        return labels

    return write


def _ioe2(spans: Sequence[Span], length: int) -> list[str]:
    labels = ["O"] * length
    for span in spans:
        labels[span.start : span.end] = [f"I-{span.name}"] * (span.end - span.start)
        labels[span.end - 1] = f"E-{span.name}"
    return labels


@pytest.mark.parametrize(
    "write",
    [
        write_tags,
        _iob1,
        _ioe2,
        _with_ends("I", "E", "S"),
        _with_ends("I", "L", "U"),
        _with_ends("M", "E", "S"),
    ],
    ids=["BIO", "IOB1", "IOE2", "BIOES", "BILOU", "BMES"],
)
@given(data=st.data())
def test_every_scheme_keeps_its_spans(
    write: Callable[[Sequence[Span], int], list[str]], data: st.DataObject
) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, 10))))
    spans = [
        Span(data.draw(st.sampled_from("ab")), start, end)
        for start, end in pairwise(edges)
        if data.draw(st.booleans())
    ]
    warnings: Counter[str] = Counter()
    query = LabelledQuery(["w"] * 10, write(spans, 10), None)
    (utterance,) = bio_utterances([query], warnings)
    assert read_spans(utterance.tags) == spans
    assert list(utterance.tags) == write_tags(spans, 10)
    assert STRAY not in warnings
    assert UNENDED not in warnings
