"""JSON lines of text and spans."""

import json
from collections import Counter
from pathlib import Path

import pytest

from app.tagging.slots import Span
from training.corpora.formats import span_lines
from training.corpora.utterances import ChangedSpan, Utterance
from training.errors import CorpusError


def read(path: Path, *records: object) -> tuple[list[Utterance], dict[str, int]]:
    (path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    warnings: Counter[str] = Counter()
    return span_lines.read(path / "a.jsonl", warnings), dict(warnings)


def test_offsets_count_code_points(tmp_path: Path) -> None:
    spans = [{"start": 5, "end": 9, "slot": "city"}]
    utterances, warnings = read(
        tmp_path,
        {"text": "🍕 in Rome.", "service": "Flights_1", "intent": "fly", "spans": spans},
        {"text": "Yes", "spans": []},
    )
    tokens = ("🍕", "in", "Rome", ".")
    assert utterances == [
        Utterance(tokens, ("O", "O", "B-city", "O"), "fly", "🍕 in Rome."),
        Utterance(("Yes",), ("O",), None, "Yes"),
    ]
    assert not warnings


def test_what_is_mended_is_counted(tmp_path: Path) -> None:
    utterances, warnings = read(
        tmp_path,
        {"text": "\ud83c Rome", "spans": [{"start": 3, "end": 5, "slot": "city"}]},
        {"text": " \u200f", "spans": []},
    )
    [utterance] = utterances
    assert (utterance.tokens, utterance.tags) == (("\ufffd", "Rome"), ("O", "B-city"))
    assert utterance.changed == (ChangedSpan("city", "om", Span("city", 1, 2)),)
    assert warnings == {
        "half a surrogate pair replaced by U+FFFD": 1,
        "span widened to whole tokens": 1,
        "empty query skipped": 1,
    }


@pytest.mark.parametrize(
    ("text", "spans", "sentence"),
    [
        ("Rome", [{"start": 0, "end": 5, "slot": "x"}], "4 code points of the text, found 0 to 5"),
        ("Rome", [{"start": 2, "end": 2, "slot": "x"}], "found 2 to 2"),
        ("Rome", [{"start": -1, "end": 2, "slot": "x"}], "found -1 to 2"),
        ("Rome", [{"start": 0, "end": 2}], 'a span with "start", "end" and "slot", found {'),
        ("Rome", [{"start": "0", "end": 2, "slot": "x"}], 'a span with "start", "end" and'),
        ("Rome", [{"start": False, "end": 2, "slot": "x"}], 'a span with "start", "end" and'),
        ("Rome", [{"start": 0, "end": 2, "slot": ""}], 'a span with "start", "end" and'),
        ("Rome", [[0, 2, "x"]], 'a span with "start", "end" and "slot", found [0'),
        ("Rome", None, 'expected "spans", a list, found None'),
        (None, [], 'expected "text", a string, found None'),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, text: object, spans: object, sentence: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, {"text": "a", "spans": []}, {"text": text, "spans": spans})
    assert caught.value.line == 2
    assert sentence in str(caught.value)


def test_a_span_of_nothing_visible_is_missed(tmp_path: Path) -> None:
    utterances, warnings = read(
        tmp_path, {"text": " \u200f", "spans": [{"start": 0, "end": 2, "slot": "city"}]}
    )
    [utterance] = utterances
    assert utterance.tokens == ()
    assert utterance.changed == (ChangedSpan("city", " \u200f"),)
    assert warnings == {"span without a token, left out": 1}
