"""Utterances → what a network learns from."""

from collections import Counter
from dataclasses import replace

import numpy as np

from app.tagging.features import CAPITAL, Featurizer
from app.tagging.vocabulary import UNKNOWN, Vocabulary
from training.augmentation.value_swap import MentionReplacement
from training.corpora.sentences import IGNORED, Sentence
from training.fitting.batches import Batches

SENTENCES = [
    Sentence(("to", "new", "york"), ("O", "B-city", "I-city"), 0),
    Sentence(("to", "taipei", "today"), ("O", "B-city", "B-time"), 1),
]


def random() -> np.random.Generator:
    return np.random.default_rng(0)


def batches(batch_size: int = 32) -> Batches:
    words = Vocabulary(["to", "new", "york", "taipei", "today"])
    return Batches(
        Featurizer(words, Vocabulary(["tai", "yor"])), ("city", "time"), batch_size=batch_size
    )


def test_a_network_that_reads_casing_learns_from_small_letters_too() -> None:
    words = Vocabulary(["paris"])
    cased = Batches(Featurizer(words, Vocabulary([CAPITAL])), ("city",), batch_size=32)
    many = [Sentence((CAPITAL + "paris",), ("B-city",), 0)] * 200
    passed = list(cased.for_training(many, MentionReplacement(many), random(), swap=0.0))
    capitals = sum(int((batch.trigrams == 2).sum()) for batch in passed)
    assert 140 < capitals < 180
    assert all(bool((batch.words == 2).all()) for batch in passed)


def test_values_stay_where_other_slots_are_not_annotated() -> None:
    def words(unannotated: tuple[str, ...]) -> set[int]:
        many = [replace(SENTENCES[1], unannotated=unannotated)] * 50
        passed = batches().for_training(many, MentionReplacement(SENTENCES), random(), swap=1.0)
        return {int(row[1]) for batch in passed for row in batch.words}

    assert len(words(())) == 2
    assert len(words(("day",))) == 1


def test_a_share_of_the_sentences_is_typed_in_a_hurry() -> None:
    many = [Sentence(("taipei",) * 30, ("O",) * 30, 0)] * 100

    def unknown(noise: float) -> int:
        passed = batches().for_training(
            many, MentionReplacement(many), random(), swap=0.0, noise=noise
        )
        return sum(int((row == UNKNOWN).any()) for batch in passed for row in batch.words)

    assert unknown(0.0) == 0
    assert 25 < unknown(0.4) < 55
    assert unknown(1.0) > 95


def test_a_pass_gives_every_sentence_once() -> None:
    many = [Sentence(("to",) * length, ("O",) * length, length) for length in range(1, 40)]
    passed = batches(4).for_training(many, MentionReplacement(many), random(), swap=0.0)
    assert sorted(i for batch in passed for i in batch.intents.tolist()) == list(range(1, 40))


def test_copies_are_read_besides_with_the_values_that_they_have() -> None:
    own = [Sentence(("to", "rome"), ("O", "B-city"), 1)] * 20
    copies = [Sentence(("to", "taipei"), ("O", "B-city"), 2)] * 10
    swapper = MentionReplacement(own)
    passed = list(batches(4).for_training(own, swapper, random(), swap=1.0, copies=copies))
    read = [
        (int(intent), int(words[1]))
        for batch in passed
        for intent, words in zip(batch.intents, batch.words, strict=True)
    ]
    assert Counter(read) == {(1, UNKNOWN): 20, (2, batches().featurizer.words.index("taipei")): 10}
    assert len(passed) == 8
    assert len({intent for intent, _ in read[:8]}) == 2  # and not one kind after the other


def test_sentences_of_like_lengths_share_a_batch() -> None:
    many = [Sentence(("to",) * length, ("O",) * length, 0) for length in range(1, 41)] * 4
    passed = list(batches(8).for_training(many, MentionReplacement(many), random(), swap=0.0))
    padded = sum(batch.words.numel() for batch in passed)
    assert padded < 1.1 * sum(len(sentence.words) for sentence in many)


def test_padding_has_no_tag_and_neither_has_a_slot_of_dev_alone() -> None:
    strange = Sentence(("to",), ("B-mood",), 0)
    batch = batches().batch([SENTENCES[0], strange])
    assert batch.tags.tolist() == [[0, 1, 2], [IGNORED, IGNORED, IGNORED]]
    assert batch.lengths.tolist() == [3, 1]


def test_an_outside_tag_hides_the_slots_that_are_not_annotated_and_have_a_tag() -> None:
    sentence = Sentence(("to",), ("O",), 0, unannotated=("time", "seat"))
    batch = batches().batch([sentence, SENTENCES[0]])
    assert batch.hidden.tolist() == [[False, False, False, True, True], [False] * 5]
