"""Figures worked by hand, and those of two libraries."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from seqeval.metrics import sequence_labeling as seqeval

from app.tagging.slots import Span
from training.corpora.utterances import ChangedSpan, Utterance
from training.evaluation.metrics import SlotFigures, slot_f1, slot_report

Tags = list[list[str]]
Pairs = list[list[tuple[str, str]]]


def tags(*sentences: str) -> Tags:
    return [sentence.split() for sentence in sentences]


GOLD = tags("O B-city I-city O B-time", "B-city O", "O O", "B-seat I-seat")
PREDICTED = tags("O B-city I-city O O", "B-time O", "O O", "B-seat I-seat")


def test_figures_worked_by_hand() -> None:
    report = slot_report(GOLD, PREDICTED, ["a", "a", "b", None], ["a", "b", "b", "b"])
    assert report.sentences == 4
    assert report.slot_precision == pytest.approx(100 * 2 / 3)
    assert report.slot_recall == pytest.approx(50)
    assert report.slot_f1 == pytest.approx(100 * 4 / 7)
    assert report.sentence_accuracy == 50
    assert report.intent_accuracy == pytest.approx(100 * 2 / 3)
    assert report.slots == {
        "city": SlotFigures(100, 50, 100 * 2 / 3, 2, 1),
        "seat": SlotFigures(100, 100, 100, 1, 1),
        "time": SlotFigures(0, 0, 0, 1, 1),
    }
    assert report.macro_f1 == pytest.approx((100 * 2 / 3 + 100 + 0) / 3)
    assert slot_f1(GOLD, PREDICTED) == report.slot_f1


@pytest.mark.parametrize(
    ("predicted", "right"),
    [
        ("O B-a I-a O", True),
        ("O I-a I-a O", True),  # an I- that continues nothing opens a span
        ("O B-a O O", False),
        ("B-a I-a I-a O", False),
        ("O B-a B-a O", False),
        ("O B-a I-b O", False),
        ("O B-b I-b O", False),
        ("B-a B-a I-a O", False),
    ],
)
def test_a_sentence_is_right_when_its_spans_are(predicted: str, right: bool) -> None:
    report = slot_report(tags("O B-a I-a O"), tags(predicted))
    assert report.sentence_accuracy == (100 if right else 0)


def test_where_there_is_no_slot_the_figures_are_0_and_the_sentences_right() -> None:
    report = slot_report(tags("O O", "O"), tags("O O", "O"))
    assert (report.slot_f1, report.slot_precision, report.slot_recall) == (0, 0, 0)
    assert (report.macro_f1, report.sentence_accuracy) == (0, 100)
    assert report.slots == {}
    assert slot_f1([], []) == 0


def test_without_intents_there_is_no_intent_accuracy() -> None:
    assert slot_report(GOLD, PREDICTED).intent_accuracy is None
    unknown: list[str | None] = [None] * 4
    report = slot_report(GOLD, PREDICTED, unknown, ["a"] * 4)
    assert report.intent_accuracy is None
    assert "intent_accuracy" not in report.intervals
    assert slot_report(GOLD, PREDICTED, ["a"] * 4, unknown).intent_accuracy == 0


def test_json_has_the_promised_keys_and_values() -> None:
    report = slot_report(GOLD, PREDICTED, ["a"] * 4, ["a"] * 4)
    read = json.loads(json.dumps(report.as_json()))
    assert set(read) == {
        *("sentences", "slot_f1", "slot_precision", "slot_recall"),
        *("sentence_accuracy", "intent_accuracy", "slots", "intervals", "changed_spans"),
    }
    assert read["slot_f1"] == report.slot_f1
    city = report.slots["city"]
    assert read["slots"]["city"] == {
        "precision": city.precision,
        "recall": city.recall,
        "f1": city.f1,
        "support": 2,
        "predicted": 1,
    }
    assert read["intervals"] == {name: list(pair) for name, pair in report.intervals.items()}
    assert set(read["intervals"]) == {
        *("slot_f1", "slot_precision", "slot_recall", "sentence_accuracy", "intent_accuracy")
    }


def test_the_table_is_aligned() -> None:
    report = slot_report(tags("B-city", "B-a"), tags("B-city", "B-city"), resamples=10)
    low, high = report.intervals["slot_f1"]
    assert report.table().split("\n") == [
        "slot               precision   recall       F1     gold  predicted",
        "a                       0.00     0.00     0.00        1          0",
        "city                   50.00   100.00    66.67        1          2",
        "",
        "all slots          per cent   95 % interval",
        f"F1                    50.00   {low:6.2f} to {high:6.2f}",
        f"precision             50.00   {low:6.2f} to {high:6.2f}",
        f"recall                50.00   {low:6.2f} to {high:6.2f}",
        "F1, mean of slots     33.33",
        f"sentence accuracy     50.00   {low:6.2f} to {high:6.2f}",
        "sentences                 2",
        "spans changed          0.00   0 of 2, counted as missed",
    ]


def test_intervals_are_those_of_drawing_sentences_with_replacement() -> None:
    # 400 sentences of one slot, 300 right: the share that is right is binomial.
    gold = tags(*["B-a"] * 400)
    predicted = tags(*["B-a"] * 300, *["B-b"] * 100)
    report = slot_report(gold, predicted, resamples=20_000)
    right = np.random.default_rng(1).binomial(400, 0.75, 20_000) / 4
    expected = tuple(np.percentile(right, [2.5, 97.5]))
    for name in ("slot_f1", "slot_precision", "slot_recall", "sentence_accuracy"):
        assert report.intervals[name] == pytest.approx(expected, abs=0.3)


def test_intervals_are_the_same_for_the_same_seed_alone() -> None:
    gold, predicted = GOLD * 10, PREDICTED * 10
    report = slot_report(gold, predicted)
    assert slot_report(gold, predicted).intervals == report.intervals
    assert slot_report(gold, predicted, seed=1).intervals != report.intervals
    assert slot_report(gold[::-1], predicted[::-1]).intervals == report.intervals


def test_tags_and_intents_must_be_of_the_same_sentences() -> None:
    with pytest.raises(ValueError, match="zip"):
        slot_report(GOLD, PREDICTED[:3])
    with pytest.raises(AssertionError, match="the same tokens"):
        slot_report(tags("O O"), tags("O"))
    with pytest.raises(AssertionError, match="an intent a sentence"):
        slot_report(GOLD, PREDICTED, ["a"], ["a"])
    with pytest.raises(AssertionError, match="something to report"):
        slot_report([], [])


def test_spans_that_tags_cannot_spell_are_missed_and_their_stand_ins_wrong() -> None:
    stand_in = Span("city", 0, 1)
    gold = [
        Utterance(
            ("rome", "now"), ("B-city", "B-time"), changed=(ChangedSpan("city", "ro", stand_in),)
        ),
        Utterance(("go",), ("O",), changed=(ChangedSpan("city", "oslo"),)),
    ]
    report = slot_report(gold, tags("B-city B-time", "O"), resamples=10)
    assert report.slots == {
        "city": SlotFigures(0, 0, 0, 2, 1),
        "time": SlotFigures(100, 100, 100, 1, 1),
    }
    assert report.slot_f1 == pytest.approx(100 * 2 / (2 + 3))
    assert report.sentence_accuracy == 0
    assert (report.changed_spans, report.spans) == (2, 3)
    assert report.as_json()["changed_spans"] == {"count": 2, "share": pytest.approx(200 / 3)}
    assert report.table().endswith("66.67   2 of 3, counted as missed")
    assert slot_f1(gold, tags("B-city B-time", "O")) == report.slot_f1
    assert slot_f1(tags("O B-time", "O"), tags("O B-time", "O"), missed=2) == 50


def test_slots_that_an_utterance_does_not_annotate_are_neither_right_nor_wrong() -> None:
    gold = [Utterance(("a", "b"), ("B-x", "O"), unannotated=("y",))]
    assert slot_f1(gold, tags("B-x B-y")) == 100
    assert slot_f1(gold, tags("B-x B-z")) == pytest.approx(200 / 3)


sentences = st.lists(
    st.lists(
        st.tuples(*[st.sampled_from(["O", "B-a", "I-a", "B-b", "I-b", "B-c", "I-c"])] * 2),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(sentences)
def test_figures_are_those_of_seqeval(pairs: Pairs) -> None:
    gold, predicted = two_sides(pairs)
    report = slot_report(gold, predicted, resamples=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every division by zero
        assert report.slot_f1 == close(seqeval.f1_score(gold, predicted))
        assert report.slot_precision == close(seqeval.precision_score(gold, predicted))
        assert report.slot_recall == close(seqeval.recall_score(gold, predicted))
        if not report.slots:
            return
        assert report.macro_f1 == close(seqeval.f1_score(gold, predicted, average="macro"))
        of_slots = zip(*seqeval.precision_recall_fscore_support(gold, predicted), strict=True)
    # It names no slots, but has them sorted.
    for slot, (precision, recall, f1, support) in zip(report.slots.values(), of_slots, strict=True):
        assert slot.precision == close(precision)
        assert slot.recall == close(recall)
        assert slot.f1 == close(f1)
        assert slot.support == support


@settings(deadline=None)
@given(sentences)
def test_figures_are_those_of_nervaluate(pairs: Pairs) -> None:
    gold, predicted = two_sides(pairs)
    report = slot_report(gold, predicted, resamples=2)
    results = Evaluator(gold, predicted, tags=["a", "b", "c"], loader="list").evaluate()
    strict = results["overall"]["strict"]
    assert report.slot_f1 == close(strict.f1)
    assert report.slot_precision == close(strict.precision)
    assert report.slot_recall == close(strict.recall)
    assert set(results["entities"]) == set(report.slots)
    for name, slot in report.slots.items():
        other = results["entities"][name]["strict"]
        assert slot.precision == close(other.precision)
        assert slot.recall == close(other.recall)
        assert slot.f1 == close(other.f1)
        assert (slot.support, slot.predicted) == (other.possible, other.actual)


def two_sides(pairs: Pairs) -> tuple[Tags, Tags]:
    return [[tag for tag, _ in one] for one in pairs], [[tag for _, tag in one] for one in pairs]


def close(share: float) -> object:
    return pytest.approx(100 * float(share), abs=1e-9)
