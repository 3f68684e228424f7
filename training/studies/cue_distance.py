"""The distance between a slot and the word that decides its name."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.tagging.slots import OUTSIDE, Span, read_spans
from training.corpora.utterances import Utterance

# From so many words on, a slot is decided from afar.
FAR = 3
# A word that decides makes its slot at least so many times likelier than the others.
_LIKELIER = 3.0


@dataclass(frozen=True, slots=True)
class CuedSlot:
    """A slot of a sentence, and how many words before it the deciding word stands."""

    sentence: int
    span: Span
    distance: int


def cued_slots(train: Sequence[Utterance], dev: Sequence[Utterance]) -> list[CuedSlot]:
    """
    The slots of dev whose values do not decide their names, each with its distance.

    Such a value fills several slots in train: its rivals, of which the slot is one. The clues are
    the words before it that fill no slot, back to the last word that a rival fills. The clue with
    the largest weight decides: how often it is a clue to the slot, times the logarithm of how much
    more often than to its rivals. Slots that no clue decides are left out.
    """
    learnt = [_slots(utterance) for utterance in train]
    names: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for slots in learnt:
        for slot in slots:
            names[slot.value].add(slot.span.name)
    often: Counter[str] = Counter()
    clues: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for slots in learnt:
        for slot in slots:
            name = slot.span.name
            often[name] += 1
            clues[name].update({word for word, _ in slot.clues(names[slot.value])})

    def weight(word: str, name: str, others: set[str]) -> float:
        here = (clues[name][word] + 0.5) / (often[name] + 1)
        there = (sum(clues[each][word] for each in others) + 0.5) / (
            sum(often[each] for each in others) + 1
        )
        return here * math.log(here / there) if here >= _LIKELIER * there else 0.0

    decided = []
    for number, utterance in enumerate(dev):
        for slot in _slots(utterance):
            name, rivals = slot.span.name, names[slot.value]
            if name not in rivals or len(rivals) == 1:
                continue
            weights = [
                (weight(word, name, rivals - {name}), distance)
                for word, distance in slot.clues(rivals)
            ]
            heaviest, distance = max(weights, default=(0.0, 0))
            if heaviest:
                decided.append(CuedSlot(number, slot.span, distance))
    return decided


@dataclass(frozen=True, slots=True)
class _Slot:
    """A slot in its sentence; `before` are the words before it, with the slots that they fill."""

    span: Span
    value: tuple[str, ...]
    before: list[tuple[str, str]]

    def clues(self, rivals: set[str]) -> list[tuple[str, int]]:
        """The words that may decide the slot, each with its distance."""
        found = []
        for distance, (word, name) in enumerate(reversed(self.before), start=1):
            if name in rivals:
                break
            if not name:
                found.append((word, distance))
        return found


def _slots(utterance: Utterance) -> list[_Slot]:
    words = [token.lower() for token in utterance.tokens]
    names = ["" if tag == OUTSIDE else tag[2:] for tag in utterance.tags]
    before = list(zip(words, names, strict=True))
    return [
        _Slot(span, tuple(words[span.start : span.end]), before[: span.start])
        for span in read_spans(utterance.tags)
    ]
