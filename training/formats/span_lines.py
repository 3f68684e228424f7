"""A JSON object a line with `text`, `spans` of it and, if known, `intent` (sgd-travel)."""

from collections import Counter
from pathlib import Path
from typing import Any

from training.errors import CorpusError
from training.formats.files import excerpt, intent_of, read_records, without_surrogates
from training.formats.labels import is_slot
from training.utterances import Utterance, utterance_from_spans

LOOKS_LIKE = (
    '{"text": "to Taipei", "spans": [{"start": 3, "end": 9, "slot": "city"}], "intent": "fly"}'
    "  on each line, in code points, end exclusive"
)


def read(path: Path, remarks: Counter[str]) -> list[Utterance]:
    """Read the file; what else an object holds is passed over."""
    utterances = []
    for line, record in read_records(path, remarks):
        text, spans = record.get("text"), record.get("spans")
        if not isinstance(text, str):
            raise CorpusError(path, line, '"text", a string', excerpt(text))
        if not isinstance(spans, list):
            raise CorpusError(path, line, '"spans", a list', excerpt(spans))
        intent = intent_of(record, path, line)
        utterance, mended = utterance_from_spans(
            without_surrogates(text, remarks),
            [_span(span, text, path, line) for span in spans],
            intent,
        )
        remarks.update(mended)
        if utterance.tokens or utterance.changed:
            utterances.append(utterance)
        else:
            remarks["empty query skipped"] += 1
    return utterances


def _span(span: Any, text: str, path: Path, line: int) -> tuple[int, int, str]:
    match span:
        case {"start": int(start), "end": int(end), "slot": str(slot)} if is_slot(
            slot
        ) and bool not in {type(start), type(end)}:
            if 0 <= start < end <= len(text):
                return start, end, slot
            expected = f"a span within the {len(text)} code points of the text"
            raise CorpusError(path, line, expected, f"{start} to {end}")
    raise CorpusError(path, line, 'a span with "start", "end" and "slot"', excerpt(span))
