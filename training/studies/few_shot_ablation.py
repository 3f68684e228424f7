"""What each ingredient of a recipe brings where few queries are there to learn from."""

import hashlib
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from training.evaluation.bootstrap import RESAMPLES, Evidence, evidence_of
from training.experiment import Experiment
from training.reporting.document import Block, Heading, Paragraph, Table
from training.studies.ablation import WHOLE, as_far_as_it_goes, variants_of
from training.studies.ablation_report import BRINGS, brought_cells, deviation, write_table
from training.studies.snips_benchmark import Measured, Task, data_of, measure, summary


def few_shot_variants(recipe: Experiment, tasks: Sequence[Task]) -> dict[str, Experiment]:
    """The recipe, and it without each ingredient that it has for such tasks."""
    return variants_of(as_far_as_it_goes(recipe, data_of(tasks[0])))


def measure_variants(
    variants: Mapping[str, Experiment],
    tasks: Sequence[Task],
    runs: Path,
    progress: Callable[[], object],
) -> dict[str, list[Measured]]:
    """
    Train each variant on each task; one that was measured before is taken from `runs`.

    `progress` is called after each task.
    """
    runs.mkdir(parents=True, exist_ok=True)
    measured = {}
    for name, variant in variants.items():
        path = runs / f"{_digest(variant, tasks)}.json"
        if path.exists():
            results = [Measured(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
            for _ in results:
                progress()
        else:
            results = []
            for result in measure(variant, tasks):
                results.append(result)
                progress()
            path.write_text(json.dumps([asdict(each) for each in results]), encoding="utf-8")
        measured[name] = results
    return measured


def difference(whole: Sequence[Measured], less: Sequence[Measured]) -> Evidence:
    """
    By how much macro F1 of the recipe is higher, in points; task by task, of the same tasks.

    The interval is of a bootstrap over the tasks, 2000 samples; `seeds` has the difference of each
    draw.
    """
    paired = np.array(
        [one.macro_f1 - other.macro_f1 for one, other in zip(whole, less, strict=True)]
    )
    random = np.random.default_rng(0)
    means = paired[random.integers(len(paired), size=(RESAMPLES, len(paired)))].mean(axis=1)
    draws = [
        one - other
        for one, other in zip(summary(whole)["draws"], summary(less)["draws"], strict=True)
    ]
    return evidence_of(float(paired.mean()), means, draws)


def write_few_shot_ablation(
    measured: Mapping[str, Sequence[Measured]], folder: Path, recipe: str, command: Sequence[str]
) -> list[Path]:
    """Write RECIPE.md and .json of tasks of equally many queries; returns the paths."""
    whole = measured[WHOLE]
    differences = {
        name: difference(whole, results) for name, results in measured.items() if name != WHOLE
    }
    rows = []
    for name, results in measured.items():
        draws = summary(results)["draws"]
        brings = brought_cells(differences[name]) if name != WHOLE else [""] * len(BRINGS)
        rows.append([name, f"{fmean(draws):.2f}", deviation(draws), *brings])
    line = shlex.join(command)
    blocks: list[Block] = [
        Heading(1, f"What each ingredient of the recipe brings on {recipe} tasks"),
        Paragraph(f"As `{line}` wrote it."),
        Paragraph(
            f"Macro F1 on {len(whole)} tasks of the benchmark of Snips: each intent alone, from "
            f"{whole[0].learnt} queries, in {len(summary(whole)['draws'])} draws. What an "
            "ingredient brings is F1 of the recipe less F1 without it. ± is the standard deviation "
            "among the draws, of F1 and of the difference. The interval holds the middle 95 % of "
            f"{RESAMPLES} bootstrap samples of the tasks (Efron and Tibshirani, 1993), and p is "
            "how often a sample is as far from the difference as that is from 0. An ingredient "
            "pays where the whole interval is above 0."
        ),
        Table(("", "macro F1", "±", *BRINGS), rows, numbers=(1, 2, 3, 4, 6)),
    ]
    content = {
        "command": line,
        "differences": {name: asdict(evidence) for name, evidence in differences.items()},
        "tasks": {name: [asdict(each) for each in results] for name, results in measured.items()},
    }
    return write_table(folder / recipe, blocks, content)


def _digest(variant: Experiment, tasks: Sequence[Task]) -> str:
    """Another for every recipe and every state of the tasks, so that no result is mistaken."""
    data = [
        (task.intent, task.draw, replace(data_of(task), dev=task.splits.dev.utterances).digest())
        for task in tasks
    ]
    whole = json.dumps([variant.as_dict(), data], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]
