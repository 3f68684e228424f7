"""Lists of values, and sentences with values from them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.tagging.features import read_tokens
from training.batches import Sentence
from training.errors import CorpusError
from training.experiment import ListSource
from training.value_lists import ListedValues, ValueList, read_value_list

SENTENCE = Sentence(
    ("play", "jazz", "by", "some", "trio", "now"),
    ("O", "B-genre", "O", "B-artist", "I-artist", "O"),
    2,
    ("album",),
)
ARTISTS = ValueList(("artist", "owner"), ("Mary J. Blige", "!!!", "ABBA"))


def read(path: Path, text: str) -> ValueList:
    path.write_bytes(text.encode())
    return read_value_list(ListSource("bands", path.name, ("artist",)), path)


def words_of(tokens: Sequence[str]) -> tuple[str, ...]:
    return read_tokens(tokens, punctuation=False).words


def changed(*lists: ValueList, draws: int = 400) -> list[Sentence]:
    lister, random = ListedValues(lists, words_of), np.random.default_rng(1)
    return [lister(SENTENCE, random) for _ in range(draws)]


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


def test_values_of_a_list_come_as_the_network_reads_them() -> None:
    found = {(each.words, each.tags) for each in changed(ARTISTS)}
    before, after = ("play", "jazz", "by"), ("now",)
    assert found == {
        (SENTENCE.words, SENTENCE.tags),
        (
            (*before, "mary", "j", "blige", *after),
            ("O", "B-genre", "O", "B-artist", "I-artist", "I-artist", "O"),
        ),
        ((*before, "abba", *after), ("O", "B-genre", "O", "B-artist", "O")),
    }


def test_seven_values_of_ten_are_replaced_and_the_rest_of_the_sentence_stays() -> None:
    found = changed(ValueList(("artist",), ("ABBA",)))
    assert sum("abba" in each.words for each in found) / len(found) == pytest.approx(0.7, abs=0.07)
    assert {(each.intent, each.unannotated) for each in found} == {(2, ("album",))}


def test_slots_without_a_list_keep_their_values() -> None:
    assert set(changed(ValueList(("city",), ("Rome",)))) == {SENTENCE}


def test_a_list_of_nothing_that_is_read_changes_nothing() -> None:
    assert set(changed(ValueList(("artist",), ("!!!",)))) == {SENTENCE}


def test_a_short_list_is_as_likely_as_a_long_one() -> None:
    long = ValueList(("artist",), tuple(f"band {letter}" for letter in "cdefghijklmnopqrs"))
    found = [each.words[3] for each in changed(ValueList(("artist",), ("ABBA",)), long)]
    assert found.count("abba") / (found.count("abba") + found.count("band")) == pytest.approx(
        0.5, abs=0.1
    )


def test_a_sentence_has_values_where_one_of_its_slots_has_a_list() -> None:
    genres = ListedValues([ValueList(("genre",), ("jazz",))], words_of)
    moods = ListedValues([ValueList(("mood", "album"), ("happy",))], words_of)
    assert genres.has_values_for(SENTENCE)
    assert not moods.has_values_for(SENTENCE)
