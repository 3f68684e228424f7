"""The input of a run: a file, the files of a folder, or a pipe."""

import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from app.bulk.errors import BulkError
from app.bulk.pieces import Piece, csv_pieces, line_pieces, pipe_pieces, read_header
from app.bulk.rows import ADDED, Format, Shape, taken_names

PIPE = "-"
SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}


class Numbered(NamedTuple):
    """
    A piece with the number of its file, its number in that file, and its size.

    `amount` is in bytes, or in rows for Parquet.
    """

    file: int
    number: int
    piece: Piece
    amount: int


@dataclass(frozen=True, slots=True)
class Files:
    """
    Files of one shape, read in this order.

    part_rows: the size of a piece of Parquet. part_bytes: that of a piece of other formats.
    """

    paths: tuple[Path, ...]
    shape: Shape
    schema: Any
    part_rows: int
    part_bytes: int

    @property
    def total(self) -> int:
        """The size of all files in bytes, or in rows for Parquet."""
        if self.shape.format == "parquet":
            from app.bulk.arrow import count_rows

            return sum(map(count_rows, self.paths))
        return sum(path.stat().st_size for path in self.paths)

    def pieces(self) -> Iterator[Numbered]:
        """All pieces, in the order of the rows."""
        for file_number, path in enumerate(self.paths):
            for number, (piece, amount) in enumerate(self._pieces_of(path)):
                yield Numbered(file_number, number, piece, amount)

    def _pieces_of(self, path: Path) -> Iterator[tuple[Piece, int]]:
        if self.shape.format == "parquet":
            from app.bulk.arrow import parquet_pieces

            return parquet_pieces(path, self.part_rows)
        if self.shape.format == "csv":
            return csv_pieces(path, self.part_bytes, self.shape.delimiter)
        return line_pieces(path, self.part_bytes)

    def identity(self) -> dict[str, Any]:
        """A description that changes with the files, their order and their contents."""
        statuses = [(path.name, path.stat()) for path in self.paths]
        files = [[name, status.st_size, status.st_mtime_ns] for name, status in statuses]
        size = self.part_rows if self.shape.format == "parquet" else self.part_bytes
        return {"input": files, "part size": size}


@dataclass(frozen=True, slots=True)
class Pipe:
    """An input that can be read only once, from start to end; `rest` was read with the header."""

    read: Callable[[int], bytes]
    shape: Shape
    rest: bytes = b""
    schema: Any = None
    total = None

    def pieces(self) -> Iterator[Numbered]:
        """All pieces, as they arrive."""
        pieces = pipe_pieces(self.read, self.shape, self.rest)
        for number, (piece, amount) in enumerate(pieces):
            yield Numbered(0, number, piece, amount)


def open_source(name: str, shape: Shape, part_rows: int, part_bytes: int) -> Files | Pipe:
    """
    Open the input of this name: `-`, a file or a folder.

    `shape` is what is known of the rows so far. Raises BulkError if the input does not exist, or
    has another shape.
    """
    if name == PIPE:
        return _open_pipe(sys.stdin.buffer, shape)
    path = Path(name)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return _open_files(_files_in(path, shape.format), shape, part_rows, part_bytes)
        if stat.S_ISREG(mode):
            return _open_files([path], shape, part_rows, part_bytes)
        return _open_pipe(path.open("rb"), shape)
    except OSError as error:
        raise BulkError(f"{name} cannot be read: {error.strerror}") from error


def format_of(name: str) -> Format | None:
    """The format that the name of a file ends with, None if no format does."""
    return SUFFIXES.get(Path(name).suffix.lower())


def format_inside(name: str) -> Format | None:
    """
    The format of a file, or of the files in a folder; None if the names do not tell.

    Raises BulkError if the input does not exist.
    """
    path = Path(name)
    if not path.exists():
        raise BulkError(f"{name} is not there")
    if not path.is_dir():
        return format_of(name)
    known = {format_of(file.name) for file in path.iterdir() if _is_data(file)} - {None}
    return known.pop() if len(known) == 1 else None


def _files_in(folder: Path, file_format: Format) -> list[Path]:
    paths = sorted(
        path
        for path in folder.iterdir()
        if _is_data(path) and SUFFIXES.get(path.suffix.lower()) == file_format
    )
    if not paths:
        listed = ", ".join(
            suffix for suffix, suffix_format in SUFFIXES.items() if suffix_format == file_format
        )
        raise BulkError(f"the folder {folder} holds no file whose name ends in {listed}")
    return paths


def _is_data(path: Path) -> bool:
    return not path.name.startswith((".", "_")) and path.is_file()


def _open_pipe(file: BinaryIO, shape: Shape) -> Pipe:
    if shape.format == "parquet":
        raise BulkError("Parquet is read from its end, so not from a pipe: name a file")
    # What is there is read, without waiting for more.
    read: Callable[[int], bytes] = getattr(file, "read1", file.read)
    if shape.format != "csv":
        return Pipe(read, _kept(shape))
    header, rest = read_header(read, shape.delimiter)
    return Pipe(read, _kept(replace(shape, header=header)), rest)


def _open_files(paths: Sequence[Path], shape: Shape, part_rows: int, part_bytes: int) -> Files:
    schema = None
    if shape.format == "parquet":
        from app.bulk.arrow import check_schema, read_schema

        schema = _same(paths, read_schema, "schema")
        check_schema(schema, shape.column, shape.keep)
        shape = replace(shape, header=tuple(schema.names))
    elif shape.format == "csv":
        shape = replace(shape, header=_same(paths, lambda path: _header(path, shape), "header"))
    return Files(
        tuple(path.absolute() for path in paths), _kept(shape), schema, part_rows, part_bytes
    )


def _header(path: Path, shape: Shape) -> tuple[str, ...]:
    with path.open("rb") as file:
        try:
            return read_header(file.read, shape.delimiter)[0]
        except BulkError as error:
            raise BulkError(f"{path}: {error}") from error


def _same(paths: Sequence[Path], read: Callable[[Path], Any], what: str) -> Any:
    """What `read` returns for every file; raises BulkError if it differs between files."""
    first = read(paths[0])
    for path in paths[1:]:
        if read(path) != first:
            raise BulkError(f"{path} has another {what} than {paths[0]}: tag them apart")
    return first


def _kept(shape: Shape) -> Shape:
    """The shape, after a check that it has the columns that it names; raises BulkError."""
    if shape.header and shape.column not in shape.header:
        listed = ", ".join(shape.header)
        raise BulkError(
            f"there is no column {shape.column!r} but there are: {listed}; name one with --column"
        )
    if shape.format != "jsonl" and shape.keep is not None:
        known = shape.header or (shape.column,)
        if strange := [name for name in shape.keep if name not in known]:
            raise BulkError(f"--keep names {strange[0]!r}, which is not among: {', '.join(known)}")
    if taken := [name for name in ADDED if name in shape.columns]:
        raise taken_names(taken)
    return shape


def is_special(name: str) -> bool:
    """Whether the name is that of a pipe or device, such as /dev/null."""
    try:
        mode = Path(name).stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
