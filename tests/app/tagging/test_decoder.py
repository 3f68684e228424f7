"""Scores → tags and confidences, checked against counting every sequence."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.tagging.decoder import Decoder, softmax
from app.tagging.slots import Span, read_spans

SLOTS = ("city", "time")


def scores_of(seed: int, words: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 2, (words, 5)).astype(np.float32)


def legal(tags: tuple[str, ...]) -> bool:
    return all(
        tag[0] != "I" or before[1:] == tag[1:]
        for before, tag in zip(("O", *tags), tags, strict=False)
    )


def every_legal_sequence(scores: NDArray[np.float32]) -> dict[tuple[str, ...], float]:
    """Each sequence of tags that BIO allows, with its probability among those."""
    decoder = Decoder(SLOTS)
    probabilities = softmax(scores)
    masses = {}
    for path in product(range(5), repeat=len(scores)):
        tags = tuple(decoder.tags[tag] for tag in path)
        if legal(tags):
            masses[tags] = float(np.prod(probabilities[range(len(scores)), path]))
    total = sum(masses.values())
    return {tags: mass / total for tags, mass in masses.items()}


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_the_tags_are_the_most_probable_legal_sequence(seed: int, words: int) -> None:
    scores = scores_of(seed, words)
    sequences = every_legal_sequence(scores)
    found = sequences[tuple(Decoder(SLOTS)(scores).tags)]
    assert found == pytest.approx(max(sequences.values()), rel=1e-6)


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_a_confidence_is_the_probability_of_just_that_span(seed: int, words: int) -> None:
    scores = scores_of(seed, words)
    decoded = Decoder(SLOTS)(scores)
    sequences = every_legal_sequence(scores)
    for span, confidence in zip(decoded.spans, decoded.span_confidences, strict=True):
        share = sum(mass for tags, mass in sequences.items() if span in read_spans(tags))
        assert confidence == pytest.approx(share, rel=1e-6)


@given(
    st.integers(1, 6).flatmap(
        lambda words: st.lists(
            st.lists(
                st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=5, max_size=5
            ),
            min_size=words,
            max_size=words,
        )
    )
)
def test_of_any_finite_scores_something_legal_and_probable_is_made(rows: list[list[float]]) -> None:
    decoded = Decoder(SLOTS)(np.array(rows, np.float32))
    assert legal(tuple(decoded.tags))
    assert all(0 <= confidence <= 1 for confidence in decoded.confidences)
    assert all(0 <= confidence <= 1 for confidence in decoded.span_confidences)
    np.testing.assert_allclose(decoded.probabilities.sum(axis=1), 1.0)


def test_an_inside_tag_that_continues_nothing_is_never_given() -> None:
    scores = np.full((2, 5), -5.0, np.float32)
    scores[0, 0] = scores[1, 2] = 5.0
    scores[1, 0] = 4.0
    assert Decoder(SLOTS)(scores).tags == ["O", "O"]


def test_a_long_text_does_not_underflow() -> None:
    scores = np.zeros((5_000, 5), np.float32)
    scores[:, 0] = 1.0
    scores[4_000, 1] = 9.0
    decoded = Decoder(SLOTS)(scores)
    assert decoded.spans == [Span("city", 4_000, 4_001)]
    assert 0.5 < decoded.span_confidences[0] < 1.0


def test_certainty_is_a_confidence_of_one() -> None:
    scores = np.full((1, 5), -2_000.0, np.float32)
    scores[0, 3] = 2_000.0
    assert Decoder(SLOTS)(scores).span_confidences == [1.0]


@given(st.integers(0, 10_000), st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_sentences_are_decoded_together_as_each_alone(seed: int, lengths: list[int]) -> None:
    sentences = [scores_of(seed + at, length) for at, length in enumerate(lengths)]
    padded = np.full((len(lengths), max(lengths), 5), 99.0, np.float32)
    for at, scores in enumerate(sentences):
        padded[at, : len(scores)] = scores
    decoder = Decoder(SLOTS)
    for scores, beside in zip(sentences, decoder.decode(padded, lengths), strict=True):
        alone = decoder(scores)
        assert (beside.tags, beside.spans) == (alone.tags, alone.spans)
        assert beside.span_confidences == pytest.approx(alone.span_confidences, rel=1e-9)
        assert beside.confidences == alone.confidences
        np.testing.assert_array_equal(beside.probabilities, alone.probabilities)


def test_spans_are_what_is_read_in_the_tags() -> None:
    decoder = Decoder(SLOTS)
    for seed in range(200):
        decoded = decoder(scores_of(seed, 12))
        assert decoded.spans == read_spans(decoded.tags)


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_of_a_word_the_share_of_each_tag_among_legal_sequences_is_told(
    seed: int, words: int
) -> None:
    scores = scores_of(seed, words)
    decoder = Decoder(SLOTS)
    decoded = decoder(scores)
    expected = np.zeros((words, 5))
    for tags, mass in every_legal_sequence(scores).items():
        expected[range(words), [decoder.tags.index(tag) for tag in tags]] += mass
    own = expected[range(words), decoded.path]
    np.testing.assert_allclose(decoded.confidences, own, rtol=1e-6)
    joined = np.column_stack((expected[:, 0], expected[:, 1::2] + expected[:, 2::2]))
    np.testing.assert_allclose(decoded.distributions, joined, rtol=1e-6, atol=1e-12)


def test_distributions_of_a_long_text_sum_to_one() -> None:
    distributions = Decoder(SLOTS)(scores_of(1, 2_000)).distributions
    assert distributions.shape == (2_000, 3)
    np.testing.assert_allclose(distributions.sum(axis=1), 1.0)


def certain(*tags: str) -> NDArray[np.float32]:
    scores = np.full((len(tags), 5), -9.0, np.float32)
    scores[range(len(tags)), [Decoder(SLOTS).tags.index(tag) for tag in tags]] = 9.0
    return scores


@pytest.mark.parametrize(
    ("of_words", "first_words", "of_tokens"),
    [
        (["B-city", "I-city", "I-city", "O"], [0, 2, 3], ["B-city", "I-city", "O"]),
        (["O", "B-city", "I-city", "I-city"], [0, 2], ["O", "B-city"]),
        (["B-time", "B-city", "I-city"], [0, 2], ["B-time", "B-city"]),
        (["B-time", "O", "O"], [0, 1], ["B-time", "O"]),
        (["B-city", "B-city"], [0], ["B-city"]),
    ],
)
def test_a_token_has_the_tag_of_its_first_word(
    of_words: list[str], first_words: list[int], of_tokens: list[str]
) -> None:
    decoder = Decoder(SLOTS)
    decoded = decoder(certain(*of_words))
    found = decoder.of_tokens(decoded, first_words)
    assert found.tags == of_tokens
    assert found.spans == read_spans(of_tokens)
    assert len(found.span_confidences) == len(found.spans)
    assert all(confidence > 0.99 for confidence in found.span_confidences)
    assert found.confidences == [decoded.confidences[head] for head in first_words]
    np.testing.assert_array_equal(found.distributions, decoded.distributions[first_words])
