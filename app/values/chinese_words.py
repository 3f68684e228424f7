"""
How a Chinese phrase is cut into words, and which class and value each word has.

Traditional characters are mapped to simplified ones first, so that one table serves both.
"""

import re
from typing import Any

from app.values.chinese_vocabulary import VOCABULARY
from app.values.context import Context
from app.values.days import AnyReading, Day, Fixed, MonthDay, day_span, exact
from app.values.errors import UnresolvedError
from app.values.phrases import MAX_WORDS, Phrase
from app.values.traditional_table import TRADITIONAL

__all__ = ["number_of", "phrase_of", "simplified"]

Entry = tuple[str, Any]
WORDS: dict[str, list[Entry]] = VOCABULARY
LONGEST: dict[str, int] = {}
for _form in WORDS:
    LONGEST[_form[0]] = max(LONGEST.get(_form[0], 0), len(_form))

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "两": 2, "○": 0, "俩": 2, "仨": 3}
UNITS = {"十": 10, "百": 100, "千": 1000}
COLLECTED = {"廿": 20, "卅": 30}
NUMERALS = set(DIGITS) | set(UNITS) | set(COLLECTED)
WIDE = str.maketrans(
    {chr(0xFF01 + n): chr(0x21 + n) for n in range(94)}
    | {"　": " ", "、": ",", "〜": "~", "—": "-"}
)

TOKEN = re.compile(
    r"(?P<d>\d{4}([-/.])\d{1,2}\2\d{1,2}(?!\d)|\d{3}([-/.])\d{1,2}\3\d{1,2}(?!\d))"
    r"|(?P<x>\d{1,2}[/.]\d{1,2}(?!\d|:))"
    r"|(?P<c>\d{1,2}:\d{2}(?::\d{2})?(?!\d))"
    r"|(?P<n>\d+)"
    r"|(?P<p>[ap]\.?m\.?)"
    r"|(?P<s>[-,–~&@()])"
    r"|(?P<w>\s+)",
    re.IGNORECASE,
)
SIGNS = {"-": "-", "–": "-", "~": "-", ",": ",", "&": "&", "@": "@", "(": ",", ")": ","}


def simplified(text: str) -> str:
    """The text in simplified characters and narrow signs; its length stays the same."""
    return text.translate(TRADITIONAL).translate(WIDE)


def number_of(numerals: str) -> int | None:
    """The number of numerals: 二十三 is 23, 两百五 250, 二〇二七 2027; None if they are none."""
    if not any(sign in UNITS or sign in COLLECTED for sign in numerals):
        digits = [DIGITS[sign] for sign in numerals]
        return digits[0] if len(digits) == 1 else int("".join(map(str, digits)))
    total, digit, scale, last = 0, None, 10000, 0
    for sign in numerals:
        if sign in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[sign]
        elif sign in COLLECTED:
            if scale <= 10 or digit not in (None, 0):
                return None
            total, scale, last, digit = total + COLLECTED[sign], 10, 0, None
        else:
            unit = UNITS[sign]
            if unit >= scale or (digit is None and unit > 10) or (digit == 0 and unit > 10):
                return None
            total, scale, last, digit = total + (digit or 1) * unit, unit, unit, None
    if digit is not None:
        short = last >= 100 and numerals[-2] in UNITS
        total += digit * (last // 10 if short else 1)
    return total


def day_of(text: str, region: str) -> Day:
    """
    The date of 2027-11-02, or in Taiwan of a year of 民国 such as 116/11/02.

    Raises UnresolvedError if there is no such date, and for such a year elsewhere.
    """
    first, second, third = (int(part) for part in re.split("[-/.]", text))
    if first < 1000:
        if region != "TW":
            raise UnresolvedError
        first += 1911
    return Fixed(day_span(exact(first, second, third)))


def month_and_day(text: str, region: str) -> Day:
    """The date of 6/18; in Hong Kong the day may be first."""
    first, second = (int(part) for part in re.split("[/.]", text))
    if first > 12:
        return MonthDay(second, first)
    if region == "HK" and second <= 12 and first != second:
        return AnyReading([MonthDay(first, second), MonthDay(second, first)])
    return MonthDay(first, second)


def number_entry(text: str, *, spelled: bool = False) -> Entry:
    """
    The entry of figures or numerals: a year, a date of eight digits, or a number below 1000.

    `spelled` tells that they are numerals. Raises UnresolvedError if they are no number.
    """
    value = int(text) if text.isdigit() else number_of(text)
    if value is None:
        raise UnresolvedError
    if len(text) == 4 and 1900 <= value < 2200 and (text.isdigit() or not set(text) & set(UNITS)):
        return "Y", value
    if text.isdigit() and len(text) == 8:
        return "d", Fixed(day_span(exact(value // 10000, value // 100 % 100, value % 100)))
    if value > 999 or (spelled and not spells_number(text)):
        raise UnresolvedError
    return "n", value


def spells_number(text: str) -> bool:
    """
    Whether numerals are one number.

    零五 is one, and so is 一一五, a year of 民国; 三五 (three to five) is not.
    """
    if len(text) == 1 or set(text) & {*UNITS, *COLLECTED}:
        return True
    return (len(text) == 2 and DIGITS[text[0]] == 0) or (len(text) == 3 and DIGITS[text[0]] == 1)


def sign_entries(token_type: str, word: str, region: str) -> list[Entry]:
    """The entries of figures or a sign; `token_type` is the group of TOKEN that matched."""
    if token_type == "n":
        return [number_entry(word)]
    if token_type == "c":
        parts = [int(part) for part in word.split(":")]
        return [("c", (parts[0], parts[1], parts[2] if len(parts) > 2 else 0, word[0] == "0"))]
    if token_type == "x":
        return [("d", month_and_day(word, region))]
    if token_type == "d":
        return [("d", day_of(word, region))]
    if token_type == "p":
        return [("p", f"{word[0].lower()}m")]
    return [] if token_type == "w" else [(SIGNS[word], None)]


def phrase_of(text: str, context: Context) -> Phrase:
    """The words of a text with classes and values; raises UnresolvedError for an unknown one."""
    plain = simplified(text).strip()
    classes: list[str] = []
    values: list[Any] = []
    texts: list[str] = []
    position, end = 0, len(plain)
    while position < end:
        character = plain[position]
        if len(classes) > MAX_WORDS:
            raise UnresolvedError
        entries: list[Entry] | None = None
        width = 0
        for width in range(LONGEST.get(character, 0), 0, -1):
            entries = WORDS.get(plain[position : position + width])
            if entries is not None:
                break
        if width == 2 and character == "月" and plain[position + 2 : position + 3] in NUMERALS:
            entries, width = WORDS["月"], 1  # 十二月初十
        if entries is None and character in NUMERALS:
            width = 1
            while position + width < end and plain[position + width] in NUMERALS:
                width += 1
            entries = [number_entry(plain[position : position + width], spelled=True)]
        if entries is None:
            match = TOKEN.match(plain, position)
            if match is None or match.lastgroup is None:
                raise UnresolvedError
            width = match.end() - position
            entries = sign_entries(match.lastgroup, match[match.lastgroup], context.region)
        for word_class, value in entries:
            classes.append(word_class)
            values.append(value)
            texts.append(plain[position : position + width])
        position += width
    return Phrase("".join(classes), values, texts, [])
