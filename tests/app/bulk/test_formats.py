"""Rows of any format in, the same rows with their slots in any format out."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.bulk.errors import BulkError
from app.bulk.rows import Format, Shape
from app.bulk.tagging import TaggingOptions
from app.bulk.writing import escaped
from tests.app.bulk.conftest import Convert

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TEXTS = [
    "leave Taipei tomorrow",
    "",
    '到达 台北, "by" November 2nd',
    "=leave New York",
    "arrive 😀 Boston\u2028by tomorrow",
    *(f"row {number} from Boston to Taipei" for number in range(30)),
]


def write_text(path: Path) -> None:
    path.write_bytes("\n".join(TEXTS).encode())  # the last line has no end


def write_jsonl(path: Path) -> None:
    rows = [{"id": number, "text": text} for number, text in enumerate(TEXTS)]
    path.write_text("\n\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")


def write_csv(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["id", "text"], *map(list, enumerate(TEXTS))])


def write_parquet(path: Path) -> None:
    table = pa.table({"id": range(len(TEXTS)), "text": TEXTS})
    pq.write_table(table, path, row_group_size=15)


WRITERS: dict[Format, Callable[[Path], None]] = {
    "text": write_text,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}


def read(path: Path, kind: Format) -> list[dict[str, Any]]:
    if kind == "parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    if kind == "jsonl":
        return [json.loads(line) for line in path.read_bytes().splitlines()]
    with path.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    for record in records:
        for name in ("slots", "intent"):
            record[name] = json.loads(record[name]) if record[name] else None
        record["error"] = record["error"] or None
    return records


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("kind", WRITERS)
def test_answers_are_those_of_the_service_in_the_order_of_the_rows(
    kind: Format, to: Format, tmp_path: Path, convert: Convert, client: TestClient
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    WRITERS[kind](source)
    counts = convert(source, to, out, Shape(kind), escape=False)
    assert (counts.rows, counts.errors) == (len(TEXTS), 0)
    rows = read(out, to)
    assert [row["text"] for row in rows] == TEXTS
    if "id" in rows[0]:
        assert [int(row["id"]) for row in rows] == list(range(len(TEXTS)))
    for row in rows:
        answer = client.post("/slots", json={"text": row["text"]}).json()
        assert row["slots"] == answer["slots"]
        intent = answer.get("intent")
        expected = intent and {name: intent[name] for name in ("name", "confidence")}
        assert row.get("intent") == expected
        assert row.get("error") is None


@pytest.mark.parametrize("kind", WRITERS)
def test_options_hold_as_for_the_service(
    kind: Format, tmp_path: Path, convert: Convert, client: TestClient, tagging: TaggingOptions
) -> None:
    WRITERS[kind](tmp_path / "in")
    options = replace(tagging, offset_unit="utf16", min_confidence=0.9)
    convert(tmp_path / "in", "jsonl", tmp_path / "out", Shape(kind), options=options)
    asked = {"offset_unit": "utf16", "min_confidence": 0.9}
    for row in read(tmp_path / "out", "jsonl"):
        answer = client.post("/slots", json={"text": row["text"], **asked}).json()
        assert row["slots"] == answer["slots"]


def test_a_line_of_text_that_is_not_utf8_fails_alone(tmp_path: Path, convert: Convert) -> None:
    (tmp_path / "in").write_bytes(b"\xef\xbb\xbfleave Taipei\r\nto \xff Boston\nto Boston")
    counts = convert(tmp_path / "in", "jsonl", tmp_path / "out", Shape("text"))
    assert (counts.rows, counts.errors) == (3, 1)
    first, second, third = read(tmp_path / "out", "jsonl")
    assert first["text"] == "leave Taipei"
    assert second == {
        "text": "to \ufffd Boston",
        "error": "invalid_text: the text is not UTF-8, at byte 3",
    }
    assert third["slots"]


def test_json_lines_that_fail_carry_their_error(tmp_path: Path, convert: Convert) -> None:
    lines = [
        b'{"text": "leave Taipei", "price": 1.10, "big": 12345678901234567890123}',
        b"{no json",
        b'["leave Taipei"]',
        b'{"id": 4}',
        b'{"text": null}',
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        json.dumps({"text": "very " * 21}).encode(),
        b"{}",
        b'{"text": "leave Taipei"}',
    ]
    (tmp_path / "in").write_bytes(b"\n".join(lines))
    counts = convert(tmp_path / "in", "jsonl", tmp_path / "out", Shape("jsonl"))
    assert (counts.rows, counts.errors) == (10, 8)
    out = (tmp_path / "out").read_bytes().splitlines()
    assert out[0].startswith(lines[0][:-1] + b',"slots":[')
    rows = read(tmp_path / "out", "jsonl")
    codes = [row["error"].split(":")[0] if "error" in row else None for row in rows]
    invalid, text = "invalid_json", "invalid_text"
    expected = [None, invalid, invalid, text, text, invalid, invalid, "text_too_long", text, None]
    assert codes == expected
    assert rows[1]["line"] == "{no json"
    assert rows[3] == {"id": 4, "error": "invalid_text: the field 'text' is missing"}
    assert rows[7]["error"].startswith("text_too_long: the text has 21 words and the limit is 20")
    assert all("slots" not in row for row, code in zip(rows, codes, strict=True) if code)


def test_records_of_csv_that_fail_carry_their_error(tmp_path: Path, convert: Convert) -> None:
    (tmp_path / "in").write_bytes(
        b'id;say\n1;"leave\nTaipei; now"\n2\n3;to Boston;more\n\n4;\xff\n5;to Boston\n'
    )
    shape = Shape("csv", "say", delimiter=";")
    counts = convert(tmp_path / "in", "jsonl", tmp_path / "out", shape, size=3)
    assert (counts.rows, counts.errors) == (5, 3)
    rows = read(tmp_path / "out", "jsonl")
    assert rows[0]["say"] == "leave\nTaipei; now"
    assert [row["id"] for row in rows] == list("12345")
    assert rows[1]["error"] == "invalid_csv: cells of the row and of the header differ: 1 and 2"
    assert rows[2]["error"] == "invalid_csv: cells of the row and of the header differ: 3 and 2"
    assert rows[3]["error"].startswith("invalid_text: the text is not UTF-8")
    assert rows[4]["slots"]


def test_null_in_parquet_fails_alone_and_other_columns_are_kept(
    tmp_path: Path, convert: Convert
) -> None:
    table = pa.table(
        {
            "say": pa.array(["leave Taipei", None, "to Boston"]).dictionary_encode(),
            "day": [date(2026, 11, 29), None, date(2026, 11, 30)],
            "raw": [b"\xff", b"", None],
            "tags": [["a"], [], None],
        }
    )
    pq.write_table(table, tmp_path / "in")
    for to in ("parquet", "jsonl", "csv"):
        counts = convert(tmp_path / "in", to, tmp_path / to, Shape("parquet", "say"))
        assert (counts.rows, counts.errors) == (3, 1)
    tagged = pq.read_table(tmp_path / "parquet")
    assert tagged.select(table.column_names).equals(table)
    first, second, third = tagged.to_pylist()
    assert second["slots"] is None
    assert second["error"] == "invalid_text: the text is null"
    assert first["slots"]
    assert third["error"] is None
    rows = read(tmp_path / "jsonl", "jsonl")
    assert (rows[0]["day"], rows[0]["raw"], rows[0]["tags"]) == ("2026-11-29", "_w==", ["a"])
    assert rows[1]["say"] is None
    records = read(tmp_path / "csv", "csv")
    assert (records[0]["day"], records[0]["raw"]) == ("2026-11-29", "_w==")
    assert (records[0]["tags"], records[2]["tags"]) == ('["a"]', "")


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
def test_keep_chooses_the_columns(
    kind: Format, to: Format, tmp_path: Path, convert: Convert
) -> None:
    WRITERS[kind](tmp_path / "in")
    convert(tmp_path / "in", to, tmp_path / "out", Shape(kind, keep=("id",)))
    rows = read(tmp_path / "out", to)
    assert [int(row["id"]) for row in rows] == list(range(len(TEXTS)))
    assert set(rows[0]) - {"error"} == {"id", "slots", "intent"}


@pytest.mark.parametrize("kind", ["text", "csv", "parquet"])
def test_no_rows_make_a_file_without_rows(kind: Format, tmp_path: Path, convert: Convert) -> None:
    content = {"text": b"", "csv": b"id,text"}
    if kind == "parquet":
        pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "in")
    else:
        (tmp_path / "in").write_bytes(content[kind])
    for to in ("jsonl", "csv", "parquet"):
        assert convert(tmp_path / "in", to, tmp_path / "out", Shape(kind)).rows == 0
        assert read(tmp_path / "out", to) == []


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("- leave Taipei", "'- leave Taipei"),
        ("-", "'-"),
        ("-5\n=1", "'-5\n=1"),
        ("-5", "-5"),
        ("+1.5e-3", "+1.5e-3"),
        ("1-2", "1-2"),
        ("leave = Taipei", "leave = Taipei"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_escaped(cell: str, written: str) -> None:
    assert escaped(cell) == written


def test_cells_are_escaped_unless_that_is_switched_off(tmp_path: Path, convert: Convert) -> None:
    with (tmp_path / "in").open("w", newline="") as file:
        csv.writer(file).writerows([["@id", "text"], ["\r=2", "=leave Taipei"]])
    for escape, mark in ((True, "'"), (False, "")):
        convert(tmp_path / "in", "csv", tmp_path / "out", Shape("csv"), escape=escape)
        [row] = read(tmp_path / "out", "csv")
        assert row[f"{mark}@id"] == f"{mark}\r=2"
        assert row["text"] == f"{mark}=leave Taipei"
        # Offsets are those of the text and not of the cell.
        assert (row["slots"][0]["start"], row["slots"][0]["value"]) == (7, "Taipei")


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_columns_that_are_there_already_are_not_replaced(
    kind: Format, tmp_path: Path, convert: Convert
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    if kind == "parquet":
        pq.write_table(pa.table({"text": ["a"], "slots": ["b"]}), source)
    else:
        written = {"jsonl": '{"text": "a", "slots": "b"}', "csv": "text,slots\na,b\n"}
        source.write_text(written[kind])
    with pytest.raises(BulkError, match="'slots' already"):
        convert(source, "jsonl", out, Shape(kind))
    convert(source, "jsonl", out, Shape(kind, keep=("text",)))
    assert read(out, "jsonl")[0]["slots"] == []


def test_a_text_that_the_tagger_fails_on_fails_alone(
    tmp_path: Path, convert: Convert, tagging: TaggingOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.bulk.tagging import open_tagger

    tagger = open_tagger(tagging)
    tag_texts = tagger.tag_texts

    def failing(texts: list[str]) -> object:
        if "row 7 from Boston to Taipei" in texts:
            raise RuntimeError("a bug")
        return tag_texts(texts)

    monkeypatch.setattr(tagger, "tag_texts", failing)
    write_text(tmp_path / "in")
    counts = convert(tmp_path / "in", "jsonl", tmp_path / "out", Shape("text"), size=10_000)
    assert (counts.rows, counts.errors) == (len(TEXTS), 1)
    rows = read(tmp_path / "out", "jsonl")
    assert [row["text"] for row in rows] == TEXTS
    [failed] = [row for row in rows if "error" in row]
    assert failed == {
        "text": "row 7 from Boston to Taipei",
        "error": "internal_error: RuntimeError: a bug",
    }
