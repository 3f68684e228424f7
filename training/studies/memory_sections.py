"""Sections of a report on single sentences and slots: what a network remembers, and how long."""

from collections.abc import Mapping, Sequence
from statistics import fmean

import numpy as np

from training.reporting.charts import Series, line_chart
from training.reporting.document import Block, Cell, Heading, Paragraph, Picture, Shade, Table
from training.studies.claims import ComparisonData, Outcome, found_spans
from training.studies.cue_distance import FAR, CuedSlot
from training.studies.results import REMEMBERED, SENTENCES, VERBS, Answers
from training.studies.sections import listed

_REMEMBERING = (
    "feedforward",
    "feedforward-window",
    "elman",
    "jordan",
    "lstm-input-gates",
    "lstm",
    "gru",
)
_DISTANCES = ((1, 1), (2, 2), (3, 4), (5, 8), (9, None))


def sentences_section(outcomes: Mapping[str, Outcome]) -> list[Block]:
    """How the verb changes the city after it, and the likeliest slot of every word."""
    rows: list[list[Cell]] = []
    same = []
    for network, outcome in outcomes.items():
        row: list[Cell] = [network]
        every: list[float] = []
        for texts in SENTENCES.values():
            differences = _differences(outcome, texts, 1)
            every += differences
            row += [*(_likeliest(outcome, text, 1) for text in texts), _small(fmean(differences))]
        rows.append(row)
        if not any(every):
            same.append(network)
    headings = ["network"]
    for city in SENTENCES:
        headings += [*(f"{verb} {city}" for verb in VERBS), "difference"]
    blocks: list[Block] = [
        Heading(2, "To arrive and to leave"),
        Paragraph(
            "The same city after one verb and after the other: the likeliest slot of the city and "
            "its probability. The difference is half the sum of the differences between all its "
            "probabilities: 0 where they are the very same, 1 where nothing is shared; it is a "
            "mean over the seeds, the answers are the first seed's."
        ),
        Paragraph(
            "The very same distribution, to the last bit and with every seed, is given to a city "
            f"after either verb by: {listed(same)}."
        ),
        Table(headings, rows, numbers=(3, 6)),
    ]
    some = next(iter(outcomes.values())).answers[0]
    for text in (text for texts in SENTENCES.values() for text in texts):
        tokens = some.answers[text].tokens
        blocks += [
            Heading(3, f"“{text}”"),
            Table(
                ["network", *tokens],
                [
                    [network, *(_likeliest(outcome, text, at) for at in range(len(tokens)))]
                    for network, outcome in outcomes.items()
                ],
                "Of each word the likeliest slot and its probability; first seed.",
            ),
        ]
    return blocks


def memory_section(material: ComparisonData) -> list[Block]:
    """How far back a network remembers, in an example sentence and in the corpus."""
    return [
        Heading(2, "How long the networks remember"),
        *_verbs_remembered(material.outcomes),
        *_recall_by_distance(material),
    ]


def _verbs_remembered(outcomes: Mapping[str, Outcome]) -> list[Block]:
    series = [
        Series(
            network,
            [
                (gap, fmean(_differences(outcomes[network], texts, 1 + gap)))
                for gap, texts in REMEMBERED.items()
            ],
        )
        for network in _REMEMBERING
        if network in outcomes
    ]
    if not series:
        return []
    return [
        Paragraph(
            "“arrive please please … Boston” against “leave please please … Boston”: the "
            "difference between the probabilities of the city, as above, the more often it is "
            "asked please. No such sentence was trained on."
        ),
        Picture(
            "memory",
            line_chart(
                "How far the verb is remembered",
                series,
                "words between verb and city",
                "difference",
                floor=0.0,
            ),
            "Difference that the verb makes to the city, by the words between them.",
        ),
    ]


def _recall_by_distance(material: ComparisonData) -> list[Block]:
    headings = ["network"]
    chosen = []
    for low, high in _DISTANCES:
        slots = [
            slot
            for slot in material.decided
            if slot.distance >= low and (high is None or slot.distance <= high)
        ]
        name = f"{low} or more" if high is None else f"{low} to {high}" if high > low else str(low)
        headings.append(f"{name} ({len(slots)})")
        chosen.append(slots)
    rows: list[list[Cell]] = []
    for network, outcome in material.outcomes.items():
        rows.append([network, *(_recall(outcome, slots) for slots in chosen)])
    return [
        Paragraph(
            "Recall, in per cent, of slots of dev that their own words leave open, by how many "
            "words before the slot the word stands that decides it. A slot is open when training "
            "saw its value fill other slots too. The deciding word is the one that speaks for it "
            "most, counted in training among the words that fill no slot: how often it stands "
            "before the slot, times the logarithm of how much oftener than before the others. "
            f"From {FAR} words on we call a slot decided from afar."
        ),
        Table(
            headings,
            rows,
            "In brackets, how many slots there are.",
            numbers=range(1, len(headings)),
        ),
    ]


def _recall(outcome: Outcome, slots: Sequence[CuedSlot]) -> str:
    if not slots:
        return "–"
    found = [slot.span in spans[slot.sentence] for spans in found_spans(outcome) for slot in slots]
    return f"{100 * fmean(found):.1f}"


def _differences(outcome: Outcome, texts: Sequence[str], place: int) -> list[float]:
    """For each seed, how much the probabilities of the word at `place` differ between texts."""
    return [
        difference(*(answers.answers[text].distributions[place] for text in texts))
        for answers in outcome.answers
    ]


def difference(one: Sequence[float], other: Sequence[float]) -> float:
    """The total variation distance: 0 for equal distributions, 1 for disjoint ones."""
    return float(np.abs(np.subtract(one, other)).sum() / 2)


def _small(value: float) -> str:
    """Three decimals, but `0` only for zero itself."""
    return f"{value:.3f}" if value >= 0.0005 else f"{value:.1g}"


def _likeliest(outcome: Outcome, text: str, place: int) -> Shade:
    answers: Answers = outcome.answers[0]
    distribution = answers.answers[text].distributions[place]
    slot = int(np.argmax(distribution))
    name = answers.slots[slot - 1] if slot else "none"
    return Shade(f"{name} {distribution[slot]:.2f}", distribution[slot] if slot else 0.0)
