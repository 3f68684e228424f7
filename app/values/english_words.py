"""How an English phrase is cut into words, and which class and value each word has."""

import re
from typing import Any

from app.values.context import Context
from app.values.days import AnyReading, Day, Fixed, MonthDay, day_span, exact
from app.values.english_vocabulary import VOCABULARY
from app.values.errors import UnresolvedError
from app.values.phrases import MAX_WORDS, Phrase

__all__ = ["CARDINALS", "ORDINALS", "date_in_order", "phrase_of", "split"]

UNITS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50}
TENS |= {"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
CARDINALS = UNITS | TENS
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
}
SCALES = {"hundred": 100, "thousand": 1000}

Entry = tuple[str, Any]
WORDS: dict[str, Entry] = {}
# Words of one meaning in several, by their first and second: those that follow, the longest first.
PHRASES: dict[str, dict[str, list[tuple[tuple[str, ...], Entry]]]] = {}
for _form, (_entry, *_) in VOCABULARY.items():
    _first, *_rest = _form.split()
    if _rest:
        _following = PHRASES.setdefault(_first, {}).setdefault(_rest[0], [])
        _following.append((tuple(_rest[1:]), _entry))
        _following.sort(key=lambda form: -len(form[0]))
    else:
        WORDS[_form] = _entry

# Words that no rule needs.
SILENT = {"the", "date", "time"}

TOKEN = re.compile(
    r"\s*(?:(?P<w>[a-z]+(?:'[a-z]*)?)"
    r"|(?P<d>\d{4}([-/.])\d{1,2}\3\d{1,2}(?!\d)|\d{1,2}([-/.])\d{1,2}\4(?:\d{4}|\d{2})(?![\d:]))"
    r"|(?P<x>\d{1,2}/\d{1,2}(?!\d))"
    r"|(?P<c>\d{1,2}:\d{2}(?::\d{2})?(?!\d))"
    r"|(?P<y>\d{1,2}\.\d{1,2}\.(?![\d\w])|\d{1,2}\.\d(?!\d))"
    r"|(?P<z>\d{1,2}\.\d{2}(?!\d))"
    r"|(?P<o>\d{1,2}(?:st|nd|rd|th)\b)"
    r"|(?P<n>\d+)"
    r"|(?P<s>[-,–—/~.'&@]))"
)
SIGNS = {
    "–": "-",
    "—": "-",
    "~": "-",
    "&": "&",
    ",": ",",
    "-": "-",
    "/": "/",
    ".": ".",
    "'": "'",
    "@": "@",
}
# Curly quotes, and the straight ones that stand for an apostrophe.
QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "\u00a0": " "})
MERIDIEM = re.compile(
    r"(?<![a-z])([ap])\s?\.?\s?m(?![a-z])\.?|(?<=\d)\.?\s?([ap])(?!\s?\.?\s?m|[a-z'])\.?"
)

MONTH_FIRST = {"US", "PH"}
EITHER_ORDER = {"", "CA"}


def split(text: str) -> list[tuple[str, str]]:
    """
    Split a phrase into pairs of token type and text.

    The type is the name of the group of TOKEN that matches, such as "w" for a word. Raises
    UnresolvedError at any other character, and beyond MAX_WORDS.
    """
    lowered = text.lower().translate(QUOTES).replace('o"clock', "o'clock")
    lowered = MERIDIEM.sub(lambda m: f" {m[1] or m[2]}m ", lowered).strip()
    tokens: list[tuple[str, str]] = []
    position, end = 0, len(lowered)
    match_at = TOKEN.match
    while position < end:
        match = match_at(lowered, position)
        if match is None or len(tokens) > MAX_WORDS:
            raise UnresolvedError
        token_type = match.lastgroup
        assert token_type is not None
        position = match.end()
        if match[token_type] != "." or not tokens or tokens[-1][0] != "w":  # of an abbreviation
            tokens.append((token_type, match[token_type]))
    return tokens


def date_in_order(first: int, second: int, year: int | None, region: str) -> Day:
    """
    The date 11/2, in the order of the region; both readings in a region without an order.

    A number above 12 is always the day.
    """

    def date_of(month: int, day: int) -> Day:
        if year is None:
            return MonthDay(month, day)
        return Fixed(day_span(exact(year, month, day)))

    if first > 12 or (second <= 12 and region not in MONTH_FIRST | EITHER_ORDER):
        return date_of(second, first)
    if second > 12 or region in MONTH_FIRST or first == second:
        return date_of(first, second)
    return AnyReading([date_of(first, second), date_of(second, first)])


def dotted_date(text: str, region: str) -> Day:
    """The day and month of 26.11. or 27.12; without a region the day is first."""
    first, second = (int(part) for part in text.rstrip(".").split("."))
    return date_in_order(first, second, None, region or "GB")


def century(year: int) -> int:
    """The full year of a year of two digits."""
    return 2000 + year if year < 100 else year


def whole_date(text: str, region: str) -> Day:
    """The date of 2027-11-02, or of 2/11/27 in the order of the region."""
    first, second, third = (int(part) for part in re.split("[-/.]", text))
    if first > 31:
        return Fixed(day_span(exact(first, second, third)))
    return date_in_order(first, second, century(third), region)


def clock_of(text: str, sign: str) -> tuple[int, int, int, bool]:
    """Hour, minute, second of 7:45 or 7.45, and whether it begins with 0."""
    parts = [int(part) for part in text.split(sign)]
    return parts[0], parts[1], parts[2] if len(parts) > 2 else 0, text[0] == "0"


