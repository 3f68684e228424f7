"""How far from a slot is the word that decides it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.tagging.slots import OUTSIDE, Span, read_spans
from training.utterances import Utterance

# From so many words on, a slot is decided from afar.
FAR = 3


@dataclass(frozen=True, slots=True)
class Decided:
    """A slot of a sentence and how many words before it the word stands that decides it."""

    sentence: int
    span: Span
    distance: int


def decided_slots(train: Sequence[Utterance], dev: Sequence[Utterance]) -> list[Decided]:
    """
    The slots of dev that their own words leave open, each with its distance.

    Left open is a slot whose value fills several slots in train. Of the words before it that
    fill none, that one decides it which in train stands most often before the same slot
    relative to the others that the value fills. The nearest of equals does; where no word
    speaks for the slot, or none stands before it, nothing decides it and it is left out.
    """
    names: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    before: defaultdict[str, Counter[str]] = defaultdict(Counter)
    occurrences: Counter[str] = Counter()
    for utterance in train:
        for span, words in _slots(utterance):
            names[_value(utterance, span)].add(span.name)
            before[span.name].update({word for _, word in words})
            occurrences[span.name] += 1

    def support(word: str, name: str, rivals: set[str]) -> float:
        """The logarithm of how much likelier the word is before this slot than before rivals."""
        rival = sum(before[each][word] for each in rivals)
        among = sum(occurrences[each] for each in rivals)
        return math.log(
            (before[name][word] + 1) / (occurrences[name] + 2) / ((rival + 1) / (among + 2))
        )

    found = []
    for number, utterance in enumerate(dev):
        for span, words in _slots(utterance):
            rivals = names[_value(utterance, span)] - {span.name}
            if not rivals or span.name not in occurrences:
                continue
            supports = [(support(word, span.name, rivals), place) for place, word in words]
            strongest, place = max(supports, default=(0.0, 0))
            if strongest > 0:
                found.append(Decided(number, span, span.start - place))
    return found


def _slots(utterance: Utterance) -> Iterator[tuple[Span, list[tuple[int, str]]]]:
    """Each slot, and the words before it that fill none with their places."""
    outside = [
        (place, token.lower())
        for place, (token, tag) in enumerate(zip(utterance.tokens, utterance.tags, strict=True))
        if tag == OUTSIDE
    ]
    for span in read_spans(utterance.tags):
        yield span, [(place, word) for place, word in outside if place < span.start]


def _value(utterance: Utterance, span: Span) -> tuple[str, ...]:
    return tuple(token.lower() for token in utterance.tokens[span.start : span.end])
