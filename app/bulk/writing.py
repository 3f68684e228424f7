"""Rows and answers → the bytes or tables of the output, and the writer of output files."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from app.bulk.pieces import Piece
from app.bulk.rows import ADDED, Format, Rows, Shape, json_of
from app.bulk.tagging import Answer, TaggingOptions, tag_rows

if TYPE_CHECKING:
    import pyarrow as pa

# Rows of Parquet that are gathered before they are written.
_ROW_GROUP = 65_536
# What makes spreadsheets take a cell for a formula (OWASP, CSV injection); numbers are none.
_FORMULA = re.compile(r"(?![+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?\Z)[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Job:
    """
    How rows are read, tagged and written; it is the same in all processes.

    escape: CSV cells that a spreadsheet would run get an apostrophe in front. schema: that of the
    Parquet output.
    """

    tagging: TaggingOptions
    shape: Shape
    to: Format
    escape: bool = True
    schema: Any = field(default=None, compare=False)


@dataclass(slots=True)
class Counts:
    """The number of rows written, and of those with an error."""

    rows: int = 0
    errors: int = 0

    def add(self, other: "Counts") -> None:
        """Add the counts of another process."""
        self.rows += other.rows
        self.errors += other.errors


def tag_piece(job: Job, piece: Piece, counts: Counts) -> "Iterator[bytes | pa.Table]":
    """Tag a piece: the output for it, some rows at a time; raises BulkError."""
    for rows in piece.rows(job.shape):
        answers = tag_rows(rows.texts, job.tagging)
        counts.rows += len(answers)
        counts.errors += sum(answer.error is not None for answer in answers)
        yield render(job, rows, answers)


def render(job: Job, rows: Rows, answers: Sequence[Answer]) -> "bytes | pa.Table":
    """Rows with their answers as output: bytes for JSON lines and CSV, a table for Parquet."""
    if job.to == "jsonl":
        return b"".join(map(_json_line, rows.members(), answers))
    if job.to == "csv":
        return _csv(map(_record, rows.cells(), answers), job)
    from app.bulk.arrow import with_answers

    return with_answers(rows.table(), answers)


def escaped(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet would run it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


class Writer:
    """
    Writes rows to a file in the format of the job.

    header: whether to write the header of CSV. Row groups of Parquet have at least `_ROW_GROUP`
    rows, except the last.
    """

    def __init__(self, job: Job, file: BinaryIO, *, header: bool = True) -> None:
        self._file = file
        self._tables: list[pa.Table] = []
        self._parquet = None
        if job.to == "parquet":
            import pyarrow.parquet as pq

            self._parquet = pq.ParquetWriter(file, job.schema)
        elif job.to == "csv" and header:
            file.write(_csv([[*job.shape.columns, *ADDED]], job))

    def write(self, chunk: "bytes | pa.Table") -> None:
        """Write a result of `render`."""
        if isinstance(chunk, bytes):
            self._file.write(chunk)
            return
        self._tables.append(chunk)
        if sum(map(len, self._tables)) >= _ROW_GROUP:
            self._write_tables()

    def copy(self, part: Path) -> None:
        """Copy the rows of a part, which has no header."""
        if self._parquet is not None:
            import pyarrow.parquet as pq

            with pq.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    self.write(file.read_row_group(group))
            return
        with part.open("rb") as file:
            while data := file.read(1 << 20):
                self._file.write(data)

    def close(self) -> None:
        """Write the remaining rows and the end of Parquet; the file stays open."""
        if self._parquet is not None:
            self._write_tables()
            self._parquet.close()

    def _write_tables(self) -> None:
        if self._tables and self._parquet is not None:
            import pyarrow as pa

            self._parquet.write_table(pa.concat_tables(self._tables))
            self._tables.clear()


def _json_line(members: bytes, answer: Answer) -> bytes:
    parts = [members] if members else []
    if answer.error is None:
        parts.append(b'"slots":' + _slots(answer))
    if answer.intent:
        parts.append(b'"intent":' + _intent(answer))
    if answer.error is not None:
        parts.append(b'"error":' + json_of(answer.error))
    return b"{" + b",".join(parts) + b"}\n"


def _record(cells: list[str], answer: Answer) -> list[str]:
    slots = _slots(answer).decode() if answer.error is None else ""
    intent = _intent(answer).decode() if answer.intent else ""
    return [*cells, slots, intent, answer.error or ""]


def _slots(answer: Answer) -> bytes:
    return json_of([slot._asdict() for slot in answer.slots])


def _intent(answer: Answer) -> bytes:
    return json_of(answer.intent and answer.intent._asdict())


def _csv(records: Iterable[Sequence[str]], job: Job) -> bytes:
    """Records as RFC 4180 has them; with other line ends, cells with CR would not be quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=job.shape.delimiter)
    writer.writerows([map(escaped, record) for record in records] if job.escape else records)
    return text.getvalue().encode()
