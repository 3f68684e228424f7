"""Rows of each input format: the texts to tag, and the rows as the output formats need them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic_core import from_json, to_json

from app.bulk.errors import BulkError, RowError

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["text", "jsonl", "csv", "parquet"]
# The columns that every row gets.
ADDED = ("slots", "intent", "error")
# Bytes of a line or a cell. A longer one would be of no text, and fill the memory.
LONGEST = 16 * 1024 * 1024
_NO_TEXT = "invalid_text"


@dataclass(frozen=True, slots=True)
class Shape:
    """
    The layout of rows.

    column: the column of the text. header: the columns of CSV and Parquet, in order. keep: the
    columns to copy, all of a row if None. delimiter: that of CSV.
    """

    format: Format
    column: str = "text"
    header: tuple[str, ...] = ()
    keep: tuple[str, ...] | None = None
    delimiter: str = ","

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are copied to CSV and Parquet."""
        if self.keep is not None:
            return self.keep
        return self.header or (self.column,)


class Rows(Protocol):
    """Some rows of one input format."""

    @property
    def texts(self) -> Sequence[str | RowError]:
        """The text of each row, or why it has none."""
        ...

    def members(self) -> Iterable[bytes]:
        """Each row as the members of a JSON object, without the braces."""
        ...

    def cells(self) -> Iterable[list[str]]:
        """The columns of each row, as text."""
        ...

    def table(self) -> "pa.Table":
        """The columns to copy, as an Arrow table."""
        ...


class TextRows:
    """Lines of plain text; each is a row."""

    def __init__(self, data: bytes, shape: Shape) -> None:
        self._shape = shape
        self.texts: list[str | RowError] = []
        self._lines = []
        for line in _lines(data):
            text = line.decode(errors="replace")
            self._lines.append(text)
            self.texts.append(_valid(line, text))

    def members(self) -> Iterable[bytes]:
        """Each text as a member named after its column."""
        name = to_json(self._shape.column)
        return [name + b":" + to_json(line) for line in self._lines]

    def cells(self) -> list[list[str]]:
        """Each text as the only cell."""
        return [[line] for line in self._lines]

    def table(self) -> "pa.Table":
        """One column of strings."""
        return _table(self._shape.columns, self.cells())


class JsonRows:
    """Lines of JSON objects; blank lines are skipped."""

    def __init__(self, data: bytes, shape: Shape) -> None:
        self._shape = shape
        self.texts: list[str | RowError] = []
        self._rows: list[tuple[bytes, dict[str, Any]]] = []
        for line in _lines(data):
            if line := line.strip():
                row, text = self._read(line)
                self._rows.append((line, row))
                self.texts.append(text)

    def _read(self, line: bytes) -> tuple[dict[str, Any], str | RowError]:
        try:
            row = from_json(line)
        except ValueError as error:
            row = {"line": line.decode(errors="replace")}
            return row, RowError("invalid_json", f"the line is not JSON: {error}")
        if not isinstance(row, dict):
            return {"line": row}, RowError("invalid_json", "the line is not a JSON object")
        if self._shape.keep is None and (taken := [name for name in ADDED if name in row]):
            raise taken_names(taken)
        column = self._shape.column
        if isinstance(text := row.get(column), str):
            return row, text
        state = "is not a string" if column in row else "is missing"
        return row, RowError(_NO_TEXT, f"the field {column!r} {state}")

    def members(self) -> Iterable[bytes]:
        """The objects as they were written, so that numbers keep their digits."""
        keep = self._shape.keep
        for (line, row), text in zip(self._rows, self.texts, strict=True):
            if isinstance(text, RowError) and text.code == "invalid_json":
                yield members_of(row)
            elif keep is None:
                yield line[1:-1].strip()
            else:
                yield members_of({name: row[name] for name in keep if name in row})

    def cells(self) -> list[list[str]]:
        """The values as cells, in JSON unless they are strings."""
        return [[cell(row.get(name)) for name in self._shape.columns] for _, row in self._rows]

    def table(self) -> "pa.Table":
        """Columns of strings, because rows may have values of any type."""
        return _table(self._shape.columns, self.cells())


class CsvRows:
    """Records of CSV (RFC 4180) after the header; blank lines are skipped."""

    def __init__(self, data: bytes, shape: Shape) -> None:
        self._shape = shape
        text_column = shape.header.index(shape.column)
        width = len(shape.header)
        self.texts: list[str | RowError] = []
        self._rows = []
        for record in read_csv(data, shape.delimiter):
            text = record[text_column] if text_column < len(record) else ""
            if len(record) != width:
                fault = f"cells of the row and of the header differ: {len(record)} and {width}"
                self.texts.append(RowError("invalid_csv", fault))
            else:
                self.texts.append(_valid(text.encode(errors="surrogateescape"), text))
            # Bytes that are not UTF-8 are read as surrogates, which no output can hold.
            self._rows.append([_replaced(cell) for cell in record[:width]])
        for record in self._rows:
            record += [""] * (width - len(record))

    def members(self) -> Iterable[bytes]:
        """Each record as members whose values are strings."""
        columns = self._shape.columns
        return [members_of(dict(zip(columns, cells, strict=True))) for cells in self.cells()]

    def cells(self) -> list[list[str]]:
        """The cells as they were read."""
        if self._shape.keep is None:
            return self._rows
        kept_columns = [self._shape.header.index(name) for name in self._shape.keep]
        return [[record[column] for column in kept_columns] for record in self._rows]

    def table(self) -> "pa.Table":
        """Columns of strings."""
        return _table(self._shape.columns, self.cells())


def taken_names(names: Sequence[str]) -> BulkError:
    """The error for rows that already have a column that tagging adds."""
    listed = " and ".join(map(repr, names))
    return BulkError(
        f"the rows have {listed} already, which tagging adds: rename it, or name the columns to "
        "carry over with --keep"
    )


def read_csv(data: bytes, delimiter: str) -> Iterable[list[str]]:
    """
    Read the records of CSV; bytes that are not UTF-8 become surrogates.

    Raises BulkError if a cell is too long.
    """
    csv.field_size_limit(LONGEST)
    text = io.StringIO(data.decode(errors="surrogateescape"), newline="")
    try:
        for record in csv.reader(text, delimiter=delimiter):
            if record:
                yield record
    except csv.Error as error:
        raise BulkError(f"the CSV cannot be read ({error}): is a quote not closed?") from error


def cell(value: object) -> str:
    """A value as the text of a cell: a string unchanged, empty for null, else JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json_of(value).decode()


def json_of(value: object) -> bytes:
    """A value as JSON: bytes in base64, and types that JSON lacks as text."""
    return to_json(value, inf_nan_mode="constants", bytes_mode="base64", fallback=str)


def members_of(row: Mapping[str, Any]) -> bytes:
    """The members of a JSON object, without the braces."""
    return json_of(row)[1:-1]


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def _valid(data: bytes, text: str) -> str | RowError:
    """The text, or a RowError if its bytes are not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return RowError(_NO_TEXT, f"the text is not UTF-8, at byte {error.start}")
    return text


def _replaced(text: str) -> str:
    if text.isascii():
        return text
    return text.encode(errors="surrogateescape").decode(errors="replace")


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> "pa.Table":
    import pyarrow as pa

    arrays = [
        pa.array([row[column] for row in rows], pa.string()) for column in range(len(columns))
    ]
    return pa.Table.from_arrays(arrays, names=list(columns))
