"""Values and numbers that training sentences have in the same slot, apart from all others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.tagging.features import normalise
from app.tagging.slots import Span, read_spans
from app.tagging.tagger import TaggedSentence
from app.tagging.tokenizer import words_of
from training.corpora.utterances import Utterance
from training.evaluation.bootstrap import Counts, f1, interval, resampled_sums
from training.evaluation.calibration import calibration_error

# A slot's name and its value as the networks read it.
Filling = tuple[str, tuple[str, ...]]

GROUPS = ("values_seen", "values_unseen", "numbers_seen", "numbers_unseen")
_RESAMPLES = 1000
# From fewer answers no calibration error can be told.
FEWEST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """
    Figures of the spans of one group: F1, precision and recall in per cent.

    gold, predicted: how many there are; interval: the middle 95 % of F1 in a bootstrap over
    sentences; calibration_error: the expected one of what was predicted, 0 to 1, None where fewer
    than 50 were.
    """

    gold: int
    predicted: int
    slot_f1: float
    slot_precision: float
    slot_recall: float
    interval: tuple[float, float]
    calibration_error: float | None


def filling(utterance: Utterance, span: Span) -> Filling:
    """The name and the value of a slot of the utterance."""
    return span.name, tuple(map(normalise, utterance.tokens[span.start : span.end]))


def values_of(utterances: Iterable[Utterance]) -> set[Filling]:
    """Every value that a slot has in the utterances."""
    return {filling(each, span) for each in utterances for span in read_spans(each.tags)}


def groups_of(value: Filling, learnt: Collection[Filling]) -> tuple[str, ...]:
    """The groups that a value is of; a number is what has a digit, of any script."""
    seen = "seen" if value in learnt else "unseen"
    is_number = any(letter.isnumeric() for word in value[1] for letter in word)
    return (f"values_{seen}", f"numbers_{seen}") if is_number else (f"values_{seen}",)


def group_spans(
    learnt: Collection[Filling],
    utterances: Sequence[Utterance],
    predicted: Sequence[Sequence[str]],
) -> dict[str, Counts]:
    """Of each group (sentences, 3): how many spans are right, predicted and in gold."""
    counts = {group: np.zeros((len(utterances), 3), np.int64) for group in GROUPS}
    for row, (utterance, tags) in enumerate(zip(utterances, predicted, strict=True)):
        spans = read_spans(tags)
        values, missed = _gold_values(utterance)
        for name, words in (*values.values(), *missed):
            for group in groups_of((name, words), learnt):
                counts[group][row, 2] += 1
        for span, value in zip(spans, _predicted_values(utterance, spans, values), strict=True):
            for group in groups_of(value, learnt):
                counts[group][row, 1] += 1
                counts[group][row, 0] += span in values
    return counts


def unseen_spans(
    learnt: Collection[Filling],
    utterances: Sequence[Utterance],
    predicted: Sequence[Sequence[str]],
) -> Counts:
    """Of values that training has not, (sentences, 3): spans right, predicted and in gold."""
    return group_spans(learnt, utterances, predicted)["values_unseen"]


def seen_figures(
    learnt: Collection[Filling], utterances: Sequence[Utterance], taggings: Sequence[TaggedSentence]
) -> dict[str, GroupFigures]:
    """
    Figures of each group, without those that neither gold nor prediction has.

    A span that was found is of the group of the slot of the corpus that it overlaps most, so that
    a wrong edge of a known value is a mistake about a known value; where it overlaps none, of the
    group of what was found. Spans that tags cannot spell as they were written are missed.
    """
    tags = [tagging.tags for tagging in taggings]
    spans = group_spans(learnt, utterances, tags)
    answers = _answers(learnt, utterances, taggings)
    return {
        group: _figures(spans[group], *answers[group]) for group in GROUPS if spans[group].any()
    }


def seen_table(figures: Mapping[str, GroupFigures]) -> str:
    """Plain text: a line for each group."""
    lines = [
        f"{'slots whose value is':<25}  gold  found      F1   95 % interval      calibration error"
    ]
    for group, each in figures.items():
        low, high = each.interval
        error = "–" if each.calibration_error is None else f"{each.calibration_error:.4f}"
        label = group.replace("_", " ").replace("unseen", "not in training")
        label = label.replace("seen", "in training")
        lines.append(
            f"{label:<25}{each.gold:6}{each.predicted:7}{each.slot_f1:8.2f}"
            f"{low:9.2f} to {high:6.2f}{error:>20}"
        )
    return "\n".join(lines)


def _answers(
    learnt: Collection[Filling], utterances: Sequence[Utterance], taggings: Sequence[TaggedSentence]
) -> Mapping[str, tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    """The confidences of what was predicted of each group, and whether it is right."""
    found: dict[str, list[tuple[float, bool]]] = {group: [] for group in GROUPS}
    for utterance, tagging in zip(utterances, taggings, strict=True):
        spans = read_spans(tagging.tags)
        values, _ = _gold_values(utterance)
        of_spans = _predicted_values(utterance, spans, values)
        for span, value, slot in zip(spans, of_spans, tagging.slots, strict=True):
            for group in groups_of(value, learnt):
                found[group].append((slot.confidence, span in values))
    return {
        group: (
            np.array([confidence for confidence, _ in answers], np.float64),
            np.array([right for _, right in answers], np.bool_),
        )
        for group, answers in found.items()
    }


def _figures(
    counts: Counts, confidences: NDArray[np.float64], right: NDArray[np.bool_]
) -> GroupFigures:
    correct, predicted, gold = counts.sum(axis=0).tolist()
    drawn = resampled_sums(counts, _RESAMPLES, np.random.default_rng(0))
    # Of a small group a sample may have nothing.
    drawn = drawn[drawn.any(axis=1)]
    return GroupFigures(
        gold=gold,
        predicted=predicted,
        slot_f1=float(f1(counts.sum(axis=0))),
        slot_precision=100 * correct / max(predicted, 1),
        slot_recall=100 * correct / max(gold, 1),
        interval=interval(f1(drawn)),
        calibration_error=(
            calibration_error(confidences, right) if len(right) >= FEWEST_ANSWERS else None
        ),
    )


def _gold_values(utterance: Utterance) -> tuple[dict[Span, Filling], list[Filling]]:
    """The values of the spans that can be found, and of those that tags cannot spell."""
    values = {span: filling(utterance, span) for span in utterance.exact_spans}
    missed = [
        (each.name, tuple(map(normalise, words_of(each.value)))) for each in utterance.changed
    ]
    return values, missed


def _predicted_values(
    utterance: Utterance, spans: Iterable[Span], gold: Mapping[Span, Filling]
) -> list[Filling]:
    """Of each predicted span the value by which it is grouped."""
    return [
        gold[most]
        if (most := max(gold, key=partial(_overlap, span), default=None))
        and _overlap(span, most) > 0
        else filling(utterance, span)
        for span in spans
    ]


def _overlap(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
