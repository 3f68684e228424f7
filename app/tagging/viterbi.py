"""The most probable sequence of tags that BIO allows (Viterbi, 1967)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Beyond any score that decides, and far enough from the last number for sums of millions.
_FAR = 1e30


def viterbi(scores: Scores, lengths: Sequence[int]) -> list[list[int]]:
    """
    Of each sentence the numbers of its tags; scores: (sentences, words, tags), padded.

    From the last word to the first, for all sentences at once: what can follow is worth the same
    after an O and after the end of any slot, so that each step costs as many operations as there
    are tags.
    """
    scores = np.clip(scores, -_FAR, _FAR)
    # What begins at a word: O, or a slot; and what goes on there. (words, sentences, 1 + slots)
    begins = np.concatenate((scores[:, :, :1], scores[:, :, 1::2]), axis=2)
    begins = begins.transpose(1, 0, 2)
    inside = np.full(begins.shape, -np.inf, np.float32)
    inside[:, :, 1:] = scores[:, :, 2::2].transpose(1, 0, 2)
    # In what a word loses or gains to its likeliest beginning: sums of these stay small, and lose
    # no digits, however long the text.
    likeliest = begins.max(axis=2, keepdims=True)
    begins -= likeliest
    inside -= likeliest
    words = len(begins)
    if min(lengths) < words:
        padding = np.arange(words)[:, np.newaxis] >= np.array(lengths)
        begins[padding] = inside[padding] = -np.inf
        begins[padding, 0] = 0.0
    # The best that can be had from a word on where each slot is open; as 0, where none is.
    best = np.zeros((words + 1, *begins.shape[1:]), np.float32)
    beginning = np.empty(best.shape[1:], np.float32)
    closed = np.empty((len(beginning), 1), np.float32)
    alone = len(beginning) == 1
    for begin, continued, after, here in zip(
        begins[::-1], inside[::-1], best[:0:-1], best[-2::-1], strict=True
    ):
        np.add(begin, after, out=beginning)
        if alone:  # as nearly all are: to find a maximum is quicker than to reduce to it
            closed[0, 0] = beginning.item(beginning.argmax())
        else:
            np.maximum.reduce(beginning, axis=1, keepdims=True, out=closed)
        np.add(continued, after, out=here)
        np.maximum(here, closed, out=here)
    begun = (begins + best[1:]).argmax(axis=2)
    goes_on = best[:-1] > best[:-1, :, :1]
    paths = []
    for sentence, length in enumerate(lengths):
        path = []
        slot = 0
        for word, beginning_slot in enumerate(begun[:length, sentence].tolist()):
            if slot and goes_on[word, sentence, slot]:
                path.append(2 * slot)
            else:
                slot = beginning_slot
                path.append(2 * slot - 1 if slot else 0)
        paths.append(path)
    return paths
