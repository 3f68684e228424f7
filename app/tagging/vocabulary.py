"""Entries ↔ ids, with an id for padding and one for everything never seen."""

from collections.abc import Iterable, Sequence

PADDING = 0
OTHER = 1


class Vocabulary:
    """Words or trigrams, numbered from 2 in the order given."""

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries: Sequence[str] = tuple(entries)
        self._ids = {entry: number for number, entry in enumerate(self.entries, start=OTHER + 1)}
        assert len(self._ids) == len(self.entries), "a vocabulary holds each entry once"

    def __len__(self) -> int:
        """How many ids there are, padding and other included."""
        return len(self.entries) + 2

    def __contains__(self, entry: str) -> bool:
        return entry in self._ids

    def index(self, entry: str) -> int:
        """The entry's id; OTHER for one that is not in the vocabulary."""
        return self._ids.get(entry, OTHER)
