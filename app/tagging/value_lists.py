"""
Lists of values, and where in a sentence one of them stands.

A list holds values of one or more slots, each as the words that a network reads of it. In a
sentence the longest match counts, from left to right, for each list by itself. Networks that were
trained on marks of such words read these beside the words; to the scores of others something is
added, so that words of which the sentence leaves little doubt keep their tags.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.tagging.features import CACHED_LETTERS, LISTED, remember, without_capital

# A word that is in the lists of more slots than these has no marks: they would say nothing.
MOST_MARKS = 4
# What is added to the scores of the words of a listed value of one, two, and more words: a single
# word is in a list by chance most often. Found on values of SNIPS that were held out of training,
# with `slotline evaluate --made-lists`.
ADDED_SCORES = (1.2, 2.8, 3.5)
# What is added besides where the network knows a word of the value not even by a static vector: only
# the list can know it.
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


# A slot, and the words of a sentence that are in a list of its values, [start, end).
ListedSpan = tuple[str, int, int]


class ListMarker:
    """Marks the words of sentences that are in lists; it remembers which words begin values."""

    def __init__(self, lists: Iterable[ValueList]) -> None:
        alike: defaultdict[Callable[[str], str] | None, list[ValueList]] = defaultdict(list)
        for each in lists:
            alike[each.fold].append(each)
        self._searches = [_Search(fold, each) for fold, each in alike.items()]

    def __call__(self, words: Sequence[str]) -> Sequence[str] | None:
        """What stands beside each word, "" for nothing; None where no value is in the sentence."""
        spans = self.spans(words)
        return write_marks(len(words), spans) if spans else None

    def spans(self, words: Sequence[str]) -> list[ListedSpan]:
        """Stretches of the sentence that are values; those of several lists may overlap."""
        return [
            (slot, start, end)
            for search in self._searches
            for each, start, end in search.matches(words)
            for slot in each.slots
        ]


# The lists in which a word is a value, and those in which it begins longer ones; none for neither.
_Beginning = tuple[Sequence[ValueList], Sequence[ValueList]] | tuple[()]


class _Beginnings(dict[str, _Beginning]):
    """What words begin in lists that bring them to the same form, looked up once."""

    def __init__(self, fold: Callable[[str], str] | None, lists: Sequence[ValueList]) -> None:
        super().__init__()
        self._fold = fold
        self._lists = lists

    def __missing__(self, word: str) -> _Beginning:
        form = self.forms([word])[0]
        begun = [(each, each.values.begun_by(form, 0)) for each in self._lists]
        alone = [each for each, kinds in begun if kinds & _ALONE]
        longer = [each for each, kinds in begun if kinds & _LONGER]
        found = (alone, longer) if alone or longer else ()
        if len(word) <= CACHED_LETTERS:
            remember(self, word, found)
        return found

    def forms(self, words: Sequence[str]) -> list[str]:
        """The words as the lists hold them."""
        plain = map(without_capital, words)
        return [*(map(self._fold, plain) if self._fold else plain)]


class _Search:
    """Finds the values of lists that bring words to the same form."""

    def __init__(self, fold: Callable[[str], str] | None, lists: Sequence[ValueList]) -> None:
        # The same words and pairs of words come again and again, and next to none begin a value.
        self._beginnings = _Beginnings(fold, lists)
        self._pairs: dict[str, Sequence[tuple[ValueList, int]]] = {}

    def matches(self, words: Sequence[str]) -> Iterator[tuple[ValueList, int, int]]:
        """Stretches of the sentence, [start, end), that are values; none of a list overlap."""
        beginnings = [*map(self._beginnings.__getitem__, words)]
        if not any(beginnings):
            return
        forms: list[str] = []
        ends: dict[ValueList, int] = {}
        for at, beginning in enumerate(beginnings):
            if not beginning:
                continue
            alone, longer = beginning
            if longer and at + 1 < len(words):
                forms = forms or self._beginnings.forms(words)
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

    def _find_pair(self, pair: str, lists: Sequence[ValueList]) -> Sequence[tuple[ValueList, int]]:
        """Those of the lists in which two words begin values, and the lengths of these."""
        found = [(each, n) for each in lists if (n := each.values.begun_by(pair, 0))]
        if len(pair) <= CACHED_LETTERS:
            remember(self._pairs, pair, found or ())
        return found


def write_marks(count: int, spans: Iterable[ListedSpan]) -> Sequence[str]:
    """
    Marks of `count` words: the spans may overlap; of a slot the longer goes first.

    The marks of a word are symbols of `mark_symbols`, one behind the other.
    """
    marks = [""] * count
    for slot, start, end in _longest(spans):
        begin, inside = _symbols(slot)
        marks[start] += begin
        for at in range(start + 1, end):
            marks[at] += inside
    return ["" if each.count(LISTED) > MOST_MARKS else each for each in marks]


def added_scores(
    words: Sequence[str],
    spans: Sequence[ListedSpan],
    numbers: Mapping[str, int],
    knows: Callable[[str], bool],
) -> list[tuple[int, int, float]]:
    """
    What is added to the scores of a sentence for its listed values: (word, tag, score), each once.

    numbers: of each slot among the slots, whose tags are numbered as `tag_names` has them; knows:
    whether the network knows a word.
    """
    kept = [*_longest(spans)]
    if len(kept) > MOST_MARKS:
        slots = [0] * max(end for _, _, end in kept)
        for _, start, end in kept:
            for at in range(start, end):
                slots[at] += 1
        if max(slots) > MOST_MARKS:
            kept = [span for span in kept if max(slots[span[1] : span[2]]) <= MOST_MARKS]
    added = []
    for slot, start, end in kept:
        score = ADDED_SCORES[min(end - start, len(ADDED_SCORES)) - 1]
        if not all(map(knows, words[start:end])):
            score += ADDED_FOR_UNKNOWN
        begin = 2 * numbers[slot] + 1
        added.append((start, begin, score))
        added += [(at, begin + 1, score) for at in range(start + 1, end)]
    return added


def _longest(spans: Iterable[ListedSpan]) -> Iterator[ListedSpan]:
    """Of each slot those that do not overlap, the longer first."""
    taken: dict[str, int] = {}  # words of each slot, as bits
    for slot, start, end in sorted(spans, key=_shortness):
        words = (1 << end) - (1 << start)
        before = taken.get(slot, 0)
        if not before & words:
            taken[slot] = before | words
            yield slot, start, end


def _shortness(span: ListedSpan) -> int:
    return span[1] - span[2]


def mark_symbols(slots: Iterable[str]) -> tuple[str, ...]:
    """The trigrams that say that a word begins, or continues, a value in a list of the slots."""
    return tuple(symbol for slot in slots for symbol in _symbols(slot))


@lru_cache(4096)
def _symbols(slot: str) -> tuple[str, str]:
    """Of the word that begins a value, and of one that continues it."""
    return f"{LISTED}B-{slot}", f"{LISTED}I-{slot}"
