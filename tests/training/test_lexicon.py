"""Dictionaries that packages bring."""

import sys
from pathlib import Path

import pytest

from app.tagging.lexicon import Lexicon
from training.errors import CorpusError, ExperimentError
from training.experiment import RECIPES, WordList, read_experiment
from training.lexicon import read_lexicon

LINES = "南京 300 ns\n长江大桥 50 ns\n南 20 f\n京 20 j\n不在话下吧 9 l\n桥 0 n\nＡ股 5 n\n"


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WordList:
    package = tmp_path / "some_words"
    package.mkdir()
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    (package / "dict.txt").write_text(LINES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return WordList("some", "some_words", "dict.txt", words=4)


def file_of(words: WordList) -> Path:
    return Path(sys.path[0]) / words.package / words.path


def test_the_most_frequent_words_are_read_without_importing_their_package(words: WordList) -> None:
    found = read_lexicon(words, {"南": 8, "京": 1, "吧": 1})
    assert found == ("南京 300 ns", "长江大桥 50 ns", "京 20 j", "南 20 f")
    assert "长江大桥" in Lexicon(found)


def test_words_are_normalised_and_the_too_long_and_uncounted_left_out(words: WordList) -> None:
    many = WordList(words.name, words.package, words.path)
    assert read_lexicon(many, {"南": 1})[4:] == ("a股 5 n",)


def test_a_list_of_another_script_is_not_for_the_corpus(words: WordList) -> None:
    assert read_lexicon(words, {"は": 3, "南": 7, "word": 90}) == ()


@pytest.mark.parametrize("package", ["no_such_package", "no_such.package", ""])
def test_a_package_that_is_not_there_is_named_with_the_way_out(package: str) -> None:
    absent = WordList("gone", package, "dict.txt")
    with pytest.raises(ExperimentError, match=f"pip install {package}, or take"):
        read_lexicon(absent, {})


@pytest.mark.parametrize("line", ["南京", "南京 x ns", "南京 3 ns ns"])
def test_a_malformed_line_is_named(words: WordList, line: str) -> None:
    file_of(words).write_text(f"{LINES}{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"dict\.txt, line 8: .*its part of speech"):
        read_lexicon(words, {})


def test_a_file_that_is_not_there_is_named(words: WordList) -> None:
    file_of(words).unlink()
    with pytest.raises(CorpusError, match=r"dict\.txt"):
        read_lexicon(words, {})


def test_the_default_recipe_finds_its_lexicon() -> None:
    wanted = read_experiment(RECIPES / "default.toml").lexicon
    assert wanted is not None
    found = read_lexicon(wanted, {"你": 1})
    assert len(found) == wanted.words
    assert {"北京", "你", "我们"} <= {line.split(" ")[0] for line in found}
