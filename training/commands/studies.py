"""The commands that train many networks to compare them, and the one that explains a network."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from training.commands.fitting import DEFAULT, FEW_SHOT
from training.commands.options import RUNS, AddArguments, add_fits, names, numbers, whole_percent
from training.errors import ExperimentError
from training.experiment import RECIPES, Experiment, read_experiment
from training.studies.ablation import ablation_plan
from training.studies.ablation_report import write_ablation
from training.studies.comparison_report import write_report
from training.studies.cross_validation import cross_validation_of, cross_validation_plan
from training.studies.explain import explain
from training.studies.few_shot_ablation import (
    few_shot_variants,
    measure_variants,
    write_few_shot_ablation,
)
from training.studies.plan import NETWORKS, ComparisonOptions, make_plan
from training.studies.run import run_plan
from training.studies.snips_benchmark import (
    DRAWS,
    Measured,
    Task,
    all_queries,
    few_queries,
    measure,
    summary,
    table,
)

REPORTS = Path("docs/comparison")
ABLATIONS = Path("docs/ablation")
MEASURED = RUNS / "snips-benchmark"


def _compare(options: argparse.Namespace) -> None:
    wishes = ComparisonOptions(
        options.networks,
        options.seeds,
        options.hidden_sizes,
        options.num_layers,
        options.sweep_networks,
        options.epochs,
    )
    # All of them are laid out first: what is wrong with the last is known before the first trains.
    for plan in [make_plan(corpus, wishes, options.runs) for corpus in options.corpora]:
        run_plan(plan, options.jobs, quiet=options.quiet)
        for path in write_report(plan, options.out):
            print(path)


def _ablate(options: argparse.Namespace) -> None:
    plans = [
        ablation_plan(
            recipe,
            options.seeds,
            options.epochs,
            options.runs,
            schedule=options.schedule,
            holdout=options.holdout == "values",
            only=options.only,
        )
        for recipe in options.recipes
    ]
    for plan in plans:
        run_plan(plan, options.jobs, quiet=options.quiet)
        for path in write_ablation(plan, options.out):
            print(path)


def _cross_validate(options: argparse.Namespace) -> None:
    plan = cross_validation_plan(options.recipe, options.folds, options.seeds, options.runs)
    run_plan(plan, options.jobs, quiet=options.quiet)
    found = cross_validation_of(plan)
    print(json.dumps(found.as_json(), indent=2) if options.json else found)


def _snips_benchmark(options: argparse.Namespace) -> None:
    if options.ablate and (options.full or options.json):
        raise ExperimentError(
            "--ablate writes a report of few queries: leave out --full and --json"
        )
    if not options.ablate and (options.out or options.runs):
        raise ExperimentError("--out and --runs are for --ablate: add it, or leave them out")
    if options.full:
        tasks = all_queries(options.folder)
    else:
        tasks = few_queries(options.folder, draws=options.draws)
    recipe = RECIPES / (DEFAULT if options.full else FEW_SHOT)
    experiment = read_experiment(options.experiment or recipe)
    if options.ablate:
        _ablate_few_shot(options, experiment, tasks)
        return
    found: list[Measured] = []
    bar = tqdm(measure(experiment, tasks), total=len(tasks), disable=options.quiet)
    for measured in bar:
        found.append(measured)
        bar.set_postfix_str(f"macro F1 {summary(found)['macro_f1']:.2f}")
    if options.json:
        tasks_found = [asdict(measured) for measured in found]
        print(json.dumps(summary(found) | {"tasks": tasks_found}, indent=2))
    else:
        print(table(found))


def _ablate_few_shot(
    options: argparse.Namespace, recipe: Experiment, tasks: Sequence[Task]
) -> None:
    variants = few_shot_variants(recipe, tasks)
    with tqdm(total=len(variants) * len(tasks), disable=options.quiet) as bar:
        measured = measure_variants(variants, tasks, options.runs or MEASURED, bar.update)
    command = ["slotline", "snips-benchmark", str(options.folder), "--ablate"]
    command += ["--draws", str(options.draws)]
    if options.experiment:
        command += ["--experiment", str(options.experiment)]
    for path in write_few_shot_ablation(measured, options.out or ABLATIONS, recipe.name, command):
        print(path)


def _explain(options: argparse.Namespace) -> None:
    options.out.write_text(explain(options.bundle, options.text), encoding="utf-8")
    print(options.out)


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_compare)
    parser.add_argument(
        "corpora",
        nargs="*",
        metavar="CORPUS",
        default=["atis"],
        help="a corpus, or an experiment whose corpora are meant (default: atis)",
    )
    parser.add_argument(
        "--networks",
        type=names,
        default=NETWORKS,
        metavar="A,B",
        help="networks to train (default: all)",
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="epochs (default: those of each experiment)"
    )
    parser.add_argument(
        "--hidden-sizes", type=numbers, default=(), metavar="32,64", help="vary the width"
    )
    parser.add_argument(
        "--num-layers", type=numbers, default=(), metavar="1,2", help="vary the depth"
    )
    parser.add_argument(
        "--sweep-networks",
        type=names,
        default=(),
        metavar="A,B",
        help="vary these networks (default: all)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=REPORTS,
        help=f"folder of the report (default: {REPORTS})",
    )
    add_fits(parser, RUNS / "compare")


def _add_ablate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_ablate)
    parser.add_argument(
        "recipes",
        nargs="+",
        metavar="EXPERIMENT",
        help="an experiment, or a corpus for the default recipe",
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs",
        type=int,
        metavar="N",
        help="epochs (default: the recipe's), with updates in proportion",
    )
    length.add_argument(
        "--schedule",
        type=whole_percent,
        metavar="PERCENT",
        help="train for a share of the recipe's epochs and updates",
    )
    parser.add_argument(
        "--holdout",
        choices=("values", "none"),
        default="values",
        help="keep some values out of training, and measure on them beside dev (default: values)",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="INGREDIENT",
        help='leave out these alone, in turn, as "word dropout" (default: each that there is)',
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=ABLATIONS,
        help=f"folder of the report (default: {ABLATIONS})",
    )
    add_fits(parser, RUNS / "ablate")


def _add_cross_validate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_cross_validate)
    parser.add_argument(
        "recipe", metavar="EXPERIMENT", help="an experiment, or a corpus for the default recipe"
    )
    parser.add_argument(
        "--folds", type=int, default=5, metavar="N", help="parts of the corpus (default: 5)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_fits(parser, RUNS / "cross-validate", seeds=1)


def _add_snips_benchmark(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_snips_benchmark)
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="folder with train_INTENT.json, as published"
    )
    parser.add_argument(
        "--full", action="store_true", help="train on all of train_INTENT_full.json"
    )
    parser.add_argument(
        "--draws",
        type=int,
        choices=range(1, 10),
        default=DRAWS,
        metavar="N",
        help="number of random draws (default: %(default)s)",
    )
    parser.add_argument(
        "--experiment",
        type=Path,
        metavar="FILE",
        help="TOML file (default: few-shot.toml; with --full default.toml)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--ablate",
        action="store_true",
        help="measure the recipe without each of its ingredients too, and write a report",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help=f"folder of the report of --ablate (default: {ABLATIONS})",
    )
    parser.add_argument(
        "--runs",
        type=Path,
        metavar="DIR",
        help=f"folder of what --ablate has measured (default: {MEASURED})",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_explain)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    parser.add_argument("text", metavar="TEXT", help="the sentence")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        default=Path("explanation.html"),
        help="the page to write (default: %(default)s)",
    )


PARSERS: Mapping[str, AddArguments] = {
    "compare": _add_compare,
    "ablate": _add_ablate,
    "cross-validate": _add_cross_validate,
    "snips-benchmark": _add_snips_benchmark,
    "explain": _add_explain,
}
