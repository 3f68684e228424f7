"""Tagging of Arrow tables, for any engine that passes them; and reading of Parquet files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from app.bulk.errors import BulkError, RowError
from app.bulk.pieces import Piece, RowGroup
from app.bulk.rows import ADDED, Shape, cell, json_of, members_of, taken_names
from app.bulk.tagging import Answer, TaggingOptions, tag_rows

SLOTS = pa.list_(
    pa.struct(
        [
            ("name", pa.string()),
            ("value", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("confidence", pa.float64()),
        ]
    )
)
INTENT = pa.struct([("name", pa.string()), ("confidence", pa.float64())])
ADDED_FIELDS = [
    pa.field(name, kind) for name, kind in zip(ADDED, (SLOTS, INTENT, pa.string()), strict=True)
]
# Rows that are read and tagged at a time.
_ROWS = 1024

Batch = TypeVar("Batch", pa.Table, pa.RecordBatch)


@dataclass(frozen=True, slots=True)
class TagBatch:
    """
    Tags a column of an Arrow table or record batch, and returns it with three more columns.

    slots: list of (name, value, start, end, confidence), null for a row with an error. intent:
    (name, confidence), null if the bundle knows no intents. error: why a row has no slots, else
    null. An instance can be sent to other processes; each opens the bundle when it first tags.
    Raises BulkError if the bundle or the column does not exist.
    """

    options: TaggingOptions
    column: str = "text"

    def __call__(self, batch: Batch) -> Batch:
        """Tag the rows; the result has them in the same order."""
        check_schema(batch.schema, self.column)
        answers: list[Answer] = tag_rows(_texts(batch.column(self.column)), self.options)
        tagged: Batch = type(batch).from_arrays(
            [*batch.columns, *_columns(answers)], schema=self.schema(batch.schema)
        )
        return tagged

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """The schema of the result for rows of this schema."""
        return tagged_schema(schema)


def tag_batch(bundle: str | Path, column: str = "text", **options: Any) -> TagBatch:
    """A TagBatch for the folder of a bundle; `options` are those of TaggingOptions."""
    return TagBatch(TaggingOptions(Path(bundle).absolute(), **options), column)


def tagged_schema(schema: pa.Schema) -> pa.Schema:
    """The schema with the columns that tagging adds."""
    return pa.schema([*schema, *ADDED_FIELDS], schema.metadata)


def schema_of(shape: Shape, schema: pa.Schema | None) -> pa.Schema:
    """The schema to write. `schema` is that of the input, None unless it is Parquet."""
    if schema is None:
        return tagged_schema(pa.schema([(name, pa.string()) for name in shape.columns]))
    fields = [schema.field(name) for name in shape.columns]
    return tagged_schema(pa.schema(fields, schema.metadata))


def check_schema(schema: pa.Schema, column: str, keep: Sequence[str] | None = None) -> None:
    """
    Check that the column holds strings, and that no new column's name is taken.

    Raises BulkError. `keep` are the columns to copy, all of them if it is None.
    """
    if column not in schema.names:
        raise BulkError(no_column(column, schema.names))
    column_type = schema.field(column).type
    if pa.types.is_dictionary(column_type):
        column_type = column_type.value_type
    if not (pa.types.is_string(column_type) or pa.types.is_large_string(column_type)):
        raise BulkError(
            f"the column {column!r} is of {column_type} and not of strings: name another one"
        )
    if taken := [name for name in ADDED if name in (schema.names if keep is None else keep)]:
        raise taken_names(taken)


def no_column(column: str, columns: Iterable[str]) -> str:
    """The message for a column that does not exist."""
    listed = ", ".join(columns)
    return f"there is no column {column!r} but there are: {listed}; name one with --column"


class ArrowRows:
    """Rows of an Arrow table; a `Rows`."""

    def __init__(self, table: pa.Table, shape: Shape) -> None:
        self.texts = _texts(table.column(shape.column))
        self._table = table if shape.keep is None else table.select(list(shape.keep))

    def members(self) -> Iterable[bytes]:
        """The rows as members of JSON objects: bytes in base64, other types as text."""
        return [members_of(row) for row in self._table.to_pylist()]

    def cells(self) -> list[list[str]]:
        """The rows as text: strings unchanged, an empty cell for null, JSON for nested values."""
        columns = [
            [_written(value) for value in column.to_pylist()] for column in self._table.columns
        ]
        return [list(row) for row in zip(*columns, strict=True)]

    def table(self) -> pa.Table:
        """The rows as they were read."""
        return self._table


def _written(value: object) -> str:
    if isinstance(value, bytes):
        return json_of(value).decode().strip('"')
    return cell(value) if isinstance(value, bool | dict | list) or value is None else str(value)


def read_rows(path: Path, group: int, first: int, count: int, shape: Shape) -> Iterator[ArrowRows]:
    """Read `count` rows of a row group of Parquet from row `first` on, some at a time."""
    columns = None if shape.keep is None else [*{shape.column, *shape.keep}]
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS, row_groups=[group], columns=columns):
            if first < len(batch):
                table = pa.Table.from_batches([batch.slice(first, count)])
                yield ArrowRows(table, shape)
                count -= len(table)
                if count <= 0:
                    return
            first = max(first - len(batch), 0)


def read_schema(path: Path) -> pa.Schema:
    """The schema of a Parquet file; raises BulkError if it cannot be read."""
    try:
        return pq.read_schema(path)
    except pa.ArrowException as error:
        raise BulkError(f"{path} cannot be read as Parquet: {error}") from error


def parquet_pieces(path: Path, rows: int) -> Iterator[tuple[Piece, int]]:
    """The pieces of a Parquet file, of at most `rows` rows each, with their row counts."""
    with pq.ParquetFile(path) as file:
        sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    for group, size in enumerate(sizes):
        for first in range(0, size, rows):
            count = min(rows, size - first)
            yield RowGroup(path, group, first, count), count


def count_rows(path: Path) -> int:
    """The number of rows of a Parquet file."""
    with pq.ParquetFile(path) as file:
        return int(file.metadata.num_rows)


def with_answers(table: pa.Table, answers: Sequence[Answer]) -> pa.Table:
    """The table with the columns that tagging adds."""
    return pa.Table.from_arrays(
        [*table.columns, *_columns(answers)], schema=tagged_schema(table.schema)
    )


def _texts(column: pa.ChunkedArray | pa.Array) -> list[str | RowError]:
    missing = RowError("invalid_text", "the text is null")
    return [missing if text is None else text for text in column.to_pylist()]


def _columns(answers: Sequence[Answer]) -> list[pa.Array]:
    """The added columns; they are built as whole columns, which is faster than row by row."""
    ends = [0]
    for answer in answers:
        ends.append(ends[-1] + len(answer.slots))
    slots = [slot for answer in answers for slot in answer.slots]
    fields = zip(*slots, strict=True) if slots else [()] * len(SLOTS.value_type)
    values = pa.StructArray.from_arrays(
        [
            pa.array(field, field_type.type)
            for field, field_type in zip(fields, SLOTS.value_type, strict=True)
        ],
        fields=list(SLOTS.value_type),
    )
    failed = pa.array([answer.error is not None for answer in answers], pa.bool_())
    lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), values, type=SLOTS, mask=failed)
    intents = [answer.intent for answer in answers]
    intent_column = pa.StructArray.from_arrays(
        [
            pa.array([intent and intent.name for intent in intents], pa.string()),
            pa.array([intent and intent.confidence for intent in intents], pa.float64()),
        ],
        fields=list(INTENT),
        mask=pa.array([intent is None for intent in intents], pa.bool_()),
    )
    errors = pa.array([answer.error for answer in answers], pa.string())
    return [lists, intent_column, errors]