def number_entry(text: str) -> Entry:
    """
    The entry of figures, by their length.

    One or two digits are a number, three a time, four a year or a time, eight a date. Others have
    the class "?", which `phrase_of` refuses.
    """
    value = int(text) if len(text) <= 8 else -1
    if len(text) <= 2:
        return "n", value
    if len(text) == 4:
        return ("Y", value) if 1900 <= value < 2200 else ("q", value)
    if len(text) == 8 and 1900 <= value // 10000 < 2200:
        return "d", Fixed(day_span(exact(value // 10000, value // 100 % 100, value % 100)))
    if len(text) == 3:
        return "q", value
    return "?", value


def phrase_of(text: str, context: Context) -> Phrase:
    """The words of a text with classes and values; raises UnresolvedError for an unknown one."""
    words = split(text)
    classes: list[str] = []
    values: list[Any] = []
    texts: list[str] = []
    index, count = 0, len(words)
    region = context.region
    while index < count:
        token_type, word = words[index]
        width = 1
        if token_type == "w":
            if word in SILENT:
                index += 1
                continue
            entry, width = word_entry(words, index)
        elif token_type == "n":
            entry = number_entry(word)
        elif token_type == "o":
            entry = "o", int(word[:-2])
        elif token_type == "c":
            entry = "c", clock_of(word, ":")
        elif token_type == "z":
            entry = "z", clock_of(word, ".")
            if entry[1][0] > 24 or entry[1][1] > 59:
                entry = "d", dotted_date(word, region)
        elif token_type == "y":
            entry = "d", dotted_date(word, region)
        elif token_type == "x":
            first, second = word.split("/")
            entry = "d", date_in_order(int(first), int(second), None, region)
        elif token_type == "d":
            entry = "d", whole_date(word, region)
        elif word == "-" and joins_numbers(words, index):
            index += 1  # five-thirty
            continue
        else:
            entry = SIGNS[word], None
        if entry[0] == "?":
            raise UnresolvedError
        if entry[0] == "P" and classes and classes[-1] in "=<":
            # "this morning" is today's, "last night" yesterday's
            values[-1] = 0 if classes[-1] == "=" else -1
            classes[-1] = "r"
        if entry[0] == "t":
            classes.append("r")
            values.append(0)
            texts.append(word)
            entry = "P", "tonight" if entry[1] == "evening" else entry[1]
        classes.append(entry[0])
        values.append(entry[1])
        texts.append(word)
        if word == "noonish":
            classes.append("i")
            values.append(None)
            texts.append(word)
        index += width
    return Phrase("".join(classes), values, texts, [])


def joins_numbers(words: list[tuple[str, str]], index: int) -> bool:
    """Whether the hyphen at `index` joins an hour and its minutes: "five-thirty"."""
    if not 0 < index < len(words) - 1:
        return False
    minutes = words[index + 1][1]
    return words[index - 1][1] in UNITS and (minutes in TENS or UNITS.get(minutes, 0) >= 10)


def word_entry(words: list[tuple[str, str]], index: int) -> tuple[Entry, int]:
    """
    The entry of the word at `index`, and how many words it takes.

    The longest phrase of the vocabulary wins. Raises UnresolvedError for an unknown word.
    """
    word = words[index][1]
    longer = PHRASES.get(word)
    if longer is not None and index + 1 < len(words):
        for rest, entry in longer.get(words[index + 1][1], ()):
            end = index + 2 + len(rest)
            if not rest or tuple(following for _, following in words[index + 2 : end]) == rest:
                return entry, end - index
    if word in CARDINALS or word in ORDINALS:
        return number_words(words, index)
    entry_of_word = WORDS.get(word)
    if entry_of_word is None:
        raise UnresolvedError
    return entry_of_word, 1


def number_words(words: list[tuple[str, str]], index: int) -> tuple[Entry, int]:
    """
    The entry of the number words that begin at `index`, and how many they are.

    Four digits in words are a year; an ordinal ends the number.
    """
    total = current = 0
    start, count = index, len(words)
    scaled = False
    while index < count:
        word = words[index][1]
        follows = index > start
        if word in TENS and (not follows or (scaled and current % 100 == 0)):
            current += TENS[word]
        elif word in UNITS and (
            not follows
            or (
                0 < UNITS[word] < 10
                and current % 100 in TENS.values()
                and words[index - 1][1] in (*TENS, "-")
            )
            or (scaled and current % 100 == 0)
        ):
            current += UNITS[word]
        elif word in ORDINALS and (
            not follows
            or (ORDINALS[word] < 10 and words[index - 1][1] in TENS)
            or (words[index - 1][1] == "-" and words[index - 2][1] in TENS)
        ):
            return ("o", total + current + ORDINALS[word]), index + 1 - start
        elif word in SCALES and follows and 0 < current < 100 and words[index - 1][1] != "-":
            if SCALES[word] == 1000:
                total, current = current * 1000, 0
            else:
                current *= 100
            scaled = True
        elif (
            word == "-"
            and follows
            and words[index - 1][1] in TENS
            and index + 1 < count
            and (
                0 < UNITS.get(words[index + 1][1], 0) < 10
                or ORDINALS.get(words[index + 1][1], 99) < 10
            )
        ) or (
            word == "and"
            and scaled
            and words[index - 1][1] in SCALES
            and index + 1 < count
            and (words[index + 1][1] in CARDINALS)
        ):
            pass
        else:
            break
        index += 1
    value = total + current
    if scaled:
        return (("Y", value) if 1900 <= value < 2200 else ("U", value)), index - start
    return ("n", value), index - start
