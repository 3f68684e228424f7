"""The bootstrap over sentences (Efron and Tibshirani, 1993, An Introduction to the Bootstrap)."""

import numpy as np
from numpy.typing import NDArray

# Counts over sentences: (sentences, columns).
Counts = NDArray[np.int64]


def resampled_sums(counts: Counts, resamples: int, random: np.random.Generator) -> Counts:
    """
    Sums over sentences drawn with replacement, as many as there are: (resamples, columns).

    Sentences of equal counts are the same to every figure, so it is drawn how many of each kind
    there are: a few hundred kinds in place of thousands of sentences.
    """
    kinds, often = np.unique(counts, axis=0, return_counts=True)
    draws = random.multinomial(len(counts), often / len(counts), size=resamples)
    return np.asarray(draws @ kinds, np.int64)


def interval(figures: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of a figure of the samples."""
    low, high = np.percentile(figures, [2.5, 97.5])
    return float(low), float(high)
