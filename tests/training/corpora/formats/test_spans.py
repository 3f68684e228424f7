"""Spans in any unit, and the texts that they repeat."""

import json
from collections import Counter
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.slots import read_spans
from training.corpora.formats import span_lines
from training.corpora.formats.spans import CODE_POINTS, UNITS, UNSURE, RawSpan, Unit
from training.corpora.utterances import Utterance
from training.errors import CorpusError

TEXT = "😀 我要去北京玩, then to Zürich é😀 and to Rome"
CITIES = ("北京", "Zürich", "Rome")


def read(path: Path, *records: object) -> tuple[list[Utterance], dict[str, int]]:
    (path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    warnings: Counter[str] = Counter()
    return span_lines.read(path / "a.jsonl", warnings), dict(warnings)


def offsets(unit: Unit, text: str, start: int, end: int) -> tuple[int, int]:
    """What a file that counts in this unit says of text[start:end]."""

    def width(part: str) -> int:
        return len(part) if unit.width is None else sum(map(unit.width, part))

    shift = unit.first
    return width(text[:start]) + shift, width(text[:end]) + shift - unit.inclusive


def record(unit: Unit, text: str, *values: str, key: str | None = "text") -> dict[str, object]:
    spans = []
    for value in values:
        start = text.index(value)
        first, last = offsets(unit, text, start, start + len(value))
        span: dict[str, object] = {"start": first, "end": last, "slot": "city"}
        spans.append(span | ({key: value} if key else {}))
    return {"text": text, "spans": spans}


def values_of(utterance: Utterance) -> list[str]:
    spans = read_spans(utterance.tags)
    return ["".join(utterance.tokens[span.start : span.end]) for span in spans]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
@pytest.mark.parametrize(
    "key",
    ["text", "value", "body", "surface", "entity_text", "Mention", "labelText", "matched_text"],
)
def test_the_text_that_a_span_repeats_decides_its_unit(
    tmp_path: Path, unit: Unit, key: str
) -> None:
    found, warnings = read(
        tmp_path,
        record(unit, TEXT, *CITIES, key=key),
        record(unit, "😀 plain Rome", "Rome", key=key),
    )
    assert [value for each in found for value in values_of(each)] == [*CITIES, "Rome"]
    if unit is CODE_POINTS:
        assert not warnings
    else:
        assert warnings == {f"span whose offsets count {unit.name}": 4}


def test_one_unit_explains_a_whole_file_without_texts_too(tmp_path: Path) -> None:
    utf16 = UNITS[1]
    found, warnings = read(
        tmp_path,
        record(utf16, TEXT, "北京"),
        record(utf16, "😀😀 to Rome now", "Rome", key=None),
    )
    assert [values_of(each) for each in found] == [["北京"], ["Rome"]]
    assert warnings == {"span whose offsets count UTF-16 units": 2}


@pytest.mark.parametrize(
    "field",
    [
        {"entity": "NYC"},
        {"inhalt": "NYC"},
        {"value": {"text": "NYC", "resolved": "New York City"}},
        {"values": [["new york", "NYC"]]},
    ],
)
def test_a_text_under_any_name_decides_where_it_fits(
    tmp_path: Path, field: dict[str, object]
) -> None:
    span = {"start": 6, "end": 9, "slot": "city", **field}
    [utterance], warnings = read(tmp_path, {"text": "😀 to NYC now", "spans": [span]})
    assert utterance.tags == ("O", "O", "B-city", "O")
    assert warnings == {"span whose offsets count UTF-16 units": 1}


def test_what_fits_in_no_unit_is_something_else(tmp_path: Path) -> None:
    span = {"start": 3, "end": 6, "slot": "city", "before": "to", "score": 0.5, "place": [True]}
    [utterance], warnings = read(tmp_path, {"text": "to NYC now", "spans": [span]})
    assert utterance.tags == ("O", "B-city", "O")
    assert not warnings


def test_a_number_can_be_a_text(tmp_path: Path) -> None:
    span = {"start": 7, "end": 9, "slot": "count", "value": 12}
    [utterance], _ = read(tmp_path, {"text": "😀 for 12 now", "spans": [span]})
    assert utterance.tags == ("O", "O", "B-count", "O")


@pytest.mark.parametrize(("of_text", "of_span"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_letters_and_their_marks_may_be_one_character_or_two(
    tmp_path: Path, of_text: Literal["NFC", "NFD"], of_span: Literal["NFC", "NFD"]
) -> None:
    text, own = normalize(of_text, "über Zürich nach Rom"), normalize(of_span, "Zürich")
    span = {"start": 1, "end": 1 + len(own), "slot": "city", "text": own}
    [utterance], _ = read(tmp_path, {"text": text, "spans": [span]})
    assert utterance.tags == ("O", "B-city", "O", "O")


def test_a_place_that_two_units_explain_is_told(tmp_path: Path) -> None:
    spans = [{"start": 5, "end": 7, "slot": "city"}]
    _, warnings = read(tmp_path, {"text": "😀我要去北京玩", "spans": spans})
    assert warnings == {UNSURE: 1}
    _, warnings = read(tmp_path, {"text": "我要去北京玩😀", "spans": spans})
    assert not warnings


def test_offsets_of_another_text_are_mended_where_the_own_text_stands_once(tmp_path: Path) -> None:
    span = {"start": 0, "end": 4, "slot": "city", "text": "Rome"}
    ((utterance,), warnings) = read(tmp_path, {"text": "we fly to Rome", "spans": [span]})
    assert values_of(utterance) == ["Rome"]
    assert warnings == {
        "span whose offsets are not those of its own text, put where that text stands": 1
    }


def test_case_and_blanks_do_not_move_a_span(tmp_path: Path) -> None:
    span = {"start": 7, "end": 15, "slot": "city", "value": " new  york"}
    ((utterance,), warnings) = read(tmp_path, {"text": "fly to New York", "spans": [span]})
    assert values_of(utterance) == ["NewYork"]
    assert warnings == {"span whose own text differs from the query's in case or blanks alone": 1}


@pytest.mark.parametrize(
    ("text", "start", "end", "own", "sentence"),
    [
        # It stands twice, nowhere, or within a word.
        ("Rome to Rome or", 5, 9, "Rome", "expected 'Rome' from 5 to 9, as the span itself says"),
        ("to Oslo", 3, 7, "Rome", "found 'Oslo'; mend the offsets, or leave out what"),
        ("a banana", 5, 8, "ban", "found 'ana'"),
        ("to Rome", 99, 103, "Oslo", "found nothing"),
        ("to Rome", 3, 7, "", "expected '' from 3 to 7"),
        (
            "😀 Rome or Rome",
            3,
            7,
            "Rome",
            "look like UTF-16 units: convert them, in the whole file",
        ),
        ("é Rome or Rome", 3, 7, "Rome", "look like bytes"),
        ("to Rome or Rome", 3, 6, "Rome", "look like code points, the end included"),
        ("to Rome or Rome", 4, 8, "Rome", "look like code points from 1"),
    ],
)
def test_a_text_that_is_not_where_it_should_be_is_refused(
    tmp_path: Path, text: str, start: int, end: int, own: str, sentence: str
) -> None:
    span = {"start": start, "end": end, "slot": "city", "text": own}
    right = record(CODE_POINTS, "é😀 Oslo or Oslo", "Oslo")
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, right, {"text": text, "spans": [span]})
    assert caught.value.line == 2
    assert sentence in str(caught.value)


def test_a_text_and_a_value_are_not_the_same(tmp_path: Path) -> None:
    span = {"start": 3, "end": 6, "slot": "city", "value": "New York", "text": "NYC"}
    ((utterance,), warnings) = read(tmp_path, {"text": "to NYC", "spans": [span]})
    assert values_of(utterance) == ["NYC"]
    assert not warnings
    span |= {"normalized_value": "x", "type": "y", "original_slot": "z", "surface": "Oslo"}
    with pytest.raises(
        CorpusError, match="one text of a span, found text 'NYC' and surface 'Oslo'"
    ):
        read(tmp_path, {"text": "to NYC", "spans": [span]})


@pytest.mark.parametrize("name", ["UTF-16 units", "bytes", "code points, the end included"])
def test_whole_words_decide_where_nothing_is_repeated(tmp_path: Path, name: str) -> None:
    unit = next(unit for unit in UNITS if unit.name == name)
    texts = [f"é😀 fly to {city} now" for city in ("Rome", "Oslo", "Lima", "Bern")]
    records = [record(unit, text, text.split()[3], key=None) for text in texts]
    found, warnings = read(tmp_path, *records)
    assert [value for each in found for value in values_of(each)] == [
        "Rome",
        "Oslo",
        "Lima",
        "Bern",
    ]
    assert warnings == {f"span whose offsets count {name}": 4}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("😀 fly to Rome", "found 10 to 14; its offsets look like UTF-16 units"),
        (
            "😀😀 fly to Rome now",
            "found 12 to 16, which is 'me n'; its offsets look like UTF-16 units",
        ),
    ],
)
def test_one_span_is_no_proof_but_enough_to_refuse(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, record(UNITS[1], text, "Rome", key=None))
    assert found in str(caught.value)


@given(
    st.lists(st.sampled_from(["a", "é", "北", "😀", " "]), min_size=1).map("".join),
    st.sampled_from(UNITS),
    st.data(),
)
def test_a_place_is_read_back_from_any_unit(text: str, unit: Unit, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = offsets(unit, text, start, end)
    assert unit.place(text, RawSpan(first, last, "x")) == (start, end)
