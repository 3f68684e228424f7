"""A table of what each ingredient of a recipe brings, as Markdown and JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import stdev

import numpy as np

from app.tagging.bundle import open_bundle
from app.tagging.slots import tag_names
from app.tagging.tagger import Tagger
from training.batches import read_utterance
from training.comparison.ablation import WHOLE
from training.comparison.claims import Outcome
from training.comparison.document import Badge, Block, Cell, Heading, Paragraph, Table, markdown
from training.comparison.evidence import (
    Counts,
    Evidence,
    Verdict,
    f1_difference,
    is_more,
    paired_bootstrap,
)
from training.comparison.figures import Figures, metrics_of
from training.comparison.plan import Fit, Plan
from training.comparison.report import read_outcome
from training.comparison.results import BUNDLE
from training.data import Data
from training.metrics import span_counts

ARGMAX = "with plain argmax for decoding"
_WORDS: dict[Verdict, Badge] = {
    "borne out": Badge("pays", "good"),
    "not borne out": Badge("harms", "bad"),
    "undecided": Badge("undecided", "open"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A recipe with less in it, and by how much F1 of the whole one is higher; the first: none."""

    figures: Figures
    brings: Evidence | None


def write_ablation(plan: Plan, folder: Path) -> list[Path]:
    """Write CORPUS.md and .json of a plan whose fits are done; returns what it wrote."""
    lines = _lines(plan)
    whole = {
        "corpus": plan.corpus,
        "command": plan.command,
        "lines": [asdict(line) for line in lines],
    }
    files = {
        f"{plan.corpus}.md": markdown([*_introduction(plan), _table(lines)], ""),
        f"{plan.corpus}.json": json.dumps(whole, indent=2) + "\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]


def _lines(plan: Plan) -> list[Line]:
    outcomes = {name: read_outcome(plan.data, fits) for name, fits in plan.networks.items()}
    whole = outcomes[WHOLE]
    outcomes[ARGMAX] = replace(whole, dev=_argmax_counts(plan.networks[WHOLE], plan.data))
    return [
        Line(metrics_of(name, outcome), None if name == WHOLE else _brings(whole, outcome))
        for name, outcome in outcomes.items()
    ]


def _brings(whole: Outcome, less: Outcome) -> Evidence:
    counts = np.concatenate([outcome.dev[..., :3] for outcome in (whole, less)], axis=-1)
    return paired_bootstrap([counts], f1_difference)


def _argmax_counts(fits: Sequence[Fit], data: Data) -> Counts:
    """As of an outcome's dev, were each word's likeliest tag taken, whatever its neighbours'."""
    counts = []
    for fit in fits:
        tagger = Tagger(open_bundle(fit.folder / BUNDLE))
        tags = tag_names(tagger.slots)
        punctuation = tagger.manifest.punctuation == "read"
        gold = [read_utterance(each, punctuation=punctuation)[1] for each in data.dev]
        likeliest = [
            [tags[at] for at in tagger.scores(each.tokens).argmax(axis=1)] for each in data.dev
        ]
        counts.append(span_counts(gold, likeliest))
    return np.stack(counts)


def _introduction(plan: Plan) -> list[Block]:
    fits = plan.networks[WHOLE]
    seeds = "one seed" if len(fits) == 1 else f"{len(fits)} seeds"
    return [
        Heading(1, f"What each ingredient of the recipe brings on {plan.corpus}"),
        Paragraph(f"As `{plan.command}` wrote it."),
        Paragraph(
            f"Slot F1 on the {len(plan.data.dev):,} queries of dev, by which the epoch of each fit "
            f"was chosen, one of {fits[0].experiment.training.epochs}; means over {seeds}. What an "
            "ingredient brings is F1 of the recipe less F1 without it. ± is the standard deviation "
            "among the seeds, of F1 and of the difference. The interval holds the middle 95 % of "
            "2000 bootstrap samples of the sentences, all seeds together (Efron and Tibshirani, "
            "1993); p is of the paired bootstrap test that nothing was brought (Berg-Kirkpatrick "
            "et al., 2012). Neither knows of other seeds. An ingredient pays where the whole "
            "interval is above 0. Minutes are the processor's, to train once; an answer is the "
            "network's alone, to twelve words."
        ),
    ]


def _table(lines: Sequence[Line]) -> Table:
    headings = (
        "",
        "slot F1",
        "±",
        "brings",
        "±",
        "95 % interval",
        "p",
        "",
        "minutes",
        "bundle, KiB",
        "answer, ms",
    )
    return Table(headings, [_row(line) for line in lines], numbers=(1, 2, 3, 4, 6, 8, 9, 10))


def _row(line: Line) -> list[Cell]:
    figures = line.figures
    return [
        figures.network,
        f"{figures.slot_f1:.2f}",
        _deviation(figures.f1_seeds),
        *(_brought(line.brings) if line.brings else [""] * 5),
        f"{figures.seconds / 60:.1f}",
        f"{figures.bundle_bytes / 1024:,.0f}",
        f"{figures.milliseconds:.3f}",
    ]


def _brought(brings: Evidence) -> list[Cell]:
    return [
        f"{brings.difference:+.2f}",
        _deviation(brings.seeds),
        f"{brings.low:+.2f} to {brings.high:+.2f}",
        f"{brings.p:.3f}",
        _WORDS[is_more(brings)],
    ]


def _deviation(seeds: Sequence[float]) -> str:
    return f"{stdev(seeds):.2f}" if len(seeds) > 1 else "–"
