"""The report of a comparison: Markdown and HTML, and its table as CSV and JSON."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.corpora.loading import Data
from training.corpora.utterances import count_spans
from training.evaluation.bootstrap import f1
from training.evaluation.metrics import span_counts
from training.experiment import Experiment
from training.reporting.document import Block, Heading, Paragraph, Picture, html, markdown
from training.studies.claims import ComparisonData, Outcome, judge_claims, outcome_of
from training.studies.cue_distance import cued_slots
from training.studies.figures import Figures, figures_of
from training.studies.memory_sections import memory_section, sentences_section
from training.studies.plan import Plan, TrainingRun
from training.studies.results import (
    ANSWERS,
    LATENCY,
    TRAINING,
    Answers,
    Training,
    read_result,
)
from training.studies.sections import (
    claims_section,
    curves_section,
    figures_section,
    sweep_section,
)

Sweep = Mapping[str, Mapping[int, Sequence[float]]]


def write_report(plan: Plan, folder: Path) -> list[Path]:
    """Write CORPUS.md, .html, .csv, .json and the drawings of the first; returns the paths."""
    outcomes = {network: read_outcome(plan.data, fits) for network, fits in plan.networks.items()}
    material = ComparisonData(plan.data, outcomes, cued_slots(plan.data.train, plan.data.dev))
    figures = [figures_of(network, outcome) for network, outcome in outcomes.items()]
    claims = judge_claims(material)
    widths, depths = _sweep(plan.data, plan.widths), _sweep(plan.data, plan.depths)
    blocks = [
        *_introduction(plan),
        *figures_section(figures),
        *claims_section(claims),
        *sentences_section(outcomes),
        *memory_section(material),
        *sweep_section("F1 against width", "width", widths),
        *sweep_section("F1 against depth", "depth", depths),
        *curves_section(outcomes, figures),
    ]
    whole = {
        "corpus": plan.corpus,
        "command": plan.command,
        "changed_spans": asdict(count_spans(plan.data.dev)),
        "networks": [asdict(each) for each in figures],
        "claims": [asdict(claim) for claim in claims],
        "widths": widths,
        "depths": depths,
    }
    prefix = f"{plan.corpus}-"
    files = {
        f"{plan.corpus}.md": markdown(blocks, prefix),
        f"{plan.corpus}.html": html(blocks),
        f"{plan.corpus}.csv": _csv(figures),
        f"{plan.corpus}.json": json.dumps(whole, indent=2) + "\n",
    }
    pictures = [block for block in blocks if isinstance(block, Picture)]
    files |= {f"{prefix}{picture.name}.svg": picture.svg + "\n" for picture in pictures}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]


def _introduction(plan: Plan) -> list[Block]:
    experiments = [fits[0].experiment for fits in plan.networks.values()]
    widths = sorted({experiment.network.hidden for experiment in experiments})
    epochs = sorted({experiment.training.epochs for experiment in experiments})
    seeds = len(next(iter(plan.networks.values())))
    seconds = sum(
        read_result(fit.folder / TRAINING, Training).seconds
        for fits in plan.networks.values()
        for fit in fits
    )
    notes = [
        f"{source.name}: {source.license}. {source.citation}".rstrip(". ") + "."
        for source in plan.sources
    ]
    return [
        Heading(1, f"The networks of the lecture on {plan.corpus}"),
        Paragraph(f"As `{plan.command}` wrote it."),
        Paragraph(
            f"Each network was trained {_times(seeds)} on the same {len(plan.data.train):,} "
            f"queries, its hidden layer {_or(widths)} wide in each direction, for at most "
            f"{_or(epochs)} epochs{_patience(experiments)}; the best epoch by F1 on dev was kept. "
            f"All figures are of the {len(plan.data.dev):,} queries of dev, which flatters every "
            "network alike: the epoch was chosen by them. Training took "
            f"{seconds / 60:.0f} minutes of one processor core in all. The settings are in "
            "`training/experiments`, a file a network. Of the spans of dev, tags cannot spell "
            f"{count_spans(plan.data.dev)} as they were written; they count as missed."
        ),
        Paragraph("Data: " + " ".join(notes)),
    ]


def _patience(experiments: Sequence[Experiment]) -> str:
    patience = {experiment.training.patience for experiment in experiments}
    if patience == {0}:
        return ""
    return f", or until F1 on dev had not risen for {_or(sorted(patience - {0}))}"


def _times(seeds: int) -> str:
    return "once" if seeds == 1 else f"{seeds} times, from other random weights,"


def _or(values: Sequence[int]) -> str:
    return " or ".join(map(str, values))


def read_outcome(data: Data, fits: Sequence[TrainingRun]) -> Outcome:
    """The outcome of the fits of one network, all of which are done."""
    milliseconds: float = json.loads((fits[0].folder / LATENCY).read_text())
    return outcome_of(
        data,
        [read_result(fit.folder / TRAINING, Training) for fit in fits],
        [read_result(fit.folder / ANSWERS, Answers) for fit in fits],
        fits[0].experiment.training.epochs,
        milliseconds,
    )


def _sweep(data: Data, sweep: Mapping[str, Mapping[int, Sequence[TrainingRun]]]) -> Sweep:
    def slot_f1(fit: TrainingRun) -> float:
        answers = read_result(fit.folder / ANSWERS, Answers)
        return float(f1(span_counts(data.dev, answers.dev_tags).sum(axis=0)))

    return {
        network: {value: [slot_f1(fit) for fit in fits] for value, fits in of_network.items()}
        for network, of_network in sweep.items()
    }


def _csv(figures: Sequence[Figures]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    rows: list[dict[str, Any]] = [asdict(each) for each in figures]
    writer.writerow(rows[0])
    for row in rows:
        row["f1_seeds"] = " ".join(f"{value:.4f}" for value in row["f1_seeds"])
        writer.writerow(
            [f"{cell:.4f}" if isinstance(cell, float) else cell for cell in row.values()]
        )
    return written.getvalue()
