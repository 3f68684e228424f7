"""The commands that train taggers and measure them: `slotline fit` and others."""

import sys

if sys.platform == "win32":
    sys.exit("error: training does not run on Windows itself: install and start it in WSL 2")

import argparse
import json
import shlex
import signal
from collections.abc import Sequence
from dataclasses import asdict, replace
from io import TextIOWrapper
from pathlib import Path

from tqdm import tqdm

from app.tagging.bundle import add_metrics, open_bundle
from app.tagging.errors import SlotFillingError
from app.tagging.tagger import Tagger
from training.corpora.formats import FORMATS, format_name
from training.corpora.loading import DATA_VARIABLE, Data, data_folder, read_data
from training.corpora.splits import MOST_CHANGED
from training.corpora.utterances import count_spans
from training.errors import ExperimentError
from training.evaluation.error_report import PAGE, write_error_report
from training.evaluation.evaluate import Evaluation, evaluate, f1_with_noise, repeated, seen
from training.evaluation.metrics import slot_f1
from training.evaluation.paired_bootstrap import f1
from training.evaluation.robustness import CHANGES
from training.evaluation.seen import seen_table, unseen_spans, values_of
from training.evaluation.trust import trust
from training.experiment import (
    RECIPES,
    Experiment,
    Holdout,
    Source,
    check_name,
    experiment_from,
    read_experiment,
)
from training.exporting.export import export
from training.exporting.stability import settle
from training.fitting.checkpoint import read_checkpoint, write_checkpoint
from training.fitting.fit import fit
from training.studies.ablation import ablation_plan
from training.studies.ablation_report import write_ablation
from training.studies.bundles import compare_bundles
from training.studies.comparison_report import write_report
from training.studies.cross_validation import cross_validation_of, cross_validation_plan
from training.studies.explain import explain
from training.studies.learning_curve import CurvePoint, learning_curve
from training.studies.plan import NETWORKS, Wishes, make_plan
from training.studies.run import carry_out
from training.studies.snips_benchmark import (
    DRAWS,
    all_queries,
    few_queries,
    measure,
    summary,
    table,
)

