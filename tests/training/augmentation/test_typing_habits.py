"""How people write in messages."""

from collections import Counter

import numpy as np
import pytest

from app.tagging.features import CAPITAL, read_tokens
from app.tagging.slots import read_spans
from training.augmentation.typing_habits import TABLE, messaged
from training.augmentation.typing_noise import as_a_message
from training.corpora.sentences import Sentence

SENTENCE = "i d like to fly from new york to denver at 5 pm for the weekend"
WORDS = SENTENCE.split(" ")
TAGS = (*["O"] * 6, "B-from", "I-from", "O", "B-to", "O", "B-time", "I-time", "O", "O", "B-when")


def read(word: str) -> tuple[str, ...]:
    return read_tokens([word], punctuation=True, shapes=True).words


@pytest.fixture(scope="module")
def messages() -> list[tuple[list[str], list[str]]]:
    random = np.random.default_rng(1)
    return [messaged(WORDS, TAGS, random, read) for _ in range(4000)]


def test_slots_stay_and_have_a_tag_a_word(messages: list[tuple[list[str], list[str]]]) -> None:
    for words, tags in messages:
        assert len(words) == len(tags)
        assert [span.name for span in read_spans(tags)] == ["from", "to", "time", "when"]
        assert all(words)


def test_words_are_shortened_joined_and_split_and_apostrophes_left_out(
    messages: list[tuple[list[str], list[str]]],
) -> None:
    found = Counter(word for words, _ in messages for word in words)
    for word in ("2", "frm", "wknd", "id", "newyork", "ver"):
        assert found[word], word
    # No slot runs into another, nor into what is none.
    assert not {"yorkto", "denverat", "fromnew", "todenver"} & set(found)


def test_most_digits_are_no_words(messages: list[tuple[list[str], list[str]]]) -> None:
    found = Counter(word for words, _ in messages for word in words)
    assert found["5"] == len(messages)
    assert 0 < found["2"] < found["to"] / 4
    assert 0 < found["4"] < found["for"] / 4


def test_a_value_of_one_word_that_is_split_stays_one_value(
    messages: list[tuple[list[str], list[str]]],
) -> None:
    split = [(words, tags) for words, tags in messages if len(words) > len(WORDS)]
    assert split
    values = {
        tuple(words[span.start : span.end])
        for words, tags in split
        for span in read_spans(tags)
        if span.name == "to"
    }
    assert ("den", "ver") in values


def test_what_speech_has_no_word_for_is_read_as_it_is_said() -> None:
    random = np.random.default_rng(1)
    sentence = Sentence((f"{CAPITAL}come", "at", "number"), ("O", "O", "O"), 0)
    found: Counter[str] = Counter()
    for _ in range(1000):
        found.update(as_a_message(sentence, random, punctuation=False).words)
    assert "@" not in found
    assert "#" not in found
    assert found["no"]
    assert found[f"{CAPITAL}come"] > 900


def test_the_table_has_other_spellings_than_the_word() -> None:
    for word, variants in TABLE.items():
        assert variants
        assert word not in variants
        assert word.isalpha()
        assert word.islower()
