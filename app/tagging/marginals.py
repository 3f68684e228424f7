"""
How sure a span or a word's tag is: its share of the probability of all sequences that BIO allows.

The probability of a sequence is the product of those of its tags. Shares are exact, by one of two
ways. A sentence of usual length is a walk along its words, on which a slot is a step of one or more
words and an O a step of one. With A[k, t] the mass of all steps from k to t, all walks from k to t
have that of (1 + A + A² + …)[k, t], the inverse of 1 - A, found for many sentences at once; nothing
is subtracted on the way, so no digits are lost. Long sentences, and those with probabilities so
small that their products are no numbers any more, go word by word: the forward-backward algorithm
of a linear chain whose only transitions are allowed or not (Lafferty et al., 2001).
"""

from collections.abc import Sequence
from itertools import pairwise
from operator import mul

import numpy as np
from numpy.typing import NDArray

from app.tagging.slots import Span

Probabilities = NDArray[np.floating]

# Longer walks cost more than going word by word.
LONGEST_WALK = 48
_SMALLEST = 1e-250
_LEAST = 1e-300  # of a probability, so that its inverse is a number too
_BACKWARDS = -np.tri(LONGEST_WALK).T


class SpanMarginals:
    """
    The masses of all walks through some sentences.

    probabilities: (sentences, words, tags), padded. What padding adds is behind each sentence's
    end, where nobody looks.
    """

    def __init__(self, probabilities: Probabilities) -> None:
        self._probabilities = probabilities
        self._path_sums = None
        sentences, words, _ = probabilities.shape
        if words > LONGEST_WALK:
            return
        # (words, sentences, slots)
        begin, inside = (
            probabilities[:, :, first::2].transpose(1, 0, 2).astype(np.float64, "C")
            for first in (1, 2)
        )
        inside[0] = 1.0
        for before, here in pairwise(inside):
            here *= before
        self._continued = inside  # from the first word up to each
        self._begun = begin
        least = inside[-1].min(axis=1)
        self._can_tell = (least > _SMALLEST).tolist()
        if not all(self._can_tell):
            # What is divided by must be a number, be it of a sentence of which nothing is told.
            np.maximum(inside, _SMALLEST, out=inside)
        begin /= inside
        steps = np.zeros((sentences, words + 1, words + 1))
        slots = steps[:, :-1, 1:]
        np.matmul(begin.transpose(1, 0, 2), inside.transpose(1, 2, 0), out=slots)
        slots *= _BACKWARDS[:words, :words]
        flat = steps.reshape(sentences, -1)
        flat[:, 1 :: words + 2] -= probabilities[:, :, 0]
        flat[:, :: words + 2] = 1.0
        self._steps = steps  # 1 - A
        self._path_sums = np.linalg.inv(steps)  # (sentences, from, to)

    def span_confidences(
        self, sentence: int, path: Sequence[int], spans: Sequence[Span]
    ) -> list[float]:
        """Those of the spans in the tags of a sentence."""
        words = len(path)
        whole = self._whole(sentence, words)
        if whole <= _SMALLEST:
            return _by_word(self._probabilities[sentence, :words], path, spans)
        assert self._path_sums is not None, "of a sentence whose whole mass is told"
        mass, begun, continued = self._path_sums.item, self._begun.item, self._continued.item
        confidences = []
        for _, start, end in spans:
            slot = (path[start] - 1) // 2
            share = mass(sentence, 0, start) * begun(start, sentence, slot)
            share *= continued(end - 1, sentence, slot) * mass(sentence, end, words)
            confidences.append(min(share / whole, 1.0))
        return confidences

    def majority_path(self, sentence: int, likeliest: Sequence[int]) -> list[int] | None:
        """
        The tags that are likelier than all other sequences together, if any are.

        Then their walk has more mass than all others, and of each step they have the likeliest
        slot: they are found without a search. None too where masses cannot be told.
        likeliest: of each word the tag that is the likeliest by itself.
        """
        words = len(likeliest)
        whole = self._whole(sentence, words)
        if whole <= _SMALLEST:
            return None
        path: list[int] = []
        for start, end in self._likely_steps(sentence, words):
            tag = likeliest[start]
            is_inside = tag and not tag & 1
            if is_inside or end - start > 1:
                shares = self._begun[start, sentence] * self._continued[end - 1, sentence]
                slot = int(shares.argmax())
                tag = 2 * slot + 1
                if end - start == 1 and self._probabilities[sentence, start, 0] > shares[slot]:
                    tag = 0
            path += [tag] + [tag + 1] * (end - start - 1)
        share = 1.0
        probability = self._probabilities.item
        for word, tag in enumerate(path):
            share *= probability(sentence, word, tag)
        return path if share > whole / 2 else None

    def _whole(self, sentence: int, words: int) -> float:
        """The mass of all walks through a sentence; none where it cannot be told."""
        if self._path_sums is None or not self._can_tell[sentence]:
            return 0.0
        return self._path_sums.item(sentence, 0, words)

    def _likely_steps(self, sentence: int, words: int) -> list[tuple[int, int]]:
        """The walk of most mass, whatever the slots of its steps: whence and whereto of each."""
        best = [1.0]
        begun = []
        for lost in self._steps[sentence, :, 1 : words + 1].T.tolist():
            worths = list(map(mul, best, lost))  # below 0
            least = min(worths)
            begun.append(worths.index(least))
            best.append(-least)
        steps = []
        while words:
            start = begun[words - 1]
            steps.append((start, words))
            words = start
        return steps[::-1]


