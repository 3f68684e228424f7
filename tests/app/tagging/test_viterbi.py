"""The best paths of many sentences, against those of the plain algorithm, which knows no slots."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.tagging.viterbi import viterbi


def best_worth(scores: NDArray[np.float32]) -> float:
    """What the best sequence is worth; scores: (words, tags)."""
    tags = scores.shape[1]
    allowed = np.array(
        [
            [tag == 0 or tag % 2 == 1 or before in {tag, tag - 1} for tag in range(tags)]
            for before in range(tags)
        ]
    )
    worth = np.where(allowed[0], scores[0].astype(np.float64), -np.inf)
    for own in scores[1:]:
        worth = np.where(allowed, worth[:, np.newaxis], -np.inf).max(axis=0) + own
    return float(worth.max())


def worth(scores: NDArray[np.float32], path: list[int]) -> float:
    for before, tag in zip([0, *path], path, strict=False):
        assert tag == 0 or tag % 2 or before in {tag, tag - 1}
    return float(scores[range(len(path)), path].sum(dtype=np.float64))


@given(
    st.integers(0, 10_000),
    st.lists(st.integers(1, 20), min_size=1, max_size=4),
    st.sampled_from([-3.0, 0.0, 3.0, 6.0]),
)
def test_no_path_is_better(seed: int, lengths: list[int], inside: float) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(0, 3, (len(lengths), max(lengths), 9)).astype(np.float32)
    scores[:, :, 2::2] += inside
    for own, length in zip(scores, lengths, strict=True):
        own[length:, 2::2] = 99.0  # padding must not be heard
    for own, length, path in zip(scores, lengths, viterbi(scores, lengths), strict=True):
        assert len(path) == length
        assert worth(own, path) == pytest.approx(best_worth(own[:length]), abs=1e-4)


def test_words_that_all_go_on_are_one_slot() -> None:
    scores = np.zeros((1, 3_000, 5), np.float32)
    scores[:, :, 4] = 1.0
    assert viterbi(scores, [3_000]) == [[3] + [4] * 2_999]


def test_scores_at_the_end_of_their_range_are_compared_as_others() -> None:
    far = float(np.finfo(np.float32).max)
    scores = np.full((1, 2, 5), -far, np.float32)
    scores[0, 0, 1] = scores[0, 1, 4] = far
    assert viterbi(scores, [2])[0][0] == 1