MODELS = Path("models")
RUNS = Path("runs")
REPORTS = Path("docs/comparison")
ABLATIONS = Path("docs/ablation")
DEFAULT = "default.toml"
FEW_SHOT = "few-shot.toml"
# From so few sentences the recipe for few learns more, and in a fraction of the time.
FEW = 100
_WORSE, _TROUBLE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # What a terminal in another encoding than UTF-8 cannot show is escaped.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        status: int | None = options.command(options)
    except (SlotFillingError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        # As of diff and cmp: 1 is a result of a comparison, and trouble is 2.
        return _TROUBLE if options.command is _compare_bundles else 1
    except KeyboardInterrupt:
        goes_on = options.command in (_fit, _compare, _ablate, _cross_validate)
        hint = ": started again, without --restart, training goes on from its last epoch"
        print(f"interrupted{hint if goes_on else ''}", file=sys.stderr)
        return 130
    return status or 0


def _fit(options: argparse.Namespace) -> None:
    experiment = _experiment(options)
    run = options.run or RUNS / experiment.name
    folder = options.out or MODELS / experiment.name
    if folder.exists() and not folder.is_dir():
        raise ExperimentError(
            f"{folder} is a file: choose another folder for the bundle with --out"
        )
    if experiment.holdout is not None and experiment.holdout.rule == "fold":
        raise ExperimentError(
            f'experiment {experiment.name}: with holdout rule "fold" there is no dev to choose an '
            "epoch by; cross-validate trains all folds"
        )
    data = read_data(experiment, most_changed=options.max_changed_spans)
    _print_data(data)
    if options.experiment is None and len(data.train) <= FEW:
        experiment = _for_few(experiment)
        print(
            f"{FEW} sentences or fewer are trained with the recipe {FEW_SHOT}; for the other name "
            f"{RECIPES / DEFAULT}"
        )
    command = _command(options, folder)
    checkpoint = fit(experiment, data, run, command, restart=options.restart, quiet=options.quiet)
    checkpoint.settled = {}  # where the run was exported before, they are found anew
    manifest = export(checkpoint, folder)
    settle(folder, data.dev)
    counted = count_spans(data.dev)
    held_out = _held_out_figures(folder, data)
    add_metrics(folder, {"dev_changed_spans": round(counted.share, 4), **held_out})
    figures = open_bundle(folder).manifest.metrics
    checkpoint.settled = {name: figures[name] for name in figures if name not in manifest.metrics}
    write_checkpoint(run, checkpoint)
    minutes = (
        sum(epoch.seconds for epoch in checkpoint.history) + checkpoint.teachers_seconds
    ) / 60
    print(
        f"{folder}: version {manifest.version}, dev slot F1 {checkpoint.best_f1:.2f} "
        f"(epoch {checkpoint.best_epoch} of {checkpoint.epoch}, {minutes:.1f} minutes of "
        f"processor); spans of dev changed: {counted}, counted as missed"
    )
    if held_out:
        print(
            f"  {len(data.held_out)} sentences held out: "
            f"slot F1 {held_out['holdout_slot_f1']:.2f}, "
            f"{held_out['holdout_unseen_f1']:.2f} on values that training has not"
        )


def _held_out_figures(bundle: Path, data: Data) -> dict[str, float]:
    if not data.held_out:
        return {}
    tagger = Tagger(open_bundle(bundle))
    taggings = tagger.tag_tokens([each.tokens for each in data.held_out])
    tags = [tagging.tags for tagging in taggings]
    unseen = unseen_spans(values_of(data.train), data.held_out, tags).sum(axis=0)
    return {
        "holdout_slot_f1": round(slot_f1(data.held_out, tags), 2),
        "holdout_unseen_f1": round(float(f1(unseen)), 2),
    }


def _for_few(experiment: Experiment) -> Experiment:
    """The recipe for few sentences in place of the default one."""
    recipe = read_experiment(RECIPES / FEW_SHOT)
    return replace(recipe, name=experiment.name, seed=experiment.seed, corpora=experiment.corpora)


def _experiment(options: argparse.Namespace) -> Experiment:
    if options.experiment is None and options.corpus is None:
        raise ExperimentError("name an experiment file, or a corpus with --corpus")
    named = _format(options)
    if named is not None and options.corpus is None:
        raise ExperimentError("--format is of --corpus: the experiment file names its own formats")
    experiment = read_experiment(options.experiment or RECIPES / DEFAULT)
    if options.corpus is not None:
        place = (options.out or options.corpus).resolve()
        # A folder's last dot begins no suffix: bundles may be called v1.1.
        name = place.stem if place.is_file() else place.name
        source = Source(options.corpus.resolve().name, str(_placed(options.corpus)), named)
        experiment = replace(experiment, name=name, corpora=(source,))
    if options.name is not None:
        experiment = replace(experiment, name=options.name)
    if options.seed is not None:
        experiment = replace(experiment, seed=options.seed)
    if options.holdout is not None:
        experiment = replace(experiment, holdout=Holdout(options.holdout, experiment.seed))
    check_name(experiment)
    return experiment_from(experiment.as_dict(), "the command's options")


def _command(options: argparse.Namespace, folder: Path) -> str:
    """The command, as a shell takes it, that makes the same bundle again."""
    parts = ["slotline fit"]
    if options.experiment is not None:
        parts.append(shlex.quote(str(options.experiment)))
    if options.corpus is not None:
        corpus = _placed(options.corpus)
        place = "" if corpus.is_absolute() else f'"${DATA_VARIABLE}"/'
        parts.append(f"--corpus {place}{shlex.quote(str(corpus))}")
    parts += [
        f"--{name} {shlex.quote(str(getattr(options, name.replace('-', '_'))))}"
        for name in ("format", "word-column", "tag-column", "name", "seed", "holdout")
        if getattr(options, name.replace("-", "_")) is not None
    ]
    if options.max_changed_spans != MOST_CHANGED:
        parts.append(f"--max-changed-spans {100 * options.max_changed_spans:g}")
    return " ".join([*parts, f"--out {shlex.quote(str(folder))}"])


def _placed(corpus: Path) -> Path:
    """The corpus's path below the data folder, or its absolute path where it is elsewhere."""
    whole, folder = corpus.resolve(), data_folder().resolve()
    return whole.relative_to(folder) if whole.is_relative_to(folder) else whole


def _print_data(data: Data) -> None:
    print(f"{len(data.train)} sentences to train on, {len(data.dev)} of dev to select by")
    for remark, count in sorted(data.remarks.items()):
        print(f"  {count} x {remark}")


def _evaluate(options: argparse.Namespace) -> None:
    if options.learning_curve and options.report is None:
        raise ExperimentError("--learning-curve goes into a report: name its file with --report")
    evaluation = evaluate(
        options.bundle,
        options.corpus,
        _format(options),
        options.split,
        train=options.train,
        most_changed=options.max_changed_spans,
    )
    report = evaluation.report
    # Beside the JSON, whoever reads it: nothing is skipped or mended in silence.
    beside = sys.stderr if options.json else sys.stdout
    for remark, count in sorted(evaluation.corpus.remarks.items()):
        print(f"{count} x {remark}", file=beside)
    noise = {kind: f1_with_noise(evaluation, kind) for kind in options.noise}
    flattering = repeated(evaluation)
    relied_on = trust(evaluation.corpus.utterances, evaluation.taggings)
    groups = seen(evaluation)
    if options.json:
        found = report.as_json()
        found["trust"] = asdict(relied_on)
        if flattering is not None:
            found["in_training"] = asdict(flattering)
        if groups is not None:
            found["by_training"] = {group: asdict(each) for group, each in groups.items()}
        if noise:
            found["noise"] = {
                kind: asdict(each) | {"loss": each.loss} for kind, each in noise.items()
            }
        # Every encoding has what JSON escapes, and UTF-8 has all letters.
        is_utf8 = sys.stdout.encoding.lower().replace("-", "") == "utf8"
        print(json.dumps(found, ensure_ascii=not is_utf8, indent=2))
    else:
        print(report.table())
        print(relied_on.table())
        if flattering is not None:
            print(
                f"{flattering.sentences} sentences are in training word for word: "
                f"F1 {flattering.slot_f1:.2f} on them"
            )
            if (others := flattering.slot_f1_of_others) is not None:
                print(f"without them: F1 {others:.2f}")
        if groups is not None:
            print(seen_table(groups))
        for kind, each in noise.items():
            print(
                f"with {kind}: F1 {each.slot_f1:.2f}, {each.loss:.2f} points lost "
                f"(as running text without it {each.clean_f1:.2f})"
            )
    if options.report is not None:
        curve = _curve(options, evaluation) if options.learning_curve else []
        for path in write_error_report(options.report, evaluation, noise, curve):
            print(path, file=beside)


def _curve(options: argparse.Namespace, evaluation: Evaluation) -> list[CurvePoint]:
    if evaluation.train is None:
        raise ExperimentError("--learning-curve needs sentences to learn from: --train names them")
    experiment = experiment_from(evaluation.tagger.manifest.training_config, f"{options.bundle}")
    points = learning_curve(
        experiment,
        evaluation.train.utterances,
        evaluation.corpus.utterances,
        options.learning_curve,
        quiet=options.json,
    )
    return list(points)


def _export(options: argparse.Namespace) -> None:
    checkpoint = read_checkpoint(options.checkpoint)
    if checkpoint is None:
        raise ExperimentError(f"there is no checkpoint {options.checkpoint}")
    folder = options.out or MODELS / checkpoint.experiment.name
    manifest = export(checkpoint, folder)
    changed = checkpoint.settled.get("dev_changed_spans")
    share = "" if changed is None else f" ({changed:.2%} of its spans changed, missed)"
    print(f"{folder}: version {manifest.version}, dev slot F1 {checkpoint.best_f1:.2f}{share}")


def _settle(options: argparse.Namespace) -> None:
    manifest = open_bundle(options.bundle).manifest
    experiment = experiment_from(manifest.training_config, f"{options.bundle}")
    data = read_data(experiment, most_changed=1.0)
    fared = settle(options.bundle, data.dev)
    print(f"{options.bundle}: {fared}")


def _compare(options: argparse.Namespace) -> None:
    wishes = Wishes(
        options.networks,
        options.seeds,
        options.hidden_sizes,
        options.num_layers,
        options.sweep_networks,
        options.epochs,
    )
    # All of them are laid out first: what is wrong with the last is known before the first trains.
    for plan in [make_plan(corpus, wishes, options.runs) for corpus in options.corpora]:
        carry_out(plan, options.jobs, quiet=options.quiet)
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
        )
        for recipe in options.recipes
    ]
    for plan in plans:
        carry_out(plan, options.jobs, quiet=options.quiet)
        for path in write_ablation(plan, options.out):
            print(path)


