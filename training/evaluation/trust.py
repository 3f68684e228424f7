"""How far a bundle's answers can be relied on: what F1 does not tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.tagging.slots import Span, read_spans
from app.tagging.tagger import TaggedSentence
from training.corpora.splits import Utterance
from training.evaluation.calibration import calibration_error

SURE = 0.9  # a confidence from which on callers may well ask no more


@dataclass(frozen=True, slots=True)
class Trust:
    """
    What is made of sentences that fill nothing, and whether confidences can be believed.

    slotless: sentences whose gold has no slot; slotless_with_slot: the per cent of them that get
    one; sure: slots with a confidence of SURE and more; sure_right: the per cent of them that are
    right; both per cents are None where there is nothing to divide by. calibration_error: the
    expected calibration error of slots, 0 to 1.
    """

    slotless: int
    slotless_with_slot: float | None
    sure: int
    sure_right: float | None
    calibration_error: float

    def table(self) -> str:
        """A line for each figure."""
        with_slot, right = self.slotless_with_slot, self.sure_right
        invented = "" if with_slot is None else f", {with_slot:.1f} % of which get one"
        sure = "" if right is None else f", {right:.1f} % of them right"
        return (
            f"sentences without a slot: {self.slotless}{invented}\n"
            f"slots with confidence {SURE} and more: {self.sure}{sure}\n"
            f"expected calibration error of slots: {self.calibration_error:.4f}"
        )


def trust(utterances: Sequence[Utterance], taggings: Sequence[TaggedSentence]) -> Trust:
    """Compare answers about tokens with gold; slots that gold does not annotate are left out."""
    right: list[bool] = []
    confidences: list[float] = []
    slotless = with_slot = 0
    for utterance, tagging in zip(utterances, taggings, strict=True):
        gold = set(read_spans(utterance.tags))
        found = [slot for slot in tagging.slots if slot.name not in utterance.unannotated]
        right += [Span(slot.name, slot.start, slot.end) in gold for slot in found]
        confidences += [slot.confidence for slot in found]
        if not gold:
            slotless += 1
            with_slot += bool(found)
    known, facts = np.array(confidences, np.float64), np.array(right, np.bool_)
    sure = facts[known >= SURE]
    return Trust(
        slotless,
        100 * with_slot / slotless if slotless else None,
        len(sure),
        100 * float(sure.mean()) if len(sure) else None,
        calibration_error(known, facts),
    )
