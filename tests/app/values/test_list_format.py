"""Files of lists of values."""

from pathlib import Path

import pytest

from app.values.list_format import Entry, InvalidListError, parse_list, write_list


def test_columns_come_in_any_order_and_empty_lines_count_for_nothing() -> None:
    content = (
        "\ufeffid\tvalue\tweight\tcanonical\r\nNYC\tbig apple\t2\tNew York\r\n\r\n\t台北\t\t\n"
    )
    assert parse_list(content.encode()) == [
        Entry("big apple", "New York", "NYC", 2.0),
        Entry("台北", "", "", 1.0),
    ]


def test_a_header_alone_is_an_empty_list() -> None:
    assert parse_list(b"value\n") == []


def test_a_line_separator_of_unicode_ends_no_line() -> None:
    assert parse_list("value\na\u2028b\n".encode()) == [Entry("a\u2028b")]


@pytest.mark.parametrize(
    ("content", "line", "complaint"),
    [
        (b"", 1, "header"),
        (b"Taipei\nBoston\n", 1, "header"),
        (b"value\tid\tid\na\tb\tc\n", 1, "header"),
        (b"value\tcolour\na\tb\n", 1, "header"),
        (b"value\tid\na\n", 2, "2 columns"),
        (b"value\na\nb\tc\n", 3, "1 columns"),
        (b"value\tid\n\nx\ty\n \tb\n", 4, "a value"),
        (b"value\tweight\na\tmany\n", 2, "weight"),
        (b"value\tweight\na\tnan\n", 2, "weight"),
        (b"value\tweight\na\t-1\n", 2, "weight"),
        (b"value\na\n\xff\n", 3, "UTF-8"),
    ],
)
def test_a_bad_line_is_an_error_with_its_number(content: bytes, line: int, complaint: str) -> None:
    with pytest.raises(InvalidListError, match=f"line {line}: .*{complaint}") as error:
        parse_list(content)
    assert error.value.line == line


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    entries = [Entry("a b", "A", "1"), Entry("台北", "", "", 0.5)]
    path = tmp_path / "new" / "list.tsv"
    write_list(path, entries, ("weight", "value", "id", "canonical"))
    write_list(path, entries, ("weight", "value", "id", "canonical"))
    assert parse_list(path.read_bytes()) == entries
    assert [each.name for each in path.parent.iterdir()] == ["list.tsv"], "nothing is left over"
