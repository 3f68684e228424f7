"""Pieces hold each row once, wherever a file is cut and however a pipe brings it."""

import csv
import io
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bulk import pieces
from app.bulk.errors import BulkError
from app.bulk.pieces import Piece, csv_pieces, line_pieces, pipe_pieces, read_header
from app.bulk.rows import Shape

BOM = b"\xef\xbb\xbf"


class Pipe:
    """Brings data in portions as a pipe may."""

    def __init__(self, data: bytes, seed: int) -> None:
        self._data, self._random = io.BytesIO(data), random.Random(seed)

    def read(self, size: int) -> bytes:
        return self._data.read(self._random.randint(1, min(size, 20)))


def texts(found: Iterator[tuple[Piece, int]], shape: Shape) -> list[object]:
    return [text for piece, _ in found for rows in piece.rows(shape) for text in rows.texts]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pieces") / "in"


lines = st.lists(st.text("ab\u00e9\u2028\x0b ", max_size=30), max_size=12)
starts = st.sampled_from([b"", BOM])
ends = st.sampled_from(["\n", "\r\n"])


@given(lines, starts, ends, st.booleans(), st.integers(1, 50), st.integers(1, 9))
def test_each_line_is_in_one_piece(
    path: Path, rows: list[str], start: bytes, end: str, closed: bool, size: int, seed: int
) -> None:
    # A last line that is empty and has no end is none.
    closed = closed or not rows or not rows[-1]
    text = end.join(rows) + (end if closed and rows else "")
    data = start + text.encode()
    path.write_bytes(data)
    shape = Shape("text")
    assert texts(line_pieces(path, size), shape) == rows
    assert texts(pipe_pieces(Pipe(data, seed).read, shape), shape) == rows
    amounts = [amount for _, amount in line_pieces(path, size)]
    assert sum(amounts) == len(data) - len(start)


cells = st.text('ab\u00e9\u2028"\n\r, ', max_size=12)
records = st.lists(st.tuples(cells, cells), max_size=12)


@given(records, starts, ends, st.booleans(), st.integers(1, 60), st.integers(1, 9))
def test_each_record_of_csv_is_in_one_piece(
    path: Path,
    rows: list[tuple[str, str]],
    start: bytes,
    end: str,
    quoted: bool,
    size: int,
    seed: int,
) -> None:
    text = io.StringIO()
    dialect = {"quoting": csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, "lineterminator": end}
    writer = csv.writer(text, **dialect)  # type: ignore[arg-type]
    writer.writerow(["first\n1", "text"])
    writer.writerows(rows)
    data = start + text.getvalue().encode()
    if end == "\n" and not quoted and "\r" in text.getvalue():
        return  # csv does not quote a CR then, and no reader reads it as it was
    path.write_bytes(data)
    header, rest = read_header(io.BytesIO(data).read, ",")
    shape = Shape("csv", header=header)
    assert header == ("first\n1", "text")
    expected = [text for _, text in rows]
    assert texts(csv_pieces(path, size, ","), shape) == expected
    pipe = Pipe(data, seed)
    assert read_header(pipe.read, ",")[0] == header
    pipe = Pipe(data, seed)
    _, rest = read_header(pipe.read, ",")
    assert texts(pipe_pieces(pipe.read, shape, rest), shape) == expected


def test_pieces_of_parquet_hold_each_row_once(path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    from app.bulk.arrow import parquet_pieces

    rows = [f"row {number}" for number in range(3_000)]
    pq.write_table(pa.table({"text": rows}), path, row_group_size=1_300)
    shape = Shape("parquet", header=("text",))
    for size in (1, 7, 1_000, 1_024, 1_025, 5_000):
        found = list(itertools.islice(parquet_pieces(path, size), 3_000))
        assert sum(amount for _, amount in found) == len(rows)
        assert all(amount <= size for _, amount in found)
        if size > 1:
            assert texts(iter(found), shape) == rows
    [*_, (last, _)] = parquet_pieces(path, 1)
    assert texts(iter([(last, 1)]), shape) == rows[-1:]


@pytest.mark.parametrize("kind", ["text", "jsonl", "csv"])
def test_a_row_longer_than_any_is_refused_before_it_fills_the_memory(
    kind: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "LONGEST", 200_000)
    monkeypatch.setattr("app.bulk.rows.LONGEST", 200_000)
    data = b'text\n"' + b"a" * 1_000_000
    path.write_bytes(data)
    shape = Shape(kind, header=("text",) if kind == "csv" else ())  # type: ignore[arg-type]
    read: list[int] = []
    file = io.BytesIO(data)

    def reading(size: int) -> bytes:
        read.append(size)
        return file.read(size)

    with pytest.raises(BulkError, match=r"more than 200000 bytes|quote"):
        texts(pipe_pieces(reading, shape, b""), shape)
    assert sum(read) < 400_000
    found = csv_pieces(path, 1_000, ",") if kind == "csv" else line_pieces(path, 1_000)
    with pytest.raises(BulkError, match=r"more than 200000 bytes|quote"):
        texts(found, shape)


def test_what_is_read_at_a_time_does_not_grow_with_the_piece(path: Path) -> None:
    path.write_bytes(b"leave Taipei\n" * 50_000)
    [(piece, _)] = line_pieces(path, 1_000_000)
    sizes = [len(rows.texts) for rows in piece.rows(Shape("text"))]
    assert sum(sizes) == 50_000
    assert max(sizes) * len("leave Taipei\n") <= 2 * 65_536


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b,a\n", "'a' twice"),
        (b"a,\xff\n", "not UTF-8"),
    ],
)
def test_a_header_that_names_no_columns_is_refused(data: bytes, fault: str) -> None:
    with pytest.raises(BulkError, match=fault):
        read_header(io.BytesIO(data).read, ",")
