"""
Scores → tags, confidences and distributions.

The networks score each word by itself. Of the sequences of tags that BIO allows (an I- follows
only a B- or I- of its slot) the decoder takes the most probable, and the confidence of a span, or
of a word's tag, is its share of the probability of all that are allowed. Both are exact: the second
is the forward-backward algorithm of a linear chain whose only transitions are allowed or not
(Lafferty et al., 2001), where every step costs as many operations as there are tags.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from app.tagging.marginals import Probabilities, SpanMarginals, word_probabilities
from app.tagging.slots import Span, tag_names, write_tags
from app.tagging.viterbi import Scores, viterbi

# Sentences that are worth a look for a path that needs no search; more of them are searched in the
# time of a few.
_FEW = 3


@dataclass
class Decoded:
    """
    What a sentence's scores say.

    path: the number of each word's tag; spans, with span_confidences beside them;
    probabilities: those of each word's tags by itself, whatever is beside it, (words, tags);
    rows: where among these the words are that are meant.
    """

    path: list[int]
    spans: list[Span]
    span_confidences: list[float]
    probabilities: Probabilities
    rows: Sequence[int]

    @property
    def tags(self) -> list[str]:
        """One a word."""
        return write_tags(self.spans, len(self.path))

    @property
    def confidences(self) -> list[float]:
        """Of each word that of its tag."""
        confidences: list[float] = self._shares[range(len(self.path)), self.path].tolist()
        return confidences

    @property
    def distributions(self) -> Probabilities:
        """Of each word the probability of no slot, then of each slot: (words, 1 + slots)."""
        return of_slots(self._shares)

    @cached_property
    def _shares(self) -> Probabilities:
        return word_probabilities(self.probabilities)[self.rows]


class Decoder:
    """Reads scores over the tags of `tag_names(slots)`."""

    def __init__(self, slots: Sequence[str]) -> None:
        self.slots = tuple(slots)
        self.tags = tag_names(slots)
        self.empty = Decoded([], [], [], np.empty((0, len(self.tags))), [])

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
        unsure = [at for at, path in enumerate(paths) if not _is_legal(path)]
        marginals = SpanMarginals(probabilities) if unsure or any(map(any, paths)) else None
        if marginals and len(unsure) <= _FEW:
            for at in unsure.copy():
                path = marginals.majority_path(at, paths[at])
                if path is not None:
                    paths[at] = path
                    unsure.remove(at)
        if unsure:
            best = viterbi(scores[unsure], [lengths[at] for at in unsure])
            for at, path in zip(unsure, best, strict=True):
                paths[at] = path
        decoded = []
        for at, path in enumerate(paths):
            spans = self._spans(path)
            shares = marginals.span_confidences(at, path, spans) if marginals and spans else []
            own = probabilities[at, : len(path)]
            decoded.append(Decoded(path, spans, shares, own, range(len(path))))
        return decoded

    def of_tokens(self, decoded: Decoded, first_words: Sequence[int]) -> Decoded:
        """
        What is decoded of words, for tokens of one or more; `first_words` are their first words.

        A token has the tag of its first word. A slot that begins or ends within a token has the
        confidence of just that.
        """
        path = [decoded.path[head] for head in first_words]
        begun: list[int] = []
        for tag in path:
            is_inside = tag and not tag & 1
            # A slot that begins within a token begins with the next.
            goes_on = is_inside and begun and begun[-1] in (tag, tag - 1)
            begun.append(tag - 1 if is_inside and not goes_on else tag)
        spans = self._spans(begun)
        of_word = {
            word: confidence
            for span, confidence in zip(decoded.spans, decoded.span_confidences, strict=True)
            for word in range(span.start, span.end)
        }
        confidences = [of_word[first_words[span.start]] for span in spans]
        return replace(
            decoded, path=path, spans=spans, span_confidences=confidences, rows=first_words
        )

    def best_path(self, scores: Scores) -> list[int]:
        """The tags of the most probable sequence that BIO allows; scores: (words, tags)."""
        path: list[int] = scores.argmax(axis=1).tolist()
        return path if _is_legal(path) else viterbi(scores[np.newaxis], [len(path)])[0]

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


def of_slots(probabilities: Probabilities) -> Probabilities:
    """Join the two tags of each slot; (words, tags) → (words, 1 + slots), the first of no slot."""
    return np.column_stack((probabilities[:, 0], probabilities[:, 1::2] + probabilities[:, 2::2]))


def _is_legal(path: Sequence[int]) -> bool:
    before = 0
    for tag in path:
        if tag and not tag & 1 and before != tag and before != tag - 1:
            return False
        before = tag
    return True
