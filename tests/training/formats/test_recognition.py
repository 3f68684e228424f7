"""Which format a file is in."""

from pathlib import Path

import pytest

from training.errors import CorpusError
from training.formats import FORMATS, format_named, format_of


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"tokens": ["a"], "labels": ["O"], "intent": null}\n', "tagged-lines"),
        ('{"labels": ["O"], "tokens": ["a"]}', "tagged-lines"),
        ('{"tokens": ["a"], "labels": ["O"\n{"tokens": ["a"], "labels": ["O"]}\n', "tagged-lines"),
        ('\ufeff{"text": "say \\"data\\": no", "spans": []}\n', "span-lines"),
        ('{\n  "fly": [\n    {\n      "data": [\n {"text": "a"} ] } ] }\n', "snips-json"),
        ('{"fly": [{"data": [{"text": "a"}]}]}', "snips-json"),
        ("a:O b:B-x <=> i\n", "word-tag"),
        ("\n7::O <=> i\n", "word-tag"),
        ("a:O b:B-x\n", "word-tag"),
        ("a:O bad c:O <=> i\n", "word-tag"),
        ("a O\r\nb B-x\r\n", "columns"),
        ("a\tO\n\nb c\tS-x\n", "columns"),
        ("-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nsays V B-VP O\n", "columns"),
        ("a O\nbad\nb B-x\n", "columns"),
        ("O O\nO O\na O\nb O\nb O\n", "columns"),
        ("a O", "columns"),
    ],
)
def test_a_format_is_recognised_by_content(tmp_path: Path, content: str, name: str) -> None:
    (tmp_path / "file").write_text(content, encoding="utf-8")
    assert format_of(tmp_path / "file") is FORMATS[name]


def test_a_long_first_line_is_looked_at_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f'{{"text": "{"a " * 50_000}", "spans": []}}\n')
    assert format_of(tmp_path / "file") is FORMATS["span-lines"]


def test_utf16_is_named_before_the_format(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a O\n", encoding="utf-16")
    with pytest.raises(CorpusError, match="found text in UTF-16LE; convert the file"):
        format_of(tmp_path / "file")


def test_parallel_files_are_recognised_by_name(tmp_path: Path) -> None:
    (tmp_path / "seq.in").write_text("a\n")
    assert format_of(tmp_path) is FORMATS["parallel"]
    assert format_of(tmp_path / "seq.in") is FORMATS["parallel"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("Call me Ishmael.\n", "a file that begins 'Call me Ishmael.'"),
        ("O O B-x\nO O\n", "a file that begins 'O O B-x'"),
        ('{"text": "a"}\n', "a file that begins "),
        ("[1, 2]", "a file that begins '[1, 2]'"),
        ("", "no text"),
        ("\n \n", "no text"),
    ],
)
def test_what_is_not_recognised_is_told_the_formats(
    tmp_path: Path, content: str, found: str
) -> None:
    (tmp_path / "file").write_text(content)
    with pytest.raises(CorpusError) as caught:
        format_of(tmp_path / "file")
    listed = str(caught.value)
    assert found in listed
    assert all(f"\n  {name} " in listed for name in FORMATS)


def test_an_unknown_name_is_told_the_formats() -> None:
    assert format_named("columns") is FORMATS["columns"]
    with pytest.raises(CorpusError, match="expected the name of a format, found 'xml'") as caught:
        format_named("xml")
    assert all(f"\n  {name} " in str(caught.value) for name in FORMATS)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="expected a file to read"):
        format_of(tmp_path / "file")
