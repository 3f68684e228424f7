"""
Scores → tags, confidences and distributions.

The networks score each word by itself. Of the sequences of tags that BIO allows (an I- follows
only a B- or I- of its slot) the decoder takes the most probable, and a span's confidence is its
share of the probability of all that are allowed. Both are exact: the second is the
forward-backward algorithm of a linear chain whose only transitions are allowed or not
(Lafferty et al., 2001), where every step costs as many operations as there are tags.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.tagging.confidences import Probabilities, span_confidences
from app.tagging.slots import Span, tag_names

Scores = NDArray[np.float32]


class Decoded(NamedTuple):
    """
    What a sentence's scores say.

    path: the number of each word's tag among names; spans, with span_confidences beside them;
    probabilities: (words, tags).
    """

    path: list[int]
    spans: list[Span]
    span_confidences: list[float]
    probabilities: Probabilities
    names: Sequence[str]

    @property
    def tags(self) -> list[str]:
        """One a word."""
        return [self.names[tag] for tag in self.path]

    @property
    def confidences(self) -> list[float]:
        """Of each word that of its tag among all tags."""
        found: list[float] = self.probabilities[range(len(self.path)), self.path].tolist()
        return found

    @property
    def distributions(self) -> NDArray[np.float64]:
        """Of each word the probability of no slot, then of each slot: (words, 1 + slots)."""
        found = np.empty((len(self.probabilities), 1 + len(self.names) // 2))
        found[:, 0] = self.probabilities[:, 0]
        np.add(self.probabilities[:, 1::2], self.probabilities[:, 2::2], out=found[:, 1:])
        found /= found.sum(axis=1, keepdims=True)
        return found


class Decoder:
    """Reads scores over the tags of `tag_names(slots)`."""

    def __init__(self, slots: Sequence[str]) -> None:
        self.slots = tuple(slots)
        self.tags = tag_names(slots)
        self.nothing = Decoded([], [], [], np.empty((0, len(self.tags))), self.tags)

    def __call__(self, scores: Scores) -> Decoded:
        """Decode a sentence; scores: (words, tags)."""
        return self.decode(scores[np.newaxis], [len(scores)])[0]

    def decode(
        self, scores: Scores, lengths: Sequence[int], probabilities: Probabilities | None = None
    ) -> list[Decoded]:
        """
        Decode sentences that are padded to one length.

        scores: (sentences, words, tags); probabilities: their softmax, where somebody has it.
        """
        probabilities = softmax(scores) if probabilities is None else probabilities
        paths = [
            row[:end] for row, end in zip(scores.argmax(axis=2).tolist(), lengths, strict=True)
        ]
        for at, path in enumerate(paths):
            if not _is_legal(path):
                path[:] = self._viterbi(scores[at, : len(path)])
        spans = [self._spans(path) for path in paths]
        shares = span_confidences(probabilities, paths, spans)
        return [
            Decoded(path, spans[at], shares[at], probabilities[at, : len(path)], self.tags)
            for at, path in enumerate(paths)
        ]

    def best_path(self, scores: Scores) -> list[int]:
        """The tags of the most probable sequence that BIO allows; scores: (words, tags)."""
        path: list[int] = scores.argmax(axis=1).tolist()
        return path if _is_legal(path) else self._viterbi(scores)

    def _viterbi(self, scores: Scores) -> list[int]:
        begin, inside = scores[:, 1::2].astype(np.float64), scores[:, 2::2].astype(np.float64)
        closed = 0.0  # the best score of all tags so far, and for each slot that it is open
        open_slots = np.full(begin.shape[1], -np.inf)
        continues, last = np.empty(begin.shape, np.bool_), []
        for word, outside in enumerate(scores[:, 0].tolist()):
            begun = begin[word] + closed
            open_slots += inside[word]
            np.greater_equal(open_slots, begun, out=continues[word])
            np.maximum(open_slots, begun, out=open_slots)
            slot = int(open_slots.argmax())
            best = float(open_slots[slot])
            closed += outside
            last.append(-1 if closed >= best else slot)
            closed = max(closed, best)
        path: list[int] = []
        for word in range(len(scores) - 1, -1, -1):
            # An I- leads to its slot, whatever is best there.
            if not path or path[-1] == 0 or path[-1] & 1:
                slot = last[word]
            path.append(2 * slot + 1 + bool(continues[word, slot]) if slot >= 0 else 0)
        return path[::-1]

    def _spans(self, path: Sequence[int]) -> list[Span]:
        """What `read_spans` reads in the tags of a sequence that BIO allows."""
        spans = []
        start = 0
        for word, (tag, following) in enumerate(pairwise([*path, 0])):
            if tag:
                if tag & 1:
                    start = word
                if following != tag + (tag & 1):
                    spans.append(Span(self.slots[(tag - 1) // 2], start, word + 1))
        return spans


def softmax(scores: Scores) -> Probabilities:
    """The scores of each row as probabilities, in double precision."""
    probabilities: Probabilities = scores.astype(np.float64)
    probabilities -= probabilities.max(axis=-1, keepdims=True)
    np.exp(probabilities, out=probabilities)
    probabilities /= probabilities.sum(axis=-1, keepdims=True)
    return probabilities


def _is_legal(path: Sequence[int]) -> bool:
    before = 0
    for tag in path:
        if tag and not tag & 1 and before != tag and before != tag - 1:
            return False
        before = tag
    return True
