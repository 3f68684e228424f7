"""
Lists of values, and where in a sentence one of them stands.

A list holds values of one or more slots, each as the words that a network reads of it. In a
sentence the longest match counts, from left to right, for each list by itself; networks that were
trained on such marks read them beside the words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.tagging.features import LISTED, without_capital

# A word that is in the lists of more slots than these has no marks: they would say nothing.
MOST_MARKS = 8


class ValueSet:
    """Values for lookups in time that does not depend on how many they are."""

    # Weak references: models share it as long as one of them is there.
    __slots__ = ("__weakref__", "_lengths", "_values")

    def __init__(self, values: Iterable[Sequence[str]]) -> None:
        """values: the words of each, normalised, without marks of capitals."""
        # Of a first word the numbers of words of the values that begin with it, as bits.
        lengths: dict[str, int] = {}
        self._values: set[str] = set()
        for words in values:
            if words:
                lengths[words[0]] = lengths.get(words[0], 0) | 1 << len(words)
                if len(words) > 1:
                    self._values.add(" ".join(words))
        self._lengths = lengths

    def __contains__(self, words: Sequence[str]) -> bool:
        return bool(words) and self._length_at(words, 0, len(words)) == len(words)

    def matches(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Stretches of the sentence, [start, end), that are values; none overlap."""
        lengths = self._lengths
        found = []
        end = 0
        for at, word in enumerate(words):
            if at >= end and word in lengths and (length := self._length_at(words, at)):
                end = at + length
                found.append((at, end))
        return found

    def _length_at(self, words: Sequence[str], at: int, least: int = 1) -> int:
        """How many words the longest value that begins here has, 0 for none of `least`."""
        lengths = self._lengths.get(words[at], 0) & (1 << len(words) - at + 1) - 1
        while (length := lengths.bit_length() - 1) >= least:
            if length == 1 or " ".join(words[at : at + length]) in self._values:
                return length
            lengths ^= 1 << length
        return 0


@dataclass(frozen=True, slots=True, eq=False)
class ValueList:
    """
    Values that any of the slots may have.

    is_closed: whether nothing that is in no list of a slot is its value; fold: to what form each
    word of a sentence is brought before it is looked up, where the values have that form.
    """

    slots: tuple[str, ...]
    values: ValueSet
    is_closed: bool = False
    fold: Callable[[str], str] | None = None


def closed_slots(lists: Iterable[ValueList]) -> Mapping[str, Sequence[ValueSet]]:
    """The values that are all that slots with a closed list may have, by slot."""
    lists = tuple(lists)
    closed = {slot for each in lists if each.is_closed for slot in each.slots}
    return {slot: [each.values for each in lists if slot in each.slots] for slot in closed}


def marks_of_lists(words: Sequence[str], lists: Iterable[ValueList]) -> Sequence[str] | None:
    """What stands beside each word, "" for nothing; None where no value is in the sentence."""
    plain = [without_capital(word) for word in words]
    forms: dict[Callable[[str], str] | None, list[str]] = {None: plain}
    spans: set[tuple[str, int, int]] = set()
    for each in lists:
        if each.fold not in forms:
            forms[each.fold] = [each.fold(word) for word in plain] if each.fold else plain
        for start, end in each.values.matches(forms[each.fold]):
            spans.update((slot, start, end) for slot in each.slots)
    return write_marks(len(words), spans) if spans else None


def write_marks(count: int, spans: Iterable[tuple[str, int, int]]) -> Sequence[str]:
    """
    Marks of `count` words: spans, (slot, start, end), may overlap; the longer goes first.

    The marks of a word are symbols of `mark_symbols`, one behind the other.
    """
    marks: list[dict[str, str]] = [{} for _ in range(count)]
    for slot, start, end in sorted(spans, key=lambda span: (span[1] - span[2], span)):
        if all(slot not in marks[at] for at in range(start, end)):
            for at in range(start, end):
                marks[at][slot] = f"{LISTED}{'I' if at > start else 'B'}-{slot}"
    return ["".join(sorted(each.values())) if len(each) <= MOST_MARKS else "" for each in marks]


def mark_symbols(slots: Iterable[str]) -> tuple[str, ...]:
    """The trigrams that say that a word begins, or continues, a value in a list of the slots."""
    return tuple(f"{LISTED}{part}-{slot}" for slot in slots for part in "BI")
