"""
Precision, recall and F1 of slots, as conlleval counts them.

A predicted span is right when the same sentence has one of the same name, start and end; what
divides by nothing is 0. Figures are in per cent.

Gold is an utterance, or tags alone. Spans of an utterance that its tags cannot spell as they were
written count as missed, and so whatever is found in their place as wrong; slots that it does not
annotate are neither right nor wrong.

The counting is ours because no library gives what the intervals need, counts of each sentence.
seqeval has not been released since 2020, as source only, and brings scikit-learn and scipy.
nervaluate is maintained and needs nothing, but counts in four ways, each again for every slot:
half a second for the dev queries of ATIS in place of 8 ms. Neither knows sentences or intents.
tests/training/evaluation/test_metrics.py holds the figures to both libraries.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.tagging.slots import read_spans
from training.corpora.utterances import Utterance
from training.evaluation.bootstrap import interval, resampled_sums

Gold = Utterance | Sequence[str]

# What is counted of a sentence.
_CORRECT, _PREDICTED, _GOLD, _EXACT, _ONE, _INTENT_RIGHT, _INTENT_KNOWN = range(7)
_MEASURES = 7


@dataclass(frozen=True, slots=True)
class SlotFigures:
    """Figures of one slot; `support` is how often gold has it, `predicted` the prediction."""

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True, slots=True)
class Report:
    """
    How a prediction compares with gold, in per cent.

    `sentence_accuracy` asks that all slots of a sentence are right and none is too many;
    `intent_accuracy`, of the sentences whose intent gold knows, is None where it knows none.
    `macro_f1` is the mean of the slots' F1, a rare slot of gold or prediction counting as much as
    a frequent one. `intervals` hold 95 % of a bootstrap over sentences, low and high.
    `changed_spans` is how many spans of gold tags cannot spell as they were written: missed, all.
    """

    sentences: int
    slot_f1: float
    slot_precision: float
    slot_recall: float
    macro_f1: float
    sentence_accuracy: float
    intent_accuracy: float | None
    slots: Mapping[str, SlotFigures]
    intervals: Mapping[str, tuple[float, float]]
    changed_spans: int = 0

    @property
    def spans(self) -> int:
        """How many spans gold has."""
        return sum(slot.support for slot in self.slots.values())

    @property
    def changed_share(self) -> float:
        """The share of gold's spans that tags cannot spell as they were written, in per cent."""
        return float(_ratio(self.changed_spans, self.spans))

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON has them; `macro_f1` is left to the table."""
        return {
            "sentences": self.sentences,
            "slot_f1": self.slot_f1,
            "slot_precision": self.slot_precision,
            "slot_recall": self.slot_recall,
            "sentence_accuracy": self.sentence_accuracy,
            "intent_accuracy": self.intent_accuracy,
            "slots": {
                name: {
                    "precision": figures.precision,
                    "recall": figures.recall,
                    "f1": figures.f1,
                    "support": figures.support,
                    "predicted": figures.predicted,
                }
                for name, figures in self.slots.items()
            },
            "intervals": {name: list(limits) for name, limits in self.intervals.items()},
            "changed_spans": {"count": self.changed_spans, "share": self.changed_share},
        }

    def table(self) -> str:
        """Plain text: a line for each slot, then the main figures with their intervals."""
        width = max(len(name) for name in [*self.slots, "sentence accuracy"])
        lines = [
            f"{'slot':<{width}}  precision   recall       F1     gold  predicted",
            *(
                f"{name:<{width}}  {slot.precision:9.2f}{slot.recall:9.2f}{slot.f1:9.2f}"
                f"{slot.support:9}{slot.predicted:11}"
                for name, slot in self.slots.items()
            ),
            "",
            f"{'all slots':<{width}}  per cent   95 % interval",
        ]
        main = {
            "F1": ("slot_f1", self.slot_f1),
            "precision": ("slot_precision", self.slot_precision),
            "recall": ("slot_recall", self.slot_recall),
            "F1, mean of slots": ("macro_f1", self.macro_f1),
            "sentence accuracy": ("sentence_accuracy", self.sentence_accuracy),
            "intent accuracy": ("intent_accuracy", self.intent_accuracy),
        }
        for label, (name, value) in main.items():
            if value is not None:
                low, high = self.intervals.get(name, (None, None))
                limits = "" if low is None else f"   {low:6.2f} to {high:6.2f}"
                lines.append(f"{label:<{width}}  {value:8.2f}{limits}")
        lines.append(f"{'sentences':<{width}}  {self.sentences:8}")
        lines.append(
            f"{'spans changed':<{width}}  {self.changed_share:8.2f}   "
            f"{self.changed_spans} of {self.spans}, counted as missed"
        )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Slot F1, in per cent, of what was trained on so many sentences."""

    sentences: int
    slot_f1: float