def _cross_validate(options: argparse.Namespace) -> None:
    plan = cross_validation_plan(options.recipe, options.folds, options.seeds, options.runs)
    carry_out(plan, options.jobs, quiet=options.quiet)
    found = cross_validation_of(plan)
    print(json.dumps(found.as_json(), indent=2) if options.json else found)


def _compare_bundles(options: argparse.Namespace) -> int:
    found = compare_bundles(
        options.a,
        options.b,
        options.corpus,
        _format(options),
        options.split,
        most_changed=options.max_changed_spans,
    )
    print(json.dumps(found.as_json(), indent=2) if options.json else found)
    return _WORSE if found.verdict == "worse" else 0


def _snips_benchmark(options: argparse.Namespace) -> None:
    if options.full:
        tasks = all_queries(options.folder)
    else:
        tasks = few_queries(options.folder, draws=options.draws)
    recipe = RECIPES / (DEFAULT if options.full else FEW_SHOT)
    experiment = read_experiment(options.experiment or recipe)
    found = []
    bar = tqdm(measure(experiment, tasks), total=len(tasks), disable=options.quiet)
    for measured in bar:
        found.append(measured)
        bar.set_postfix_str(f"macro F1 {summary(found)['macro_f1']:.2f}")
    if options.json:
        tasks_found = [asdict(measured) for measured in found]
        print(json.dumps(summary(found) | {"tasks": tasks_found}, indent=2))
    else:
        print(table(found))


