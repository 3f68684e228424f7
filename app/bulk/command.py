"""The command `slotline tag`: its options, and the run that they describe."""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from app.bulk.rows import Format, Shape
    from app.bulk.run import Report, Shard
    from app.bulk.source import Files, Pipe
    from app.bulk.tagging import TaggingOptions
    from app.bulk.writing import Job

Place = Literal["stream", "file", "folder"]
# As shells have it: 128 and the number of SIGPIPE.
_PIPE_CLOSED = 141
_PART_ROWS = 16_384
_PART_BYTES = 1_048_576
_EPILOG = (
    "Rows keep their order and their columns, and get the columns `slots`, `intent` and `error`. "
    "If the run is killed, the same command continues it. The settings SLOTLINE_MODEL_DIR, "
    "SLOTLINE_DEFAULT_MODEL, SLOTLINE_LISTS_DIR, SLOTLINE_MAX_WORDS, SLOTLINE_DEVICE and "
    "SLOTLINE_TRUSTED_KEYS apply as for `slotline serve`."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command; imports nothing that is slow to load."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "input",
        metavar="IN",
        help="file of text (.txt, one text in each line), JSON lines (.jsonl), CSV (.csv) or "
        "Parquet (.parquet); a folder of such files; or - for standard input",
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="OUT",
        help="file to write (.jsonl, .csv or .parquet); a folder for a file of each part, with / "
        "at the end if it does not exist yet; or - for standard output",
    )
    parser.add_argument("--column", default="text", help="column of the texts (default: text)")
    parser.add_argument(
        "--keep",
        metavar="A,B",
        help="other columns to copy (default: all; from JSON lines to CSV or Parquet only the "
        "text)",
    )
    parser.add_argument("--model", metavar="NAME", help="model that tags (default: as for serve)")
    parser.add_argument(
        "--model-dir",
        type=Path,
        metavar="DIR",
        help="folder of the bundles (default: as for serve)",
    )
    parser.add_argument(
        "--lists-dir",
        type=Path,
        metavar="DIR",
        help="folder of the lists (default: the value of SLOTLINE_LISTS_DIR)",
    )
    formats = ("text", "jsonl", "csv", "parquet")
    parser.add_argument(
        "--from", dest="source", choices=formats, help="format of IN (default: by its name)"
    )
    parser.add_argument("--to", choices=formats[1:], help="format of OUT (default: by its name)")
    parser.add_argument(
        "--min-confidence",
        type=_share,
        default=0.0,
        metavar="P",
        help="leave out slots with a lower confidence, 0 to 1 (default: 0)",
    )
    parser.add_argument(
        "--offset-unit",
        choices=("codepoint", "utf16", "byte"),
        default="codepoint",
        help="what start and end count (default: codepoint)",
    )
    parser.add_argument(
        "--delimiter", default=",", help="delimiter of CSV files, or `tab` (default: a comma)"
    )
    parser.add_argument(
        "--no-escape-formulas",
        dest="escape",
        action="store_false",
        help="write CSV cells unchanged, even if a spreadsheet may run them as formulas",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")
    parser.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="do only share I of N, counted from 0; OUT must be one folder for all shares",
    )
    parser.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="number of processes (default: one for each core)",
    )
    parser.add_argument(
        "--part-rows",
        type=_count,
        default=_PART_ROWS,
        metavar="N",
        help=f"rows in a part of Parquet (default: {_PART_ROWS})",
    )
    parser.add_argument(
        "--part-bytes",
        type=_count,
        default=_PART_BYTES,
        metavar="N",
        help=f"bytes in a part of other formats (default: {_PART_BYTES})",
    )


def run(options: argparse.Namespace) -> None:
    """Run the command; raises SystemExit with a message if the run fails."""
    from app.bulk.errors import BulkError

    try:
        report = _run(options)
    except BulkError as error:
        sys.exit(f"slotline: {error}")
    except BrokenPipeError:
        # Whoever read has seen enough, and nothing more can be written as Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_PIPE_CLOSED)
    except OSError as error:
        sys.exit(f"slotline: {error.filename or options.out}: {error.strerror}")
    print_report(report)


def print_report(report: "Report") -> None:
    """Print the result of a run to standard error."""
    from app.bulk.progress import duration

    counts = report.counts
    rows = "row" if counts.rows == 1 else "rows"
    line = f"tagged {counts.rows:,} {rows} in {duration(report.seconds)}"
    if report.resumed:
        line += f"; {report.resumed:,} parts were finished before"
    if counts.errors:
        line += f"; {counts.errors:,} of the rows have an error"
    sys.stderr.write(f"slotline: {line}\n")


