"""What F1 does not tell of a bundle's answers."""

import numpy as np
import pytest

from app.tagging.decoder import Decoder
from app.tagging.slots import Slot, Span
from app.tagging.tagger import TaggedSentence
from training.corpora.splits import Utterance
from training.evaluation.trust import trust

WORDS = ("to", "rome")


def asked(*tags: str, unannotated: tuple[str, ...] = ()) -> Utterance:
    return Utterance(WORDS, tags, unannotated=unannotated)


def answered(*slots: tuple[str, float]) -> TaggedSentence:
    """Slots of the second word."""
    decoded = Decoder(("city",))(np.zeros((2, 3), np.float32))
    found = [Slot(name, "rome", 1, 2, confidence) for name, confidence in slots]
    spans = [Span(slot.name, slot.start, slot.end) for slot in found]
    return TaggedSentence(WORDS, (0, 1), decoded, spans, found, [])


def test_slots_of_sentences_that_fill_nothing_are_counted() -> None:
    gold = [asked("O", "O"), asked("O", "O"), asked("O", "B-city")]
    found = trust(gold, [answered(("city", 0.5)), answered(), answered(("city", 0.5))])
    assert (found.slotless, found.slotless_with_slot) == (2, 50.0)


def test_sure_slots_are_right_or_wrong() -> None:
    gold = [asked("O", "B-city")] * 4
    sure = [("city", 0.9), ("city", 1.0), ("day", 0.95), ("day", 0.89)]
    found = trust(gold, [answered(each) for each in sure])
    assert found.sure == 3
    assert found.sure_right == pytest.approx(200 / 3)


def test_confidences_as_high_as_the_share_of_right_answers_have_no_error() -> None:
    gold = [asked("O", "B-city")] * 2
    half = trust(gold, [answered(("city", 0.5)), answered(("day", 0.5))])
    assert half.calibration_error == 0.0
    one = trust(gold, [answered(("city", 0.75)), answered(("day", 0.75))])
    assert one.calibration_error == 0.25


def test_what_gold_does_not_annotate_is_neither_right_nor_wrong() -> None:
    found = trust([asked("O", "O", unannotated=("city",))], [answered(("city", 0.99))])
    assert (found.sure, found.slotless_with_slot) == (0, 0.0)


def test_without_sentences_there_is_no_share() -> None:
    found = trust([], [])
    assert (found.slotless_with_slot, found.sure_right) == (None, None)
    assert "None" not in found.table()


def test_the_table_has_a_line_for_each_figure() -> None:
    table = trust([asked("O", "O")], [answered(("city", 0.95))]).table()
    assert table.splitlines() == [
        "sentences without a slot: 1, 100.0 % of which get one",
        "slots with confidence 0.9 and more: 1, 0.0 % of them right",
        "expected calibration error of slots: 0.9500",
    ]
