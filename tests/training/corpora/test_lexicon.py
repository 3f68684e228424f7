"""Dictionaries that packages bring."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.tagging.lexicon import Lexicon
from training.corpora.lexicon import choose_lexicon, read_lexicon
from training.errors import CorpusError, ExperimentError
from training.experiment import RECIPES, WordList, read_experiment

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
    found = read_lexicon(words)
    assert found == ("南京 300 ns", "长江大桥 50 ns", "京 20 j", "南 20 f")
    assert "长江大桥" in Lexicon(found)


def test_words_are_normalised_and_the_too_long_and_uncounted_left_out(words: WordList) -> None:
    many = WordList(words.name, words.package, words.path)
    assert read_lexicon(many)[4:] == ("a股 5 n",)
    longer = replace(many, longest=5)
    assert read_lexicon(longer)[4:] == ("不在话下吧 9 l", "a股 5 n")


def test_a_list_may_have_no_parts_of_speech_and_tabs(words: WordList) -> None:
    file_of(words).write_text("南京\t3\n南 京\t8\n京\t5\n+_+\t9\n", encoding="utf-8")
    assert read_lexicon(words) == ("京 5 x", "南京 3 x")


def test_a_list_of_another_script_is_not_for_the_corpus(words: WordList) -> None:
    thai = replace(words, name="thai", script="Thai")
    assert choose_lexicon([thai, words], {"南": 8, "京": 1, "は": 1, "word": 90}) == words
    assert choose_lexicon([words, thai], {"จ": 4, "ม่": 4, "a": 1, "word": 90}) == thai
    assert choose_lexicon([words, thai], {"は": 3, "南": 7, "word": 90}) is None
    with pytest.raises(ExperimentError, match="'Elvish' is no script"):
        choose_lexicon([replace(words, script="Elvish")], {"南": 1})


@pytest.mark.parametrize("package", ["no_such_package", "no_such.package", ""])
def test_a_package_that_is_not_there_is_named_with_the_way_out(package: str) -> None:
    absent = WordList("gone", package, "dict.txt")
    with pytest.raises(ExperimentError, match=f"pip install {package.split('.')[0]}, or take"):
        read_lexicon(absent)


@pytest.mark.parametrize("line", ["南京", "南京 x ns", "南京 3 ns ns"])
def test_a_malformed_line_is_named(words: WordList, line: str) -> None:
    file_of(words).write_text(f"{LINES}{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"dict\.txt, line 8: .*its part of speech"):
        read_lexicon(words)


def test_a_file_that_is_not_there_is_named(words: WordList) -> None:
    file_of(words).unlink()
    with pytest.raises(CorpusError, match=r"dict\.txt"):
        read_lexicon(words)


def test_the_default_recipe_finds_its_lexicon() -> None:
    lists = read_experiment(RECIPES / "default.toml").lexicon
    for letter, some in (("你", {"北京", "你", "我们"}), ("ม่", {"กรุงเทพ", "ไป"})):
        wanted = choose_lexicon(lists, {letter: 1})
        assert wanted is not None
        found = read_lexicon(wanted)
        assert len(found) == wanted.words
        assert some <= {line.split(" ")[0] for line in found}
