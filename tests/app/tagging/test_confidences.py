"""The two ways to a confidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging import confidences
from app.tagging.decoder import Decoder

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
