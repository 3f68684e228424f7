"""
Marks of lists that know some of a sentence's values, and err.

What lists will hold when a network serves is not known when it is trained. So it learns with lists
that are made up for each sentence: empty ones, some that know all values, and some that are full of
noise. It learns to believe a mark where few words have one, and none where most do.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.tagging.slots import read_spans
from app.tagging.value_lists import write_marks
from training.corpora.sentences import Sentence

# Shares of the sentences that no list says anything of, and of the others those whose lists know
# none of the values, and all of them; else by chance.
_UNMARKED, _EMPTY, _WHOLE = 0.35, 0.3, 0.4
_NOISY = 0.6  # whose lists hold other words too
_FAINTEST, _DENSEST = 2.0**-5, 2.0**3  # on average, false marks of a word of a noisy sentence
_MOST_FALSE = 16  # false marks of a word: of more than MOST_MARKS slots they say nothing
_LONGER = 0.1  # of false marks: those of two words
# Of listed values: those of words that training has not, those of which lists know a part alone,
# and those that are in a list of another slot too.
_STRANGE, _PARTLY, _OTHER_SLOT = 0.3, 0.05, 0.1
_STRANGE_WORDS, _MOST_WORDS = 0.6, 4  # of such a value: words never seen; others are the sentence's
_STRANGER = "\ue006"  # a word that no vocabulary has: it is of private use

Marked = tuple[str, int, int]  # a slot, and the stretch that a list of it knows


class ListMarks:
    """Marks sentences, and gives some of their values words that training has not."""

    def __init__(self, slots: Sequence[str]) -> None:
        self._slots = tuple(slots)

    def __call__(self, sentence: Sentence, random: np.random.Generator) -> Sentence:
        """The sentence as lists would mark it; some of its values are others."""
        fate, noisy = random.random(2)
        if fate < _UNMARKED or not self._slots:
            return sentence
        fate = (fate - _UNMARKED) / (1 - _UNMARKED)
        known = 0.0 if fate < _EMPTY else 1.0 if fate < _EMPTY + _WHOLE else random.random()
        noise = _FAINTEST * (_DENSEST / _FAINTEST) ** random.random() if noisy < _NOISY else 0.0
        sentence, spans = self._mark_values(sentence, known, noise, random)
        if noise:
            spans += self._false_marks(len(sentence.words), noise, random)
        if not spans:
            return sentence
        return replace(sentence, marks=tuple(write_marks(len(sentence.words), spans)))

    def _mark_values(
        self, sentence: Sentence, known: float, noise: float, random: np.random.Generator
    ) -> tuple[Sentence, list[Marked]]:
        """The sentence, some of its values strange, and where lists know the share `known`."""
        words: list[str] = []
        tags: list[str] = []
        spans: list[Marked] = []
        at = 0
        for span in read_spans(sentence.tags):
            value: Sequence[str] = sentence.words[span.start : span.end]
            is_listed = random.random() < known
            if is_listed and random.random() < _STRANGE:
                value = _strange_value(sentence.words, random)
            words += sentence.words[at : span.start]
            tags += sentence.tags[at : span.start]
            at = span.end
            start, end = len(words), len(words) + len(value)
            words += value
            tags += [f"B-{span.name}"] + [f"I-{span.name}"] * (len(value) - 1)
            others = random.poisson(_OTHER_SLOT * is_listed + min(noise, 1.0))
            spans += [(slot, start, end) for slot in self._any_slots(others, random)]
            if is_listed:
                if len(value) > 1 and random.random() < _PARTLY:
                    start = int(random.integers(start, end))
                    end = int(random.integers(start + 1, end + 1))
                spans.append((span.name, start, end))
        words += sentence.words[at:]
        tags += sentence.tags[at:]
        return replace(sentence, words=tuple(words), tags=tuple(tags)), spans

    def _false_marks(self, count: int, noise: float, random: np.random.Generator) -> list[Marked]:
        """Marks of any slots on any of `count` words: some words are in more lists than others."""
        numbers = random.poisson(noise * random.exponential(size=count))
        spans = []
        for at in np.flatnonzero(numbers).tolist():
            for slot in self._any_slots(min(int(numbers[at]), _MOST_FALSE), random):
                length = 1 + int(random.random() < _LONGER)
                spans.append((slot, at, min(count, at + length)))
        return spans

    def _any_slots(self, count: int, random: np.random.Generator) -> list[str]:
        chosen = random.integers(len(self._slots), size=count) if count else ()
        return [self._slots[int(number)] for number in chosen]


def _strange_value(words: Sequence[str], random: np.random.Generator) -> list[str]:
    """
    Words that training has not, and beside one of these some of the sentence's.

    A word that is known, and is no value elsewhere, is not made one by a list alone.
    """
    count = 1 + int(random.integers(_MOST_WORDS))
    is_strange = random.random(count) < _STRANGE_WORDS
    is_strange[int(random.integers(count))] = True
    return [
        _STRANGER if strange else words[int(random.integers(len(words)))]
        for strange in is_strange.tolist()
    ]
