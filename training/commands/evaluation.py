"""The commands that measure bundles, none of which needs torch."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from app.tagging.bundle import open_bundle
from training.commands.options import (
    AddArguments,
    add_split,
    format_of,
    report_path,
    shares,
)
from training.corpora.loading import read_data
from training.errors import ExperimentError
from training.evaluation.error_report import write_error_report
from training.evaluation.evaluate import (
    Evaluation,
    WithNoise,
    evaluate,
    f1_with_noise,
    repeated,
    seen,
)
from training.evaluation.metrics import CurvePoint
from training.evaluation.robustness import CHANGES
from training.evaluation.seen import seen_table
from training.evaluation.trust import trust
from training.evaluation.with_lists import WithLists, lists_table, with_folder, with_made_lists
from training.experiment import (
    experiment_of_bundle,
)
from training.exporting.stability import tune_stability
from training.studies.bundles import compare_bundles

_WORSE = 1


def _evaluate(options: argparse.Namespace) -> None:
    if options.learning_curve and options.report is None:
        raise ExperimentError("--learning-curve goes into a report: name its file with --report")
    evaluation = evaluate(
        options.bundle,
        options.corpus,
        format_of(options),
        options.split,
        train=options.train,
        most_changed=options.max_changed_spans,
    )
    # Beside the JSON, whoever reads it: nothing is skipped or mended in silence.
    beside = sys.stderr if options.json else sys.stdout
    for warning, count in sorted(evaluation.corpus.warnings.items()):
        print(f"{count} x {warning}", file=beside)
    noise = {kind: f1_with_noise(evaluation, kind) for kind in options.noise}
    lists = {} if options.lists is None else with_folder(evaluation, options.lists)
    if options.made_lists:
        lists |= with_made_lists(evaluation)
    write = _as_json if options.json else _as_text
    print(write(evaluation, noise, lists))
    if options.report is not None:
        curve = _curve(options, evaluation) if options.learning_curve else []
        for path in write_error_report(options.report, evaluation, noise, curve):
            print(path, file=beside)


def _as_json(
    evaluation: Evaluation, noise: Mapping[str, WithNoise], lists: Mapping[str, WithLists]
) -> str:
    found = evaluation.report.as_json()
    found["trust"] = asdict(trust(evaluation.corpus.utterances, evaluation.taggings))
    if (flattering := repeated(evaluation)) is not None:
        found["in_training"] = asdict(flattering)
    if (groups := seen(evaluation)) is not None:
        found["by_training"] = {group: asdict(each) for group, each in groups.items()}
    if noise:
        found["noise"] = {kind: asdict(each) | {"loss": each.loss} for kind, each in noise.items()}
    if lists:
        found["lists"] = {name: asdict(each) for name, each in lists.items()}
    # Every encoding has what JSON escapes, and UTF-8 has all letters.
    is_utf8 = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return json.dumps(found, ensure_ascii=not is_utf8, indent=2)


def _as_text(
    evaluation: Evaluation, noise: Mapping[str, WithNoise], lists: Mapping[str, WithLists]
) -> str:
    relied_on = trust(evaluation.corpus.utterances, evaluation.taggings)
    parts = [evaluation.report.table(), relied_on.table()]
    if (flattering := repeated(evaluation)) is not None:
        parts.append(
            f"{flattering.sentences} sentences are in training word for word: "
            f"F1 {flattering.slot_f1:.2f} on them"
        )
        if (others := flattering.slot_f1_of_others) is not None:
            parts.append(f"without them: F1 {others:.2f}")
    if (groups := seen(evaluation)) is not None:
        parts.append(seen_table(groups))
    parts += [
        f"with {kind}: F1 {each.slot_f1:.2f}, {each.loss:.2f} points lost "
        f"(as running text without it {each.clean_f1:.2f})"
        for kind, each in noise.items()
    ]
    if lists:
        parts.append(lists_table(lists))
    return "\n".join(parts)


def _curve(options: argparse.Namespace, evaluation: Evaluation) -> list[CurvePoint]:
    if evaluation.train is None:
        raise ExperimentError("--learning-curve needs sentences to learn from: --train names them")
    from training.studies.learning_curve import learning_curve  # the one option that needs torch

    experiment = experiment_of_bundle(evaluation.tagger.manifest)
    points = learning_curve(
        experiment,
        evaluation.train.utterances,
        evaluation.corpus.utterances,
        options.learning_curve,
        quiet=options.json,
    )
    return list(points)


def _compare_bundles(options: argparse.Namespace) -> int:
    found = compare_bundles(
        options.a,
        options.b,
        options.corpus,
        format_of(options),
        options.split,
        most_changed=options.max_changed_spans,
    )
    print(json.dumps(found.as_json(), indent=2) if options.json else found)
    return _WORSE if found.verdict == "worse" else 0


def _settle(options: argparse.Namespace) -> None:
    experiment = experiment_of_bundle(open_bundle(options.bundle).manifest)
    data = read_data(experiment, most_changed=1.0)
    stats = tune_stability(options.bundle, experiment, data)
    print(f"{options.bundle}: {stats}")


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_evaluate)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="annotated file or folder")
    add_split(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--report", type=report_path, metavar="FILE", help="write an error report, .html or .md"
    )
    parser.add_argument(
        "--train",
        type=Path,
        metavar="PATH",
        help="training sentences, for the report (default: those of CORPUS)",
    )
    parser.add_argument(
        "--noise",
        nargs="+",
        choices=tuple(CHANGES),
        default=(),
        help="measure again with typing noise",
    )
    parser.add_argument(
        "--lists",
        type=Path,
        metavar="DIR",
        help="measure again with these lists of values, a folder like SLOTLINE_LISTS_DIR",
    )
    parser.add_argument(
        "--made-lists",
        action="store_true",
        help="measure again with lists made of the corpus: of all values, of half, and of noise",
    )
    parser.add_argument(
        "--learning-curve",
        type=shares,
        default=(),
        metavar="10,25,50,100",
        help="train again on shares of the training sentences, in per cent, for the report",
    )


def _add_compare_bundles(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "A paired bootstrap over sentences. Exit status: 0 where B is not significantly worse than "
        "A, 1 where it is (the whole 95 % interval of the difference in slot F1 is below 0), 2 on "
        "errors."
    )
    parser.set_defaults(command=_compare_bundles)
    parser.add_argument("a", type=Path, metavar="A", help="the bundle in use")
    parser.add_argument("b", type=Path, metavar="B", help="the new one")
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="annotated file or folder")
    add_split(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_tune_stability(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_settle)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")


PARSERS: Mapping[str, AddArguments] = {
    "evaluate": _add_evaluate,
    "compare-bundles": _add_compare_bundles,
    "tune-stability": _add_tune_stability,
}
