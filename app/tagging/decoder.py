"""
Scores → tags, confidences and distributions.

The networks score each word by itself. Of the sequences of tags that BIO allows (an I- follows
only a B- or I- of its slot) the decoder takes the most probable, and a span's confidence is its
share of the probability of all that are allowed. Both are exact: the second is the
forward-backward algorithm of a linear chain whose only transitions are allowed or not
(Lafferty et al., 2001), where every step costs as many operations as there are tags.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.tagging.slots import Span, read_spans, tag_names

Scores = NDArray[np.float32]
Probabilities = NDArray[np.float64]

_LEAST = 1e-300  # of a probability, so that its inverse is a number too


@dataclass(frozen=True, slots=True)
class Decoded:
    """
    What a sentence's scores say.

    tags and confidences: one a word, the confidence that of the tag among all tags; spans, with
    span_confidences beside them; probabilities: (words, tags).
    """

    tags: list[str]
    confidences: list[float]
    spans: list[Span]
    span_confidences: list[float]
    probabilities: Probabilities


class Decoder:
    """Reads scores over the tags of `tag_names(slots)`."""

    def __init__(self, slots: Sequence[str]) -> None:
        self.slots = tuple(slots)
        self.tags = tag_names(slots)
        self._numbers = {slot: number for number, slot in enumerate(slots)}

    def __call__(self, scores: Scores) -> Decoded:
        """Decode a sentence; scores: (words, tags)."""
        probabilities = softmax(scores)
        path = self.best_path(scores)
        tags = [self.tags[tag] for tag in path]
        spans = read_spans(tags)
        return Decoded(
            tags,
            [float(probabilities[word, tag]) for word, tag in enumerate(path)],
            spans,
            self._span_confidences(probabilities, spans),
            probabilities,
        )

    def best_path(self, scores: Scores) -> list[int]:
        """The tags of the most probable sequence that BIO allows; scores: (words, tags)."""
        path: list[int] = scores.argmax(axis=1).tolist()
        return path if _is_legal(path) else self._viterbi(scores)

    def distributions(self, probabilities: Probabilities) -> Probabilities:
        """Of each word the probability of no slot, then of each slot: (words, 1 + slots)."""
        return np.concatenate(
            [probabilities[:, :1], probabilities[:, 1::2] + probabilities[:, 2::2]], axis=1
        )

    def _viterbi(self, scores: Scores) -> list[int]:
        words, tags = scores.shape
        inside = np.arange(2, tags, 2)
        came_from = np.zeros((words, tags), np.intp)
        best = scores[0].astype(np.float64)
        best[inside] = -np.inf
        for word in range(1, words):
            before = int(best.argmax())
            came_from[word] = before
            came_from[word, inside] = np.where(best[inside] >= best[inside - 1], inside, inside - 1)
            best = best[came_from[word]] + scores[word]
        path = [int(best.argmax())]
        for word in range(words - 1, 0, -1):
            path.append(int(came_from[word, path[-1]]))
        return path[::-1]

    def _span_confidences(self, probabilities: Probabilities, spans: Sequence[Span]) -> list[float]:
        if not spans:
            return []
        words = len(probabilities)
        # What is allowed may have no probability at all in floating point.
        probabilities = np.maximum(probabilities, _LEAST)
        outside, begin, inside = probabilities[:, 0], probabilities[:, 1::2], probabilities[:, 2::2]
        # forward[t]: log of the mass of all allowed beginnings of t words. Each step is scaled
        # to 1, or a long text would underflow.
        forward = np.zeros(words + 1)
        open_slots = np.zeros(begin.shape[1])
        for word in range(words):
            open_slots = begin[word] + open_slots * inside[word]
            mass = outside[word] + open_slots.sum()
            open_slots /= mass
            forward[word + 1] = forward[word] + np.log(mass)
        # backward[t]: log of the mass of all endings from word t on that continue no slot.
        backward = np.zeros(words + 1)
        continued = np.ones(begin.shape[1])  # relative to backward[t], for an open slot
        for word in range(words - 1, -1, -1):
            mass = outside[word] + begin[word] @ continued
            backward[word] = backward[word + 1] + np.log(mass)
            continued = 1.0 + inside[word] * continued / mass
        log_begin, log_inside = np.log(begin), np.log(inside)
        confidences = []
        for span in spans:
            slot = self._numbers[span.name]
            own = log_begin[span.start, slot] + log_inside[span.start + 1 : span.end, slot].sum()
            share = forward[span.start] + own + backward[span.end] - forward[words]
            confidences.append(float(np.exp(min(share, 0.0))))
        return confidences


def softmax(scores: Scores) -> Probabilities:
    """The scores of each row as probabilities, in double precision."""
    exponentials = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


def _is_legal(path: Sequence[int]) -> bool:
    before = 0
    for tag in path:
        if tag and not tag & 1 and before != tag and before != tag - 1:
            return False
        before = tag
    return True
