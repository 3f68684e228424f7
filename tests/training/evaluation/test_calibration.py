"""How far confidences can be believed."""

from collections.abc import Sequence

import numpy as np
import pytest

from app.tagging.decoder import Decoder
from training.evaluation.calibration import (
    FEWEST_ANSWERS,
    MOST_SENTENCES,
    TEMPERATURES,
    Bin,
    Calibration,
    ScoredSentence,
    calibrate,
    calibration_error,
    reliability,
)

DECODER = Decoder(["city"])
NO_INTENTS = np.empty((0, 0), np.float32), np.empty(0, np.int64)


def one_word(odds: float, tag: str, unannotated: Sequence[str] = ()) -> ScoredSentence:
    """A sentence of one word that is a city with the odds of e^odds to 1."""
    return ScoredSentence(np.array([[0.0, odds, -99.0]], np.float32), [tag], unannotated)


def sentences(count: int, right: int, odds: float) -> list[ScoredSentence]:
    """Of every ten alike sentences, so many are right."""
    return [one_word(odds, "B-city" if at % 10 < right else "O") for at in range(count)]


def temperature_of(sentences: Sequence[ScoredSentence]) -> float:
    return calibrate(DECODER, sentences, *NO_INTENTS).temperature


def test_answers_are_sorted_by_their_confidence() -> None:
    confidences = np.array([0.05, 0.95, 0.97, 1.0, 0.31])
    right = np.array([False, True, False, True, True])
    *lower, highest = reliability(confidences, right)
    assert lower == [Bin(0.0, 0.1, 1, 0.05, 0.0), Bin(0.3, 0.4, 1, 0.31, 1.0)]
    assert (highest.low, highest.high, highest.answers) == (0.9, 1.0, 3)
    assert highest.confidence == pytest.approx(2.92 / 3)
    assert highest.accuracy == pytest.approx(2 / 3)


def test_the_error_is_the_mean_distance_from_the_truth() -> None:
    confidences = np.array([0.95, 0.95, 0.55, 0.55])
    right = np.array([True, False, True, True])
    assert calibration_error(confidences, right) == pytest.approx((2 * 0.45 + 2 * 0.45) / 4)
    assert calibration_error(confidences, right, bins=1) == pytest.approx(0.0)
    assert calibration_error(np.empty(0), np.empty(0, np.bool_)) == 0.0


def test_too_sure_answers_are_made_as_sure_as_they_are_right() -> None:
    # The odds are 9 to 1 at log 9 ≈ 2.197: scores of twice that need a temperature of 2.
    too_sure = sentences(400, right=9, odds=2 * np.log(9))
    assert temperature_of(too_sure) == pytest.approx(2, rel=0.05)
    assert temperature_of(sentences(400, right=9, odds=np.log(9))) == 1
    assert temperature_of(sentences(400, right=9, odds=0.5 * np.log(9))) == pytest.approx(0.5)


def test_what_was_made_to_fit_has_little_error() -> None:
    # Uncalibrated it is 81 to 1 for 9 to 1, 0.088. What is left is the halves' chance.
    found = calibrate(DECODER, sentences(400, right=9, odds=2 * np.log(9)), *NO_INTENTS)
    assert found.error is not None
    assert found.error < 0.03


def test_the_error_is_that_of_sentences_that_were_not_fitted() -> None:
    # Half of the sentences are three times as sure as the others and right no more often: one
    # temperature suits neither.
    mixed = [
        *sentences(200, right=7, odds=6.0),
        *sentences(200, right=7, odds=0.2),
    ]
    found = calibrate(DECODER, mixed, *NO_INTENTS)
    assert found.error is not None
    assert found.error > 0.05


def test_answers_that_are_all_right_are_not_made_certain() -> None:
    # Of fifty right answers the next is right with 51 to 1, so says the rule of succession.
    temperature = temperature_of(sentences(50, right=10, odds=np.log(51)))
    assert temperature == 1


def test_few_answers_change_nothing() -> None:
    few = sentences(FEWEST_ANSWERS - 1, right=5, odds=5.0)
    assert calibrate(DECODER, few, *NO_INTENTS) == Calibration(1.0, 1.0, None)
    assert temperature_of(sentences(FEWEST_ANSWERS, right=5, odds=5.0)) > 2


def test_one_sentence_has_no_halves_to_tell_the_error_by() -> None:
    words = FEWEST_ANSWERS + 10
    scores = np.tile(np.array([[0.0, 5.0, -99.0]], np.float32), (words, 1))
    one = ScoredSentence(scores, ["B-city"] * words)
    assert calibrate(DECODER, [one], *NO_INTENTS).error is None


def test_a_slot_that_is_not_annotated_is_no_answer() -> None:
    wrong = [one_word(5.0, "O", unannotated=["city"])] * 100
    right = sentences(100, right=9, odds=np.log(9))
    assert calibrate(DECODER, [*wrong, *right], *NO_INTENTS) == calibrate(
        DECODER, right, *NO_INTENTS
    )


def test_of_very_many_sentences_some_are_enough() -> None:
    # Only every other one is looked at, and those are all right.
    many = [one_word(3.0, "B-city"), one_word(3.0, "O")] * (MOST_SENTENCES - 1)
    looked_at = [*many, many[0]]
    assert temperature_of(looked_at) == min(TEMPERATURES)


def test_intents_have_a_temperature_of_their_own() -> None:
    scores = np.array([[2 * np.log(4), 0.0]] * 100, np.float32)
    intents = np.array([0, 0, 0, 0, 1] * 20)
    found = calibrate(DECODER, [], scores, intents)
    assert found.intent_temperature == pytest.approx(2, rel=0.05)
    assert (found.temperature, found.error) == (1.0, None)


def test_intents_that_nobody_knows_do_not_count() -> None:
    scores = np.array([[2.0, 0.0]] * 100, np.float32)
    unknown = np.full(100, -100)
    assert calibrate(DECODER, [], scores, unknown) == Calibration()
    half = np.array([0, -100] * 50)
    expected = calibrate(DECODER, [], scores[::2], half[::2])
    assert calibrate(DECODER, [], scores, half) == expected
    assert expected.intent_temperature < 1
