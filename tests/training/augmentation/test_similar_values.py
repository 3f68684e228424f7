"""Sentences with words that training has not."""

from dataclasses import replace

import numpy as np
import pytest

from app.tagging.features import CAPITAL, without_capital
from training.augmentation.similar_values import SimilarWordReplacement
from training.corpora.sentences import IGNORED, Sentence
from training.corpora.vocabularies import Vocabularies

# Two cities and their likes point one way, two times another; of the rest there is no vector.
VECTORS = {"paris": (1, 0), "rome": (1, 0.1), "oslo": (1, 0.2), "noon": (0, 1), "dawn": (0.1, 1)}
WORDS = ("to", "paris", "noon", "fleur")
VOCABULARIES = Vocabularies(
    WORDS, ("par",), ("city", "time"), (), False, more_words=("rome", "oslo", "dawn"), vector_size=2
)


def sentence(text: str) -> Sentence:
    words, tags = zip(*(word.split("/") for word in text.split()), strict=True)
    return Sentence(words, tags, IGNORED)


TRAIN = [sentence(f"to/O {city}/B-city noon/B-time") for city in ("paris", "7", "'")]


def as_it_is(sentence: Sentence, _: np.random.Generator) -> Sentence:
    return sentence


def maker(*, similar: float = 0.0, invented: float = 0.0) -> SimilarWordReplacement:
    vectors = [(0, 0), (0, 0)] + [VECTORS.get(word, (0, 0)) for word in VOCABULARIES.all_words]
    return SimilarWordReplacement(
        as_it_is,
        TRAIN,
        VOCABULARIES,
        np.array(vectors, np.float32),
        similar=similar,
        invented=invented,
    )


def words_made(values: SimilarWordReplacement, text: str) -> list[set[str]]:
    """Of each word what it became in two hundred draws; the tags stay."""
    random = np.random.default_rng(0)
    made = [values(sentence(text), random) for _ in range(200)]
    assert {each.tags for each in made} == {sentence(text).tags}
    return [set(words) for words in zip(*(each.words for each in made), strict=True)]


def test_a_word_gives_way_to_what_is_close_to_it_and_never_stays() -> None:
    found = words_made(maker(similar=1.0), "to/O paris/B-city noon/B-time")
    assert found == [{"to"}, {"rome", "oslo"}, {"dawn"}]


def test_a_word_without_a_vector_has_nothing_close() -> None:
    assert words_made(maker(similar=1.0), "fleur/B-city unheard/I-city") == [{"fleur"}, {"unheard"}]


def test_words_outside_of_slots_stay() -> None:
    assert words_made(maker(similar=1.0, invented=1.0), "to/O paris/O") == [{"to"}, {"paris"}]


def test_a_share_of_the_words_gives_way() -> None:
    random = np.random.default_rng(0)
    values = maker(similar=0.25)
    long = sentence("paris/B-city " + "paris/I-city " * 1999)
    stayed = values(long, random).words.count("paris")
    assert stayed / 2000 == pytest.approx(0.75, abs=0.04)


def test_a_capital_stays_where_it_was() -> None:
    (found,) = words_made(maker(similar=1.0), f"{CAPITAL}paris/B-city")
    assert all(word.startswith(CAPITAL) for word in found)
    assert {without_capital(word) for word in found} == {"rome", "oslo"}


def test_any_words_are_put_where_training_has_a_word_once() -> None:
    strange = set(VOCABULARIES.more_words)
    found = words_made(maker(invented=1.0), "paris/B-city unheard/I-city noon/B-time")
    assert found == [strange, {"unheard"}, {"noon"}]


def test_marks_and_numbers_are_not_made_up() -> None:
    assert words_made(maker(invented=1.0), "paris/B-city '/I-city 7/I-city")[1:] == [{"'"}, {"7"}]


def test_values_are_swapped_before(monkeypatch: pytest.MonkeyPatch) -> None:
    values = maker(similar=1.0)
    monkeypatch.setattr(values, "_swapper", lambda each, _: replace(each, words=("noon",)))
    assert words_made(values, "paris/B-city") == [{"dawn"}]


def test_nothing_is_made_up_where_no_word_beyond_the_corpus_has_a_vector() -> None:
    vectors = np.zeros((2 + len(WORDS), 2), np.float32)
    vocabularies = Vocabularies(WORDS, ("par",), ("city", "time"), (), False, vector_size=2)
    values = SimilarWordReplacement(
        as_it_is, TRAIN, vocabularies, vectors, similar=1.0, invented=1.0
    )
    assert words_made(values, "paris/B-city") == [{"paris"}]
