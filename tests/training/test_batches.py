"""Utterances → what a network learns from."""

from collections import Counter
from dataclasses import replace

import numpy as np

from app.tagging.features import CAPITAL, Featurizer
from app.tagging.vocabulary import OTHER, Vocabulary
from training.batches import (
    IGNORED,
    Batches,
    Sentence,
    SlotSwapper,
    read_sentences,
    read_utterance,
    typed_in_a_hurry,
)
from training.corpus import Utterance

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


def test_words_inside_a_token_continue_its_slot() -> None:
    utterance = Utterance(("i'd", "o'clock", "now"), ("O", "B-time", "I-time"))
    reading, tags = read_utterance(utterance, punctuation=True)
    assert reading.words == ("i", "d", "o", "clock", "now")
    assert tags == ("O", "O", "B-time", "I-time", "I-time")


def test_the_next_word_opens_a_slot_whose_first_token_is_not_read() -> None:
    utterance = Utterance(('"', "up", "!"), ("B-film", "I-film", "I-film"))
    reading, tags = read_utterance(utterance, punctuation=False)
    assert (reading.words, tags) == (("up",), ("B-film",))


def test_slots_side_by_side_stay_two_where_the_first_token_is_not_read() -> None:
    prices = Utterance(("$", "5", "$", "6", "!"), ("B-price", "I-price", "B-price", "I-price", "O"))
    assert read_utterance(prices, punctuation=False)[1] == ("B-price", "B-price")
    assert read_utterance(prices, punctuation=True)[1] == prices.tags


def test_a_sentence_with_nothing_to_read_is_not_trained_on() -> None:
    utterances = [Utterance(("!",), ("O",)), Utterance(("go",), ("O",), "travel")]
    sentences = read_sentences(utterances, ["travel"], punctuation=False)
    assert sentences == [Sentence(("go",), ("O",), 0)]


def test_an_intent_that_training_never_saw_is_ignored() -> None:
    sentences = read_sentences([Utterance(("go",), ("O",), "sing")], ["travel"], punctuation=True)
    assert sentences[0].intent == IGNORED


def test_swapping_gives_a_slot_a_value_of_the_same_slot() -> None:
    swap = SlotSwapper(SENTENCES)
    found = {swap(SENTENCES[1], np.random.default_rng(seed)) for seed in range(20)}
    assert found == {
        SENTENCES[1],
        Sentence(("to", "new", "york", "today"), ("O", "B-city", "I-city", "B-time"), 1),
    }


def test_swapping_keeps_to_the_script_of_a_sentence() -> None:
    han = Sentence(("去", "台", "北"), ("O", "B-city", "I-city"), 0)
    latin = Sentence(("去", "taipei"), ("O", "B-city"), 0)
    swap = SlotSwapper([*SENTENCES, han, latin])
    found = {swap(han, np.random.default_rng(seed)) for seed in range(20)}
    assert found == {han, latin}
    assert {swap(SENTENCES[0], np.random.default_rng(seed)).words[1] for seed in range(20)} == {
        "new",
        "taipei",
    }


def test_typing_in_a_hurry_changes_words_and_no_tag() -> None:
    sentence = Sentence(("arrive", "in", "2", "hours") * 50, ("O", "O", "B-time", "I-time") * 50, 3)
    found = typed_in_a_hurry(sentence, random())
    assert (found.tags, found.intent) == (sentence.tags, 3)
    changed = [a for a, b in zip(sentence.words, found.words, strict=True) if a != b]
    assert set(changed) == {"arrive", "hours"}


def test_a_capital_stays_when_its_word_is_mistyped() -> None:
    sentence = Sentence((CAPITAL + "paris",) * 100, ("O",) * 100, 0)
    found = set(typed_in_a_hurry(sentence, random()).words)
    assert len(found) > 5
    assert all(word.startswith(CAPITAL) for word in found)


def test_a_network_that_reads_casing_learns_from_small_letters_too() -> None:
    words = Vocabulary(["paris"])
    cased = Batches(Featurizer(words, Vocabulary([CAPITAL])), ("city",), batch_size=32)
    many = [Sentence((CAPITAL + "paris",), ("B-city",), 0)] * 200
    passed = list(cased.for_training(many, SlotSwapper(many), random(), swap=0.0))
    capitals = sum(int((batch.trigrams == 2).sum()) for batch in passed)
    assert 140 < capitals < 180
    assert all(bool((batch.words == 2).all()) for batch in passed)


def test_casing_is_read_where_it_is_asked_for() -> None:
    utterances = [Utterance(("to", "Paris"), ("O", "B-city"))]
    [cased] = read_sentences(utterances, [], punctuation=False, casing=True)
    [plain] = read_sentences(utterances, [], punctuation=False)
    assert cased.words == ("to", CAPITAL + "paris")
    assert plain.words == ("to", "paris")


def test_values_stay_where_other_slots_are_not_annotated() -> None:
    def words(unannotated: tuple[str, ...]) -> set[int]:
        many = [replace(SENTENCES[1], unannotated=unannotated)] * 50
        passed = batches().for_training(many, SlotSwapper(SENTENCES), random(), swap=1.0)
        return {int(row[1]) for batch in passed for row in batch.words}

    assert len(words(())) == 2
    assert len(words(("day",))) == 1


def test_a_share_of_the_sentences_is_typed_in_a_hurry() -> None:
    many = [Sentence(("taipei",) * 30, ("O",) * 30, 0)] * 100

    def unknown(noise: float) -> int:
        passed = batches().for_training(many, SlotSwapper(many), random(), swap=0.0, noise=noise)
        return sum(int((row == OTHER).any()) for batch in passed for row in batch.words)

    assert unknown(0.0) == 0
    assert 25 < unknown(0.4) < 55
    assert unknown(1.0) > 95


def test_a_pass_gives_every_sentence_once() -> None:
    many = [Sentence(("to",) * length, ("O",) * length, length) for length in range(1, 40)]
    passed = batches(4).for_training(many, SlotSwapper(many), random(), swap=0.0)
    assert sorted(i for batch in passed for i in batch.intents.tolist()) == list(range(1, 40))


def test_copies_are_read_besides_with_the_values_that_they_have() -> None:
    own = [Sentence(("to", "rome"), ("O", "B-city"), 1)] * 20
    copies = [Sentence(("to", "taipei"), ("O", "B-city"), 2)] * 10
    passed = list(batches(4).for_training(own, SlotSwapper(own), random(), swap=1.0, copies=copies))
    read = [
        (int(intent), int(words[1]))
        for batch in passed
        for intent, words in zip(batch.intents, batch.words, strict=True)
    ]
    assert Counter(read) == {(1, OTHER): 20, (2, batches().featurizer.words.index("taipei")): 10}
    assert len(passed) == 8
    assert len({intent for intent, _ in read[:8]}) == 2  # and not one kind after the other


def test_sentences_of_like_lengths_share_a_batch() -> None:
    many = [Sentence(("to",) * length, ("O",) * length, 0) for length in range(1, 41)] * 4
    passed = list(batches(8).for_training(many, SlotSwapper(many), random(), swap=0.0))
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
