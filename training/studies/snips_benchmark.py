"""
The benchmark that Snips published in 2017: each intent alone, from few queries or from all.

Strict: a slot is right when its name, its first and its last word are. Figures are means over the
slots of an intent, then over the intents and the draws.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from training.corpora.loading import Data
from training.corpora.splits import (
    Corpus,
    Splits,
    read_corpus,
    read_splits,
    refuse_changed,
    repeats,
)
from training.corpora.utterances import SpanCount
from training.errors import CorpusError
from training.evaluation.evaluate import report_on
from training.experiment import Experiment
from training.pipeline import train_once

_FORMAT = "snips-json"
QUERIES = 70
DRAWS = 3


@dataclass(frozen=True, slots=True)
class Task:
    """The queries of an intent, to learn from and, as dev, to measure on."""

    intent: str
    draw: int
    splits: Splits
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """
    Strict F1 of a task in per cent: the mean of its slots, and over all their spans.

    spans, changed_spans: how many the queries have that were asked, and how many of them tags
    cannot spell as they were written; repeated: queries left out as they are in training.
    """

    intent: str
    draw: int
    learnt: int
    asked: int
    macro_f1: float
    slot_f1: float
    spans: int = 0
    changed_spans: int = 0
    repeated: int = 0


def few_queries(folder: Path, queries: int = QUERIES, draws: int = DRAWS) -> list[Task]:
    """
    Draw queries from each intent's small pool, train_INTENT.json, anew for every draw.

    The measure is on validate_INTENT.json if the folder has it, else on the rest of the pool.
    """
    tasks = []
    for draw in range(draws):
        for path in _pools(folder, full=False):
            pool = read_corpus(path, _FORMAT).utterances
            if len(pool) <= queries:
                raise CorpusError(path, None, f"more than {queries} queries", str(len(pool)))
            order = np.random.default_rng(draw).permutation(len(pool))
            drawn = Corpus(tuple(pool[number] for number in order[:queries]))
            rest = Corpus(tuple(pool[number] for number in order[queries:]))
            tasks.append(_task(path, draw, Splits(drawn, rest)))
    return tasks


def all_queries(folder: Path) -> list[Task]:
    """
    All queries of each intent's large pool, train_INTENT_full.json.

    The measure is on validate_INTENT.json if the folder has it, else every 20th query is held out.
    """
    tasks = []
    for path in _pools(folder, full=True):
        whole = read_corpus(path, _FORMAT)
        apart = _published(path) is None
        splits = read_splits(path, _FORMAT) if apart else Splits(whole, Corpus(()))
        tasks.append(_task(path, 0, splits))
    return tasks


def measure(experiment: Experiment, tasks: Sequence[Task]) -> Iterator[Measured]:
    """
    Train on each task, with another seed for each draw, and measure on queries not learnt from.

    The last epoch counts: nothing is chosen by the queries that are measured.
    """
    for task in tasks:
        asked = task.splits.dev.utterances
        seeded = replace(
            experiment, name=task.intent, seed=experiment.seed + task.draw, examples=()
        )
        tagger = train_once(seeded, data_of(task), quiet=True)
        report = report_on(tagger, asked, tagger.tag_tokens([each.tokens for each in asked]))
        yield Measured(
            task.intent,
            task.draw,
            len(task.splits.train.utterances),
            len(asked),
            report.macro_f1,
            report.slot_f1,
            report.spans,
            report.changed_spans,
            task.repeated,
        )


def data_of(task: Task) -> Data:
    """What the task has to learn from."""
    return Data(task.splits.train.utterances, (), Counter(), ())


def table(results: Sequence[Measured]) -> str:
    """The results as plain text: a line for each task, then the means."""
    lines = [f"{'intent':<22}draw  learnt  asked  macro F1   slot F1"]
    lines += [
        f"{each.intent:<22}{each.draw:4}{each.learnt:8}{each.asked:7}"
        f"{each.macro_f1:10.2f}{each.slot_f1:10.2f}"
        for each in results
    ]
    means = summary(results)
    lines.append(f"{'mean':<22}{'':19}{means['macro_f1']:10.2f}{means['slot_f1']:10.2f}")
    if len(means["draws"]) > 1:
        of_draws = ", ".join(f"{macro:.2f}" for macro in means["draws"])
        lines.append(f"macro F1 of each draw: {of_draws}")
    counted = SpanCount(means["spans"], means["changed_spans"])
    lines.append(f"spans changed: {counted}, counted as missed")
    if means["repeated"]:
        lines.append(f"queries that are in training word for word, left out: {means['repeated']}")
    return "\n".join(lines)


def summary(results: Sequence[Measured]) -> dict[str, Any]:
    """Means over all tasks, what was left out or changed, and the macro F1 of each draw."""
    draws = sorted({each.draw for each in results})
    return {
        "macro_f1": fmean(each.macro_f1 for each in results),
        "slot_f1": fmean(each.slot_f1 for each in results),
        "spans": sum(each.spans for each in results),
        "changed_spans": sum(each.changed_spans for each in results),
        "repeated": sum(each.repeated for each in results),
        "draws": [fmean(each.macro_f1 for each in results if each.draw == draw) for draw in draws],
    }


def _task(pool: Path, draw: int, splits: Splits) -> Task:
    train, held_out = splits.train, splits.dev
    repeated = 0
    if (published := _published(pool)) is not None:
        held_out = read_corpus(published, _FORMAT)
    else:  # the crowd wrote some queries twice
        known = repeats(train, held_out)
        repeated = sum(known)
        new = (each for each, seen in zip(held_out.utterances, known, strict=True) if not seen)
        held_out = Corpus(tuple(new))
        if not held_out.utterances:
            expected = "a query to measure on"
            raise CorpusError(pool, None, expected, "none that is not in training word for word")
    refuse_changed(held_out, pool)
    return Task(_intent(pool), draw, Splits(train, held_out), repeated)


def _pools(folder: Path, *, full: bool) -> list[Path]:
    found = [
        path for path in sorted(folder.glob("train_*.json")) if path.stem.endswith("_full") == full
    ]
    if not found:
        expected = f"files train_INTENT{'_full' if full else ''}.json"
        raise CorpusError(folder, None, expected, "none")
    return found


def _published(pool: Path) -> Path | None:
    path = pool.with_name(f"validate_{_intent(pool)}.json")
    return path if path.exists() else None


def _intent(pool: Path) -> str:
    return pool.stem.removeprefix("train_").removesuffix("_full")
