"""Files → text and lines; what is wrong with their bytes is mended and counted."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from training.errors import CorpusError

REPLACEMENT = "\ufffd"
# A character beyond the basic plane written as two encoded surrogates (CESU-8), which no valid
# UTF-8 holds: ED A0..AF xx, ED B0..BF xx.
_SURROGATE_PAIR = re.compile(rb"(\xed[\xa0-\xaf][\x80-\xbf])(\xed[\xb0-\xbf][\x80-\xbf])")
_MARK = re.compile("^\ufeff", re.MULTILINE)
# Some letters may have been broken on their way; of another encoding far more look it, and hardly
# a letter beyond ASCII is whole.
_FEW = 20
_FEW_OF_A_TEXT = 0.01
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_text(path: Path, remarks: Counter[str]) -> str:
    """The text of a file, its lines ended by line feeds alone."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorpusError(path, None, "a file to read", str(error.strerror)) from error
    refuse_utf16(path, content)
    content, pairs = _SURROGATE_PAIR.subn(_joined, content)
    text = content.decode("utf-8", "replace")
    invalid = text.count(REPLACEMENT) - content.count(REPLACEMENT.encode())
    whole = len(text) - len(text.encode("ascii", "ignore")) - text.count(REPLACEMENT)
    if invalid > max(_FEW, min(len(text) * _FEW_OF_A_TEXT, whole)):
        found = f"{invalid} places that are none"
        raise CorpusError(path, None, "UTF-8", found, "; iconv -f ENCODING -t UTF-8 converts it")
    # Where files were joined, marks stand at the beginning of other lines too.
    text, marks = _MARK.subn("", text)
    carriage_returns = text.count("\r\n")
    remarks.update(
        _counts(
            {
                "byte order mark left out": marks,
                "surrogate pair joined to the character it stands for": pairs,
                "invalid UTF-8 replaced by U+FFFD": invalid,
                "carriage return at the end of a line left out": carriage_returns,
            }
        )
    )
    return text.replace("\r\n", "\n")


def refuse_utf16(path: Path, content: bytes) -> None:
    """Raise CorpusError where a file begins as files in UTF-16 do."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = "; iconv -f UTF-16 -t UTF-8 converts it"
        raise CorpusError(path, None, "UTF-8", "the byte order mark of UTF-16", hint)


def read_lines(path: Path, remarks: Counter[str]) -> list[str]:
    """
    The lines of a file; blank lines at its end are left out.

    Only a line feed ends a line: U+2028 and their like may stand within a query.
    """
    lines = read_text(path, remarks).split("\n")
    if not lines[-1]:
        lines.pop()
    while lines and not lines[-1].strip():
        lines.pop()
        remarks["blank line skipped"] += 1
    return lines


def words_of(line: str) -> list[str]:
    """What stands between blanks and tabs; a no-break or ideographic space is part of a word."""
    return [word for word in re.split(r"[ \t]+", line) if word]


def read_records(path: Path, remarks: Counter[str]) -> list[tuple[int, dict[str, Any]]]:
    """The JSON object on each line, with the line's number."""
    records = []
    for number, line in enumerate(read_lines(path, remarks), 1):
        if not line.strip():
            remarks["blank line skipped"] += 1
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CorpusError(path, number, "a JSON object", f"invalid JSON: {error}") from error
        if not isinstance(record, dict):
            raise CorpusError(path, number, "a JSON object", excerpt(line))
        records.append((number, record))
    return records


def intent_of(record: dict[str, Any], path: Path, line: int) -> str | None:
    """The record's intent: a string, or null, or absent."""
    intent = record.get("intent")
    if intent is None:
        return None
    if not (isinstance(intent, str) and intent.strip() and len(intent.splitlines()) == 1):
        raise CorpusError(path, line, "an intent that is one line of text or null", excerpt(intent))
    return intent.strip()


def without_surrogates(text: str, remarks: Counter[str]) -> str:
    r"""JSON can escape half a character ("\ud83c"), which cannot be written as UTF-8."""
    text, halves = _SURROGATE.subn(REPLACEMENT, text)
    remarks.update(_counts({"half a surrogate pair replaced by U+FFFD": halves}))
    return text


def excerpt(value: object) -> str:
    """The value as an error shows it."""
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _joined(match: re.Match[bytes]) -> bytes:
    pair = match.group().decode("utf-8", "surrogatepass")
    return pair.encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _counts(counts: dict[str, int]) -> dict[str, int]:
    return {remark: count for remark, count in counts.items() if count}
