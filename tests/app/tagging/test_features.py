"""Sentences → arrays."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.features import (
    CAPITAL,
    MAX_TRIGRAMS,
    PAIR,
    SHAPE,
    SPELLED,
    EncodedSentence,
    Featurizer,
    letter_pairs,
    letter_trigrams,
    normalise,
    number_shapes,
    read_tokens,
    with_neighbours,
    without_capital,
)
from app.tagging.lexicon import SEGMENT, Lexicon
from app.tagging.vocabulary import UNKNOWN, Vocabulary

WORDS = ["apple", "bag", "cat", "dog", "elephant"]


def test_letter_trigrams_as_the_lecture_has_them() -> None:
    assert letter_trigrams("apple") == ["app", "ppl", "ple"]


def test_a_short_word_is_its_own_trigram() -> None:
    assert letter_trigrams("to") == ["to"]


def test_a_word_of_any_length_has_few_trigrams() -> None:
    assert len(letter_trigrams("a" * 1_000_000)) == MAX_TRIGRAMS


def test_casing_and_compatible_forms_are_one() -> None:
    assert normalise("ＴＡＩＰＥＩ") == normalise("Taipei") == "taipei"


def test_a_word_is_read_as_far_as_its_marks_are_soon_in_order() -> None:
    marks = "\u0300\u0327"  # which change places, each with all before it
    assert normalise("e" + marks * 100) == unicodedata.normalize("NFKC", "e" + marks * 100)
    assert normalise("e" + marks * 2_000) == normalise("e" + marks * 128)


def test_thai_vowel_am_is_one_however_it_is_typed() -> None:
    assert normalise("ส\u0e33") == normalise("ส\u0e4d\u0e32")


def test_one_of_n_has_a_dimension_for_every_word_and_one_for_the_others() -> None:
    words = Vocabulary(WORDS)
    ids = [words.index(word) for word in [*WORDS, "gandalf", "sauron"]]
    one_of_n = np.eye(len(words), dtype=int)[ids][:, UNKNOWN + 1 :]
    assert one_of_n[:5].tolist() == np.eye(5, dtype=int).tolist()
    assert one_of_n[5:].tolist() == [[0] * 5, [0] * 5]
    assert ids[5] == ids[6] == UNKNOWN


def test_gandalf_and_sauron_differ_by_their_trigrams_alone() -> None:
    trigrams = Vocabulary(["gan", "and", "sau", "ron"])
    features = Featurizer(Vocabulary(WORDS), trigrams)([["gandalf"], ["sauron"]])
    assert features.words[0] == features.words[1] == [UNKNOWN]
    assert features.trigrams[0].tolist() != features.trigrams[1].tolist()


def test_sentences_are_padded_with_zeros_and_keep_their_lengths() -> None:
    featurizer = Featurizer(Vocabulary(WORDS), Vocabulary(["app", "ple", "bag"]))
    features = featurizer([["apple", "bag"], ["sauron"]])
    assert features.words.tolist() == [[2, 3], [UNKNOWN, 0]]
    assert features.trigrams.tolist() == [[[2, 3], [4, 0]], [[UNKNOWN, 0], [0, 0]]]
    assert features.lengths.tolist() == [2, 1]
    assert {array.dtype for array in (features.words, features.trigrams, features.lengths)} == {
        np.dtype(np.int32)
    }


def test_arrays_may_be_written_to_as_torch_asks() -> None:
    features = Featurizer(Vocabulary(WORDS), Vocabulary([]))([["apple"]])
    assert features.words.flags.writeable
    assert features.trigrams.flags.writeable


def test_a_token_is_cut_as_the_tokenizer_cuts_a_text() -> None:
    assert read_tokens(["I'd", "like"], punctuation=True) == EncodedSentence(
        ("i", "d", "like"), (0, 2)
    )


def test_punctuation_is_passed_over_where_the_network_has_seen_none() -> None:
    reading = read_tokens(["York", ",", "NY", " "], punctuation=False)
    assert reading == EncodedSentence(("york", "ny"), (0, None, 1, None))


@given(st.lists(st.text()), st.booleans())
def test_every_head_is_a_word_and_heads_rise(tokens: list[str], punctuation: bool) -> None:
    reading = read_tokens(tokens, punctuation=punctuation)
    first_words = [head for head in reading.first_words if head is not None]
    assert len(reading.first_words) == len(tokens)
    assert first_words == sorted(set(first_words))
    assert all(0 <= head < len(reading.words) for head in first_words)


@pytest.mark.parametrize(
    ("number", "shapes"),
    [
        ("914", ["000", "0"]),
        ("1840s", ["0000s", "0000a", "0a"]),
        ("5:30", ["0:00", "0:0"]),
        ("4.5", ["0.0"]),
        ("dc10", ["dc00", "aa00", "a0"]),
        ("21st", ["00st", "00aa", "0a"]),
        ("३४", ["00", "0"]),
    ],
)
def test_the_shapes_of_a_number(number: str, shapes: list[str]) -> None:
    assert number_shapes(number) == [SHAPE + shape for shape in shapes]


@pytest.mark.parametrize(("shape", "read"), [("0:00", [2]), ("000", [2]), ("00", [UNKNOWN])])
def test_where_no_time_had_a_colon_one_is_read_by_its_digits(shape: str, read: list[int]) -> None:
    featurizer = Featurizer(Vocabulary([]), Vocabulary([SHAPE + shape, SHAPE]))
    assert featurizer([["5:30"]]).trigrams[0, 0].tolist() == read
    assert featurizer([["5.30"]]).trigrams[0, 0].tolist() == [UNKNOWN]


def test_a_number_never_seen_is_read_by_its_shape() -> None:
    words, shapes = Vocabulary(["747"]), number_shapes("747")
    featurizer = Featurizer(words, Vocabulary([*shapes, "555", SHAPE]))
    assert featurizer.shapes
    found = featurizer([["747", "914", "555", "b52"]])
    assert found.words.tolist() == [[2, UNKNOWN, UNKNOWN, UNKNOWN]]
    assert found.trigrams.tolist() == [[[2, 3], [2, 3], [2, 3], [UNKNOWN, 0]]]
    plain = Featurizer(words, Vocabulary([*shapes, "555"]))([["914", "555"]])
    assert plain.trigrams.tolist() == [[[UNKNOWN], [4]]]


def test_letters_of_thai_have_the_letters_beside_them_with_their_marks() -> None:
    assert letter_pairs("ที่", "ชี", "น้ำ") == [f"{PAIR}ที่ชี", f"ชีน้ำ{PAIR}"]
    assert letter_pairs("go", "ชี", "now") == [f"{PAIR}oชี", f"ชีn{PAIR}"]


def test_what_is_remembered_of_words_is_bounded_and_changes_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.tagging.features._CACHED_WORDS", 3)
    featurizer = Featurizer(Vocabulary(["to"]), Vocabulary(["pxx"]))
    first = featurizer([["to", "pxx"]])
    for number in range(10):
        featurizer([[str(number)]])
        assert len(featurizer._known) <= 3
    again = featurizer([["to", "pxx"]])
    assert again.words.tolist() == first.words.tolist()
    assert again.trigrams.tolist() == first.trigrams.tolist()


def test_a_capital_is_read_beside_the_word_where_casing_is() -> None:
    tokens = ["I'd", "fly", "to", "Taipei", "台北", "ÉTÉ", "2B"]
    marked = [
        without_capital(word)
        for word in read_tokens(tokens, punctuation=True, casing=True).words
        if word.startswith(CAPITAL)
    ]
    assert marked == ["i", "taipei", "été"]
    plain = read_tokens(tokens, punctuation=True).words
    assert plain == tuple(
        map(without_capital, read_tokens(tokens, punctuation=True, casing=True).words)
    )
    assert not any(word.startswith(CAPITAL) for word in plain)


@pytest.mark.parametrize("text", ["FLY TO TAIPEI", "fly to taipei", "TO 台北 !", ""])
def test_capitals_only_say_nothing(text: str) -> None:
    read = read_tokens(text.split(), punctuation=True, casing=True)
    assert read == read_tokens(text.split(), punctuation=True)


def test_text_cannot_hold_the_mark_of_a_capital() -> None:
    assert read_tokens([CAPITAL + "a" + CAPITAL], punctuation=True).words == ("a",)


def test_the_mark_of_a_capital_stands_beside_the_trigrams() -> None:
    featurizer = Featurizer(Vocabulary(WORDS), Vocabulary(["app", "ple", CAPITAL]))
    assert featurizer.casing
    features = featurizer([["apple", CAPITAL + "apple", CAPITAL + "sauron"]])
    assert features.words.tolist() == [[2, 2, UNKNOWN]]
    assert features.trigrams.tolist() == [[[2, 3, 0], [2, 3, 4], [UNKNOWN, 4, 0]]]
    assert not Featurizer(Vocabulary(WORDS), Vocabulary(["app"])).casing


def test_known_words_are_not_spelled_where_the_network_has_learnt_it_so() -> None:
    known = Vocabulary(["app", "ple", f"{SHAPE}0", CAPITAL, SHAPE, SPELLED])
    featurizer = Featurizer(Vocabulary(["apple", "1"]), known)
    features = featurizer([[CAPITAL + "apple", "apple", "appeal", "xyz", "1", "2"]])
    assert features.words.tolist() == [[2, 2, UNKNOWN, UNKNOWN, 3, UNKNOWN]]
    assert features.trigrams[0].tolist() == [[5], [0], [2], [UNKNOWN], [4], [4]]
    assert featurizer([["apple"]]).trigrams.tolist() == [[[0]]]  # never no place at all
    in_training = Featurizer(Vocabulary(["apple"]), known, spell_all=True)
    assert in_training([["apple"]]).trigrams.tolist() == [[[2, 3]]]


def test_a_letter_is_read_with_its_neighbours_where_pairs_are_known() -> None:
    pairs = [*letter_pairs("", "雨", "天"), *letter_pairs("雨", "天", "")]
    featurizer = Featurizer(Vocabulary(["雨", "天"]), Vocabulary([*pairs, PAIR]))
    (first, second) = featurizer([["雨", "天"]]).trigrams[0].tolist()
    assert [first, second] == [[2, 3], [4, 5]]
    (turned,) = featurizer([["天", "雨"]]).trigrams[0, :1].tolist()
    assert turned == [UNKNOWN]  # no such neighbours


def test_longer_words_have_no_pairs_and_lend_their_next_letter() -> None:
    pairs = letter_pairs("o", "天", "g")
    featurizer = Featurizer(Vocabulary(["天"]), Vocabulary(["go", *pairs, PAIR]))
    found = featurizer([["go", "天", "go"]]).trigrams[0].tolist()
    assert found == [[2, 0], [3, 4], [2, 0]]


def test_a_sentence_has_the_same_pairs_beside_others_and_a_second_time() -> None:
    pairs = letter_pairs("雨", "天", "雨")
    featurizer = Featurizer(Vocabulary(["雨", "天"]), Vocabulary([*pairs, PAIR]))
    alone = featurizer([["雨", "天", "雨"]]).trigrams[0, 1].tolist()
    assert featurizer([["天"], ["雨", "天", "雨"]]).trigrams[1, 1].tolist() == alone == [2, 3]


def test_a_letter_is_read_with_what_a_lexicon_tells_of_its_word() -> None:
    known = Vocabulary([PAIR, f"{SEGMENT}B2", f"{SEGMENT}E:ns", f"{SEGMENT}S:x"])
    featurizer = Featurizer(Vocabulary(["南", "京"]), known, Lexicon(["南京 300 ns"]))
    features = featurizer([["南", "京", "ok"]])
    assert features.words.tolist() == [[2, 3, UNKNOWN]]
    assert features.trigrams.tolist() == [[[3], [4], [5]]]
    (turned,) = featurizer([["京", "南"]]).trigrams.tolist()
    assert turned == [[5], [5]]


def test_a_long_word_leaves_room_for_what_is_told_of_it() -> None:
    known = Vocabulary([PAIR, *{letter * 3 for letter in "ab"}, f"{SEGMENT}S:x"])
    featurizer = Featurizer(Vocabulary([]), known, Lexicon(["南 300 ns"]))
    (row,) = featurizer([["a" * 50]]).trigrams[0].tolist()
    assert row == [known.index("aaa")] * (MAX_TRIGRAMS - 2) + [known.index(f"{SEGMENT}S:x")]


@pytest.mark.parametrize("mark", [PAIR, SEGMENT])
def test_text_cannot_hold_the_mark_of_a_pair_or_a_segment(mark: str) -> None:
    assert read_tokens([f"雨{mark}天"], punctuation=True).words == ("雨", "天")


def test_words_know_their_neighbours() -> None:
    assert list(with_neighbours(["a", "b"])) == [("", "a", "b"), ("a", "b", "")]
    assert list(with_neighbours([])) == []
