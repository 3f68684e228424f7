"""Sections of a report, each a function from results to blocks."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Literal

import numpy as np

from training.reporting.charts import Row, Series, interval_chart, line_chart
from training.reporting.document import (
    Badge,
    Block,
    Cell,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from training.studies.claims import Comparison, Finding, Outcome
from training.studies.figures import Figures
from training.studies.results import TIMED
from training.studies.verdicts import Verdict

# Networks whose learning curves share a drawing.
FAMILIES = {
    "simple": ("feedforward", "feedforward-window", "elman", "jordan"),
    "gated": ("lstm-input-gates", "lstm", "lstm-peephole-full", "lstm-peephole", "gru"),
    "both ways": ("bielman", "bijordan", "bilstm", "bilstm-peephole", "bigru"),
    "deeper, and other inputs": (
        "lstm-stacked",
        "bilstm-stacked",
        "bilstm-words",
        "bilstm-trigrams",
    ),
}
_TONES: dict[Verdict, Literal["good", "bad", "open"]] = {
    "borne out": "good",
    "not borne out": "bad",
    "undecided": "open",
}

Outcomes = Mapping[str, Outcome]


def figures_section(figures: Sequence[Figures]) -> list[Block]:
    """The table of figures, and a chart of F1."""
    rows: list[list[Cell]] = [
        [
            each.network,
            f"{each.slot_f1:.2f}",
            "–" if each.f1_deviation is None else f"{each.f1_deviation:.2f}",
            f"{each.sentence_accuracy:.1f}",
            f"{each.train_f1:.2f}",
            f"{each.parameters:,}",
            f"{each.memory_parameters:,}",
            f"{each.bundle_bytes / 1024:,.0f}",
            f"{each.epochs:.0f}",
            f"{each.seconds:.0f}",
            f"{each.milliseconds:.3f}",
        ]
        for each in figures
    ]
    headings = (
        "network",
        "slot F1",
        "±",
        "sentences right, %",
        "slot F1 on train",
        "parameters",
        "of them between embedding and output",
        "bundle, KiB",
        "epochs",
        "training, s",
        "answer, ms",
    )
    best = max(figures, key=lambda each: each.slot_f1)
    return [
        Heading(2, "Figures"),
        Table(headings, rows, numbers=range(1, len(headings))),
        Paragraph(
            f"The highest mean is that of {best.network}; whether that is more than chance, the "
            "comparisons below say."
        ),
        Paragraph(
            "Means over the seeds; ± is the standard deviation of slot F1 among them. A sentence "
            "is right when all its slots are and none is too many. Training is told in seconds of "
            "the processor, which a second fit beside it does not lengthen. An answer is the "
            f"median of 500 runs of onnxruntime over {len(TIMED.split())} words, on one thread, "
            "the networks in turn."
        ),
        Picture(
            "f1",
            interval_chart(
                "Slot F1 of each network",
                [
                    Row(
                        each.network,
                        each.slot_f1,
                        min(each.f1_seeds),
                        max(each.f1_seeds),
                        each.f1_seeds,
                    )
                    for each in figures
                ],
                "slot F1 on dev; the small dots are seeds",
            ),
            "Slot F1 of each network on dev, the mean and each seed.",
        ),
    ]


def claims_section(claims: Sequence[Finding]) -> list[Block]:
    """An overview of the verdicts, then each claim with its comparisons."""
    if not claims:
        return []
    blocks: list[Block] = [
        Heading(2, "What the lecture says, and what the data say"),
        Paragraph(
            "Each comparison is the difference between two networks over all seeds together. Its "
            "interval holds the middle 95 % of 2000 bootstrap samples of the sentences, both "
            "networks answering the same ones; it knows nothing of other seeds, so the seeds' own "
            "differences stand beside it. A comparison is borne out when all of the interval lies "
            "on the side claimed, not borne out when it lies on the other, and undecided when it "
            "does neither. A claim is borne out by all its comparisons together, and one that is "
            "not borne out is enough against it."
        ),
        Table(
            ("claim", "verdict", "comparisons borne out"),
            [
                [
                    claim.title,
                    _badge(claim.verdict),
                    f"{_borne_out(claim.comparisons)} of {len(claim.comparisons)}",
                ]
                for claim in claims
            ],
        ),
    ]
    for of_lecture, title in ((True, "The lecture's claims"), (False, "Asked besides")):
        chosen = [claim for claim in claims if claim.of_lecture == of_lecture]
        if chosen:
            blocks.append(Heading(2, title))
        for claim in chosen:
            blocks += [
                Heading(3, f"{claim.title}: {claim.verdict}"),
                Paragraph(claim.says),
                Table(
                    ("networks", "difference in", "points", "95 % interval", "by seed", "verdict"),
                    [_comparison_row(comparison) for comparison in claim.comparisons],
                    numbers=(2, 3, 4),
                ),
            ]
    return blocks


def curves_section(outcomes: Outcomes, figures: Sequence[Figures]) -> list[Block]:
    """F1 after every epoch, and whether it had stopped rising."""
    ended = [each.network for each in figures if not each.to_the_end]
    others = [f"{each.network} ({each.late_rise:+.2f})" for each in figures if each.to_the_end]
    ending = (
        "F1 on dev had stopped rising, so that training ended before all its epochs were up, "
        f"with every seed of: {listed(ended)}."
    )
    if others:
        ending += (
            f" Some seed took all of them with: {listed(others)}; in brackets, by how many points "
            "the best F1 yet rose over the last quarter of the epochs, as a mean over the seeds."
        )
    blocks: list[Block] = [Heading(2, "Learning curves"), Paragraph(ending)]
    left = set(outcomes).difference(*FAMILIES.values())
    families = {**FAMILIES, "others": tuple(network for network in outcomes if network in left)}
    for family, networks in families.items():
        series = [
            Series(network, *_curves(outcomes[network]))
            for network in networks
            if network in outcomes
        ]
        if series:
            blocks.append(
                Picture(
                    f"learning-{family.split(',')[0].replace(' ', '-')}",
                    line_chart(
                        f"Learning curves: {family}",
                        series,
                        "epoch",
                        "slot F1 on dev",
                        floor=_floor(series),
                    ),
                    f"Slot F1 on dev after each epoch, {family}: the mean and, faintly, each seed.",
                )
            )
    return blocks


def sweep_section(
    title: str, setting: str, f1: Mapping[str, Mapping[int, Sequence[float]]]
) -> list[Block]:
    """F1 of some networks against their width or depth."""
    if not f1:
        return []
    values = list(next(iter(f1.values())))
    rows: list[list[Cell]] = [
        [network, *(f"{fmean(seeds):.2f}" for seeds in of_network.values())]
        for network, of_network in f1.items()
    ]
    series = [
        Series(network, [(value, fmean(seeds)) for value, seeds in of_network.items()])
        for network, of_network in f1.items()
    ]
    return [
        Heading(2, title),
        Table([f"network, {setting}", *map(str, values)], rows, numbers=range(1, 1 + len(values))),
        Picture(
            setting,
            line_chart(title, series, setting, "slot F1 on dev"),
            f"Slot F1 on dev against {setting}, means over the seeds.",
        ),
    ]


def _comparison_row(comparison: Comparison) -> list[Cell]:
    evidence = comparison.evidence
    counted = evidence.low == evidence.high
    return [
        f"{comparison.networks[0]} against {comparison.networks[1]}",
        comparison.measure,
        f"{evidence.difference:+.2f}",
        "counted" if counted else f"{evidence.low:+.2f} to {evidence.high:+.2f}",
        " ".join(f"{difference:+.2f}" for difference in evidence.seeds),
        _badge(comparison.verdict),
    ]


def _badge(verdict: Verdict) -> Badge:
    return Badge(verdict, _TONES[verdict])


def _borne_out(comparisons: Sequence[Comparison]) -> int:
    return sum(comparison.verdict == "borne out" for comparison in comparisons)


def listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


Curve = list[tuple[float, float]]


def _curves(outcome: Outcome) -> tuple[Curve, list[Curve]]:
    """The mean curve of the seeds, as far as all of them go, and the curve of each."""
    seeds = [training.dev_f1 for training in outcome.trainings]
    mean = [fmean(values) for values in zip(*seeds, strict=False)]
    return _curve(mean), [_curve(seed) for seed in seeds]


def _curve(values: Sequence[float]) -> Curve:
    return [(float(epoch), value) for epoch, value in enumerate(values, start=1)]


def _floor(series: Sequence[Series]) -> float:
    """The lower limit of a chart of F1: its lowest value after a tenth of the epochs, in tens."""
    lowest = min(each.points[len(each.points) // 10][1] for each in series)
    return float(np.floor(lowest / 10) * 10)