def word_probabilities(probabilities: Probabilities) -> Probabilities:
    """
    Of each word of a sentence the shares of its tags, of all sequences that BIO allows.

    probabilities: (words, tags); result: the same, each row of it 1 in all.
    """
    chain = _ForwardBackward(probabilities)
    # Of each word what is before it and behind, where no slot goes on from it or to it.
    around = np.exp(chain.forward[:-1] + chain.backward[1:] - chain.forward[-1])[:, np.newaxis]
    shares: Probabilities = chain.probabilities * around
    shares[:, 1::2] *= chain.continued[1:]
    shares[:, 2::2] *= chain.opened[:-1] * chain.continued[1:]
    shares /= shares.sum(axis=1, keepdims=True)  # 1 but for rounding
    return shares


def _by_word(
    probabilities: Probabilities, path: Sequence[int], spans: Sequence[Span]
) -> list[float]:
    """Of one sentence; probabilities: (words, tags)."""
    chain = _ForwardBackward(probabilities)
    logs = np.log(chain.probabilities[range(len(path)), path])
    whole = chain.forward[-1]
    confidences = []
    for _, start, end in spans:
        share = chain.forward[start] + logs[start:end].sum() + chain.backward[end] - whole
        confidences.append(float(np.exp(min(share, 0.0))))
    return confidences


class _ForwardBackward:
    """
    The masses along one sentence, found word by word and back.

    forward: of all beginnings of so many words, the logarithm; backward: of all endings from a
    word on that continue no slot; opened: of the beginnings those that end in each slot, in
    shares of forward; continued: of the endings behind each slot, in shares of backward.
    forward, backward: (1 + words,); opened, continued: (1 + words, slots).
    """

    def __init__(self, probabilities: Probabilities) -> None:
        # What is allowed may have no probability at all in floating point.
        self.probabilities = np.maximum(probabilities.astype(np.float64), _LEAST)
        words = len(probabilities)
        outside = self.probabilities[:, 0].tolist()
        begin, inside = self.probabilities[:, 1::2], self.probabilities[:, 2::2]
        self.forward, self.backward = np.zeros(words + 1), np.zeros(words + 1)
        self.opened = np.zeros((words + 1, begin.shape[1]))
        self.continued = np.ones((words + 1, begin.shape[1]))
        # Each step is scaled to 1, or a long text would underflow.
        for word in range(words):
            opened = begin[word] + self.opened[word] * inside[word]
            mass = outside[word] + opened.sum()
            self.opened[word + 1] = opened / mass
            self.forward[word + 1] = self.forward[word] + np.log(mass)
        for word in range(words - 1, -1, -1):
            mass = outside[word] + begin[word] @ self.continued[word + 1]
            self.backward[word] = self.backward[word + 1] + np.log(mass)
            self.continued[word] += inside[word] * self.continued[word + 1] / mass