def _run(options: argparse.Namespace) -> "Report":
    from app.bulk.errors import BulkError
    from app.bulk.run import Run, Shard, pipe_to_file, to_file, to_folder, to_stream
    from app.bulk.source import PIPE, Files, open_source
    from app.tagging.cores import usable_cores

    shape = _shape(options)
    to, place = _target(options, shape)
    source = open_source(options.input, shape, options.part_rows, options.part_bytes)
    if options.shard and place != "folder":
        raise BulkError("--shard needs a folder: end --out in /, and name the same for all shards")
    if place == "folder" and not isinstance(source, Files):
        raise BulkError("a folder of parts needs a file to read: a pipe cannot be read again")
    tagging, model = _model(options)
    job = _job(tagging, source, to, escape=options.escape)
    run = Run(job, options.workers or usable_cores(), _about(job, model))
    out = Path(options.out)
    if place == "stream":
        if options.out == PIPE:
            return to_stream(source, run, sys.stdout.buffer)
        with out.open("wb") as file:
            return to_stream(source, run, file)
    if place == "folder":
        assert isinstance(source, Files), "checked above"
        return to_folder(source, run, out, options.shard or Shard())
    if not out.parent.is_dir():
        raise BulkError(f"the folder {out.parent} is not there: make it")
    if out.exists() and not options.overwrite and not out.with_name(f"{out.name}.parts").exists():
        raise BulkError(f"{out} is there already: delete it, or replace it with --overwrite")
    if isinstance(source, Files):
        return to_file(source, run, out)
    return pipe_to_file(source, run, out)


def _shape(options: argparse.Namespace) -> "Shape":
    """What is known of the rows before they are read; raises BulkError."""
    from app.bulk.errors import BulkError
    from app.bulk.rows import Shape
    from app.bulk.source import PIPE, format_inside, is_special

    delimiter = "\t" if options.delimiter in ("tab", "\\t") else options.delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise BulkError(f"--delimiter is {options.delimiter!r} and must be one character, or tab")
    input_format = options.source
    if not input_format and (options.input == PIPE or is_special(options.input)):
        input_format = "text"
    input_format = input_format or format_inside(options.input)
    if not input_format:
        raise BulkError(f"the name {options.input} does not tell the format: name it with --from")
    keep = tuple(filter(None, options.keep.split(","))) if options.keep else None
    return Shape(input_format, options.column, keep=keep, delimiter=delimiter)


def _target(options: argparse.Namespace, shape: "Shape") -> "tuple[Format, Place]":
    """The output format and the kind of output; raises BulkError."""
    from app.bulk.errors import BulkError
    from app.bulk.source import PIPE, format_of, is_special

    place: Place = "file"
    if options.out == PIPE or is_special(options.out):
        place = "stream"
    elif options.out.endswith("/") or Path(options.out).is_dir():
        place = "folder"
    to = options.to or format_of(options.out)
    if not to and place != "file":
        to = "jsonl" if place == "stream" or shape.format == "text" else shape.format
    if not to:
        raise BulkError(f"the name {options.out} does not tell the format: name it with --to")
    if to == "text":
        raise BulkError(f"the name {options.out} is of a text: end it in .jsonl, .csv or .parquet")
    return to, place


def _model(options: argparse.Namespace) -> "tuple[TaggingOptions, str]":
    """The options of tagging, and the model as NAME@VERSION; raises BulkError."""
    from pydantic import ValidationError

    from app.bulk.errors import BulkError
    from app.bulk.tagging import TaggingOptions
    from app.inference.list_folder import version_of
    from app.inference.loading import find_bundle
    from app.settings import Settings, first_fault
    from app.tagging.errors import BundleError

    try:
        settings = Settings()
        lists = options.lists_dir or settings.lists_dir
        folder = options.model_dir or settings.model_dir
        path, manifest = find_bundle(
            folder,
            options.model or settings.default_model,
            largest=settings.max_model_file_bytes,
            trusted=settings.trusted_keys,
        )
        largest = settings.max_model_file_bytes
        version = version_of(lists, manifest.name, largest) if lists else None
    except ValidationError as error:
        raise BulkError(first_fault(error)) from error
    except BundleError as error:
        raise BulkError(str(error)) from error
    tagging = TaggingOptions(
        bundle=path.absolute(),
        root=folder.absolute(),
        device=settings.device,
        trusted=settings.trusted_keys,
        largest=settings.max_model_file_bytes,
        max_words=settings.max_words,
        min_confidence=options.min_confidence,
        offset_unit=options.offset_unit,
        lists=lists.absolute() if lists and version else None,
        lists_version=version,
    )
    return tagging, f"{manifest.name}@{manifest.version}"


def _job(tagging: "TaggingOptions", source: "Files | Pipe", to: "Format", *, escape: bool) -> "Job":
    from app.bulk.writing import Job

    schema = None
    if to == "parquet":
        from app.bulk.arrow import schema_of

        schema = schema_of(source.shape, source.schema)
    return Job(tagging, source.shape, to, escape, schema)


def _about(job: "Job", model: str) -> Mapping[str, Any]:
    """
    What the parts depend on, apart from the input.

    A run continues only a run for which this is the same.
    """
    from app import __version__

    tagging, shape = job.tagging, asdict(job.shape)
    del shape["header"]
    return {
        "version": __version__,
        "model": model,
        "version of the lists": tagging.lists_version,
        "output format": job.to,
        "max words": tagging.max_words,
        "min confidence": tagging.min_confidence,
        "offset unit": tagging.offset_unit,
        "escape": job.escape,
        **shape,
    }


def _shard(text: str) -> "Shard":
    from app.bulk.run import Shard

    index, slash, count = text.partition("/")
    if not (slash and index.isdecimal() and count.isdecimal() and int(index) < int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a share such as 0/3, 1/3 or 2/3")
    return Shard(int(index), int(count))


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return share