def slot_f1(gold: Sequence[Gold], predicted: Sequence[Sequence[str]], *, missed: int = 0) -> float:
    """F1 over all slots in per cent, `missed` spans being in gold besides."""
    _, of_slots = _count(gold, predicted)
    correct, found, true = np.sum([*of_slots.values(), np.zeros(3, np.int64)], axis=0)
    return float(_ratio(2 * correct, found + true + missed))


def slot_report(
    gold: Sequence[Gold],
    predicted: Sequence[Sequence[str]],
    gold_intents: Sequence[str | None] | None = None,
    predicted_intents: Sequence[str | None] | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Report:
    """Compare BIO tags, and intents where both are given, sentence by sentence."""
    assert gold, "there is something to report on"
    of_sentences, of_slots = _count(gold, predicted)
    if gold_intents is not None and predicted_intents is not None:
        assert len(gold_intents) == len(predicted_intents) == len(gold), "an intent a sentence"
        known = np.array([intent is not None for intent in gold_intents])
        right = [one == other for one, other in zip(gold_intents, predicted_intents, strict=True)]
        of_sentences[:, _INTENT_KNOWN] = known
        of_sentences[:, _INTENT_RIGHT] = known & right
    main = _main_figures(of_sentences.sum(axis=0))
    slots = {name: _slot_figures(*counts.tolist()) for name, counts in sorted(of_slots.items())}
    intent_accuracy = main.get("intent_accuracy")
    return Report(
        sentences=len(gold),
        slot_f1=float(main["slot_f1"]),
        slot_precision=float(main["slot_precision"]),
        slot_recall=float(main["slot_recall"]),
        macro_f1=sum(slot.f1 for slot in slots.values()) / len(slots) if slots else 0.0,
        sentence_accuracy=float(main["sentence_accuracy"]),
        intent_accuracy=None if intent_accuracy is None else float(intent_accuracy),
        slots=slots,
        intervals=_intervals(of_sentences, resamples, seed),
        changed_spans=sum(len(each.changed) for each in gold if isinstance(each, Utterance)),
    )


def span_counts(gold: Sequence[Gold], predicted: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Of each sentence the spans right, predicted and in gold, and if all are right, 1 or 0."""
    return _count(gold, predicted)[0][:, : _EXACT + 1]


def _count(
    gold: Sequence[Gold], predicted: Sequence[Sequence[str]]
) -> tuple[NDArray[np.int64], dict[str, NDArray[np.int64]]]:
    """Counts of each sentence, (sentences, measures), and correct, predicted, gold of each slot."""
    of_sentences = np.zeros((len(gold), _MEASURES), np.int64)
    correct: Counter[str] = Counter()
    found: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for row, (one, tags) in enumerate(zip(gold, predicted, strict=True)):
        spans, missed = set(read_spans(tags)), []
        if isinstance(one, Utterance):
            assert len(one.tags) == len(tags), "gold and prediction tag the same tokens"
            gold_spans = set(one.exact_spans)
            missed = [span.name for span in one.changed]
            spans = {span for span in spans if span.name not in one.unannotated}
        else:
            assert len(one) == len(tags), "gold and prediction tag the same tokens"
            gold_spans = set(read_spans(one))
        both = gold_spans & spans
        of_sentences[row, : _ONE + 1] = (
            len(both),
            len(spans),
            len(gold_spans) + len(missed),
            spans == gold_spans and not missed,
            1,
        )
        correct.update(span.name for span in both)
        found.update(span.name for span in spans)
        true.update([*(span.name for span in gold_spans), *missed])
    of_slots = {
        name: np.array([correct[name], found[name], true[name]], np.int64) for name in found | true
    }
    return of_sentences, of_slots


def _main_figures(sums: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """From sums over sentences, (..., measures), the figures, each (...)."""
    correct, found, true, exact, sentences, right, known = np.moveaxis(sums, -1, 0)
    figures = {
        "slot_f1": _ratio(2 * correct, found + true),
        "slot_precision": _ratio(correct, found),
        "slot_recall": _ratio(correct, true),
        "sentence_accuracy": _ratio(exact, sentences),
    }
    if known.any():
        figures["intent_accuracy"] = _ratio(right, known)
    return figures


def _intervals(
    of_sentences: NDArray[np.int64], resamples: int, seed: int
) -> dict[str, tuple[float, float]]:
    """The middle 95 % of the figures of corpora drawn from the sentences."""
    drawn = resampled_sums(of_sentences, resamples, np.random.default_rng(seed))
    return {name: interval(figures) for name, figures in _main_figures(drawn).items()}


def _slot_figures(correct: int, predicted: int, support: int) -> SlotFigures:
    return SlotFigures(
        precision=float(_ratio(correct, predicted)),
        recall=float(_ratio(correct, support)),
        f1=float(_ratio(2 * correct, predicted + support)),
        support=support,
        predicted=predicted,
    )


def _ratio(part: Any, whole: Any) -> NDArray[np.float64]:
    """In per cent; 0 of nothing is 0."""
    return np.asarray(100.0 * np.asarray(part) / np.maximum(whole, 1), np.float64)
