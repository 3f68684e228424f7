"""Offsets in the units of other languages."""

from hypothesis import given
from hypothesis import strategies as st

from app.tagging.offsets import positions

TEXT = "né 𝄞 台北"


def test_code_points_are_counted_as_python_counts() -> None:
    assert list(positions(TEXT, "codepoint")) == list(range(len(TEXT) + 1))


def test_utf16_counts_characters_beyond_the_first_plane_twice() -> None:
    assert list(positions(TEXT, "utf16")) == [0, 1, 2, 3, 5, 6, 7, 8]


def test_bytes_are_those_of_utf8() -> None:
    assert list(positions(TEXT, "byte")) == [0, 1, 3, 4, 8, 9, 12, 15]


@given(st.text(st.characters(codec="utf-8")), st.data())
def test_any_offset_agrees_with_the_encoded_beginning_of_the_text(
    text: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert positions(text, "byte")[at] == len(text[:at].encode())
    assert positions(text, "utf16")[at] == len(text[:at].encode("utf-16-le")) // 2


@given(st.text(st.characters(codec="utf-8")), st.data())
def test_offsets_in_any_unit_cut_the_same_stretch(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    stretch = text[start:end]
    utf16, utf8 = positions(text, "utf16"), positions(text, "byte")
    cut = text.encode("utf-16-le")[2 * utf16[start] : 2 * utf16[end]]
    assert cut.decode("utf-16-le") == stretch
    assert text.encode()[utf8[start] : utf8[end]].decode() == stretch
