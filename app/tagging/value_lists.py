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


_ONE = 1 << 1  # the bit of values of one word


class ValueSet:
    """Values for lookups in time that does not depend on how many they are."""

    # Weak references: models share it as long as one of them is there.
    __slots__ = ("__weakref__", "_lengths", "_longer")

    def __init__(self, values: Iterable[Sequence[str]]) -> None:
        """values: the words of each, normalised, without marks of capitals."""
        # By their first word, or two of them, how many words values have that begin so, as bits.
        lengths: dict[str, int] = {}
        self._longer: set[str] = set()
        for words in values:
            if words:
                key = " ".join(words[:2])
                lengths[key] = lengths.get(key, 0) | 1 << len(words)
                if len(words) > 2:
                    self._longer.add(" ".join(words))
        self._lengths = lengths

    def __contains__(self, words: Sequence[str]) -> bool:
        return self.matches(words) == [(0, len(words))]

    def matches(
        self, words: Sequence[str], pairs: Sequence[str] | None = None
    ) -> list[tuple[int, int]]:
        """
        Stretches of the sentence, [start, end), that are values; none overlap.

        pairs: those of `pairs_of`, for who asks several lists.
        """
        pairs = pairs_of(words) if pairs is None else pairs
        known = self._lengths
        matches: list[tuple[int, int]] = []
        # Most sentences have none, and this is ten times as quick as to look at each word.
        if known.keys().isdisjoint(pairs) and known.keys().isdisjoint(words):
            return matches
        end = 0
        for at, (word, pair) in enumerate(zip(words, pairs, strict=True)):
            if at >= end and (word in known or pair in known):
                lengths = known.get(word, 0) & _ONE | known.get(pair, 0) & ~_ONE
                if lengths and (length := self._longest(words, at, lengths)):
                    end = at + length
                    matches.append((at, end))
        return matches

    def _longest(self, words: Sequence[str], at: int, lengths: int) -> int:
        """How many words the longest value that stands here has, 0 for none."""
        lengths &= (1 << len(words) - at + 1) - 1
        while lengths:
            length = lengths.bit_length() - 1
            if length <= 2 or " ".join(words[at : at + length]) in self._longer:
                return length
            lengths ^= 1 << length
        return 0


def pairs_of(words: Sequence[str]) -> list[str]:
    """Each word and the next, with a blank between; behind the last there is none."""
    following = (*words[1:], "")
    return [f"{word} {after}" for word, after in zip(words, following, strict=False)]


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
    closed = {slot for value_list in lists if value_list.is_closed for slot in value_list.slots}
    return {
        slot: [value_list.values for value_list in lists if slot in value_list.slots]
        for slot in closed
    }


def marks_of_lists(words: Sequence[str], lists: Iterable[ValueList]) -> Sequence[str] | None:
    """What stands beside each word, "" for nothing; None where no value is in the sentence."""
    plain = [without_capital(word) for word in words]
    forms: dict[Callable[[str], str] | None, tuple[list[str], list[str]]]
    forms = {None: (plain, pairs_of(plain))}
    spans: set[tuple[str, int, int]] = set()
    for value_list in lists:
        if value_list.fold is not None and value_list.fold not in forms:
            folded = [value_list.fold(word) for word in plain]
            forms[value_list.fold] = folded, pairs_of(folded)
        for start, end in value_list.values.matches(*forms[value_list.fold]):
            spans.update((slot, start, end) for slot in value_list.slots)
    return write_marks(len(words), spans) if spans else None


def write_marks(count: int, spans: Iterable[tuple[str, int, int]]) -> Sequence[str]:
    """
    Marks of `count` words: spans, (slot, start, end), may overlap; the longer goes first.

    The marks of a word are symbols of `mark_symbols`, one behind the other.
    """
    marks: list[dict[str, str]] = [{} for _ in range(count)]
    for slot, start, end in sorted(spans, key=lambda span: (span[1] - span[2], span)):
        if end - start == 1:
            marks[start].setdefault(slot, f"{LISTED}B-{slot}")
        elif all(slot not in marks[at] for at in range(start, end)):
            marks[start][slot] = f"{LISTED}B-{slot}"
            inside = f"{LISTED}I-{slot}"
            for at in range(start + 1, end):
                marks[at][slot] = inside
    return [
        "".join(sorted(by_slot.values())) if 0 < len(by_slot) <= MOST_MARKS else ""
        for by_slot in marks
    ]


def mark_symbols(slots: Iterable[str]) -> tuple[str, ...]:
    """The trigrams that say that a word begins, or continues, a value in a list of the slots."""
    return tuple(f"{LISTED}{part}-{slot}" for slot in slots for part in "BI")
