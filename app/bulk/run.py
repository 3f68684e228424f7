"""A run: workers tag the pieces, and the results are written in the order of the rows."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from app.bulk.parts import Parts, written
from app.bulk.progress import Progress
from app.bulk.source import Files, Numbered, Pipe
from app.bulk.workers import Workers
from app.bulk.writing import Counts, Job, Writer, tag_piece

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = {"jsonl": ".jsonl", "csv": ".csv", "parquet": ".parquet"}


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shares of the pieces; the shares may be run anywhere and in any order."""

    index: int = 0
    count: int = 1

    def has(self, piece: Numbered) -> bool:
        """Whether the piece belongs to this share."""
        return (piece.file + piece.number) % self.count == self.index


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run: rows and errors, seconds, and parts that an earlier run had finished."""

    counts: Counts
    seconds: float
    resumed: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A job, its number of processes, and what its parts depend on apart from the input."""

    job: Job
    processes: int
    about: Mapping[str, Any]


class _Part(NamedTuple):
    """A piece, and the path of its part."""

    numbered: Numbered
    path: Path


def to_stream(source: Files | Pipe, run: Run, file: BinaryIO) -> Report:
    """Tag all rows, and write them to a file or pipe as soon as they are ready."""
    counts = Counts()
    progress = Progress(sys.stderr, source.total, beside=file.isatty())
    writer = Writer(run.job, file)
    with Workers(partial(_tag, run.job), run.processes) as workers:
        for numbered, (counts_of_piece, chunks) in workers.results(source.pieces()):
            for chunk in chunks:
                writer.write(chunk)
            file.flush()
            counts.add(counts_of_piece)
            progress.add(counts_of_piece.rows, numbered.amount)
    writer.close()
    return Report(counts, progress.close())


def pipe_to_file(source: Pipe, run: Run, out: Path) -> Report:
    """Tag the rows of a pipe into a file, which appears when it is complete."""
    with written(out) as file:
        return to_stream(source, run, file)


def to_file(source: Files, run: Run, out: Path) -> Report:
    """
    Tag all rows into a file; continues an earlier run.

    Parts are written beside the file, and joined at the end.
    """
    parts = Parts(out.with_name(f"{out.name}.parts"), SUFFIX[run.job.to])
    parts.claim({**run.about, **source.identity()})
    with parts.lock("file"):
        report, paths = _write_parts(source, run, parts, Shard(), header=False)
        with written(out) as file:
            writer = Writer(run.job, file)
            for path in paths:
                writer.copy(path)
            writer.close()
        shutil.rmtree(parts.folder)
    return report


def to_folder(source: Files, run: Run, out: Path, shard: Shard) -> Report:
    """Tag the rows of a shard into parts that stay; continues an earlier run."""
    parts = Parts(out, SUFFIX[run.job.to])
    parts.claim({**run.about, **source.identity()})
    with parts.lock(f"shard-{shard.index}-of-{shard.count}"):
        report, _ = _write_parts(source, run, parts, shard, header=True)
    return report


def _write_parts(
    source: Files, run: Run, parts: Parts, shard: Shard, *, header: bool
) -> tuple[Report, list[Path]]:
    """Write the missing parts; returns the paths of all parts, in the order of the rows."""
    complete, leftovers = parts.complete(), parts.leftovers()
    paths: list[Path] = []
    missing: list[_Part] = []
    done = total = 0
    for numbered in filter(shard.has, source.pieces()):
        path = parts.path(numbered.file, numbered.number)
        paths.append(path)
        total += numbered.amount
        if path.name in complete:
            done += numbered.amount
            continue
        missing.append(_Part(numbered, path))
        for leftover in leftovers.get(path.name, ()):
            leftover.unlink(missing_ok=True)
    counts, progress = Counts(), Progress(sys.stderr, total, done)
    if missing:
        work = partial(_write_part, run.job, header)
        with Workers(work, min(run.processes, len(missing))) as workers:
            for part, counts_of_part in workers.results(missing):
                counts.add(counts_of_part)
                progress.add(counts_of_part.rows, part.numbered.amount)
    return Report(counts, progress.close(), len(paths) - len(missing)), paths


def _tag(job: Job, numbered: Numbered) -> "tuple[Counts, list[bytes | pa.Table]]":
    """Tag a piece: the counts, and what is to be written."""
    counts = Counts()
    return counts, list(tag_piece(job, numbered.piece, counts))


def _write_part(job: Job, header: bool, part: _Part) -> Counts:
    """Tag a piece into its part; returns the counts."""
    counts = Counts()
    with written(part.path) as file:
        writer = Writer(job, file, header=header)
        for chunk in tag_piece(job, part.numbered.piece, counts):
            writer.write(chunk)
        writer.close()
    return counts
