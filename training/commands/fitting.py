"""The commands that train a tagger and write its bundle."""

import argparse
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from training.commands.options import (
    MODELS,
    RUNS,
    AddArguments,
    add_format,
    add_max_changed,
    format_of,
)
from training.corpora.loading import Data, read_data
from training.corpora.splits import MOST_CHANGED
from training.corpora.utterances import count_spans
from training.errors import ExperimentError
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
from training.fitting.checkpoint import read_checkpoint
from training.paths import DATA_VARIABLE, data_folder
from training.pipeline import Trained, make_bundle
from training.studies.plan import network_experiments

DEFAULT = "default.toml"
FEW_SHOT = "few-shot.toml"
# From so few sentences the recipe for few learns more, and in a fraction of the time.
FEW = 100


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
            f"recipe: {FEW_SHOT}, as there are {FEW} sentences or fewer; to train with the default "
            f"recipe, give {RECIPES / DEFAULT} before --corpus"
        )
    command = _command(options, folder)
    trained = make_bundle(
        experiment, data, run, folder, command, restart=options.restart, quiet=options.quiet
    )
    _print_result(trained, folder, data)


def _print_result(trained: Trained, folder: Path, data: Data) -> None:
    checkpoint, manifest = trained.checkpoint, trained.tagger.manifest
    print(
        f"{folder}: version {manifest.version}, dev slot F1 {checkpoint.best_f1:.2f} "
        f"(epoch {checkpoint.best_epoch} of {checkpoint.epoch}, "
        f"{checkpoint.seconds / 60:.1f} minutes of CPU time); "
        f"spans of dev changed: {count_spans(data.dev)}, counted as missed"
    )
    if data.held_out:
        print(
            f"  {len(data.held_out)} sentences held out: "
            f"slot F1 {manifest.metrics['holdout_slot_f1']:.2f}, "
            f"{manifest.metrics['holdout_unseen_f1']:.2f} on values that training does not have"
        )


def _for_few(experiment: Experiment) -> Experiment:
    """The recipe for few sentences in place of the default one."""
    recipe = read_experiment(RECIPES / FEW_SHOT)
    return replace(recipe, name=experiment.name, seed=experiment.seed, corpora=experiment.corpora)


def _experiment(options: argparse.Namespace) -> Experiment:
    if options.experiment is None and options.corpus is None:
        raise ExperimentError("name an experiment file, or a corpus with --corpus")
    named = format_of(options)
    if named is not None and options.corpus is None:
        raise ExperimentError(
            "--format, --word-column and --tag-column need --corpus: the experiment file names the "
            "formats of its corpora"
        )
    _refuse_corpora(options)
    recipe = str(options.experiment or RECIPES / DEFAULT)
    experiment = network_experiments().get(recipe) or read_experiment(Path(recipe))
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


def _refuse_corpora(options: argparse.Namespace) -> None:
    """Say so where a corpus is given in place of an experiment, or a corpus that is not there."""
    given, corpus = options.experiment, options.corpus
    is_experiment = given is None or given.suffix == ".toml" or str(given) in network_experiments()
    if given is not None and not is_experiment and corpus is None and given.exists():
        raise ExperimentError(f"{given} is not a TOML file: give a corpus as --corpus {given}")
    if corpus is not None and not corpus.exists():
        raise ExperimentError(f"there is no file or folder {corpus}: give --corpus another path")


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
    print(f"{len(data.train)} sentences for training, {len(data.dev)} for dev")
    for warning, count in sorted(data.warnings.items()):
        print(f"  {count} x {warning}")


def _export(options: argparse.Namespace) -> None:
    checkpoint = read_checkpoint(options.checkpoint)
    if checkpoint is None:
        raise ExperimentError(
            f"there is no checkpoint {options.checkpoint}: give the folder of a run, as fit --run "
            f"names it (default: {RUNS}/NAME)"
        )
    folder = options.out or MODELS / checkpoint.experiment.name
    manifest = export(checkpoint, folder)
    changed = checkpoint.settled.get("dev_changed_spans")
    share = "" if changed is None else f" ({changed:.2%} of its spans changed, missed)"
    print(f"{folder}: version {manifest.version}, dev slot F1 {checkpoint.best_f1:.2f}{share}")


def _add_fit(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_fit)
    parser.add_argument(
        "experiment",
        nargs="?",
        type=Path,
        metavar="EXPERIMENT",
        help="TOML file of the experiment, or the name of a network of `slotline compare` "
        "(default: the default recipe, which needs --corpus)",
    )
    parser.add_argument(
        "--corpus",
        type=Path,
        metavar="PATH",
        help="file or folder to train on (default: the corpora that the experiment names)",
    )
    add_format(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=f"folder of the bundle (default: {MODELS}/NAME)"
    )
    parser.add_argument(
        "--name",
        metavar="NAME",
        help="name of the bundle (default: the name of the experiment; with --corpus the name of "
        "--out or of the corpus)",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="random seed (default: the recipe's)")
    parser.add_argument(
        "--run",
        type=Path,
        metavar="DIR",
        help=f"folder of the run and its checkpoint (default: {RUNS}/NAME)",
    )
    parser.add_argument(
        "--holdout",
        choices=("values",),
        help="keep some values and all their sentences out of training, and measure on them too",
    )
    add_max_changed(parser)
    parser.add_argument(
        "--restart", action="store_true", help="start again (default: continue the earlier run)"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress bar")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_export)
    parser.add_argument(
        "checkpoint",
        type=Path,
        metavar="CHECKPOINT",
        help="a run's folder, or the checkpoint file in it",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=f"folder of the bundle (default: {MODELS}/NAME)"
    )


PARSERS: Mapping[str, AddArguments] = {
    "fit": _add_fit,
    "export": _add_export,
}
