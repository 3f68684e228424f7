"""
Lists of values, and where in a sentence one of them stands.

A list holds values of one or more slots, each as the words that a network reads of it. In a
sentence the longest match counts, from left to right, for each list by itself. The tagger adds to
the scores of such words, so that those of which the sentence leaves little doubt keep their tags.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.tagging.features import CACHED_LETTERS, remember, without_capital
from app.tagging.slots import Span

# What the lists of more slots than these have in common says nothing of any of them.
MOST_SLOTS = 4
# What is added to the score of each word of a listed value of one, two, and more words: a single
# word is in a list by chance most often. Found on values of SNIPS that were held out of training,
# with `slotline evaluate --made-lists`.
ADDED_SCORES = (1.2, 2.8, 3.5)
# And besides, where the network knows a word of the value not even by a static vector: only the
# list can know it.
ADDED_FOR_UNKNOWN = 5.0

# Of what words begin, as bits: values of more words than one, and of one.
_LONGER, _ALONE = 1, 1 << 1


class ValueSet:
    """Values for lookups in time that does not depend on how many they are."""

    # Weak references: models share it as long as one of them is there.
    __slots__ = ("__weakref__", "_lengths", "_longer", "begun_by")

    def __init__(self, values: Iterable[Sequence[str]]) -> None:
        """values: the words of each, normalised, without marks of capitals."""
        self._lengths: dict[str, int] = {}
        self._longer: set[str] = set()
        # What a word begins: _ALONE and _LONGER; and how many words the values have that two words
        # begin, a blank between these, as bits. A bound method: most of a lookup is this call.
        self.begun_by = self._lengths.get
        for words in values:
            if len(words) == 1:
                self._add(words[0], _ALONE)
            elif words:
                self._add(words[0], _LONGER)
                self._add(" ".join(words[:2]), 1 << len(words))
                if len(words) > 2:
                    self._longer.add(" ".join(words))

    def _add(self, beginning: str, bits: int) -> None:
        self._lengths[beginning] = self._lengths.get(beginning, 0) | bits

    def __contains__(self, words: Sequence[str]) -> bool:
        found = self.begun_by(" ".join(words[:2]), 0)
        return bool(found) and self.longest(found, words, 0) == len(words)

    def longest(self, lengths: int, words: Sequence[str], at: int) -> int:
        """How many words the longest value has that begins at `at`, of `lengths`; 0 for none."""
        lengths &= (1 << len(words) - at + 1) - 1
        while lengths:
            length = lengths.bit_length() - 1
            if length <= 2 or " ".join(words[at : at + length]) in self._longer:
                return length
            lengths ^= 1 << length
        return 0


@dataclass(frozen=True, slots=True, eq=False)
class ValueList:
    """
    Values that any of the slots may have.

    is_closed: whether nothing that is in no list of a slot is its value.
    """

    slots: tuple[str, ...]
    values: ValueSet
    is_closed: bool = False


def closed_slots(lists: Iterable[ValueList]) -> Mapping[str, Sequence[ValueSet]]:
    """The values that are all that slots with a closed list may have, by slot."""
    lists = tuple(lists)
    closed = {slot for value_list in lists if value_list.is_closed for slot in value_list.slots}
    return {
        slot: [value_list.values for value_list in lists if slot in value_list.slots]
        for slot in closed
    }


# The lists in which a word is a value, and those in which it begins longer ones; none for neither.
_Beginning = tuple[Sequence[ValueList], Sequence[ValueList]] | tuple[()]


class ListFinder:
    """Finds the values of lists in sentences; it remembers which words begin some."""

    def __init__(self, lists: Iterable[ValueList]) -> None:
        self._lists = tuple(lists)
        # The same words and pairs of words come again and again, and next to none begin a value.
        self._beginnings: dict[str, _Beginning] = {}
        self._pairs: dict[str, Sequence[tuple[ValueList, int]]] = {}

    def __call__(self, words: Sequence[str]) -> Sequence[Span]:
        """
        The slots that words may fill by their lists.

        Of one slot none overlap, and the longer goes first. Words in the lists of more than
        MOST_SLOTS slots are none of their values.
        """
        found = {
            Span(slot, start, end)
            for each, start, end in self._matches(words)
            for slot in each.slots
        }
        if not found:
            return ()
        kept = []
        taken: dict[str, int] = {}  # words of each slot, as bits
        slots = [0] * len(words)
        for span in sorted(found, key=_longest_first):
            bits = (1 << span.end) - (1 << span.start)
            before = taken.get(span.name, 0)
            if not before & bits:
                taken[span.name] = before | bits
                kept.append(span)
                for at in range(span.start, span.end):
                    slots[at] += 1
        if len(taken) <= MOST_SLOTS:
            return kept
        return [span for span in kept if max(slots[span.start : span.end]) <= MOST_SLOTS]

    def _matches(self, words: Sequence[str]) -> Iterator[tuple[ValueList, int, int]]:
        """Stretches of the sentence, [start, end), that are values; none of a list overlap."""
        known = self._beginnings
        beginnings = [
            beginning if (beginning := known.get(word)) is not None else self._find_beginning(word)
            for word in words
        ]
        if not any(beginnings):
            return
        forms: list[str] = []
        ends: dict[ValueList, int] = {}
        for at, beginning in enumerate(beginnings):
            if not beginning:
                continue
            alone, longer = beginning
            if longer and at + 1 < len(words):
                forms = forms or [*map(without_capital, words)]
                pair = f"{forms[at]} {forms[at + 1]}"
                pairs = self._pairs.get(pair)
                if pairs is None:
                    pairs = self._find_pair(pair, longer)
                for each, lengths in pairs:
                    if ends.get(each, 0) <= at:
                        length = each.values.longest(lengths, forms, at)
                        if length:
                            ends[each] = at + length
                            yield each, at, at + length
            for each in alone:
                if ends.get(each, 0) <= at:
                    yield each, at, at + 1

    def _find_beginning(self, word: str) -> _Beginning:
        form = without_capital(word)
        begun = [(each, each.values.begun_by(form, 0)) for each in self._lists]
        alone = [each for each, kinds in begun if kinds & _ALONE]
        longer = [each for each, kinds in begun if kinds & _LONGER]
        found = (alone, longer) if alone or longer else ()
        if len(word) <= CACHED_LETTERS:
            remember(self._beginnings, word, found)
        return found

    def _find_pair(self, pair: str, lists: Sequence[ValueList]) -> Sequence[tuple[ValueList, int]]:
        """Those of the lists in which two words begin values, and the lengths of these."""
        found = [(each, n) for each in lists if (n := each.values.begun_by(pair, 0))]
        if len(pair) <= CACHED_LETTERS:
            remember(self._pairs, pair, found or ())
        return found


def added_scores(
    spans: Iterable[Span], numbers: Mapping[str, int], unknown: Sequence[bool]
) -> list[tuple[int, int, float]]:
    """
    What is added to the scores of a sentence for its listed values: (word, tag, score), each once.

    numbers: of each slot among the slots, whose tags are numbered as `tag_names` has them; unknown:
    of each word of the sentence, whether the network does not know it.
    """
    added = []
    for slot, start, end in spans:
        score = ADDED_SCORES[min(end - start, len(ADDED_SCORES)) - 1]
        if any(unknown[start:end]):
            score += ADDED_FOR_UNKNOWN
        begin = 2 * numbers[slot] + 1
        added.append((start, begin, score))
        added += [(at, begin + 1, score) for at in range(start + 1, end)]
    return added


def _longest_first(span: Span) -> tuple[int, int, str]:
    return span.start - span.end, span.start, span.name
