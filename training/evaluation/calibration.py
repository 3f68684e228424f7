"""
How far confidences can be believed, and the temperature that makes them believable.

Scores divided by a temperature keep their order, so every answer stays what it was and only its
confidence moves (Guo et al., On Calibration of Modern Neural Networks, 2017). There the
temperature is fitted to the probabilities of single labels; here to the confidences of whole
slots, since those are what callers decide by. On dev of ATIS and of SNIPS that leaves half the
error: 0.0075 and 0.0071, where a temperature fitted to tags leaves 0.0140 and 0.0169.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.tagging.decoder import Decoder, softmax
from app.tagging.slots import read_spans
from app.tagging.viterbi import Scores

Confidences = NDArray[np.float64]
Facts = NDArray[np.bool_]

# Of equal width, as is usual, and ten, so that the wide middle, where answers are few, still has
# some in every bin. The last bin holds nine answers of ten and rules the error; with bins of equal
# mass, the other custom, the unsure answers would share one bin with sure ones.
BINS = 10
# Steps of nine per cent between a half and four: nothing changes measurably within one.
TEMPERATURES: tuple[float, ...] = tuple(2.0 ** (step / 8) for step in range(-8, 17))
# From fewer answers no temperature can be told, and from more none that is better.
FEWEST_ANSWERS = 50
MOST_SENTENCES = 2_000
HALVINGS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    What scores are divided by, and how far confidences then are from the truth.

    error: the expected calibration error of slots, cross-validated, None where there are too few;
    outside_bias: what is added to the scores of words without a slot before, and slot_f1: that on
    dev with it, in per cent, None where none was looked for.
    """

    temperature: float = 1.0
    intent_temperature: float = 1.0
    error: float | None = None
    outside_bias: float = 0.0
    slot_f1: float | None = None


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """
    Raw scores of a sentence, (words, tags), and the tags that are right.

    Slots that are `unannotated` are neither right nor wrong.
    """

    scores: Scores
    tags: Sequence[str]
    unannotated: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Bin:
    """
    The answers with a confidence from `low` up to `high`.

    confidence: their mean; accuracy: the share of them that is right; both 0 to 1.
    """

    low: float
    high: float
    answers: int
    confidence: float
    accuracy: float


def reliability(confidences: Confidences, right: Facts, bins: int = BINS) -> list[Bin]:
    """Sort answers into bins of equal width; a bin without any is left out."""
    numbers = np.minimum((confidences * bins).astype(np.intp), bins - 1)
    found = []
    for number in range(bins):
        inside = numbers == number
        if inside.any():
            found.append(
                Bin(
                    number / bins,
                    (number + 1) / bins,
                    int(inside.sum()),
                    float(confidences[inside].mean()),
                    float(right[inside].mean()),
                )
            )
    return found


def calibration_error(confidences: Confidences, right: Facts, bins: int = BINS) -> float:
    """
    The expected calibration error, 0 to 1: |accuracy - confidence|, the mean over all answers.

    Both are those of the answer's bin.
    """
    found = reliability(confidences, right, bins)
    distance = sum(each.answers * abs(each.accuracy - each.confidence) for each in found)
    return distance / max(len(confidences), 1)


def calibrate(
    decoder: Decoder,
    sentences: Sequence[ScoredSentence],
    intent_scores: Scores,
    intents: NDArray[np.int64],
) -> Calibration:
    """
    Find the temperatures of slots and of intents on sentences that were not trained on.

    intent_scores: (sentences, intents), and intents: (sentences,), negative where unknown. Of
    more than 2000 sentences so many are looked at, evenly spread.
    """
    known = intents >= 0
    intent_scores, intents = intent_scores[known], intents[known]
    intent_temperature = 1.0
    if len(intents) >= FEWEST_ANSWERS and intent_scores.shape[1]:
        at = np.stack([softmax(intent_scores / T).max(axis=1) for T in TEMPERATURES])
        intent_temperature = TEMPERATURES[
            _best_temperature(at, intent_scores.argmax(axis=1) == intents)
        ]
    spread = np.linspace(0, len(sentences) - 1, min(len(sentences), MOST_SENTENCES)).astype(int)
    rows, right, at = _confidences(decoder, [sentences[number] for number in spread])
    if len(right) < FEWEST_ANSWERS:
        return Calibration(intent_temperature=intent_temperature)
    return Calibration(
        TEMPERATURES[_best_temperature(at, right)],
        intent_temperature,
        _cross_validated_error(rows, right, at),
    )


def _confidences(
    decoder: Decoder, sentences: Sequence[ScoredSentence]
) -> tuple[NDArray[np.int64], Facts, Confidences]:
    """Of each predicted slot its sentence, whether it is right, and its confidence at each T."""
    rows: list[int] = []
    right: list[bool] = []
    columns: list[list[float]] = []
    for row, sentence in enumerate(sentences):
        gold = set(read_spans(sentence.tags))
        at = [decoder((sentence.scores / T).astype(np.float32)) for T in TEMPERATURES]
        for number, span in enumerate(at[0].spans):
            if span.name not in sentence.unannotated:
                rows.append(row)
                right.append(span in gold)
                columns.append([decoded.span_confidences[number] for decoded in at])
    return (
        np.array(rows, np.int64),
        np.array(right, np.bool_),
        np.array(columns, np.float64).reshape(-1, len(TEMPERATURES)).T,
    )


def _best_temperature(at: Confidences, right: Facts) -> int:
    """
    The number of the temperature at which right answers are likeliest to be right.

    That is the least cross-entropy of confidence and fact. As no finite temperature would suit
    answers that are all right, facts are taken for a little less than certain, as by J. Platt
    (Probabilistic Outputs for Support Vector Machines, 1999).
    """
    positive = int(right.sum())
    negative = len(right) - positive
    facts = np.where(right, (positive + 1) / (positive + 2), 1 / (negative + 2))
    at = np.clip(at, 1e-12, 1 - 1e-12)
    losses = -(facts * np.log(at) + (1 - facts) * np.log1p(-at)).mean(axis=1)
    return int(losses.argmin())


def _cross_validated_error(rows: NDArray[np.int64], right: Facts, at: Confidences) -> float | None:
    """
    The error of answers whose temperature was found on the other half of the sentences, if any.

    The two halves together are one measurement; the mean of ten, each halved by chance, is meant.
    """
    random = np.random.default_rng(0)
    sentences = np.unique(rows)
    if len(sentences) < 2:
        return None
    errors = []
    for _ in range(HALVINGS):
        half = random.permutation(sentences)[: len(sentences) // 2]
        inside = np.isin(rows, half)
        confidences = np.empty(len(right))
        for measured, fitted in ((inside, ~inside), (~inside, inside)):
            best = _best_temperature(at[:, fitted], right[fitted])
            confidences[measured] = at[best, measured]
        errors.append(calibration_error(confidences, right))
    return float(np.mean(errors))