def _explain(options: argparse.Namespace) -> None:
    options.out.write_text(explain(options.bundle, options.text), encoding="utf-8")
    print(options.out)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not whole numbers with commas between them"
        ) from None


def _shares(text: str) -> tuple[int, ...]:
    shares = _numbers(text)
    if not all(0 < share <= 100 for share in shares):
        raise argparse.ArgumentTypeError("a share is from 1 to 100 per cent")
    return shares


def _jobs(text: str) -> int:
    if not text.isdecimal() or (jobs := int(text)) < 1:
        raise argparse.ArgumentTypeError("there is 1 fit at a time, or more")
    return jobs


def _percent(text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no share in per cent, 0 to 100")
    return percent / 100


def _whole_percent(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no share in per cent, 1 to 100")
    return int(text)


def _report(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (*PAGE, ".md"):
        raise argparse.ArgumentTypeError(f"{text!r} ends neither in .html nor in .md")
    return path


def _add_format(parser: argparse.ArgumentParser) -> None:
    """What commands ask that read a corpus."""
    parser.add_argument("--format", choices=sorted(FORMATS), help="the corpus's format")
    for what in ("word", "tag"):
        parser.add_argument(
            f"--{what}-column",
            metavar="COLUMN",
            help=f"of a corpus in columns, that of the {what}s: its number, from 1, or its name",
        )


def _format(options: argparse.Namespace) -> str | None:
    return format_name(options.format, options.word_column, options.tag_column)


def _add_max_changed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-changed-spans",
        type=_percent,
        default=MOST_CHANGED,
        metavar="PERCENT",
        help="share of spans that tags may fail to spell as they were written, and are counted as "
        f"missed, before the corpus is refused ({MOST_CHANGED:.0%}%)",
    )


def _add_split(parser: argparse.ArgumentParser) -> None:
    _add_format(parser)
    parser.add_argument(
        "--split",
        choices=("all", "train", "dev", "holdout"),
        help="what to measure (dev of a folder of parts, and of what the bundle was trained on, "
        "else all); where there is no dev, every 20th query of an intent is; holdout: what fit "
        "--holdout kept out",
    )
    _add_max_changed(parser)


def _add_fits(parser: argparse.ArgumentParser, runs: Path, seeds: int = 3) -> None:
    """What commands ask that train many networks."""
    parser.add_argument(
        "--seeds", type=int, default=seeds, help="runs of each network (default: %(default)s)"
    )
    parser.add_argument(
        "--runs", type=Path, default=runs, help="folder of finished runs (default: %(default)s)"
    )
    parser.add_argument("--jobs", type=_jobs, help="fits at a time (default: one a core)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="slotline", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    fits = commands.add_parser("fit", help="train a tagger and write its bundle")
    fits.set_defaults(command=_fit)
    fits.add_argument(
        "experiment",
        nargs="?",
        type=Path,
        metavar="EXPERIMENT",
        help="TOML file with the recipe (default: the default recipe, which needs --corpus)",
    )
    fits.add_argument(
        "--corpus",
        type=Path,
        metavar="PATH",
        help="file or folder to train on (default: the corpora that the experiment names)",
    )
    _add_format(fits)
    fits.add_argument(
        "--out", type=Path, metavar="DIR", help=f"folder of the bundle (default: {MODELS}/NAME)"
    )
    fits.add_argument(
        "--name",
        metavar="NAME",
        help="the bundle's name (default: that of the experiment, or with --corpus that of --out "
        "or the corpus)",
    )
    fits.add_argument("--seed", type=int, metavar="N", help="random seed (default: the recipe's)")
    fits.add_argument(
        "--run", type=Path, metavar="DIR", help=f"folder of the checkpoint (default: {RUNS}/NAME)"
    )
    fits.add_argument(
        "--holdout",
        choices=("values",),
        help="keep some values out of training with all their sentences, chosen by the seed, and "
        "measure on these too",
    )
    _add_max_changed(fits)
    fits.add_argument(
        "--restart", action="store_true", help="start anew (default: continue an earlier run)"
    )
    fits.add_argument("--quiet", action="store_true", help="show no progress bar")

    evaluates = commands.add_parser("evaluate", help="measure a bundle on annotated text")
    evaluates.set_defaults(command=_evaluate)
    evaluates.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    evaluates.add_argument("corpus", type=Path, metavar="CORPUS", help="annotated file or folder")
    _add_split(evaluates)
    evaluates.add_argument("--json", action="store_true", help="print JSON")
    evaluates.add_argument(
        "--report", type=_report, metavar="FILE", help="an error report, .html or .md"
    )
    evaluates.add_argument(
        "--train", type=Path, help="what was trained on, for the report (the corpus's own part)"
    )
    evaluates.add_argument(
        "--noise",
        nargs="+",
        choices=tuple(CHANGES),
        default=(),
        help="measure again on what people type",
    )
    evaluates.add_argument(
        "--learning-curve",
        type=_shares,
        default=(),
        metavar="10,25,50,100",
        help="train again on shares of the training part, in per cent, for the report",
    )

    exports = commands.add_parser("export", help="write the bundle of a checkpoint")
    exports.set_defaults(command=_export)
    exports.add_argument(
        "checkpoint",
        type=Path,
        metavar="CHECKPOINT",
        help="a run's folder, or the checkpoint file in it",
    )
    exports.add_argument(
        "--out", type=Path, metavar="DIR", help=f"folder of the bundle (default: {MODELS}/NAME)"
    )

    settles = commands.add_parser(
        "tune-stability", help="find on dev when the slots of a stream are stable"
    )
    settles.set_defaults(command=_settle)
    settles.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")

    compares = commands.add_parser("compare", help="train every network and report on all of them")
    compares.set_defaults(command=_compare)
    compares.add_argument(
        "corpora",
        nargs="*",
        metavar="CORPUS",
        default=["atis"],
        help="a corpus, or an experiment whose corpora are meant (default: atis)",
    )
    compares.add_argument("--networks", type=_names, default=NETWORKS, help="experiments: a,b,c")
    compares.add_argument("--epochs", type=int, help="in place of the files' own")
    compares.add_argument(
        "--hidden-sizes", type=_numbers, default=(), help="vary the width: 32,64,128"
    )
    compares.add_argument("--num-layers", type=_numbers, default=(), help="vary the depth: 1,2,3")
    compares.add_argument(
        "--sweep-networks", type=_names, default=(), help="vary these networks (default: all)"
    )
    compares.add_argument(
        "--out", type=Path, default=REPORTS, help=f"folder of the report (default: {REPORTS})"
    )
    _add_fits(compares, RUNS / "compare")

    ablates = commands.add_parser("ablate", help="train a recipe without each of its ingredients")
    ablates.set_defaults(command=_ablate)
    ablates.add_argument(
        "recipes",
        nargs="+",
        metavar="EXPERIMENT",
        help="an experiment, or a corpus for the default recipe",
    )
    length = ablates.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs", type=int, help="in place of the recipe's own, with updates in proportion"
    )
    length.add_argument(
        "--schedule",
        type=_whole_percent,
        metavar="PERCENT",
        help="train for a share of the recipe's epochs and updates",
    )
    ablates.add_argument(
        "--holdout",
        choices=("values", "none"),
        default="values",
        help="keep some values out of training, and measure on them beside dev (values)",
    )
    ablates.add_argument(
        "--out", type=Path, default=ABLATIONS, help=f"folder of the report (default: {ABLATIONS})"
    )
    _add_fits(ablates, RUNS / "ablate")

    validates = commands.add_parser(
        "cross-validate", help="measure a recipe on all of train and dev, fold by fold"
    )
    validates.set_defaults(command=_cross_validate)
    validates.add_argument(
        "recipe", metavar="EXPERIMENT", help="an experiment, or a corpus for the default recipe"
    )
    validates.add_argument("--folds", type=int, default=5, help="parts of the corpus (5)")
    validates.add_argument("--json", action="store_true", help="print JSON")
    _add_fits(validates, RUNS / "cross-validate", seeds=1)

    against = commands.add_parser(
        "compare-bundles",
        help="whether bundle B is better than A on a corpus",
        description="A paired bootstrap over sentences. Exit status: 0 where B is not "
        "significantly worse than A, 1 where it is (the whole 95 %% interval of the difference in "
        "slot F1 is below 0), 2 on errors.",
    )
    against.set_defaults(command=_compare_bundles)
    against.add_argument("a", type=Path, metavar="A", help="the bundle in use")
    against.add_argument("b", type=Path, metavar="B", help="the new one")
    against.add_argument("corpus", type=Path)
    _add_split(against)
    against.add_argument("--json", action="store_true", help="print JSON")

    benchmarks = commands.add_parser(
        "snips-benchmark",
        help="measure few-shot F1 on each intent of SNIPS",
    )
    benchmarks.set_defaults(command=_snips_benchmark)
    benchmarks.add_argument("folder", type=Path, help="holds train_INTENT.json, as published")
    benchmarks.add_argument("--full", action="store_true", help="all of train_INTENT_full.json")
    benchmarks.add_argument(
        "--draws",
        type=int,
        choices=range(1, 10),
        default=DRAWS,
        help="how often it draws (default: %(default)s)",
    )
    benchmarks.add_argument(
        "--experiment", type=Path, help="TOML file (few-shot.toml, with --full default.toml)"
    )
    benchmarks.add_argument("--json", action="store_true", help="print JSON")
    benchmarks.add_argument("--quiet", action="store_true", help="no progress bar")

    explains = commands.add_parser("explain", help="show a sentence on its way through an LSTM")
    explains.set_defaults(command=_explain)
    explains.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    explains.add_argument("text", metavar="TEXT", help="the sentence")
    explains.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        default=Path("explanation.html"),
        help="the page to write (default: %(default)s)",
    )
    return parser


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command as a process of its own; returns the exit status."""
    # SIGTERM interrupts like Ctrl-C, so that worker processes are stopped too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return main(arguments)


if __name__ == "__main__":
    sys.exit(run())
