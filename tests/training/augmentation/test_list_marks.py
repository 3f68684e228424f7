"""Marks of lists that are made up for training."""

from collections import Counter

import numpy as np
import pytest

from app.tagging.features import LISTED
from app.tagging.slots import read_spans
from app.tagging.value_lists import MOST_MARKS
from training.augmentation.list_marks import ListMarks
from training.corpora.sentences import Sentence

SLOTS = ("artist", "city", "track")
SENTENCE = Sentence(
    ("play", "one", "more", "time", "by", "daft", "punk", "now"),
    ("O", "B-track", "I-track", "I-track", "O", "B-artist", "I-artist", "O"),
    0,
)
DRAWS = 2000


@pytest.fixture(scope="module")
def marked() -> list[Sentence]:
    random = np.random.default_rng(1)
    mark = ListMarks(SLOTS)
    return [mark(SENTENCE, random) for _ in range(DRAWS)]


def test_the_slots_stay_in_their_order_and_a_word_has_a_tag_and_a_mark(
    marked: list[Sentence],
) -> None:
    for each in marked:
        assert [span.name for span in read_spans(each.tags)] == ["track", "artist"]
        assert len(each.words) == len(each.tags)
        assert each.marks is None or len(each.marks) == len(each.words)
        outside = [word for word, tag in zip(each.words, each.tags, strict=True) if tag == "O"]
        assert outside == ["play", "by", "now"]


def test_some_sentences_have_no_marks_and_some_just_those_of_their_values(
    marked: list[Sentence],
) -> None:
    whole = ["", *[f"{LISTED}{part}-track" for part in "BII"], "", f"{LISTED}B-artist"]
    counts = Counter(each.marks for each in marked if each.words == SENTENCE.words)
    assert counts[None] > DRAWS / 4
    assert counts[(*whole, f"{LISTED}I-artist", "")] > DRAWS / 40


def test_some_values_are_words_that_nobody_has_seen_and_lists_know_them(
    marked: list[Sentence],
) -> None:
    strange = [
        (each, span)
        for each in marked
        for span in read_spans(each.tags)
        if set(each.words[span.start : span.end]) - set(SENTENCE.words)
    ]
    assert len(strange) > DRAWS / 10
    told = [each.marks is not None and any(each.marks) for each, _ in strange]
    assert np.mean(told) > 0.95


def test_some_sentences_are_full_of_false_marks() -> None:
    random = np.random.default_rng(2)
    nothing = Sentence(("thank", "you", "very", "much"), ("O",) * 4, 0)
    many = ListMarks([f"slot{number}" for number in range(30)])
    counts = [
        mark.count(LISTED) for _ in range(DRAWS) for mark in many(nothing, random).marks or [""] * 4
    ]
    assert max(counts) == MOST_MARKS, "more would say nothing, and are left out"
    assert 0.05 < np.mean([count > 0 for count in counts]) < 0.5


def test_a_corpus_without_slots_has_no_marks() -> None:
    assert ListMarks(())(SENTENCE, np.random.default_rng(1)) is SENTENCE
