"""Utterances → words and tags as a network reads them."""

from app.tagging.features import CAPITAL
from training.corpora.sentences import IGNORED, Sentence, read_sentences, read_utterance
from training.corpora.splits import Utterance


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


def test_casing_is_read_where_it_is_asked_for() -> None:
    utterances = [Utterance(("to", "Paris"), ("O", "B-city"))]
    [cased] = read_sentences(utterances, [], punctuation=False, casing=True)
    [plain] = read_sentences(utterances, [], punctuation=False)
    assert cased.words == ("to", CAPITAL + "paris")
    assert plain.words == ("to", "paris")
