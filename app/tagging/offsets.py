"""Offsets in code points ↔ the units that callers in other languages count."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

OffsetUnit = Literal["codepoint", "utf16", "byte"]


def positions(text: str, unit: OffsetUnit) -> Sequence[int]:
    """
    Where each code point of the text begins, counted in `unit`, and the text's length last.

    JavaScript, Java and C# count UTF-16 code units; Go and Rust count the bytes of UTF-8.
    """
    if unit == "codepoint" or text.isascii():
        return range(len(text) + 1)
    if unit == "utf16":
        widths = (2 if character > "\uffff" else 1 for character in text)
    else:
        widths = (len(character.encode()) for character in text)
    return list(accumulate(widths, initial=0))
