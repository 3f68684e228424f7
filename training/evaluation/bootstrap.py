"""
The bootstrap over sentences (Efron and Tibshirani, 1993, An Introduction to the Bootstrap).

Figures are in per cent, of sums over sentences with the columns of span_counts. Statistics compare
A with B, of each of which they take right, predicted and gold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Sums over the sentences of each sample, (…, columns), one array a sample → a figure each, (…).
Statistic = Callable[..., NDArray[np.float64]]
# Counts over sentences: (sentences, columns), or of several seeds (seeds, sentences, columns).
Counts = NDArray[np.int64]
RESAMPLES = 2000


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    A difference over all seeds together, its 95 % interval, and the difference of each seed.

    All are in points of a percentage. p: how often chance alone would make a difference as large,
    up or down, 0 to 1; None where nothing was left to chance.
    """

    difference: float
    low: float
    high: float
    seeds: list[float]
    p: float | None = None


def paired_bootstrap(samples: Sequence[Counts], statistic: Statistic) -> Evidence:
    """
    Draw sentences with replacement, 2000 times, and look at the middle 95 % of the statistic.

    A sample is one set of sentences, and what both networks did with a sentence is drawn
    together; samples are drawn apart from one another. The seeds are pooled: a sentence counts
    with what all of them did. p is the share of the draws that differ from what was found by as
    much as that differs from 0 (Berg-Kirkpatrick et al., 2012, An Empirical Investigation of
    Statistical Significance in NLP; the interval: Efron and Tibshirani, 1993, An Introduction to
    the Bootstrap).
    """
    random = np.random.default_rng(0)
    drawn = [resampled_sums(sample.sum(axis=0), RESAMPLES, random) for sample in samples]
    return evidence_of(
        float(statistic(*(sample.sum(axis=(0, 1)) for sample in samples))),
        statistic(*drawn),
        np.asarray(statistic(*(sample.sum(axis=1) for sample in samples))).tolist(),
    )


def evidence_of(difference: float, drawn: NDArray[np.float64], seeds: list[float]) -> Evidence:
    """The evidence for a difference, of what it is in each sample that was drawn."""
    as_large = int(np.sum(np.abs(drawn - difference) >= abs(difference)))
    return Evidence(difference, *interval(drawn), seeds, (1 + as_large) / (1 + len(drawn)))


def f1(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 over all slots."""
    right, predicted, gold = np.moveaxis(sums[..., :3], -1, 0)
    return _ratio(2 * right, predicted + gold)


def f1_difference(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of A less F1 of B."""
    return f1(sums[..., :3]) - f1(sums[..., 3:6])


def difference_of_f1_differences(
    more: NDArray[np.int64], less: NDArray[np.int64]
) -> NDArray[np.float64]:
    """By how much the difference in F1 is larger in the one sample than in the other."""
    return f1_difference(more) - f1_difference(less)


def recall_difference(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of near slots and of far, how many there are and how many A finds and B."""
    near, near_a, near_b, far, far_a, far_b = np.moveaxis(sums, -1, 0)
    return _ratio(far_a - far_b, far) - _ratio(near_a - near_b, near)


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(100.0 * part / np.maximum(whole, 1), np.float64)
