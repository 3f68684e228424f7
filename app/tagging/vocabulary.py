"""Entries ↔ ids, with an id for padding and one for everything never seen."""

from collections.abc import Iterable

import numpy as np

PADDING = 0
UNKNOWN = 1


class Vocabulary:
    """
    Words or trigrams, numbered from 2 in the order given.

    Kept as one text and the sorted hashes of its entries, which takes a third of a dict's memory;
    who looks up the same often remembers it.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        given = list(entries)
        assert len(set(given)) == len(given), "a vocabulary holds each entry once"
        encoded = [entry.encode("utf-8", "surrogatepass") for entry in given]
        self._text = b"".join(encoded)
        self._ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
        hashes = np.fromiter(map(hash, encoded), np.int64, len(encoded))
        self._order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._order]

    def __len__(self) -> int:
        """How many ids there are, padding and other included."""
        return len(self._order) + 2

    def __contains__(self, entry: str) -> bool:
        return self.index(entry) != UNKNOWN

    def index(self, entry: str) -> int:
        """The entry's id; UNKNOWN for one that is not in the vocabulary."""
        wanted = entry.encode("utf-8", "surrogatepass")
        first = np.searchsorted(self._hashes, hash(wanted), "left")
        last = np.searchsorted(self._hashes, hash(wanted), "right")
        for number in self._order[first:last].tolist():
            if self._text[self._ends[number] : self._ends[number + 1]] == wanted:
                return int(number) + UNKNOWN + 1
        return UNKNOWN
