"""
Lists of names: what people write → an id and a canonical name.

A list is kept as the bytes of its compiled file, one sorted line for each key. It is looked up by
bisection over blocks of lines: 60,000 keys take 2 MB and need no parsing at start.
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
    """An entry of a list: its id, such as an IATA code, and its canonical name."""

    id: str
    value: str


def key_of(text: str) -> str:
    """The key under which a name is found: lower case, without accents and punctuation."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.lower().translate(UNDECOMPOSED))
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return SPACES.sub(" ", text.casefold()).strip()


def compiled(rows: Iterable[tuple[str, str, Iterable[str]]]) -> str:
    """
    Compile a list from rows of id, canonical name and aliases, likeliest first.

    Each line of the result has a key and then, by tabs, the id and name of each entry with that
    key. An alias that is `=` and a code is kept as it is.
    """
    entries_by_key: dict[str, list[Name]] = {}
    for identifier, value, aliases in rows:
        entry = Name(identifier, value)
        for alias in (value, *aliases):
            is_code = alias.startswith("=") and CODE.fullmatch(alias[1:])
            key = alias if is_code else key_of(alias)
            entries = entries_by_key.setdefault(key, [])
            if key and len(entries) < MOST and entry not in entries:
                entries.append(entry)
    lines = (
        "\t".join([key, *(part for entry in entries for part in entry)])
        for key, entries in entries_by_key.items()
        if key
    )
    return "\n".join(sorted(lines, key=str.encode)) + "\n"


def rows_of(entries: Iterable[Entry]) -> list[tuple[str, str, list[str]]]:
    """
    The entries of a list file as the rows that `compiled` takes, likeliest first.

    A value of `=` and a code is a code.
    """
    named = sorted(entries, key=lambda entry: -entry.weight)
    names = [(entry, entry.canonical or entry.value.removeprefix("=")) for entry in named]
    return [(entry.id or name, name, [entry.value]) for entry, name in names]


def check_compiled(content: bytes) -> None:
    """Raise InvalidListError unless the content is the result of `compiled`."""
    text_of(content)
    previous = b""
    for number, line in enumerate(content.removesuffix(b"\n").split(b"\n"), 1):
        key, tab, _ = line.partition(b"\t")
        if not tab or line.count(b"\t") % 2 or key <= previous:
            raise InvalidListError(
                number,
                "what a compiled list has, a key and pairs of id and name, sorted by bytes",
                "another line; leave `compiled` out for a list of values",
            )
        previous = key


class NameList:
    """
    A list of names in memory.

    It holds the bytes of the compiled file, and the first key of each block of lines.
    """

    # Weak references: models share a list as long as one of them is there.
    __slots__ = ("__weakref__", "_cache", "_keys", "_lines", "_preferred", "_starts")

    def __init__(self, lines: bytes) -> None:
        """`lines` is the result of `compiled`, in UTF-8."""
        self._lines = b"\n" + lines
        self._preferred: NameList | None = None
        self._cache: dict[str, list[Name]] = {}
        self._starts: list[int] = []
        self._keys: list[bytes] = []
        start, end = 0, len(self._lines) - 1
        while 0 <= start < end:
            self._starts.append(start)
            self._keys.append(self._lines[start + 1 : self._lines.find(b"\t", start)])
            start = self._lines.find(b"\n", start + BLOCK)
        self._starts.append(end)

    def behind(self, names: "NameList | None") -> "NameList":
        """
        The same list, sharing its memory, with `names` looked up first.

        A text that `names` knows never reaches the list itself.
        """
        joined = copy.copy(self)
        joined._preferred = names
        joined._cache = {}
        return joined

    def entries(self, key: str) -> list[Name]:
        """The entries of an exact key, likeliest first; an empty list if it is unknown."""
        wanted = key.encode()
        block = bisect_right(self._keys, wanted) - 1
        if block < 0:
            return []
        position = self._lines.find(
            b"\n" + wanted + b"\t", self._starts[block], self._starts[block + 1]
        )
        if position < 0:
            return []
        line = self._lines[position + 1 : self._lines.find(b"\n", position + 1)].decode(
            errors="replace"
        )
        _, *parts = line.split("\t")
        # A line that was damaged by hand costs no request its answer.
        return [Name(*pair) for pair in zip(parts[::2], parts[1::2], strict=False)]

    def find(self, text: str) -> Sequence[Name]:
        """
        The entries that a text names, likeliest first; empty if the list has no such name.

        A result that is not empty is remembered.
        """
        entries = self._cache.get(text)
        if self._preferred is not None and (preferred := self._preferred.find(text)):
            return preferred
        if entries is None:
            entries = self._find(text)
            if entries:  # a text that is no name may be private, and is not kept
                if len(self._cache) >= REMEMBERED:
                    self._cache.clear()
                self._cache[text] = entries
        return entries

    def _find(self, text: str) -> list[Name]:
        """
        Look a text up without the memory of earlier results.

        A code counts only in capitals, because MAY, SUN and THE are codes. A code in brackets
        decides.
        """
        text = text.strip()
        bracketed = BRACKETED.fullmatch(text)
        if bracketed is not None:
            return self.entries(f"={bracketed[2]}")
        if CODE.fullmatch(text):
            entries = self.entries(f"={text}")
            if entries:
                return entries
        key = key_of(text)
        for pattern in (None, LEADING, TRAILING, HAN_TRAILING):
            shorter = key if pattern is None else pattern.sub("", key)
            if shorter and (pattern is None or shorter != key):
                entries = self.entries(shorter)
                if entries:
                    return entries
        return []
