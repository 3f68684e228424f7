"""The two ways to a confidence, and paths that need no search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.tagging import marginals as confidences
from app.tagging.decoder import Decoder, softmax
from app.tagging.marginals import SpanMarginals
from app.tagging.viterbi import viterbi

DECODER = Decoder(["city", "time", "carrier"])


def shares(seed: int, words: int, spread: float) -> list[float]:
    scores = np.random.default_rng(seed).normal(0, spread, (words, 7)).astype(np.float32)
    return DECODER(scores).span_confidences


@given(
    st.integers(0, 10_000),
    st.integers(1, confidences.LONGEST_WALK),
    st.sampled_from([0.1, 1.0, 4.0]),
)
def test_walks_and_going_word_by_word_agree(seed: int, words: int, spread: float) -> None:
    at_once = shares(seed, words, spread)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(confidences, "LONGEST_WALK", 0)
        assert at_once == pytest.approx(shares(seed, words, spread), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("certain", [90.0, 400.0])
def test_probabilities_whose_products_are_no_numbers_are_gone_through_by_word(
    certain: float,
) -> None:
    # An I- that continues nothing is all but sure, and a sequence that is allowed all but none.
    scores = np.zeros((8, 7), np.float32)
    scores[:, 2] = certain
    scores[::2, 3] = scores[1::2, 5] = certain + 1
    found = DECODER(scores)
    assert [span.name for span in found.spans] == ["time", "carrier"] * 4
    assert all(0.0 < share <= 1.0 for share in found.span_confidences)


@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from([2.0, 6.0, 12.0]))
def test_a_certain_path_is_the_best_and_likelier_than_all_others(
    seed: int, words: int, spread: float
) -> None:
    scores = np.random.default_rng(seed).normal(0, spread, (words, 7)).astype(np.float32)
    best = viterbi(scores[np.newaxis], [words])[0]
    share = certainty(scores, best)
    likeliest = scores.argmax(axis=1).tolist()
    found = SpanMarginals(softmax(scores)[np.newaxis]).majority_path(0, likeliest)
    if found is None:
        assert share < 0.5 + 1e-6
    else:
        assert found == best
        assert share > 0.5 - 1e-6


def certainty(scores: NDArray[np.float32], path: list[int]) -> float:
    """The share of a sequence of tags, of all that are allowed."""
    probabilities = softmax(scores)
    masses = probabilities[0].copy()  # of all beginnings, by their last tag
    masses[2::2] = 0.0
    for own in probabilities[1:]:
        before = np.full(len(own), masses.sum())
        before[2::2] = masses[1::2] + masses[2::2]
        masses = before * own
    return float(probabilities[range(len(path)), path].prod() / masses.sum())


def test_no_path_is_certain_where_two_are_alike() -> None:
    scores = np.zeros((2, 7), np.float32)
    scores[0, 1] = scores[0, 3] = 9.0
    scores[1, 6] = 9.0
    probabilities = softmax(scores)[np.newaxis]
    assert SpanMarginals(probabilities).majority_path(0, [1, 6]) is None


def test_a_sentence_of_which_masses_cannot_be_told_spoils_no_other() -> None:
    scores = np.zeros((2, 8, 7), np.float32)
    scores[:, :, 0] = 9.0
    scores[0, :, 2::2] = -400.0
    marginals = SpanMarginals(softmax(scores))
    nothing = [0] * 8
    assert marginals.majority_path(0, nothing) is None
    assert marginals.majority_path(1, nothing) == nothing


def test_no_path_is_certain_where_masses_cannot_be_told() -> None:
    words = confidences.LONGEST_WALK + 1
    probabilities = np.tile(np.eye(7)[0], (1, words, 1))
    assert SpanMarginals(probabilities).majority_path(0, [0] * words) is None
