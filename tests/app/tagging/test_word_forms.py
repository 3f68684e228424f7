"""Tokens as typed → the words that are read of them."""

import pytest

from app.tagging.features import read_tokens
from app.tagging.tokenizer import words_of


def read(text: str, *, punctuation: bool, shapes: bool = True) -> list[str]:
    reading = read_tokens(words_of(text), punctuation=punctuation, shapes=shapes)
    return list(reading.words)


@pytest.mark.parametrize("punctuation", [True, False])
@pytest.mark.parametrize(
    ("typed", "as_in"),
    [
        ("5 p.m.", "5 pm"),
        ("5 P.M", "5 pm"),
        ("5p.m.", "5 pm"),
        ("5pm", "5 pm"),
        ("11AM", "11 am"),
        ("J.F.K. to the U.S.", "jfk to the us"),
        ("1,000 of 12,345,678", "1000 of 12345678"),
        ("4,5 stars", "4.5 stars"),
        ("I’d", "i'd"),
        ("I'd, o'clock", "i d, o clock"),
        ("it’s Xi'an", "it s xi an"),
        ("one—way", "one-way"),
        ("1.000 of 1.000.000,50", "1000 of 1000000.50"),
        ("1'000, 1’000, 1,00,000, 1\u00a0000", "1000, 1000, 100000, 1000"),
        ("１，０００", "1000"),
        (".5", "0.5"),
        ("½ 3½", "1/2 3 1/2"),
        ("５ｐｍ ｐ．ｍ．", "5 pm pm"),
        ("90's, ’90s", "90s, 90s"),
        ("＄５ ５％", "$5 5%"),
        ("bos\u00adton", "boston"),
        ("Oʼhare", "o'hare"),
        ("AT&amp;T &pound;", "AT&T £"),
        ("Rome 🇮🇹 👩\u200d👧 ✈️ •", "Rome"),
        ("1️⃣", "1"),
        ("5：30", "5:30"),
    ],
)
def test_what_is_written_in_several_ways_is_one(
    typed: str, as_in: str, *, punctuation: bool
) -> None:
    assert read(typed, punctuation=punctuation) == read(as_in, punctuation=punctuation)


@pytest.mark.parametrize(
    "pair",
    [
        *zip("“‘«‹„「『《(（[{<*_`~|'\"", "”’»›“」』》)）]}>*_`~|'\"", strict=True),
        ("<b>", "</b>"),
        ("<em>", "</em>"),
        ("&quot;", "&quot;"),
        ("[b]", "[/b]"),
        ("[", "](https://example.org/a)"),
        *zip("〝❝❛≪＜＊＿｜″״ʼ", "〞❞❜≫＞＊＿｜″״ʼ", strict=True),
        ("**", "**"),
    ],
)
@pytest.mark.parametrize("value", ["Rome", "New York", "罗马", "กรุงเทพ", "5:30 p.m."])
@pytest.mark.parametrize("punctuation", [True, False])
def test_what_sets_a_value_apart_is_not_read(
    pair: tuple[str, str], value: str, *, punctuation: bool
) -> None:
    opening, closing = pair
    marked = read(f"fly to {opening}{value}{closing}, please", punctuation=punctuation)
    assert marked == read(f"fly to {value}, please", punctuation=punctuation)


def test_signs_are_read_as_they_are_said_where_speech_was_learnt() -> None:
    spoken = " ".join(read("$5.50 & 12% @ 6€", punctuation=False))
    assert spoken == "5.50 dollars and 12 percent at 6 euros"
    assert " ".join(read("$5.50 & 12% @ 6€", punctuation=True)) == "$ 5.50 & 12 % @ 6 €"


def test_a_number_with_marks_is_one_word_where_shapes_are_read_and_else_several() -> None:
    text = "5:30 11/2 4.5 2026-11-02"
    assert read(text, punctuation=True) == text.split()
    apart = " ".join(read(text, punctuation=True, shapes=False))
    assert apart == "5 : 30 11 / 2 4 . 5 2026 - 11 - 02"
    spoken = " ".join(read(text, punctuation=False, shapes=False))
    assert spoken == "5 30 11 2 4 5 2026 11 02"


def test_amounts_are_read_with_their_size_and_whose_dollars_they_are() -> None:
    assert read("US$5k ₹5 ¥5", punctuation=False) == [
        *("5k", "dollars"),
        *("5", "rupees"),
        *("5", "yen"),
    ]
    assert read("US$5k", punctuation=True) == ["us", "$", "5k"]


def test_what_looks_like_a_number_and_is_none_stays() -> None:
    assert read("003½ ½a", punctuation=True) == ["0031⁄2", "1⁄2a"]
    assert read("0.500 914's", punctuation=True) == ["0.500", "914", "s"]


def test_other_marks_are_read_where_punctuation_is() -> None:
    assert read("one-way, please!", punctuation=True) == ["one", "-", "way", ",", "please", "!"]
    assert read("one-way, please!", punctuation=False) == ["one", "way", "please"]
