"""Text → tokens."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.tokenizer import ends_of, is_punctuation, tokenize, words_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (
            "I'd like to fly to New York, tomorrow.",
            ["I", "'", "d", "like", "to", "fly", "to", "New", "York", ",", "tomorrow", "."],
        ),
        ("arrive 2nd at 7:45pm", ["arrive", "2nd", "at", "7:45", "pm"]),
        ("5 p.m. or 11 A.M., 5p.m", ["5", "p.m.", "or", "11", "A.M.", ",", "5", "p.m"]),
        ("U.S. J.F.K. D.C.?", ["U.S.", "J.F.K.", "D.C.", "?"]),
        ("J.F.Kennedy, St. Louis", ["J.F.", "Kennedy", ",", "St", ".", "Louis"]),
        ("4.5 stars. 24.12.2026", ["4.5", "stars", ".", "24.12.2026"]),
        ("1,000 or 1,000,000.50", ["1,000", "or", "1,000,000.50"]),
        (
            "4,5 but 1,2,3 and 2,2026",
            ["4,5", "but", "1", ",", "2", ",", "3", "and", "2", ",", "2026"],
        ),
        ("$5.50, 12% or $1,200", ["$5.50", ",", "12%", "or", "$1,200"]),
        ("5€ 4,50€ 20$ or 20 $", ["5€", "4,50€", "20$", "or", "20", "$"]),
        ("€5,50 ¥100 १२३", ["€5,50", "¥100", "१२३"]),
        ("1.000,50 1'000 1’000.50 1,00,000", ["1.000,50", "1'000", "1’000.50", "1,00,000"]),
        ("1\u00a0000\u202f000 1 000", ["1\u00a0000\u202f000", "1", "000"]),
        ("１２．５ １，０００ ٤٫٥ 1，2", ["１２．５", "１，０００", "٤٫٥", "1", "，", "2"]),
        (".5 a.5 ..5 .5.1", [".5", "a", ".", "5", ".", ".", "5", ".", "5.1"]),
        (
            "US$5 NT$1,000 A$AP $.50 $5k £1.5m $5kg",
            ["US$5", "NT$1,000", "A", "$", "AP", "$.50", "$5k", "£1.5m", "$5", "kg"],
        ),
        (
            "90's 1840’s '90s 914's '90s'",
            ["90's", "1840’s", "'90s", "914", "'", "s", "'", "90s", "'"],
        ),
        (
            "11-2-26 02-11-2026 555-1234 1-1-1-11",
            ["11-2-26", "02-11-2026", "555", "-", "1234", *"1-1-1-", "11"],
        ),
        ("ｐ．ｍ． bos\u00adton \u00ad", ["ｐ．ｍ．", "bos\u00adton"]),
        ("0\u00ad\u02bcx", ["0", "\u02bc", "x"]),  # a joiner before an apostrophe joins nothing
        ("OʼHare ʻaʻ", ["O", "ʼ", "Hare", "ʻ", "a", "ʻ"]),
        ("rock&roll; &amp;", ["rock", "&", "roll", ";", "&amp;"]),
        (
            "[b]Rome[/b] </city> [Rome](a/b)",
            ["[b]", "Rome", "[/b]", "</city>", "[", "Rome", "](a/b)"],
        ),
        ("[Rome] (a b)", ["[", "Rome", "]", "(", "a", "b", ")"]),
        ("5:30 13:22:09 5：30 1:1", ["5:30", "13:22:09", "5：30", "1", ":", "1"]),
        ("11/2 3/26/2026 2026-11-02", ["11/2", "3/26/2026", "2026-11-02"]),
        ("1994-2009, 555-1234", ["1994", "-", "2009", ",", "555", "-", "1234"]),
        ("round-trip, 9 o'clock", ["round", "-", "trip", ",", "9", "o", "'", "clock"]),
        ("<b>Rome</b> &quot;a&quot;", ["<b>", "Rome", "</b>", "&quot;", "a", "&quot;"]),
        ("<i want> a<b", ["<", "i", "want", ">", "a", "<", "b"]),
        ("我想在11月2日到达台北。", [*"我想在", "11", "月", "2", *"日到达台北。"]),
        ("カタカナとABC", [*"カタカナと", "ABC"]),
        ("서울에서 부산까지", ["서울에서", "부산까지"]),
        ("ไปเชียงใหม่ 2ทุ่ม", ["ไ", "ป", "เ", "ชี", "ย", "ง", "ใ", "ห", "ม่", "2", "ทุ่", "ม"]),
        ("น้ำ ໄປ", ["น้ำ", "ໄ", "ປ"]),
        ("ភ្នំពេញ ရန်ကုန် བོད", ["ភ្នំ", "ពេ", "ញ", "ရ", "န်", "ကု", "န်", "བོ", "ད"]),
        ("Sa\u0303o Paulo", ["Sa\u0303o", "Paulo"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("a_b", ["a", "_", "b"]),
        ("\u202eTaipei\u202c\x00!", ["Taipei", "!"]),
        (" \t\n ", []),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == tokens


@given(st.text())
def test_tokens_are_stretches_of_the_text_in_order(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.text
        end = token.end


@given(st.text() | st.text(st.sampled_from("ab 7,\u200d\u0301台\x00")))
def test_words_and_ends_are_those_of_the_tokens(text: str) -> None:
    tokens, words = tokenize(text), words_of(text)
    assert words == [token.text for token in tokens]
    assert ends_of(text, words) == [token.end for token in tokens]


MARKED = st.text(st.sampled_from("a1p.,:/-$%<>&;é \u0e01\u0e490sU'’](\u00a0½ʼ\u00ad，１"))


@given(st.text())
def test_no_letter_or_digit_is_lost(text: str) -> None:
    kept = "".join(token.text for token in tokenize(text))
    assert [c for c in text if c.isalnum()] == [c for c in kept if c.isalnum()]


@given(
    st.text(st.characters(max_codepoint=127)) | st.text(st.sampled_from("ap1.,:/-$%<>&;0sUA'](k "))
)
def test_text_of_ascii_is_cut_as_in_any_other(text: str) -> None:
    assert tokenize(text) == tokenize(f"{text} é")[:-1]


@given(st.text() | MARKED)
def test_cutting_a_token_again_changes_nothing(text: str) -> None:
    for token in tokenize(text):
        assert [piece.text for piece in tokenize(token.text)] == [token.text]


@given(st.text() | MARKED, st.text() | MARKED)
def test_what_stands_behind_a_blank_changes_nothing_before_it(text: str, more: str) -> None:
    assert tokenize(f"{text} {more}")[: len(tokenize(text))] == tokenize(text)


@given(st.text(st.sampled_from("a\u0301\u200c\u200d台カ\u3099 7_👩")))
def test_a_joiner_is_kept_within_a_word_and_nowhere_else(text: str) -> None:
    for token in tokenize(text):
        assert not token.text.startswith(("\u200c", "\u200d"))
        assert not token.text.endswith(("\u200c", "\u200d"))


@pytest.mark.parametrize(
    ("token", "is_so"),
    [("'", True), ("👩", True), ("7", False), ("日", False), ("</b>", True), ("&amp;", True)],
)
def test_punctuation_is_what_has_no_letter_and_no_digit(token: str, is_so: bool) -> None:
    assert is_punctuation(token) is is_so


@pytest.mark.parametrize(
    "marks",
    [
        ".",
        ".5",
        "'",
        "1,",
        "1,00,",
        "1.000.",
        "1'000'",
        "$5k.",
        "US$",
        "](",
        "](a",
        "&quot",
        "('90",
    ],
)
def test_time_grows_with_the_text_and_not_faster(marks: str) -> None:
    for text in (marks * 100_000, f"é {marks * 100_000}"):
        began = time.process_time()
        words_of(text)
        assert time.process_time() - began < 10


def test_words_that_are_cut_are_tokens_in_scripts_that_else_have_no_blanks() -> None:
    text = "ไป เชียงใหม่ 2ทุ่ม 到台北"
    assert words_of(text, cut=True) == ["ไป", "เชียงใหม่", "2ทุ่ม", "到", "台", "北"]
    assert [token.text for token in tokenize(text, cut=True)] == words_of(text, cut=True)
