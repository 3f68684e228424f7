"""Sentences with values from lists."""

from collections.abc import Sequence

import numpy as np
import pytest

from app.tagging.features import read_tokens
from training.augmentation.listed_values import ListedValues
from training.corpora.sentences import Sentence
from training.corpora.value_lists import ValueList

SENTENCE = Sentence(
    ("play", "jazz", "by", "some", "trio", "now"),
    ("O", "B-genre", "O", "B-artist", "I-artist", "O"),
    2,
    ("album",),
)
ARTISTS = ValueList(("artist", "owner"), ("Mary J. Blige", "!!!", "ABBA"))


def words_of(tokens: Sequence[str]) -> tuple[str, ...]:
    return read_tokens(tokens, punctuation=False).words


def changed(*lists: ValueList, draws: int = 400) -> list[Sentence]:
    lister, random = ListedValues(lists, words_of), np.random.default_rng(1)
    return [lister(SENTENCE, random) for _ in range(draws)]


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


def test_a_list_in_han_is_for_sentences_in_han() -> None:
    asked = Sentence(("听", "他", "的", "歌"), ("O", "B-artist", "O", "O"), 2, ())
    singers = ValueList(("artist",), ("王菲", "Beyond", "邓丽君"))
    lister, random = ListedValues([ARTISTS, singers], words_of), np.random.default_rng(1)
    heard = {"".join(lister(asked, random).words[1:-2]) for _ in range(200)}
    assert heard == {"他", "王菲", "beyond", "邓丽君"}
    assert {lister(SENTENCE, random).words[3] for _ in range(200)} == {"some", "mary", "abba"}
    assert not ListedValues([singers], words_of).has_values_for(SENTENCE)
