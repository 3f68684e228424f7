"""
Pieces of the input: the units of work, each readable without what comes before it.

Where pieces begin and end depends only on the input and on the size of pieces. So another process,
or a run that continues after a kill, cuts the input at the same places.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.bulk.errors import BulkError
from app.bulk.rows import LONGEST, CsvRows, JsonRows, Rows, Shape, TextRows, read_csv

# Bytes that are read at a time: about a thousand rows.
_BLOCK = 65_536
_READERS: dict[str, Callable[[bytes, Shape], Rows]] = {
    "text": TextRows,
    "jsonl": JsonRows,
    "csv": CsvRows,
}
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Span:
    """
    The rows of a file that begin within the bytes from `start` to before `end`.

    `origin` is the first byte of the first row of the file. If `exact`, the bytes are whole
    records, which may have line breaks in them.
    """

    path: Path
    start: int
    end: int
    origin: int
    exact: bool

    def rows(self, shape: Shape) -> Iterator[Rows]:
        """Read the rows, some at a time."""
        with self.path.open("rb") as file:
            begin = self.start
            if not self.exact and begin > self.origin:
                # The line that the piece before ends with may reach into this one.
                file.seek(begin - 1)
                begin += len(_end_of_line(file)) - 1
            file.seek(begin)
            reader = partial(_read_until, file, self.end, self.exact)
            yield from _rows(reader, shape)


@dataclass(frozen=True, slots=True)
class Data:
    """Whole rows, as they were read from a pipe."""

    data: bytes

    def rows(self, shape: Shape) -> Iterator[Rows]:
        """All of the rows at once."""
        yield _READERS[shape.format](self.data, shape)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """`count` rows of a row group of Parquet, from row `first` of the group on."""

    path: Path
    group: int
    first: int
    count: int

    def rows(self, shape: Shape) -> Iterator[Rows]:
        """Read the rows, some at a time."""
        from app.bulk.arrow import read_rows

        return read_rows(self.path, self.group, self.first, self.count, shape)


Piece = Span | Data | RowGroup


def line_pieces(path: Path, size: int) -> Iterator[tuple[Piece, int]]:
    """The pieces of a file of text or JSON lines, each with its number of bytes."""
    with path.open("rb") as file:
        origin = len(BOM) if file.read(len(BOM)) == BOM else 0
        length = file.seek(0, io.SEEK_END)
    for start in range(origin, length, size):
        end = min(start + size, length)
        yield Span(path, start, end, origin, exact=False), end - start


def csv_pieces(path: Path, size: int, delimiter: str) -> Iterator[tuple[Piece, int]]:
    """
    The pieces of a CSV file, each with its number of bytes, which is about `size`.

    The file is read from its beginning, because only so it is known whether a line break is in a
    cell.
    """
    with path.open("rb") as file:
        _, rest = read_header(file.read, delimiter)
        origin = start = file.tell() - len(rest)
        file.seek(start)
        for block in blocks(file.read, partial(_end_of_records, delimiter=delimiter), size):
            yield Span(path, start, start + len(block), origin, exact=True), len(block)
            start += len(block)


def pipe_pieces(
    read: Callable[[int], bytes], shape: Shape, rest: bytes = b""
) -> Iterator[tuple[Piece, int]]:
    """The pieces that come through a pipe; `rest` is what was read after the header."""
    if shape.format != "csv":
        rest = _without_bom(read)
    for block in blocks(read, _cut(shape), _BLOCK, rest):
        yield Data(block), len(block)


def read_header(read: Callable[[int], bytes], delimiter: str) -> tuple[tuple[str, ...], bytes]:
    """The column names of a CSV, and the bytes read after them; raises BulkError."""
    data = _without_bom(read)
    while not (end := _end_of_header(data, delimiter)):
        if not (more := read(_BLOCK)):
            end = len(data)
            break
        data += more
        _check_length(data)
    header = next(iter(read_csv(data[:end], delimiter)), None)
    if header is None:
        raise BulkError("the CSV is empty: it needs a header that names its columns")
    names = tuple(header)
    if any("\udc80" <= char <= "\udcff" for name in names for char in name):
        raise BulkError("the header of the CSV is not UTF-8: save the file as UTF-8")
    if doubled := {name for name in names if names.count(name) > 1}:
        raise BulkError(f"the header of the CSV has {min(doubled)!r} twice: rename one of them")
    return names, data[end:]


def blocks(
    read: Callable[[int], bytes],
    cut: Callable[[bytes], int],
    size: int,
    rest: bytes = b"",
) -> Iterator[bytes]:
    """
    What is read, in blocks of whole rows.

    `cut` returns where the last whole row of some bytes ends. Raises BulkError for a row longer
    than LONGEST.
    """
    while True:
        if end := cut(rest):
            yield rest[:end]
            rest = rest[end:]
        _check_length(rest)
        if not (more := read(size)):
            break
        rest += more
    if rest:
        yield rest


def _rows(read: Callable[[int], bytes], shape: Shape) -> Iterator[Rows]:
    for block in blocks(read, _cut(shape), _BLOCK):
        yield _READERS[shape.format](block, shape)


def _cut(shape: Shape) -> Callable[[bytes], int]:
    if shape.format == "csv":
        return partial(_end_of_records, delimiter=shape.delimiter)
    return _end_of_lines


def _end_of_lines(data: bytes) -> int:
    return data.rfind(b"\n") + 1


def _end_of_records(data: bytes, delimiter: str) -> int:
    """The end of the last complete record of some bytes of CSV."""
    end = _end_of_lines(data)
    if data.find(b'"', 0, end) < 0:
        return end
    # The last record may go on behind these bytes, if a quote is open; the others do not.
    lines = _csv_lines(data[:end])
    complete = last = 0
    for _, line in _numbered_records(lines, delimiter):
        complete, last = last, line
    return len("".join(lines[:complete]).encode(errors="surrogateescape"))


def _end_of_header(data: bytes, delimiter: str) -> int:
    """The end of the first record; 0 if it may continue after these bytes."""
    lines = _csv_lines(data[: _end_of_lines(data)])
    header = 0
    for record, line in _numbered_records(lines, delimiter):
        if header:
            return len("".join(lines[:header]).encode(errors="surrogateescape"))
        if record:
            header = line
    return 0


def _csv_lines(data: bytes) -> list[str]:
    return list(io.StringIO(data.decode(errors="surrogateescape"), newline=""))


def _numbered_records(lines: list[str], delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Each record with the number of the line that it ends on; raises BulkError."""
    csv.field_size_limit(LONGEST)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for record in reader:
            yield record, reader.line_num
    except csv.Error as error:
        raise BulkError(f"the CSV cannot be read ({error}): is a quote not closed?") from error


def _without_bom(read: Callable[[int], bytes]) -> bytes:
    """The first bytes without a byte order mark, which a pipe may send byte by byte."""
    data = b""
    while len(data) < len(BOM) and BOM.startswith(data) and (more := read(_BLOCK)):
        data += more
    return data.removeprefix(BOM)


def _read_until(file: BinaryIO, end: int, exact: bool, size: int) -> bytes:
    """At most `size` bytes before `end`, and the rest of a line that goes beyond it."""
    left = end - file.tell()
    if left <= 0:
        return b""
    data = file.read(min(size, left))
    if not exact and len(data) == left and not data.endswith(b"\n"):
        data += _end_of_line(file)
    return data


def _end_of_line(file: BinaryIO) -> bytes:
    line = file.readline(LONGEST + 1)
    _check_length(line)
    return line


def _check_length(data: bytes) -> None:
    if len(data) > LONGEST:
        raise BulkError(f"a row has more than {LONGEST} bytes: is it a file of the format named?")
