"""
Names of a list: what people write → an id and a canonical name.

A list is kept as the bytes of its file, one sorted line for each key, and looked up by bisection
of its blocks: 60,000 keys take 2 MB, and they are there as soon as the file is read.
"""

import copy
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.values.list_format import Entry, InvalidListError, text_of

__all__ = [
    "InvalidListError",
    "Name",
    "NameList",
    "check_compiled",
    "compiled",
    "key_of",
    "rows_of",
]

MOST = 4
BLOCK = 2048  # bytes
REMEMBERED = 1024
CODE = re.compile(r"[A-Z0-9]{2,5}")
BRACKETED = re.compile(r"(.+?)\s*[(（\[]([A-Z]{3})[)）\]]")
LEADING = re.compile(r"^(?:the|city of) ")
TRAILING = re.compile(r" (?:city|intl airport|international airport|airport)$")
HAN_TRAILING = re.compile(r"(?:市区|市|国际机场|國際機場|机场|機場)$")
UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "ð": "d", "þ": "th", "œ": "oe"}
)
SPACES = re.compile(r"[^\w]+")


class Name(NamedTuple):
    """An entry of a list."""

    id: str
    value: str


def key_of(text: str) -> str:
    """The text without case, accents and punctuation."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.lower().translate(UNDECOMPOSED))
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return SPACES.sub(" ", text.casefold()).strip()


def compiled(rows: Iterable[tuple[str, str, Iterable[str]]]) -> str:
    """
    The lines of a list, from rows of id, canonical name and aliases, likeliest first.

    A line has a key and the entries that it names, by tabs; a key of `=` and a code is a code.
    """
    found: dict[str, list[Name]] = {}
    for identifier, value, aliases in rows:
        entry = Name(identifier, value)
        for alias in (value, *aliases):
            is_code = alias.startswith("=") and CODE.fullmatch(alias[1:])
            key = alias if is_code else key_of(alias)
            entries = found.setdefault(key, [])
            if key and len(entries) < MOST and entry not in entries:
                entries.append(entry)
    lines = (
        "\t".join([key, *(part for entry in entries for part in entry)])
        for key, entries in found.items()
        if key
    )
    return "\n".join(sorted(lines, key=str.encode)) + "\n"


def rows_of(entries: Iterable[Entry]) -> list[tuple[str, str, list[str]]]:
    """
    Of each entry of a list its id, canonical name and alias, likeliest first, as `compiled` takes.

    A value of `=` and a code is a code.
    """
    named = sorted(entries, key=lambda entry: -entry.weight)
    names = [(entry, entry.canonical or entry.value.removeprefix("=")) for entry in named]
    return [(entry.id or name, name, [entry.value]) for entry, name in names]


def check_compiled(content: bytes) -> None:
    """Raises InvalidListError unless the content is what `compiled` gives."""
    text_of(content)
    before = b""
    for number, line in enumerate(content.removesuffix(b"\n").split(b"\n"), 1):
        key, tab, _ = line.partition(b"\t")
        if not tab or line.count(b"\t") % 2 or key <= before:
            raise InvalidListError(
                number,
                "what a compiled list has, a key and pairs of id and name, sorted by bytes",
                "another line; leave `compiled` out for a list of values",
            )
        before = key


class NameList:
    """A list of names in memory: the bytes of its file, and the first key of each block of them."""

    # Weak references: models share a list as long as one of them is there.
    __slots__ = ("__weakref__", "_before", "_found", "_keys", "_lines", "_starts")

    def __init__(self, lines: bytes) -> None:
        """`lines` is what `compiled` gave, in UTF-8."""
        self._lines = b"\n" + lines
        self._before: NameList | None = None
        self._found: dict[str, list[Name]] = {}
        self._starts: list[int] = []
        self._keys: list[bytes] = []
        start, end = 0, len(self._lines) - 1
        while 0 <= start < end:
            self._starts.append(start)
            self._keys.append(self._lines[start + 1 : self._lines.find(b"\t", start)])
            start = self._lines.find(b"\n", start + BLOCK)
        self._starts.append(end)

    def behind(self, names: "NameList | None") -> "NameList":
        """The same list, sharing its memory, which is asked only for what `names` has not."""
        joined = copy.copy(self)
        joined._before = names
        joined._found = {}
        return joined

    def entries(self, key: str) -> list[Name]:
        """The entries of a key, likeliest first."""
        wanted = key.encode()
        block = bisect_right(self._keys, wanted) - 1
        if block < 0:
            return []
        found = self._lines.find(
            b"\n" + wanted + b"\t", self._starts[block], self._starts[block + 1]
        )
        if found < 0:
            return []
        line = self._lines[found + 1 : self._lines.find(b"\n", found + 1)].decode(errors="replace")
        _, *parts = line.split("\t")
        # A line that was damaged by hand costs no request its answer.
        return [Name(*pair) for pair in zip(parts[::2], parts[1::2], strict=False)]

    def find(self, text: str) -> Sequence[Name]:
        """What the text names, likeliest first; what is asked for again is remembered."""
        found = self._found.get(text)
        if self._before is not None and (before := self._before.find(text)):
            return before
        if found is None:
            found = self._find(text)
            if found:  # what is no name of the list may be anything, also private
                if len(self._found) >= REMEMBERED:
                    self._found.clear()
                self._found[text] = found
        return found

    def _find(self, text: str) -> list[Name]:
        """
        What the text names, likeliest first; nothing if the list has no such name.

        A code counts only in capitals, because MAY, SUN and THE are codes; a code in brackets
        decides.
        """
        text = text.strip()
        bracketed = BRACKETED.fullmatch(text)
        if bracketed is not None:
            return self.entries(f"={bracketed[2]}")
        if CODE.fullmatch(text):
            found = self.entries(f"={text}")
            if found:
                return found
        key = key_of(text)
        for pattern in (None, LEADING, TRAILING, HAN_TRAILING):
            shorter = key if pattern is None else pattern.sub("", key)
            if shorter and (pattern is None or shorter != key):
                found = self.entries(shorter)
                if found:
                    return found
        return []
