"""Declarations in files, and lists of names as people write them."""

from pathlib import Path

import pytest

from app.values import InvalidDeclarationError, NameList, read_declaration, read_types
from app.values.names import check_compiled, compiled

PLACES = Path(__file__).parents[3] / "training" / "tables" / "places.tsv"
ROWS = "value\tcanonical\tid\n台北\tTaipei\tTPE\n=TPE\tTaipei\tTPE\nBean Town\tBoston\tBOS\n"


def declared(folder: Path, rows: bytes, table: str = "") -> dict[str, bytes]:
    (folder / "types.toml").write_text(
        '[values.to]\ntype = "name"\nnames = "cities"\n'
        f'[names.cities]\nfile = "rows.tsv"\n{table}\n'
    )
    (folder / "rows.tsv").write_bytes(rows)
    found = read_declaration(folder / "types.toml", ["to", "from"])
    assert found.types["names"]["cities"]["file"] == "cities.tsv"
    assert found.types["names"]["cities"]["compiled"] is True
    types = read_types(found.types, found.lists.__getitem__)
    assert types["to"].names is not None
    return found.lists


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        ROWS.replace("\n", "\r\n"),
        f"\ufeff{ROWS}",
        f"{ROWS}\t\n  \n",
        ROWS.replace("台北\tTaipei\tTPE", " 台北 \t Taipei \tTPE ").rstrip(),
    ],
)
def test_rows_are_compiled(tmp_path: Path, rows: str) -> None:
    lists = declared(tmp_path, rows.encode())
    content = lists["cities.tsv"]
    check_compiled(content)
    names = NameList(content)
    for text in ("taipei", "TAIPEI", "台北", "TPE"):
        assert [(name.id, name.value) for name in names.find(text)] == [("TPE", "Taipei")], text
    assert names.find("tpe") == []


def test_a_name_without_an_id_or_another_form_stands_for_itself(tmp_path: Path) -> None:
    names = NameList(declared(tmp_path, b"value\tid\nTaipei\tTPE\nOslo\t\n=x\tX\n")["cities.tsv"])
    assert [tuple(each) for each in names.find("taipei")] == [("TPE", "Taipei")]
    assert [tuple(each) for each in names.find("Oslo")] == [("Oslo", "Oslo")]
    assert [tuple(each) for each in names.find("x")] == [("X", "x")], "no code: it is too short"


def test_the_heaviest_of_equal_names_is_the_likeliest(tmp_path: Path) -> None:
    rows = b"value\tid\tweight\nLagos\tFAO\t1\nLagos\tLOS\t9\n"
    found = NameList(declared(tmp_path, rows)["cities.tsv"]).find("lagos")
    assert [each.id for each in found] == ["LOS", "FAO"]


def test_a_compiled_list_is_taken_as_it_is(tmp_path: Path) -> None:
    content = PLACES.read_bytes()
    assert declared(tmp_path, content, "compiled = true")["cities.tsv"] == content


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (b"", "line 1: expected a header of value"),
        (b"value\n", "it has no names"),
        (b"value\tid\n!!!\tTPE\n", "it has no names"),
        (b"TPE\tTaipei\n", "line 1: expected a header of value"),
        (b"value\tid\nTaipei\tTPE\n\tBOS\n", "line 3: expected a value, found none"),
        (b"value\nTaipei\n\xff\n", "line 3: expected UTF-8, found the byte 0xff"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, rows: bytes, fault: str) -> None:
    with pytest.raises(InvalidDeclarationError, match=rf"names.cities: rows\.tsv, {fault}"):
        declared(tmp_path, rows)


@pytest.mark.parametrize(
    "lines",
    [
        ROWS.encode(),
        b"b\t1\tB\na\t1\tA\n",
        b"a\t1\tA\na\t1\tA\n",
        b"a\t1\n",
        b"a\n",
        b"\t1\tA\n",
        b"a\t1\tA\n\n",
    ],
)
def test_what_is_not_compiled_is_not_taken_for_it(tmp_path: Path, lines: bytes) -> None:
    with pytest.raises(InvalidDeclarationError, match="leave `compiled` out"):
        declared(tmp_path, lines, "compiled = true")


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("files = 1", "names.cities: a table of"),
        ("compiled = 1", "names.cities.compiled: true or false"),
        ("license = 1", "names.cities.license: a text"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, table: str, fault: str) -> None:
    with pytest.raises(InvalidDeclarationError, match=fault):
        declared(tmp_path, ROWS.encode(), table)


def test_a_list_has_a_name_that_files_can_have(tmp_path: Path) -> None:
    (tmp_path / "types.toml").write_text('[names."../a"]\nfile = "rows.tsv"\n')
    (tmp_path / "rows.tsv").write_text(ROWS)
    with pytest.raises(InvalidDeclarationError, match="letters of a to z"):
        read_declaration(tmp_path / "types.toml")


def test_names_by_one_key_are_all_there_likeliest_first() -> None:
    rows = [("LOS", "Lagos", []), ("FAO", "Lagos, Portugal", ["Lagos"])]
    found = NameList(compiled(rows).encode()).find("lagos")
    assert [name.id for name in found] == ["LOS", "FAO"]
