"""JSON from files: on each line, in a list or one value after another, each with its line."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.corpora.formats.files import excerpt, lines_of, read_text
from training.errors import CorpusError

_BLANKS = re.compile(r"[ \t\n\r]*")


class _DoubledKeyError(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, or an error where a key stands twice: nobody knows which value is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        key = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _DoubledKeyError(f"the key {excerpt(key)} stands twice in an object")
    return found


_decoder = json.JSONDecoder(object_pairs_hook=_object)


class JsonReader:
    """Goes through the JSON of a text without holding all of its values at once."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._at = 0
        self._counted = 0
        self._line = 1

    @property
    def line(self) -> int:
        """The line of what comes next."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def next_is(self, char: str) -> bool:
        """Whether the next character that is no blank is this one."""
        self._at = _BLANKS.match(self._text, self._at).end()  # type: ignore[union-attr]
        return self._text.startswith(char, self._at)

    def at_end(self) -> bool:
        """Whether nothing but blanks is left."""
        self.next_is("")
        return self._at == len(self._text)

    def value(self) -> Any:
        """The next value; raises CorpusError with its line where it is malformed."""
        self.next_is("")
        try:
            value, self._at = _decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise self._invalid(error.lineno, error.msg) from None
        except _DoubledKeyError as error:
            raise self._invalid(self.line, str(error)) from None
        except RecursionError:
            raise self._invalid(self.line, "it is nested too deeply") from None
        except ValueError:  # Python reads no number of thousands of digits
            raise self._invalid(self.line, "a number of too many digits") from None
        return value

    def items(self) -> Iterator[tuple[int, Any]]:
        """The values of a list that begins here, with their lines."""
        self._expect("[")
        while not self.next_is("]"):
            yield self.line, self.value()
            if not self.next_is("]"):
                self._expect(",")
        self._expect("]")

    def members(self) -> Iterator[str]:
        """The keys of an object that begins here; read the value of each before the next."""
        self._expect("{")
        seen = set()
        while not self.next_is("}"):
            key = self.value()
            if not isinstance(key, str):
                raise self._invalid(self.line, "a key that is no string")
            if key in seen:
                raise self._invalid(self.line, f"the key {excerpt(key)} stands twice in an object")
            seen.add(key)
            self._expect(":")
            yield key
            if not self.next_is("}"):
                self._expect(",")
        self._expect("}")

    def end(self) -> None:
        """Raise CorpusError where anything follows."""
        if not self.at_end():
            raise self._invalid(self.line, "something follows what is whole")

    def _expect(self, char: str) -> None:
        if not self.next_is(char):
            found = "the end of the file" if self.at_end() else excerpt(self._text[self._at :][:20])
            raise self._invalid(self.line, f"{found} in place of {char!r}")
        self._at += 1

    def _invalid(self, line: int, why: str) -> CorpusError:
        return CorpusError(self._path, line, "JSON", f"invalid JSON: {why}")


def read_records(path: Path, warnings: Counter[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """
    The JSON objects of a file, with their lines: one a line, or those of a list.

    Objects may be written over several lines. Raises CorpusError where one is malformed.
    """
    text = read_text(path, warnings)
    values = _by_line(path, text, warnings) if is_by_line(text) else _one_by_one(path, text)
    for line, value in values:
        if not isinstance(value, dict):
            raise CorpusError(path, line, "a JSON object", excerpt(value))
        yield line, value


def is_by_line(text: str) -> bool:
    """Whether text has a JSON value a line: by its first two lines, of which one may be broken."""
    lines = (line.strip() for line in lines_of(text))
    first, second = (next(filter(None, lines), "") for _ in range(2))
    if first.startswith("["):
        # A list of one line a file is a list; of several lines, each may be a list that is wrong.
        return second.startswith(("{", "[")) and first.endswith("]")
    whole = first.endswith("}") and first.count("{") == first.count("}")
    return whole or second.startswith("{") or not second


def _by_line(path: Path, text: str, warnings: Counter[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines_of(text), 1):
        if not line.strip():
            warnings["blank line skipped"] += 1
            continue
        reader = JsonReader(path, line)
        try:
            value = reader.value()
            reader.end()
        except CorpusError as error:
            found = str(error).partition("found ")[2]
            raise CorpusError(path, number, "a JSON object", found) from None
        yield number, value


def _one_by_one(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    reader = JsonReader(path, text)
    if reader.next_is("["):
        yield from reader.items()
        reader.end()
        return
    while not reader.at_end():
        yield reader.line, reader.value()
