"""The report of an ablation: a table of what each ingredient brings, as Markdown and JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np

from app.tagging.bundle import Bundle, open_bundle
from app.tagging.slots import OUTSIDE, tag_names
from app.tagging.tagger import Tagger
from training.corpora.loading import Data
from training.corpora.sentences import read_utterance
from training.corpora.utterances import Utterance, count_spans
from training.evaluation.bootstrap import Counts, Evidence, f1, f1_difference, paired_bootstrap
from training.evaluation.metrics import span_counts
from training.evaluation.seen import unseen_spans, values_of
from training.reporting.document import Badge, Block, Cell, Heading, Paragraph, Table, markdown
from training.studies.ablation import WHOLE
from training.studies.claims import Outcome
from training.studies.comparison_report import read_outcome
from training.studies.figures import Figures, figures_of
from training.studies.plan import Plan, TrainingRun
from training.studies.results import BUNDLE
from training.studies.verdicts import Verdict, is_more

ARGMAX = "with plain argmax for decoding"
_WORDS: dict[Verdict, Badge] = {
    "borne out": Badge("pays", "good"),
    "not borne out": Badge("harms", "bad"),
    "undecided": Badge("undecided", "open"),
}
BRINGS = ("brings", "±", "95 % interval", "p", "")
_HEADINGS = ("", "slot F1", "±", *BRINGS)
_COSTS = ("minutes", "bundle, KiB", "answer, ms")


@dataclass(frozen=True, slots=True)
class Line:
    """
    A recipe with less in it, and by how much F1 of the whole one is higher; the first: none.

    unseen_f1, unseen_brings: the same of values that were held out of training; of each seed.
    """

    figures: Figures
    brings: Evidence | None
    unseen_f1: list[float]
    unseen_brings: Evidence | None


def write_ablation(plan: Plan, folder: Path) -> list[Path]:
    """Write CORPUS.md and .json of a plan whose fits are done; returns the paths."""
    lines = _lines(plan)
    whole = {
        "corpus": plan.corpus,
        "command": plan.command,
        "changed_spans": asdict(count_spans((*plan.data.dev, *plan.data.held_out))),
        "lines": [asdict(line) for line in lines],
    }
    return write_table(folder / plan.corpus, [*_introduction(plan), *_tables(lines)], whole)


def write_table(path: Path, blocks: Sequence[Block], content: Mapping[str, Any]) -> list[Path]:
    """Write the blocks as Markdown and the content as JSON beside it; returns the paths."""
    files = {
        path.with_name(f"{path.name}.md"): markdown(blocks, ""),
        path.with_name(f"{path.name}.json"): json.dumps(content, indent=2) + "\n",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return list(files)


def _lines(plan: Plan) -> list[Line]:
    outcomes = {name: read_outcome(plan.data, fits) for name, fits in plan.networks.items()}
    whole = outcomes[WHOLE]
    outcomes[ARGMAX] = _with_argmax(whole, plan.networks[WHOLE], plan.data)
    return [_line(name, outcome, whole) for name, outcome in outcomes.items()]


def _line(name: str, outcome: Outcome, whole: Outcome) -> Line:
    figures = figures_of(name, outcome)
    brings = None if name == WHOLE else _brings(whole.dev, outcome.dev)
    if outcome.unseen is None or whole.unseen is None:
        return Line(figures, brings, [], None)
    unseen_f1 = f1(outcome.unseen.sum(axis=1)).tolist()
    unseen_brings = None if name == WHOLE else _brings(whole.unseen, outcome.unseen)
    return Line(figures, brings, unseen_f1, unseen_brings)


def _brings(whole: Counts, less: Counts) -> Evidence:
    return paired_bootstrap(
        [np.concatenate([whole[..., :3], less[..., :3]], axis=-1)], f1_difference
    )


def _with_argmax(whole: Outcome, fits: Sequence[TrainingRun], data: Data) -> Outcome:
    """The outcome if each word had its likeliest tag, whatever its neighbours have."""
    bundles = [open_bundle(fit.folder / BUNDLE) for fit in fits]
    unseen = None
    if data.held_out:
        learnt = values_of(data.train)
        tags = [_likeliest(each, data.held_out) for each in bundles]
        unseen = np.stack([unseen_spans(learnt, data.held_out, each) for each in tags])
    dev = np.stack([span_counts(data.dev, _likeliest(each, data.dev)) for each in bundles])
    return replace(whole, dev=dev, unseen=unseen)


def _likeliest(bundle: Bundle, utterances: Sequence[Utterance]) -> list[list[str]]:
    """The likeliest tag of each token's first word, in each utterance."""
    tagger, featurizer = Tagger(bundle), bundle.featurizer
    names = tag_names(tagger.slots)
    punctuation = tagger.manifest.punctuation == "read"
    found = []
    for each in utterances:
        reading, _ = read_utterance(
            each, punctuation=punctuation, shapes=featurizer.shapes, cut=featurizer.cut
        )
        words = [names[at] for at in tagger.scores(each.tokens).argmax(axis=1)]
        tags: list[str] = []
        following = OUTSIDE
        for head in reversed(reading.first_words):
            # What is not read, within a slot, is of it.
            following = following if head is None else words[head]
            tags.insert(0, following if head is not None or following[:2] == "I-" else OUTSIDE)
        found.append(tags)
    return found


