"""Files → text and lines; what is wrong with their bytes is mended and counted."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from sys import intern
from typing import Any

from training.encodings import encoding_of, seven_bit_encoding_of, wide_encoding_of
from training.errors import CorpusError

REPLACEMENT = "\ufffd"
# A character beyond the basic plane written as two encoded surrogates (CESU-8), which no valid
# UTF-8 holds: ED A0..AF xx, ED B0..BF xx.
_SURROGATE_PAIR = re.compile(rb"(\xed[\xa0-\xaf][\x80-\xbf])(\xed[\xb0-\xbf][\x80-\xbf])")
_ENDS = re.compile(r"\r+\n")
_MARK = re.compile("^\ufeff+", re.MULTILINE)
# Some letters may have been broken on their way; of another encoding far more look it, and hardly
# a letter beyond ASCII is whole.
_FEW_OF_A_TEXT = 0.01
_SURROGATE = re.compile("[\ud800-\udfff]")
# What begins with these is no text.
_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive", "; unpack it and name a file that was in it"),
    (b"\x1f\x8b", "a file that gzip made", "; unpack it with gunzip"),
    (b"BZh91AY&SY", "a file that bzip2 made", "; unpack it with bunzip2"),
    (b"\xfd7zXZ", "a file that xz made", "; unpack it with unxz"),
    (b"\x28\xb5\x2f\xfd", "a file that zstd made", "; unpack it with unzstd"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "; unpack it and name a file that was in it"),
    (b"PAR1", "a Parquet table", "; write it as JSON lines"),
    (b"ARROW1\0\0", "an Arrow table", "; write it as JSON lines"),
    (b"SQLite format 3", "an SQLite database", "; write it as JSON lines"),
    (b"\xd0\xcf\x11\xe0", "a document of Microsoft Office", "; save it as plain text"),
    (b"{\\rtf", "a document in RTF", "; save it as plain text"),
    (
        b"version https://git-lfs",
        "a pointer of Git LFS",
        "; fetch the file itself with git lfs pull",
    ),
    (b"%PDF", "a PDF document", "; only plain text is read"),
    (
        b"\x78\x9c",
        "compressed data, as spaCy's DocBin (.spacy) is",
        "; write its docs as JSON lines of tokens and labels",
    ),
)


def read_bytes(path: Path) -> bytes:
    """The content of a file; raises CorpusError where that cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(path, None, "a file to read", str(error.strerror)) from error


def read_text(path: Path, warnings: Counter[str]) -> str:
    """The text of a file, its lines ended by line feeds alone."""
    content = read_bytes(path)
    refuse_binary(path, content)
    pairs = 0
    if b"\xed" in content:
        content, pairs = _SURROGATE_PAIR.subn(_joined, content)
    text, invalid = _decoded(path, content)
    del content
    # Where files were joined, marks stand at the beginning of other lines too.
    marks = 0
    if "\ufeff" in text:
        text, marks = _MARK.subn("", text)
    alone = text.count("\r") if "\n" not in text else 0
    carriage_returns = 0 if alone else len(_ENDS.findall(text))
    text = with_line_feeds(text)
    warnings.update(
        _counts(
            {
                "byte order mark left out": marks,
                "surrogate pair joined to the character it stands for": pairs,
                "invalid UTF-8 replaced by U+FFFD": invalid,
                "carriage return at the end of a line left out": carriage_returns,
                "carriage return that ends a line": alone,
            }
        )
    )
    return text


def with_line_feeds(text: str) -> str:
    """Text whose lines end as those of DOS or of the old Macintosh do, with line feeds alone."""
    if "\r" not in text:
        return text
    return _ENDS.sub("\n", text) if "\n" in text else text.replace("\r", "\n")


def decode(path: Path, content: bytes) -> str:
    """The content of a file that must be UTF-8, without a byte order mark; raises CorpusError."""
    refuse_binary(path, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, content, error) from None


