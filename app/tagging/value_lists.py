"""
Lists of values, and where in a sentence one of them stands.

A list holds values of one or more slots, each as the words that a network reads of it. In a
sentence the longest match counts, from left to right, for each list by itself; networks that were
trained on such marks read them beside the words.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.tagging.features import LISTED, without_capital

# Slots that a word is marked for at most: more say nothing.
MOST_MARKS = 8


class ValueList:
    """The values of a list, for lookups in time that does not depend on how many they are."""

    def __init__(self, slots: Sequence[str], values: Iterable[Sequence[str]]) -> None:
        """values: the words of each, normalised, without marks of capitals."""
        self.slots = tuple(slots)
        # Of a first word the numbers of words of the values that begin with it, as bits.
        self._lengths: dict[str, int] = defaultdict(int)
        self._values: set[str] = set()
        for words in values:
            if words:
                self._lengths[words[0]] |= 1 << len(words)
                if len(words) > 1:
                    self._values.add(" ".join(words))
        self._lengths = dict(self._lengths)

    def matches(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Stretches of the sentence, [start, end), that are values; none overlap."""
        found = []
        at, count = 0, len(words)
        while at < count:
            lengths = self._lengths.get(words[at], 0)
            end = 0
            while lengths:
                length = lengths.bit_length() - 1
                if at + length <= count and (
                    length == 1 or " ".join(words[at : at + length]) in self._values
                ):
                    end = at + length
                    break
                lengths ^= 1 << length
            if end:
                found.append((at, end))
            at = end or at + 1
        return found


def marks_of_lists(words: Sequence[str], lists: Iterable[ValueList]) -> Sequence[str] | None:
    """What stands beside each word, "" for nothing; None where no value is in the sentence."""
    plain = [without_capital(word) for word in words]
    spans = {
        (slot, start, end)
        for each in lists
        for start, end in each.matches(plain)
        for slot in each.slots
    }
    return write_marks(len(words), spans) if spans else None


def write_marks(count: int, spans: Iterable[tuple[str, int, int]]) -> Sequence[str]:
    """Marks of `count` words: spans, (slot, start, end), may overlap; the longer goes first."""
    marks: list[dict[str, str]] = [{} for _ in range(count)]
    for slot, start, end in sorted(spans, key=lambda span: (span[1] - span[2], span)):
        if all(slot not in marks[at] for at in range(start, end)):
            for at in range(start, end):
                if len(marks[at]) < MOST_MARKS:
                    marks[at][slot] = f"{LISTED}{'I' if at > start else 'B'}-{slot}"
    return ["".join(sorted(each.values())) for each in marks]


def mark_symbols(slots: Iterable[str]) -> tuple[str, ...]:
    """The trigrams that say that a word begins, or continues, a value in a list of the slots."""
    return tuple(f"{LISTED}{part}-{slot}" for slot in slots for part in "BI")
