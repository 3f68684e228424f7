"""A JSON object a line with `text`, `spans` of it and, if known, `intent` (sgd-travel)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from sys import intern
from typing import Any

from training.corpora.formats.files import excerpt, intent_of
from training.corpora.formats.json_values import read_records
from training.corpora.formats.labels import is_slot
from training.corpora.formats.spans import RawSpan, SpannedText, fits_some_unit, read_spanned
from training.corpora.utterances import Utterance
from training.errors import CorpusError

LOOKS_LIKE = (
    '{"text": "to Taipei", "spans": [{"start": 3, "end": 9, "slot": "city"}], "intent": "fly"}'
    "  on each line, in code points, end exclusive"
)
# By which names files repeat the text of a span; what is normalised is not its text.
_OWN_TEXT = re.compile(
    "text|surface|mention|phrase|body|raw|words?$|string|literal|quote|snippet|original|content"
    "|exact|chunk|token|form$|substr|match|covered|span"
)
_VALUE = re.compile("value")
_OTHER = re.compile(
    "(?:slot|label|name|tag|intent|role|group|source)s?$|"
    "normali[sz]|canonical|resol|standard|lemma|type|kind|format|context|lang|_id$|^id$|synonym"
)


def read(path: Path, warnings: Counter[str]) -> list[Utterance]:
    """Read the file; what else an object holds is passed over."""
    records = []
    for line, record in read_records(path, warnings):
        text, spans = record.get("text"), record.get("spans")
        if not isinstance(text, str):
            raise CorpusError(path, line, '"text", a string', excerpt(text))
        if not isinstance(spans, list):
            raise CorpusError(path, line, '"spans", a list', excerpt(spans))
        read_spans = tuple(_span(span, text, path, line) for span in spans)
        records.append(SpannedText(line, text, read_spans, intent_of(record, path, line)))
    return read_spanned(path, records, warnings)


def _span(span: Any, text: str, path: Path, line: int) -> RawSpan:
    match span:
        case {"start": int(start), "end": int(end), "slot": str(slot)} if is_slot(
            slot
        ) and bool not in {type(start), type(end)}:
            raw = RawSpan(start, end, intern(slot), own_text(span, path, line))
            return raw if raw.own is not None else _with_text(raw, span, text)
    raise CorpusError(path, line, 'a span with "start", "end" and "slot"', excerpt(span))


def _with_text(raw: RawSpan, span: dict[str, Any], text: str) -> RawSpan:
    """
    The span with what it holds under a name that nobody knows, if that is its text in some unit.

    What is not may be anything, and says nothing.
    """
    fields = (value for key, value in span.items() if key not in {"start", "end", "slot"})
    fitting = (replace(raw, own=own) for own in _leaves(fields))
    return next((each for each in fitting if fits_some_unit(text, each)), raw)


def _leaves(values: Iterable[Any]) -> Iterator[str]:
    """The strings and numbers in values, those in lists and objects too."""
    waiting = list(values)
    while waiting:
        match waiting.pop():
            case dict() as value:
                waiting += value.values()
            case list() as value:
                waiting += value
            case str() | int() | float() as value if not isinstance(value, bool):
                yield str(value)


def own_text(span: dict[str, Any], path: Path, line: int) -> str | None:
    """
    The text that a span repeats of its query, if it does.

    A `value` is that text, but not where another key has it: then it may be normalised. Raises
    CorpusError where two keys that repeat the text differ.
    """
    names = [
        name
        for name, value in span.items()
        if isinstance(value, str) and not _OTHER.search(name.lower())
    ]
    for pattern in (_OWN_TEXT, _VALUE):
        texts: dict[str, str] = {name: span[name] for name in names if pattern.search(name.lower())}
        if len(set(texts.values())) > 1:
            found = " and ".join(f"{name} {excerpt(text)}" for name, text in texts.items())
            raise CorpusError(path, line, "one text of a span", found)
        if texts:
            return texts[next(iter(texts))]
    return None
