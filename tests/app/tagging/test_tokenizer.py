"""Text → tokens."""

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
        ("arrive 2nd at 7:45pm", ["arrive", "2nd", "at", "7", ":", "45pm"]),
        ("我想在11月2日到达台北。", [*"我想在", "11", "月", "2", *"日到达台北。"]),
        ("カタカナとABC", [*"カタカナと", "ABC"]),
        ("서울에서 부산까지", ["서울에서", "부산까지"]),
        ("ยกเลิก นาฬิกา", ["ยกเลิก", "นาฬิกา"]),
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


@given(st.text())
def test_no_letter_or_digit_is_lost(text: str) -> None:
    kept = "".join(token.text for token in tokenize(text))
    assert [c for c in text if c.isalnum()] == [c for c in kept if c.isalnum()]


@given(st.text(st.characters(max_codepoint=127)))
def test_text_of_ascii_is_cut_as_in_any_other(text: str) -> None:
    assert tokenize(text) == tokenize(f"{text} é")[:-1]


@given(st.text())
def test_cutting_a_token_again_changes_nothing(text: str) -> None:
    for token in tokenize(text):
        assert [piece.text for piece in tokenize(token.text)] == [token.text]


@given(st.text(), st.text())
def test_what_stands_behind_a_blank_changes_nothing_before_it(text: str, more: str) -> None:
    assert tokenize(f"{text} {more}")[: len(tokenize(text))] == tokenize(text)


@given(st.text(st.sampled_from("a\u0301\u200c\u200d台カ\u3099 7_👩")))
def test_a_joiner_is_kept_within_a_word_and_nowhere_else(text: str) -> None:
    for token in tokenize(text):
        assert not token.text.startswith(("\u200c", "\u200d"))
        assert not token.text.endswith(("\u200c", "\u200d"))


@pytest.mark.parametrize(
    ("token", "is_so"), [("'", True), ("👩", True), ("7", False), ("日", False)]
)
def test_punctuation_is_what_has_no_letter_and_no_digit(token: str, is_so: bool) -> None:
    assert is_punctuation(token) is is_so
