"""The parts of an error report, each from an evaluation to blocks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.tagging.slots import Span, read_spans
from training.corpora.splits import repeats
from training.evaluation.calibration import BINS, calibration_error, reliability
from training.evaluation.error_types import KINDS, Kind, Mistake
from training.evaluation.evaluate import Evaluation, WithNoise, seen
from training.evaluation.metrics import CurvePoint, span_counts
from training.reporting.charts import Series, line_chart
from training.reporting.document import (
    Block,
    Cell,
    Heading,
    Paragraph,
    Picture,
    Quote,
    Shade,
    Table,
)

MOST_MISTAKES = 20
MOST_SENTENCES = 10  # of one mistake
MOST_CONFUSED = 20  # pairs that the matrix must hold
LENGTHS = ((1, 4), (5, 8), (9, 12), (13, 16), (17, 24), (25, None))
_MEANINGS: Mapping[Kind, str] = {
    "wrong name": "the right words under the name of another slot",
    "wrong boundaries": "the right name on too few words or too many",
    "wrong name and boundaries": "another slot on some of the words",
    "missed": "a slot where nothing was found",
    "spurious": "a slot found where there is none",
}
_GROUPS = {
    "values_seen": "seen in training",
    "values_unseen": "never seen",
    "numbers_seen": "numbers, seen",
    "numbers_unseen": "numbers, never seen",
}
_PART_FIGURES = ("sentences", "slots", "slot F1", "sentences all right, %")
_NO_TRAINING = Paragraph(
    "There is no training part to compare with: name what was trained on with `--train PATH`."
)

Group = tuple[Kind, str, str]
Chosen = NDArray[np.bool_]


def kinds_section(mistakes: Sequence[Mistake]) -> list[Block]:
    """How many mistakes there are of each kind."""
    counts = Counter(mistake.kind for mistake in mistakes)
    rows = [
        [kind, _MEANINGS[kind], str(counts[kind]), _share(counts[kind], len(mistakes))]
        for kind in KINDS
    ]
    return [
        Heading(2, "Kinds of mistakes"),
        Table(("mistake", "what it is", "times", "share, %"), rows, numbers=(2, 3)),
    ]


def frequent_section(evaluation: Evaluation, mistakes: Sequence[Mistake]) -> list[Block]:
    """The twenty most frequent mistakes with their sentences."""
    groups: defaultdict[Group, list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        groups[mistake.kind, _name(mistake.gold), _name(mistake.predicted)].append(mistake)
    ranked = sorted(groups.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    blocks: list[Block] = [
        Heading(2, "The most frequent mistakes"),
        Paragraph(
            "Between ⟦ and ⟧ stand the words of the corpus's slot or, where it has none, those of "
            "the slot that was found. Sentences are numbered from 1."
            if ranked
            else "There are none."
        ),
    ]
    for rank, (group, found) in enumerate(ranked[:MOST_MISTAKES], start=1):
        times = "once" if len(found) == 1 else f"{len(found)} times"
        shown = found[:MOST_SENTENCES]
        blocks += [
            Heading(3, f"{rank}. {_said(*group)}: {times}"),
            Table(
                ("sentence", "in the corpus", "found", "confidence", "words"),
                [_sentence(evaluation, mistake) for mistake in shown],
                f"The first {len(shown)} of {len(found)}." if len(shown) < len(found) else "",
                numbers=(3,),
            ),
        ]
    return blocks


def confusions_section(mistakes: Sequence[Mistake]) -> list[Block]:
    """Which slots have the right words and the name of another."""
    confused = Counter(
        (_name(mistake.gold), _name(mistake.predicted))
        for mistake in mistakes
        if mistake.kind == "wrong name"
    )
    heading = Heading(2, "Slots taken for one another")
    if not confused:
        return [heading, Paragraph("No slot has the right words and a wrong name.")]
    ranked = sorted(confused, key=lambda pair: (-confused[pair], pair))[:MOST_CONFUSED]
    golds, names = (sorted(set(each)) for each in zip(*ranked, strict=True))
    most = max(confused.values())
    rows: list[list[Cell]] = [
        [f"`{gold}`", *(_shade(confused[gold, name], most) for name in names)] for gold in golds
    ]
    caption = "Rows: the name in the corpus; columns: the name that was found."
    shown = sum(confused[gold, name] for gold in golds for name in names)
    if shown < confused.total():
        caption += f" {shown} of {confused.total()} mistakes, the most frequent."
    headings = ("", *(f"`{name}`" for name in names))
    return [heading, Table(headings, rows, caption, range(1, len(headings)))]


def slots_section(evaluation: Evaluation) -> list[Block]:
    """Every slot, the most mistaken first."""
    known, slots = set(evaluation.tagger.slots), evaluation.report.slots
    mistaken = {
        name: each.support + each.predicted - round(each.recall * each.support / 50)
        for name, each in slots.items()
    }
    rows = [
        [
            f"`{name}`" if name in known else f"`{name}`, unknown to the bundle",
            str(mistaken[name]),
            f"{slots[name].f1:.2f}",
            f"{slots[name].precision:.2f}",
            f"{slots[name].recall:.2f}",
            str(slots[name].support),
            str(slots[name].predicted),
        ]
        for name in sorted(slots, key=lambda name: (-mistaken[name], name))
    ]
    headings = ("slot", "not found or wrong", "F1", "precision", "recall", "corpus", "found")
    return [
        Heading(2, "Slot by slot"),
        Table(headings, rows, "The most mistaken first.", range(1, len(headings))),
    ]


def seen_section(evaluation: Evaluation) -> list[Block]:
    """Values that training sentences have in the same slot, against all others."""
    heading = Heading(2, "Values seen in training, and others")
    if (found := seen(evaluation)) is None:
        return [heading, _NO_TRAINING]
    rows: list[list[Cell]] = [
        [
            _GROUPS[group],
            str(figures.gold),
            str(figures.predicted),
            f"{figures.slot_f1:.2f}",
            f"{figures.interval[0]:.2f} to {figures.interval[1]:.2f}",
            f"{figures.slot_precision:.2f}",
            f"{figures.slot_recall:.2f}",
            "–" if figures.calibration_error is None else f"{figures.calibration_error:.4f}",
        ]
        for group, figures in found.items()
    ]
    caption = (
        "A value is seen where a training sentence has the same words, in any casing, in the same "
        "slot; a number is a value with a digit. A slot that was found counts with the slot of the "
        "corpus that it overlaps, or else by its own value. The last column is the expected "
        "calibration error of what was found."
    )
    headings = ("values", "corpus", "found", "F1", "95 %", "precision", "recall", "error")
    return [heading, Table(headings, rows, caption, range(1, len(headings)))]


def lengths_section(evaluation: Evaluation) -> list[Block]:
    """Short sentences and long ones."""
    lengths = np.array([len(each.tokens) for each in evaluation.corpus.utterances])
    parts = {}
    for low, high in LENGTHS:
        label = f"{low} to {high} words" if high else f"{low} words and more"
        parts[label] = (lengths >= low) & (lengths <= (high or lengths.max()))
    return [Heading(2, "By length of the sentence"), _parts_table(evaluation, parts)]


def duplicates_section(evaluation: Evaluation) -> list[Block]:
    """Sentences that training knows word for word, apart from the others."""
    heading = Heading(2, "Sentences that are in training too")
    if evaluation.train is None:
        return [heading, _NO_TRAINING]
    repeated = np.array(repeats(evaluation.train, evaluation.corpus))
    parts = {
        "all": np.ones_like(repeated),
        "in training, word for word": repeated,
        "not in training": ~repeated,
    }
    return [heading, _parts_table(evaluation, parts)]


def intents_section(evaluation: Evaluation) -> list[Block]:
    """Which intents are taken for which."""
    if evaluation.report.intent_accuracy is None:
        return []
    confused = Counter(
        (utterance.intent, tagging.intents[0][0] if tagging.intents else "none")
        for utterance, tagging in zip(
            evaluation.corpus.utterances, evaluation.taggings, strict=True
        )
        if utterance.intent is not None
    )
    rows: list[list[Cell]] = [
        [f"`{gold}`", f"`{predicted}`", str(times)]
        for (gold, predicted), times in sorted(
            confused.items(), key=lambda entry: (-entry[1], entry[0])
        )
        if gold != predicted
    ]
    heading = Heading(2, "Intents taken for one another")
    if not rows:
        return [heading, Paragraph("Every intent is right.")]
    headings = ("in the corpus", "found", "times")
    return [heading, Table(headings, rows[:MOST_MISTAKES], numbers=(2,))]


def calibration_section(evaluation: Evaluation) -> list[Block]:
    """Whether a confidence of 0.9 is right nine times in ten."""
    heading = Heading(2, "What a confidence is worth")
    answers = {"slots": _slot_answers(evaluation), "intents": _intent_answers(evaluation)}
    answers = {label: found for label, found in answers.items() if len(found[0])}
    if not answers:
        return [heading, Paragraph("There is no answer to judge by.")]
    errors = [f"{calibration_error(*found):.4f} for {label}" for label, found in answers.items()]
    made = evaluation.tagger.manifest.metrics.get("dev_calibration_error")
    bins = {label: reliability(*found) for label, found in answers.items()}
    rows: list[list[Cell]] = [
        [
            f"{label}, {each.low:.1f} to {each.high:.1f}",
            str(each.answers),
            f"{each.confidence:.3f}",
            f"{each.accuracy:.3f}",
        ]
        for label, found in bins.items()
        for each in found
    ]
    series = [
        Series("as it should be", [(tenth / 10, tenth / 10) for tenth in range(11)]),
        *(
            Series(label, [(each.confidence, each.accuracy) for each in found], dots=True)
            for label, found in bins.items()
        ),
    ]
    return [
        heading,
        Paragraph(
            "A confidence is the probability that the answer is right. Expected calibration "
            f"error, over {BINS} bins of equal width: {', '.join(errors)}."
            + ("" if made is None else f" Cross-validated when the bundle was made: {made:.4f}.")
        ),
        Picture(
            "calibration",
            line_chart("Right answers against confidence", series, "confidence", "share right"),
            "Answers of like confidence together: how sure they are, and how many are right. "
            "Below the straight line they are too sure of themselves.",
        ),
        Table(("answers", "number", "mean confidence", "share right"), rows, numbers=(1, 2, 3)),
    ]


def noise_section(noise: Mapping[str, WithNoise]) -> list[Block]:
    """What noise costs, by its kind."""
    if not noise:
        return []
    rows = [
        [kind, f"{each.clean_f1:.2f}", f"{each.slot_f1:.2f}", f"{each.loss:.2f}"]
        for kind, each in noise.items()
    ]
    return [
        Heading(2, "With noise"),
        Table(
            ("noise", "slot F1 without", "slot F1 with", "points lost"),
            rows,
            "Both of the sentences as running text. Means of three seeds; "
            "`training/evaluation/robustness.py` says what is done to a sentence.",
            (1, 2, 3),
        ),
    ]


def curve_section(curve: Sequence[CurvePoint]) -> list[Block]:
    """What more sentences would bring."""
    if not curve:
        return []
    points = [(float(point.sentences), point.slot_f1) for point in curve]
    rows = [[f"{point.sentences:,}", f"{point.slot_f1:.2f}"] for point in curve]
    return [
        Heading(2, "What more sentences would bring"),
        Picture(
            "learning-curve",
            line_chart(
                "Slot F1 against sentences",
                [Series("slot F1", points, dots=True)],
                "training sentences",
                "slot F1",
            ),
            "The bundle's own recipe on ever more of the training part; the epoch was chosen on "
            "the sentences that are measured here.",
        ),
        Table(("training sentences", "slot F1"), rows, numbers=(1,)),
    ]


def _sentence(evaluation: Evaluation, mistake: Mistake) -> list[Cell]:
    tokens = evaluation.corpus.utterances[mistake.sentence].tokens
    span = mistake.gold or mistake.predicted
    assert span is not None, "a mistake is about a slot"
    confidence = ""
    if mistake.number is not None:
        slot = evaluation.taggings[mistake.sentence].slots[mistake.number]
        confidence = f"{slot.confidence:.2f}"
    words = (*tokens[: span.start], f"⟦{_value(tokens, span)}⟧", *tokens[span.end :])
    return [
        str(mistake.sentence + 1),
        Quote(_value(tokens, mistake.gold)),
        Quote(_value(tokens, mistake.predicted)),
        confidence,
        Quote(" ".join(words)),
    ]


def _said(kind: Kind, gold: str, predicted: str) -> str:
    match kind:
        case "wrong name":
            return f"`{gold}` taken for `{predicted}`"
        case "wrong boundaries":
            return f"`{gold}` with other boundaries"
        case "wrong name and boundaries":
            return f"`{gold}` taken for `{predicted}`, with other boundaries"
        case "missed":
            return f"`{gold}` missed"
    return f"`{predicted}` where there is none"


def _parts_table(evaluation: Evaluation, parts: Mapping[str, Chosen]) -> Table:
    """Figures of some of the sentences; a part without any is left out."""
    counts = span_counts(
        evaluation.corpus.utterances,
        [tagging.tags for tagging in evaluation.taggings],
    )
    rows = []
    for label, chosen in parts.items():
        if not chosen.any():
            continue
        right, found, gold, exact = counts[chosen].sum(axis=0).tolist()
        sentences = int(chosen.sum())
        rows.append(
            [
                label,
                str(sentences),
                str(gold),
                _share(2 * right, found + gold),
                _share(exact, sentences),
            ]
        )
    return Table(("part", *_PART_FIGURES), rows, numbers=range(1, 1 + len(_PART_FIGURES)))


def _slot_answers(evaluation: Evaluation) -> tuple[NDArray[np.float64], Chosen]:
    """The confidence of every slot that was found, and whether it is right."""
    confidences, right = [], []
    for utterance, tagging in zip(evaluation.corpus.utterances, evaluation.taggings, strict=True):
        gold = set(utterance.exact_spans)
        for span, slot in zip(read_spans(tagging.tags), tagging.slots, strict=True):
            confidences.append(slot.confidence)
            right.append(span in gold)
    return np.array(confidences, np.float64), np.array(right, np.bool_)


def _intent_answers(evaluation: Evaluation) -> tuple[NDArray[np.float64], Chosen]:
    """The confidence of the likeliest intents where the corpus has one, and if they are right."""
    found = [
        (tagging.intents[0][1], tagging.intents[0][0] == utterance.intent)
        for utterance, tagging in zip(
            evaluation.corpus.utterances, evaluation.taggings, strict=True
        )
        if utterance.intent is not None and tagging.intents
    ]
    return (
        np.array([confidence for confidence, _ in found], np.float64),
        np.array([right for _, right in found], np.bool_),
    )


def _shade(times: int, most: int) -> Shade:
    return Shade(str(times) if times else "", times / most)


def _name(span: Span | None) -> str:
    return span.name if span else ""


def _value(tokens: Sequence[str], span: Span | None) -> str:
    return " ".join(tokens[span.start : span.end]) if span else ""


def _share(part: int, whole: int) -> str:
    """In per cent; of nothing there is no share."""
    return f"{100 * part / whole:.2f}" if whole else "–"
