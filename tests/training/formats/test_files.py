"""Bytes that are not as they should be."""

from collections import Counter
from pathlib import Path

import pytest

from training.errors import CorpusError
from training.formats.files import excerpt, read_lines, read_records, read_text, words_of


@pytest.mark.parametrize(
    ("content", "text", "remark"),
    [
        (
            b"a \xed\xa0\xbc\xed\xbd\x95",
            "a 🍕",
            "surrogate pair joined to the character it stands for",
        ),
        (b"caf\xe9!", "caf\ufffd!", "invalid UTF-8 replaced by U+FFFD"),
        (b"\xed\xa0\xbc!", "\ufffd\ufffd\ufffd!", "invalid UTF-8 replaced by U+FFFD"),
        (b"\xef\xbb\xbfa", "a", "byte order mark left out"),
        (b"a\n\xef\xbb\xbfb", "a\nb", "byte order mark left out"),
        (b"a\r\n", "a\n", "carriage return at the end of a line left out"),
    ],
)
def test_bytes_are_mended_and_counted(
    tmp_path: Path, content: bytes, text: str, remark: str
) -> None:
    (tmp_path / "file").write_bytes(content)
    remarks: Counter[str] = Counter()
    assert read_text(tmp_path / "file", remarks) == text
    assert remarks == {remark: max(1, text.count("\ufffd"))}


def test_a_replacement_character_of_the_file_itself_is_no_repair(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("\ufffd 🍕", encoding="utf-8")
    remarks: Counter[str] = Counter()
    assert read_text(tmp_path / "file", remarks) == "\ufffd 🍕"
    assert not remarks


def test_utf16_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a", encoding="utf-16")
    with pytest.raises(CorpusError, match="expected UTF-8, found the byte order mark of UTF-16"):
        read_text(tmp_path / "file", Counter())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("去台北" * 50, "gb18030"),
        ("né " * 50, "latin-1"),
        # JSON, and columns of parts of speech, leave few letters to the text.
        ("für heute " * 25 + "plain " * 1_000, "latin-1"),
    ],
)
def test_another_encoding_is_refused(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "file").write_text(text, encoding=encoding)
    with pytest.raises(CorpusError, match=r"expected UTF-8, found \d+ places.*iconv -f ENCODING"):
        read_text(tmp_path / "file", Counter())


def test_some_broken_letters_among_many_are_mended(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a caf\xe9 among caf\xc3\xa9s " * 30 + b"of plain text " * 500)
    remarks: Counter[str] = Counter()
    read_text(tmp_path / "file", remarks)
    assert remarks == {"invalid UTF-8 replaced by U+FFFD": 30}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"file: expected a file to read, found No such file"):
        read_text(tmp_path / "file", Counter())


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a\u2028b\x0bc\x85\n\nd\n \n\n", encoding="utf-8")
    remarks: Counter[str] = Counter()
    assert read_lines(tmp_path / "file", remarks) == ["a\u2028b\x0bc\x85", "", "d"]
    assert remarks == {"blank line skipped": 2}


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert read_lines(tmp_path / "file", Counter()) == []


def test_words_stand_between_blanks_and_tabs() -> None:
    assert words_of(" a  b\tc\u00a0d\u3000 ") == ["a", "b", "c\u00a0d\u3000"]


def test_records_know_their_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text('{"a": 1}\n\n{"a": 2}\n')
    remarks: Counter[str] = Counter()
    assert read_records(tmp_path / "file", remarks) == [(1, {"a": 1}), (3, {"a": 2})]
    assert remarks == {"blank line skipped": 1}


@pytest.mark.parametrize("line", ['{"a": ', "[1]", "7", "[" * 100_000])
def test_a_line_that_is_no_json_object_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "file").write_text('{"a": 1}\n' + line)
    with pytest.raises(CorpusError, match="line 2: expected a JSON object, found") as caught:
        read_records(tmp_path / "file", Counter())
    assert caught.value.line == 2


def test_an_excerpt_is_short() -> None:
    assert excerpt("abc") == "'abc'"
    assert len(excerpt("abc" * 100)) == 80
