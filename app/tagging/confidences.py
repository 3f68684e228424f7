"""
How sure a span is: its share of the probability of all sequences of tags that BIO allows.

The probability of a sequence is the product of those of its tags. Shares are exact, by one of two
ways. A sentence of usual length is a walk along its words, on which a slot is a step of one or more
words and an O a step of one. With A[k, t] the mass of all steps from k to t, all walks from k to t
have that of (1 + A + A² + …)[k, t], the inverse of 1 - A, found for many sentences at once; nothing
is subtracted on the way, so no digits are lost. Long sentences, and those with probabilities so
small that their products are no numbers any more, go word by word: the forward-backward algorithm
of a linear chain whose only transitions are allowed or not (Lafferty et al., 2001).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.tagging.slots import Span

Probabilities = NDArray[np.float64]

# Longer walks cost more than going word by word.
LONGEST_WALK = 48
_SMALLEST = 1e-250
_LEAST = 1e-300  # of a probability, so that its inverse is a number too
_ONWARDS = np.tri(LONGEST_WALK).T.copy()


def span_confidences(
    probabilities: Probabilities,
    paths: Sequence[Sequence[int]],
    spans: Sequence[Sequence[Span]],
) -> list[list[float]]:
    """
    Of each sentence the confidences of its spans.

    probabilities: (sentences, words, tags), padded; paths: the sentences' tags, unpadded, in which
    these are the spans.
    """
    found: list[list[float]] = [[] for _ in spans]
    filled = [at for at, own in enumerate(spans) if own]
    if not filled:
        return found
    chosen = probabilities if len(filled) == len(spans) else probabilities[filled]
    walks = _walks(chosen)
    for number, at in enumerate(filled):
        own = probabilities[at, range(len(paths[at])), paths[at]]
        if walks is None or not walks[number, 0, len(own)] > _SMALLEST:
            found[at] = _by_word(probabilities[at, : len(own)], own, spans[at])
            continue
        before, behind = walks[number, 0].tolist(), walks[number, :, len(own)].tolist()
        shares = own.tolist()
        for span in spans[at]:
            mass = before[span.start] * behind[span.end]
            for share in shares[span.start : span.end]:
                mass *= share
            found[at].append(min(mass / before[len(own)], 1.0))
    return found


def _walks(probabilities: Probabilities) -> Probabilities | None:
    """
    The masses of all walks: (sentences, words + 1, words + 1), from and to between which words.

    What padding adds is behind each sentence's end, where nobody looks. None where a number is
    too small, or there are too many words.
    """
    sentences, words, _ = probabilities.shape
    if words > LONGEST_WALK:
        return None
    begin, inside = probabilities[:, :, 1::2], probabilities[:, :, 2::2]
    continued = np.empty_like(inside)  # from the first word up to each
    continued[:, 0] = 1.0
    for word in range(1, words):
        np.multiply(continued[:, word - 1], inside[:, word], out=continued[:, word])
    if not continued[:, -1].min() > _SMALLEST:
        return None
    steps = np.zeros((sentences, words + 1, words + 1))
    slots = steps[:, :-1, 1:]
    np.matmul(begin / continued, continued.transpose(0, 2, 1), out=slots)
    slots *= -_ONWARDS[:words, :words]
    flat = steps.reshape(sentences, -1)
    flat[:, 1 :: words + 2] -= probabilities[:, :, 0]
    flat[:, :: words + 2] = 1.0
    return np.asarray(np.linalg.inv(steps))


def _by_word(
    probabilities: Probabilities, own: Probabilities, spans: Sequence[Span]
) -> list[float]:
    """Of one sentence; probabilities: (words, tags), own: (words,), those of its path."""
    words = len(probabilities)
    # What is allowed may have no probability at all in floating point.
    probabilities, own = np.maximum(probabilities, _LEAST), np.maximum(own, _LEAST)
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
    logs = np.log(own)
    return [
        float(
            np.exp(
                min(
                    forward[span.start]
                    + logs[span.start : span.end].sum()
                    + backward[span.end]
                    - forward[words],
                    0.0,
                )
            )
        )
        for span in spans
    ]