def refuse_binary(path: Path, content: bytes) -> None:
    """Raise CorpusError where a file begins as archives do, or its bytes are no text in UTF-8."""
    for magic, name, hint in _MAGIC:
        if content.startswith(magic):
            raise CorpusError(path, None, "text", name, hint)
    if encoding := wide_encoding_of(content) or seven_bit_encoding_of(content):
        raise CorpusError(path, None, "UTF-8", f"text in {encoding}", _conversion(encoding))
    if (at := content.find(0)) >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise CorpusError(path, line, "text", "a zero byte", "; only plain text is read")


def _decoded(path: Path, content: bytes) -> tuple[str, int]:
    """The text, and how many places were not UTF-8: some, in a file that else is."""
    try:
        return content.decode("utf-8"), 0
    except UnicodeDecodeError as error:
        fault = error
    text = content.decode("utf-8", "replace")
    invalid = text.count(REPLACEMENT) - content.count(REPLACEMENT.encode())
    whole = len(text) - len(text.encode("ascii", "ignore")) - text.count(REPLACEMENT)
    if invalid > min(len(text) * _FEW_OF_A_TEXT, whole):
        raise _not_utf8(path, content, fault) from None
    return text, invalid


def _not_utf8(path: Path, content: bytes, error: UnicodeDecodeError) -> CorpusError:
    encoding = encoding_of(content)
    line = content.count(b"\n", 0, error.start) + 1
    found = f"bytes that look like {encoding}" if encoding else "bytes that are not"
    return CorpusError(path, line, "UTF-8", found, _conversion(encoding or "ENCODING"))


def _conversion(encoding: str) -> str:
    return f"; convert the file with iconv -f {encoding} -t UTF-8"


def lines_of(text: str) -> Iterator[str]:
    """
    The lines of a text, one at a time.

    Only a line feed ends a line: U+2028 and their like may stand within a query.
    """
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    if start < len(text):
        yield text[start:]


def read_lines(path: Path, warnings: Counter[str]) -> list[str]:
    """The lines of a file, those of `lines_of`; blank lines at its end are left out."""
    lines = list(lines_of(read_text(path, warnings)))
    while lines and not lines[-1].strip():
        lines.pop()
        warnings["blank line skipped"] += 1
    return lines


def words_of(line: str) -> list[str]:
    """What stands between blanks and tabs; a no-break or ideographic space is part of a word."""
    return [word for word in re.split(r"[ \t]+", line) if word]


def intent_of(record: dict[str, Any], path: Path, line: int) -> str | None:
    """The record's intent: a string, or null, or absent."""
    intent = record.get("intent")
    return None if intent is None else intent_name(intent, path, line)


def intent_name(intent: object, path: Path, line: int) -> str:
    """The name of an intent, a line of a bundle; raises CorpusError where it can be none."""
    if (
        isinstance(intent, str)
        and intent.strip()
        and len(intent.splitlines()) == 1
        and not has_surrogates(intent)
    ):
        return intern(intent.strip())
    raise CorpusError(path, line, "an intent that is one line of text or null", excerpt(intent))


def without_surrogates(text: str, warnings: Counter[str]) -> str:
    r"""JSON can escape half a character ("\ud83c"), which cannot be written as UTF-8."""
    text, halves = _SURROGATE.subn(REPLACEMENT, text)
    warnings.update(_counts({"half a surrogate pair replaced by U+FFFD": halves}))
    return text


def has_surrogates(text: str) -> bool:
    """Whether half a character is in it, which no file in UTF-8 can hold."""
    return _SURROGATE.search(text) is not None


def excerpt(value: object) -> str:
    """The value as an error shows it."""
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _joined(match: re.Match[bytes]) -> bytes:
    pair = match.group().decode("utf-8", "surrogatepass")
    return pair.encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _counts(counts: dict[str, int]) -> dict[str, int]:
    return {warning: count for warning, count in counts.items() if count}
