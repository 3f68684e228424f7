"""Intervals and verdicts, on counts that can be worked out."""

import numpy as np
import pytest

from training.evaluation.bootstrap import (
    Evidence,
    difference_of_f1_differences,
    f1,
    f1_difference,
    paired_bootstrap,
    recall_difference,
)
from training.studies.verdicts import Verdict, is_more, is_within, of_all

# Right, predicted, gold of A and of B: both right, A alone, B alone.
BOTH, A_ALONE, B_ALONE = [1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 1, 1], [0, 1, 1, 1, 1, 1]


def sample(*sentences: list[int], seeds: int = 1) -> np.ndarray:
    return np.array([list(sentences)] * seeds)


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    # precision 3/4, recall 3/5
    assert f1(np.array([3, 4, 5])) == pytest.approx(200 * 0.75 * 0.6 / (0.75 + 0.6))
    assert f1(np.array([0, 0, 0])) == 0.0


def test_the_difference_is_over_all_sentences_and_seeds() -> None:
    found = paired_bootstrap([sample(BOTH, BOTH, A_ALONE, BOTH, seeds=3)], f1_difference)
    assert found.difference == pytest.approx(25.0)
    assert found.seeds == pytest.approx([25.0, 25.0, 25.0])


def test_networks_that_are_right_of_the_same_sentences_do_not_differ_in_any_sample() -> None:
    wrong = [0, 1, 1, 0, 1, 1]
    found = paired_bootstrap([sample(*[BOTH, wrong] * 50)], f1_difference)
    assert (found.low, found.difference, found.high) == (0.0, 0.0, 0.0)


def test_the_interval_is_that_of_a_binomial_distribution() -> None:
    found = paired_bootstrap([sample(*[A_ALONE] * 20, *[BOTH] * 80)], f1_difference)
    # 20 % and twice the standard deviation, sqrt(0.2 * 0.8 / 100) = 4 %, up and down
    assert found.low == pytest.approx(12.0, abs=1.5)
    assert found.high == pytest.approx(28.0, abs=1.5)


def test_the_same_counts_give_the_same_interval() -> None:
    counts = sample(*[A_ALONE] * 20, *[B_ALONE] * 15, *[BOTH] * 80)
    assert paired_bootstrap([counts], f1_difference) == paired_bootstrap([counts], f1_difference)


def test_the_more_the_sentences_the_narrower_the_interval() -> None:
    few = paired_bootstrap([sample(*[A_ALONE, B_ALONE, BOTH] * 10)], f1_difference)
    many = paired_bootstrap([sample(*[A_ALONE, B_ALONE, BOTH] * 1000)], f1_difference)
    assert many.high - many.low < (few.high - few.low) / 5


def test_two_samples_are_compared_each_by_its_own_difference() -> None:
    train, dev = sample(BOTH, A_ALONE), sample(BOTH, BOTH, BOTH, B_ALONE)
    found = paired_bootstrap([train, dev], difference_of_f1_differences)
    assert found.difference == pytest.approx(50.0 - -25.0)


def test_recall_is_compared_between_far_and_near() -> None:
    # Near: of 4, A finds 3 and B 2; far: of 2, A finds 2 and B none.
    assert recall_difference(np.array([4, 3, 2, 2, 2, 0])) == pytest.approx(100.0 - 25.0)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.1, 2.0, "borne out"),
        (-2.0, -0.1, "not borne out"),
        (-0.1, 2.0, "undecided"),
        (0.0, 2.0, "undecided"),
    ],
)
def test_a_difference_is_above_zero_when_all_of_its_interval_is(
    low: float, high: float, verdict: Verdict
) -> None:
    assert is_more(Evidence((low + high) / 2, low, high, [])) == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.9, 0.9, "borne out"),
        (0.5, 1.5, "undecided"),
        (-2.0, 2.0, "undecided"),
        (1.1, 2.0, "not borne out"),
        (-2.0, -1.1, "not borne out"),
    ],
)
def test_networks_are_close_when_all_of_the_interval_is_within_the_margin(
    low: float, high: float, verdict: Verdict
) -> None:
    assert is_within(Evidence((low + high) / 2, low, high, []), 1.0) == verdict


@pytest.mark.parametrize(
    ("verdicts", "together"),
    [
        (["borne out", "borne out"], "borne out"),
        (["borne out", "undecided"], "undecided"),
        (["borne out", "undecided", "not borne out"], "not borne out"),
    ],
)
def test_one_comparison_against_a_claim_is_enough(
    verdicts: list[Verdict], together: Verdict
) -> None:
    assert of_all(verdicts) == together


def test_p_is_how_often_chance_makes_as_large_a_difference() -> None:
    small, large = (
        paired_bootstrap([sample(*[A_ALONE] * more, *[B_ALONE] * 90, *[BOTH] * 800)], f1_difference)
        for more in (110, 190)
    )
    # 20 sentences more, of a standard deviation of sqrt(110 + 90) = 14: both sides of a normal
    assert small.p == pytest.approx(0.16, abs=0.04)
    assert large.p == pytest.approx(1 / 2001)


def test_no_difference_is_what_chance_makes_always() -> None:
    assert paired_bootstrap([sample(A_ALONE, B_ALONE, BOTH)], f1_difference).p == 1.0
