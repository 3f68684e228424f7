"""Letters → words of a lexicon."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.lexicon import SEGMENT, Lexicon, marks_of
from app.tagging.tokenizer import words_of

# The textbook case of a text that can be cut in more ways than one.
LEXICON = Lexicon(
    [
        "南京 300 ns",
        "南京市 200 ns",
        "市长 100 n",
        "长江 100 ns",
        "大桥 100 n",
        "长江大桥 50 ns",
        "江 10 n",
    ]
)


def words(text: str, lexicon: Lexicon = LEXICON) -> list[str]:
    letters = words_of(text)
    return ["".join(letters[first:end]) for first, end, _ in lexicon.cut(letters)]


def test_the_most_probable_words_are_taken() -> None:
    assert words("南京市长江大桥") == ["南京市", "长江大桥"]
    often = Lexicon(["南京 300 ns", "市长 9000 n", "江 9000 n", "大桥 9000 n", "南京市 1 ns"])
    assert words("南京市长江大桥", often) == ["南京", "市长", "江", "大桥"]


def test_letters_that_are_unknown_stand_alone() -> None:
    assert words("去南京吧") == ["去", "南京", "吧"]
    assert [kind for _, _, kind in LEXICON.cut(words_of("去江"))] == ["x", "n"]


def test_words_of_several_letters_are_cut_as_one() -> None:
    assert words("ok南京") == ["ok", "南京"]


def test_a_word_of_another_script_is_of_letters_with_their_marks() -> None:
    thai = Lexicon(["เชียงใหม่ 9 x", "ไป 99 x", "ใหม่ 20 x"])
    assert words("ไปเชียงใหม่", thai) == ["ไป", "เชียงใหม่"]
    assert [end - first for first, end, _ in thai.cut(words_of("ไปเชียงใหม่"))] == [2, 7]


def test_nothing_is_made_of_nothing() -> None:
    assert LEXICON.cut([]) == []
    assert LEXICON.marks([]) == []
    assert not Lexicon([])
    assert words("南京", Lexicon([])) == ["南", "京"]


def test_a_letter_is_told_its_place_and_the_length_and_kind_of_its_word() -> None:
    told = [marks_of(joined) for joined in LEXICON.marks(words_of("南京市去"))]
    assert told == [
        [f"{SEGMENT}B3", f"{SEGMENT}B:ns", f"{SEGMENT}[南京", f"{SEGMENT}[南京市"],
        [f"{SEGMENT}M3", f"{SEGMENT}M:ns", f"{SEGMENT}]南京"],
        [f"{SEGMENT}E3", f"{SEGMENT}E:ns", f"{SEGMENT}]南京市"],
        [f"{SEGMENT}S1", f"{SEGMENT}S:x"],
    ]


@given(st.lists(st.text(st.sampled_from("南京市长江大桥去ok"), min_size=1), max_size=30))
def test_the_words_make_up_the_sentence(letters: list[str]) -> None:
    found = LEXICON.cut(letters)
    assert [first for first, _, _ in found] == [0, *(end for _, end, _ in found)][: len(found)]
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert (found[-1][1] if found else 0) == len(letters) == len(LEXICON.marks(letters))


@pytest.mark.parametrize(
    "line", ["南京", "南京 3", "南京 三 ns", "南京 0 ns", " 3 n", f"{'南' * 17} 3 n"]
)
def test_a_line_that_is_no_word_is_refused(line: str) -> None:
    with pytest.raises(
        ValueError, match=r"values to unpack|invalid literal|is no word of 16 characters"
    ):
        Lexicon([line])
