"""seq.in, seq.out and label."""

from collections import Counter
from pathlib import Path

import pytest

from training.corpora.formats import parallel
from training.corpora.utterances import Utterance
from training.errors import CorpusError


def write(folder: Path, words: str, tags: str, intents: str | None = None) -> Path:
    (folder / "seq.in").write_text(words)
    (folder / "seq.out").write_text(tags)
    if intents is not None:
        (folder / "label").write_text(intents)
    return folder


def test_a_query_is_a_line_of_each_file(tmp_path: Path) -> None:
    write(
        tmp_path, "to  new york \nhello\n", "O B-city  I-city\nO \n", "fly#evaluate_rules\ngreet \n"
    )
    warnings: Counter[str] = Counter()
    assert parallel.read(tmp_path, warnings) == [
        Utterance(("to", "new", "york"), ("O", "B-city", "I-city"), "fly#evaluate_rules"),
        Utterance(("hello",), ("O",), "greet"),
    ]
    assert not warnings


def test_one_of_the_files_stands_for_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "hello\n", "O\n", "greet\n")
    assert parallel.matches(tmp_path / "seq.out")
    assert parallel.read(tmp_path / "seq.in", Counter()) == parallel.read(tmp_path, Counter())


def test_intents_may_be_absent_which_is_said(tmp_path: Path) -> None:
    warnings: Counter[str] = Counter()
    (utterance,) = parallel.read(write(tmp_path, "hello\n", "O\n"), warnings)
    assert utterance.intent is None
    assert warnings == {"no file of intents (label)": 1}


def test_an_empty_query_is_skipped_with_its_intent(tmp_path: Path) -> None:
    warnings: Counter[str] = Counter()
    write(tmp_path, "a\n\n\nb\n", "O\n\n\nO\n", "one\ntwo\n\nthree\n")
    assert [each.intent for each in parallel.read(tmp_path, warnings)] == ["one", "three"]
    assert warnings == {"empty query skipped": 2}


@pytest.mark.parametrize(
    ("words", "tags", "intents", "sentence"),
    [
        ("a\nb c\n", "O\nO\n", "x\ny\n", "expected 2 tags, one for each word of seq.in, found 1"),
        ("a\nb\n", "O\n", "x\ny\n", "seq.out: expected 2 lines, as seq.in has, found 1"),
        ("a\nb\n", "O\nO\n", "x\n", "label: expected 2 lines, as seq.in has, found 1"),
        ("a\nb\n", "O\nO\n", " \ny\n", "label, line 1: expected an intent, found a blank line"),
        ("a\nb\n", "O\ncity\n", "x\ny\n", "before the name of a slot, found 'city'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(
    tmp_path: Path, words: str, tags: str, intents: str, sentence: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        parallel.read(write(tmp_path, words, tags, intents), Counter())
    assert str(caught.value).startswith(f"{tmp_path}/")
    assert str(caught.value).endswith(sentence)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "seq.in").write_text("a\n")
    with pytest.raises(CorpusError, match=r"seq\.out: expected a file to read"):
        parallel.read(tmp_path, Counter())
