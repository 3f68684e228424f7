"""Options that several commands have, and how their values are read."""

import argparse
from collections.abc import Callable
from pathlib import Path

from training.corpora.formats import FORMATS, format_name
from training.corpora.splits import MOST_CHANGED
from training.evaluation.error_report import PAGE

MODELS = Path("models")
RUNS = Path("runs")

# Adds a command's arguments to its parser, and the function that runs it as `command`.
AddArguments = Callable[[argparse.ArgumentParser], None]


def names(text: str) -> tuple[str, ...]:
    """Words with commas between them."""
    return tuple(text.split(","))


def numbers(text: str) -> tuple[int, ...]:
    """Whole numbers with commas between them."""
    try:
        return tuple(int(number) for number in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not whole numbers with commas between them"
        ) from None


def shares(text: str) -> tuple[int, ...]:
    """Shares in per cent with commas between them."""
    shares = numbers(text)
    if not all(0 < share <= 100 for share in shares):
        raise argparse.ArgumentTypeError("a share is from 1 to 100 per cent")
    return shares


def jobs(text: str) -> int:
    """A number of processes."""
    if not text.isdecimal() or (jobs := int(text)) < 1:
        raise argparse.ArgumentTypeError("give a number of processes, 1 or more")
    return jobs


def percent(text: str) -> float:
    """A share in per cent, 0 to 100, as one from 0 to 1."""
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0 to 100")
    return percent / 100


def whole_percent(text: str) -> int:
    """A share in whole per cent, 1 to 100."""
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole percentage from 1 to 100")
    return int(text)


def report_path(text: str) -> Path:
    """The file of an error report."""
    path = Path(text)
    if path.suffix.lower() not in (*PAGE, ".md"):
        raise argparse.ArgumentTypeError(f"{text!r} ends neither in .html nor in .md")
    return path


def add_format(parser: argparse.ArgumentParser) -> None:
    """What commands ask that read a corpus."""
    parser.add_argument(
        "--format", choices=sorted(FORMATS), help="format of the corpus (default: recognised)"
    )
    for what in ("word", "tag"):
        parser.add_argument(
            f"--{what}-column",
            metavar="COLUMN",
            help=f"column of the {what}s, if the format is columns: its number, from 1, or its "
            "name",
        )


def format_of(options: argparse.Namespace) -> str | None:
    """The corpus's format as the options of add_format name it."""
    return format_name(options.format, options.word_column, options.tag_column)


def add_max_changed(parser: argparse.ArgumentParser) -> None:
    """What commands ask that refuse a corpus whose spans tags cannot spell."""
    parser.add_argument(
        "--max-changed-spans",
        type=percent,
        default=MOST_CHANGED,
        metavar="PERCENT",
        help="refuse a corpus in which tags of whole tokens cannot express a larger share of the "
        f"spans; such spans count as missed (default: {MOST_CHANGED:.0%}%)",
    )


def add_split(parser: argparse.ArgumentParser) -> None:
    """What commands ask that measure on a corpus."""
    add_format(parser)
    parser.add_argument(
        "--split",
        choices=("all", "train", "dev", "holdout"),
        help="part of the corpus to measure on (default: dev of a folder with parts or of the "
        "training corpus, else all); without a dev part, every 20th sentence of an intent is dev; "
        "holdout: what fit --holdout kept out",
    )
    add_max_changed(parser)


def add_fits(parser: argparse.ArgumentParser, runs: Path, seeds: int = 3) -> None:
    """What commands ask that train many networks."""
    parser.add_argument(
        "--seeds",
        type=int,
        default=seeds,
        metavar="N",
        help="runs of each network (default: %(default)s)",
    )
    parser.add_argument(
        "--runs",
        type=Path,
        default=runs,
        metavar="DIR",
        help="folder of finished runs (default: %(default)s)",
    )
    parser.add_argument(
        "--jobs", type=jobs, metavar="N", help="networks trained at a time (default: one a core)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
