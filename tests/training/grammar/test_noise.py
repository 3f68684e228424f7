"""What noise does to sentences, and what it leaves alone."""

from random import Random

from training.grammar.noise import (
    chinese_noise,
    english_noise,
    with_articles,
    with_capitals,
    without_marks,
)
from training.grammar.sentence import Piece, sentence_of

PIECES = [
    Piece("please, I'd like "),
    Piece("two", "passengers"),
    Piece(" tickets to "),
    Piece("Mumbai", "destination"),
    Piece(". is it late?"),
]


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_a_becomes_an_before_a_vowel_in_the_next_piece() -> None:
    pieces = [Piece("a "), Piece("economy", "seat_class"), Piece(" seat in a old one-way train")]
    assert text_of(with_articles(pieces)) == "an economy seat in an old one-way train"


def test_a_stays_before_what_only_looks_like_a_vowel() -> None:
    pieces = [Piece("a "), Piece("United", "carrier"), Piece(" flight, a one-way ticket")]
    assert text_of(with_articles(pieces)) == "a United flight, a one-way ticket"


def test_sentences_begin_with_a_capital() -> None:
    assert text_of(with_capitals(PIECES)).startswith("Please, I'd like two")
    assert text_of(with_capitals(PIECES)).endswith("to Mumbai. Is it late?")
    assert text_of(with_capitals([Piece(""), Piece("two", "passengers")])) == "Two"


def test_speech_has_no_marks_but_keeps_its_numbers() -> None:
    pieces = [Piece("at "), Piece("6:30 p.m.", "time"), Piece(", for 1.5 hours!")]
    assert text_of(without_marks(pieces, Random(1))) == "at 6:30 pm for 1.5 hours"


def test_the_same_values_are_there_after_the_noise() -> None:
    for seed in range(300):
        sentence = sentence_of(english_noise(PIECES, Random(seed)))
        values = [sentence.text[start:end].lower() for start, end, _ in sentence.spans]
        assert values == ["two", "mumbai"]


def test_slips_of_the_finger_spare_the_values() -> None:
    texts = {text_of(english_noise(PIECES, Random(seed))).lower() for seed in range(1000)}
    assert any("tickets" not in text for text in texts)
    assert all("mumbai" in text for text in texts)


def test_words_are_sometimes_spoken_and_sometimes_shouted() -> None:
    texts = {text_of(english_noise(PIECES, Random(seed))) for seed in range(300)}
    assert "PLEASE, I'D LIKE TWO TICKETS TO MUMBAI. IS IT LATE?" in texts
    assert "please id like two tickets to mumbai is it late" in texts


def test_chinese_loses_its_marks_or_has_those_of_latin() -> None:
    pieces = [Piece("你好，去"), Piece("台北", "destination"), Piece("。")]
    texts = {text_of(chinese_noise(pieces, Random(seed))) for seed in range(200)}
    assert {"你好，去台北。", "你好去台北", "你好,去台北."} <= texts


def test_digits_in_chinese_can_stand_apart_or_be_wide() -> None:
    pieces = [Piece("在"), Piece("11月2日", "time")]
    texts = {text_of(chinese_noise(pieces, Random(seed))) for seed in range(500)}
    assert {"在11月2日", "在11 月 2 日", "在１１月２日"} <= texts
