"""Lists of values, and sentences with values from them."""

from pathlib import Path

import pytest

from training.corpora.value_lists import ValueList, read_value_list
from training.errors import CorpusError
from training.experiment import ListSource


def read(path: Path, text: str) -> ValueList:
    path.write_bytes(text.encode())
    return read_value_list(ListSource("bands", path.name, ("artist",)), path)


def test_a_plain_list_has_a_value_a_line_and_each_once(tmp_path: Path) -> None:
    found = read(tmp_path / "bands.txt", "\ufeffABBA\t17\r\n\n Mary J. Blige \nABBA\n")
    assert found == ValueList(("artist",), ("ABBA", "Mary J. Blige"))


def test_a_table_says_which_column_has_the_values(tmp_path: Path) -> None:
    found = read(tmp_path / "bands.tsv", "id\tvalue\tweight\n7\tABBA\t2\n8\tThe Who\t\n")
    assert found.values == ("ABBA", "The Who")


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("bands.tsv", "name\nABBA\n", "bands.tsv, line 1: expected a header of value"),
        ("bands.tsv", "value\tname\nABBA\tA\n", "line 1: expected a header of value"),
        ("bands.tsv", "value\tid\nABBA\t1\nWho\n", "line 3: expected 2 columns, found 1"),
        ("bands.tsv", "", "line 1: expected a header of value"),
        ("bands.tsv", "value\n", "expected a value a line, found none"),
        ("bands.txt", "\n", "expected a value a line, found none"),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    with pytest.raises(CorpusError, match=complaint):
        read(tmp_path / name, text)


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    source = ListSource("bands", "bands.txt", ("artist",))
    path = tmp_path / "bands.txt"
    with pytest.raises(CorpusError, match=r"bands\.txt: expected the list bands in UTF-8"):
        read_value_list(source, path)
    path.write_bytes("Bj\u00f6rk".encode("latin-1"))
    with pytest.raises(CorpusError, match=r"bands\.txt: expected the list bands in UTF-8"):
        read_value_list(source, path)