def _introduction(plan: Plan) -> list[Block]:
    fits = plan.networks[WHOLE]
    seeds = "one seed" if len(fits) == 1 else f"{len(fits)} seeds"
    held_out = len(plan.data.held_out)
    counted = count_spans((*plan.data.dev, *plan.data.held_out))
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
            f"network's alone, to twelve words. Of the spans, tags cannot spell {counted} as they "
            "were written; they count as missed."
        ),
        *(
            [
                Paragraph(
                    f"Values were held out of training with all their {held_out:,} sentences. "
                    "The second table has F1 on those of their slots whose value training has not."
                )
            ]
            if held_out
            else []
        ),
    ]


def _tables(lines: Sequence[Line]) -> list[Block]:
    whole = lines[0]
    blocks: list[Block] = [
        Table(
            (*_HEADINGS, *_COSTS), [_row(line) for line in lines], numbers=(1, 2, 3, 4, 6, 8, 9, 10)
        )
    ]
    if whole.unseen_f1:
        headings = ("", "F1 on unseen values", *_HEADINGS[2:])
        rows = [_unseen_row(line) for line in lines]
        blocks += [
            Heading(2, "On values that training has not"),
            Table(headings, rows, numbers=(1, 2, 3, 4, 6)),
        ]
    return blocks


def _row(line: Line) -> list[Cell]:
    figures = line.figures
    return [
        figures.network,
        f"{figures.slot_f1:.2f}",
        deviation(figures.f1_seeds),
        *(brought_cells(line.brings) if line.brings else [""] * len(BRINGS)),
        f"{figures.seconds / 60:.1f}",
        f"{figures.bundle_bytes / 1024:,.0f}",
        f"{figures.milliseconds:.3f}",
    ]


def _unseen_row(line: Line) -> list[Cell]:
    return [
        line.figures.network,
        f"{fmean(line.unseen_f1):.2f}",
        deviation(line.unseen_f1),
        *(brought_cells(line.unseen_brings) if line.unseen_brings else [""] * len(BRINGS)),
    ]


def brought_cells(brings: Evidence) -> list[Cell]:
    """What stands under the headings BRINGS."""
    return [
        f"{brings.difference:+.2f}",
        deviation(brings.seeds),
        f"{brings.low:+.2f} to {brings.high:+.2f}",
        f"{brings.p:.3f}",
        _WORDS[is_more(brings)],
    ]


def deviation(seeds: Sequence[float]) -> str:
    """The standard deviation among seeds, or a dash."""
    return f"{stdev(seeds):.2f}" if len(seeds) > 1 else "–"
