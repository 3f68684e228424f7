"""English words that rules read, and how a phrase is cut into them."""

import re
from typing import Any

from app.values.context import Context
from app.values.days import AnyReading, Day, Fixed, MonthDay, Span, exact
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

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Classes of words, one character each, as rules write them:
#   W weekday   M month   n number   o ordinal   Y year   q three or four digits   d date
#   U hundreds in words   c 7:45   z 8.30   p am/pm   k o'clock   r today …   P part of day
#   N noon   X now   0 oh
#   E weekend   H holiday   u unit   > next   < last   = this   C coming   D same
#   e early/mid/late   h half   Q quarter   A a   l later   g ago   i ish
#   a after   b before   B by   S since   L or later   K at the latest   x within   G around
#   V between   F from   w onwards   T to   - dash   & and   | or
#   O on   @ at   I in   f of   j for   s past   , / ' signs
Entry = tuple[str, Any]
WORDS: dict[str, Entry] = {
    **{name: ("M", number) for number, name in enumerate(MONTHS, 1)},
    **{name[:3]: ("M", number) for number, name in enumerate(MONTHS, 1)},
    "sept": ("M", 9),
    **{name: ("W", number) for number, name in enumerate(WEEKDAYS)},
    "mon": ("W", 0),
    "tue": ("W", 1),
    "tues": ("W", 1),
    "wed": ("W", 2),
    "weds": ("W", 2),
    "thu": ("W", 3),
    "thur": ("W", 3),
    "thurs": ("W", 3),
    "fri": ("W", 4),
    "sat": ("W", 5),
    "sun": ("W", 6),
    "am": ("p", "am"),
    "pm": ("p", "pm"),
    "a": ("A", 1),
    "an": ("A", 1),
    **dict.fromkeys(("o'clock", "oclock", "o clock"), ("k", None)),
    "today": ("r", 0),
    "tomorrow": ("r", 1),
    "yesterday": ("r", -1),
    "tmrw": ("r", 1),
    "tmr": ("r", 1),
    "tomorow": ("r", 1),
    "tommorow": ("r", 1),
    "tommorrow": ("r", 1),
    "2moro": ("r", 1),
    "tonight": ("t", "evening"),
    "tonite": ("t", "evening"),
    "morning": ("P", "morning"),
    "afternoon": ("P", "afternoon"),
    "evening": ("P", "evening"),
    "night": ("P", "night"),
    "dawn": ("P", "dawn"),
    "daybreak": ("P", "dawn"),
    "sunrise": ("P", "dawn"),
    "dusk": ("P", "dusk"),
    "sunset": ("P", "dusk"),
    "mornings": ("P", "morning"),
    "daytime": ("P", "day"),
    "noon": ("N", 12),
    "midday": ("N", 12),
    "noontime": ("N", 12),
    "midnight": ("N", 24),
    "noonish": ("N", 12),
    "weekend": ("E", None),
    **{unit: ("u", unit) for unit in ("day", "week", "month", "year", "hour", "minute", "second")},
    **{f"{unit}s": ("u", unit) for unit in ("day", "week", "month", "year", "hour", "minute")},
    "fortnight": ("u", "fortnight"),
    "fortnights": ("u", "fortnight"),
    "min": ("u", "minute"),
    "mins": ("u", "minute"),
    "hr": ("u", "hour"),
    "hrs": ("u", "hour"),
    "h": ("u", "hour"),
    "wk": ("u", "week"),
    "wks": ("u", "week"),
    "seconds": ("u", "second"),
    "sec": ("u", "second"),
    "secs": ("u", "second"),
    "yr": ("u", "year"),
    "yrs": ("u", "year"),
    "next": (">", 1),
    "coming": ("C", None),
    "following": (">", 1),
    "upcoming": ("C", None),
    "last": ("<", -1),
    "previous": ("<", -1),
    "this": ("=", 0),
    "current": ("=", 0),
    "early": ("e", "early"),
    "mid": ("e", "mid"),
    "late": ("e", "late"),
    "middle": ("e", "mid"),
    "beginning": ("e", "start"),
    "start": ("e", "start"),
    "end": ("e", "end"),
    "half": ("h", 30),
    "quarter": ("Q", 15),
    "now": ("X", None),
    "after": ("a", "after"),
    "before": ("b", "before"),
    "by": ("B", "by"),
    "until": ("B", "by"),
    "till": ("B", "by"),
    "til": ("B", "by"),
    "since": ("S", "since"),
    "around": ("G", None),
    "about": ("G", None),
    "approximately": ("G", None),
    "circa": ("G", None),
    "approx": ("G", None),
    "roughly": ("G", None),
    "near": ("G", None),
    "between": ("V", None),
    "from": ("F", None),
    "onwards": ("w", None),
    "onward": ("w", None),
    "to": ("T", None),
    "through": ("T", None),
    "thru": ("T", None),
    "and": ("&", None),
    "or": ("|", None),
    "on": ("O", None),
    "at": ("@", None),
    "in": ("I", None),
    "during": ("I", None),
    "within": ("x", None),
    "of": ("f", None),
    "past": ("s", None),
    "later": ("l", None),
    "ago": ("g", None),
    "ish": ("i", None),
    "for": ("j", None),
    "hence": ("l", None),
    "day's": ("u", "day"),
    "latest": ("K", None),
    "same": ("D", 0),
    "christmas": ("H", "christmas"),
    "xmas": ("H", "christmas"),
    "easter": ("H", "easter"),
    "halloween": ("H", "halloween"),
    "thanksgiving": ("H", "thanksgiving"),
    "juneteenth": ("H", "juneteenth"),
    "pentecost": ("H", "pentecost"),
}
# Words of one meaning in several, by their first and second: those that follow, the longest first.
PHRASES: dict[str, dict[str, list[tuple[tuple[str, ...], Entry]]]] = {}


def phrase(words: str, kind: str, value: Any = None) -> None:
    first, *rest = words.split()
    if not rest:
        WORDS[first] = kind, value
        return
    following = PHRASES.setdefault(first, {}).setdefault(rest[0], [])
    following.append((tuple(rest[1:]), (kind, value)))
    following.sort(key=lambda form: -len(form[0]))


for _words in ("no later than", "not later than", "at the latest by", "up to", "up until"):
    phrase(_words, "B", "by")
for _words in ("prior to", "earlier than", "ahead of"):
    phrase(_words, "b", "before")
phrase("later than", "a", "after")
for _words in ("no earlier than", "not before", "not earlier than", "starting from", "as of"):
    phrase(_words, "S", "since")
for _words in ("starting on", "starting at", "starting"):
    phrase(_words, "S", "since")
for _words in (
    "or later",
    "or after",
    "and later",
    "or after that",
    "at the earliest",
    "or so later",
):
    phrase(_words, "L")
for _words in ("at earliest", "earliest"):
    phrase(_words, "L")
for _words in ("or earlier", "or before", "at the latest", "at latest", "and earlier"):
    phrase(_words, "K")
phrase("and on", "w")
for _words in ("a couple of", "a couple", "couple of"):
    phrase(_words, "n", 2)
phrase("or so", "i")
for _words in ("any time", "some time", "sometime", "anytime", "exactly", "precisely"):
    phrase(_words, "j")
for _words in ("sharp", "on the dot", "on dot", "prompt", "promptly"):
    phrase(_words, "k")
for _words in ("just", "shortly", "right", "straight", "soon"):
    phrase(f"{_words} before", "b", "before")
    phrase(f"{_words} after", "a", "after")
phrase("not after", "B", "by")
phrase("on or before", "B", "by")
phrase("on or after", "S", "since")
for _words in ("either", "over", "all day", "whole day"):
    phrase(_words, "j")
for _unit in ("day", "week", "month", "year", "hour"):
    phrase(f"{_unit}'s time", "u", _unit)
    phrase(f"{_unit}s' time", "u", _unit)
phrase("first thing", "e", "early")
phrase("first thing in", "e", "early")
for _words in ("crack of dawn", "first light", "break of dawn"):
    phrase(_words, "P", "dawn")
phrase("nightfall", "P", "dusk")
for _words in ("lunchtime", "lunch time"):
    phrase(_words, "P", "lunchtime")
phrase("nxt", ">", 1)
phrase("wknd", "E")
phrase("oh", "0")
for _words in ("o ' clock", "o clock", "o ' ' clock"):
    phrase(_words, "k")
for _words in ("right now", "at the moment", "at present", "at this moment", "at this time"):
    phrase(_words, "X")
phrase("at the present time", "X")
phrase("mid night", "N", 24)
phrase("mid day", "N", 12)
phrase("later today", "r", 0)
phrase("earlier today", "r", 0)
phrase("day after tomorrow", "r", 2)
phrase("day before yesterday", "r", -2)
for _words in ("overmorrow", "day after tmrw"):
    phrase(_words, "r", 2)
for _part in ("morning", "afternoon", "evening", "night"):
    for _when in ("early", "late"):
        if (_when, _part) != ("early", "night"):
            phrase(f"{_when} {_part}", "P", f"{_when}_{_part}")
    phrase(f"mid {_part}", "P", _part)
    phrase(f"mid - {_part}", "P", _part)
    phrase(f"early in the {_part}", "P", f"early_{_part}" if _part != "night" else "night")
    phrase(f"late in the {_part}", "P", f"late_{_part}")
phrase("late tonight", "t", "late_evening")
phrase("later tonight", "t", "evening")
phrase("early hours", "P", "small_hours")
phrase("small hours", "P", "small_hours")
phrase("first thing in the morning", "P", "early_morning")

_HOLIDAYS = {
    "new_year": ("new year", "new year's", "new years", "new year 's"),
    "epiphany": ("epiphany",),
    "martin_luther_king_day": ("martin luther king", "mlk"),
    "valentines_day": ("valentine's", "valentines", "valentine", "st valentine's"),
    "presidents_day": ("presidents'", "presidents", "president's"),
    "womens_day": ("women's", "womens", "international women's"),
    "st_patricks_day": ("st patrick's", "saint patrick's", "st patricks", "saint patrick"),
    "april_fools_day": ("april fool's", "april fools", "april fools'"),
    "earth_day": ("earth",),
    "may_day": ("may", "international workers'", "workers'", "international workers"),
    "mothers_day": ("mother's", "mothers", "mothers'"),
    "fathers_day": ("father's", "fathers", "fathers'"),
    "memorial_day": ("memorial",),
    "juneteenth": ("freedom", "jubilee", "juneteenth"),
    "canada_day": ("canada",),
    "independence_day": ("independence",),
    "bastille_day": ("bastille",),
    "labour_day": ("labor", "labour"),
    "columbus_day": ("columbus", "indigenous peoples'", "indigenous peoples"),
    "all_saints_day": ("all saints'", "all saints", "all saint's"),
    "veterans_day": ("veterans", "veterans'", "veteran's"),
    "groundhog_day": ("groundhog",),
    "thanksgiving": ("thanksgiving",),
    "christmas": ("christmas", "xmas"),
    "boxing_day": ("boxing", "st stephen's"),
    "ascension_day": ("ascension",),
    "anzac_day": ("anzac",),
    "australia_day": ("australia",),
    "lunar_new_year": (
        "lunar new year",
        "lunar new year's",
        "chinese new year",
        "chinese new year's",
    ),
}
for _name, _forms in _HOLIDAYS.items():
    for _form in _forms:
        phrase(f"{_form} day", "H", _name)
for _name, _forms in {
    "new_year": ("new year's", "new years", "new year"),
    "valentines_day": ("valentine's", "valentines"),
    "martin_luther_king_day": ("martin luther king jr day", "mlk jr day"),
    "st_patricks_day": ("st patrick's", "saint patrick", "st paddy's day"),
    "epiphany": ("epiphany", "three kings day"),
    "lunar_new_year": ("lunar new year", "chinese new year", "spring festival"),
    "dragon_boat_festival": ("dragon boat festival",),
    "mid_autumn_festival": ("mid - autumn festival", "mid autumn festival", "moon festival"),
    "lantern_festival": ("lantern festival",),
    "qingming": ("qingming festival", "qingming", "tomb sweeping day"),
    "lunar_new_years_eve": ("chinese new year's eve", "lunar new year's eve"),
    "good_friday": ("good friday",),
    "ash_wednesday": ("ash wednesday",),
    "maundy_thursday": ("maundy thursday",),
    "palm_sunday": ("palm sunday",),
    "easter": ("easter sunday", "easter day"),
    "easter_monday": ("easter monday",),
    "pentecost": ("whit sunday", "whitsun"),
    "black_friday": ("black friday",),
    "cyber_monday": ("cyber monday",),
    "cinco_de_mayo": ("cinco de mayo",),
    "guy_fawkes_night": ("bonfire night", "guy fawkes night"),
    "christmas_eve": ("christmas eve", "xmas eve"),
    "new_years_eve": ("new year's eve", "new years eve", "new year eve", "nye"),
    "halloween": ("hallowe'en", "all hallows eve"),
    "columbus_day": ("indigenous people's day",),
    "singles_day": ("singles day", "singles' day"),
}.items():
    for _form in _forms:
        phrase(_form, "H", _name)

# "the" says nothing to any rule.
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
    """The words of a phrase with their kind; raises UnresolvedError at any other sign."""
    lowered = text.lower().translate(QUOTES).replace('o"clock', "o'clock")
    lowered = MERIDIEM.sub(lambda m: f" {m[1] or m[2]}m ", lowered).strip()
    found: list[tuple[str, str]] = []
    position, end = 0, len(lowered)
    match_at = TOKEN.match
    while position < end:
        match = match_at(lowered, position)
        if match is None or len(found) > MAX_WORDS:
            raise UnresolvedError
        kind = match.lastgroup
        assert kind is not None
        position = match.end()
        if match[kind] != "." or not found or found[-1][0] != "w":  # of an abbreviation
            found.append((kind, match[kind]))
    return found


def date_in_order(first: int, second: int, year: int | None, region: str) -> Day:
    """11/2 by the order of the locale; both readings where it has none."""

    def made(month: int, day: int) -> Day:
        if year is None:
            return MonthDay(month, day)
        exact_day = exact(year, month, day)
        return Fixed(Span(exact_day, exact_day, "day"))

    if first > 12 or (second <= 12 and region not in MONTH_FIRST | EITHER_ORDER):
        return made(second, first)
    if second > 12 or region in MONTH_FIRST or first == second:
        return made(first, second)
    return AnyReading([made(first, second), made(second, first)])


def dotted_date(text: str, region: str) -> Day:
    """26.11., 27.12: a day and a month."""
    first, second = (int(part) for part in text.rstrip(".").split("."))
    return date_in_order(first, second, None, region or "GB")


def century(year: int) -> int:
    return 2000 + year if year < 100 else year


def whole_date(text: str, region: str) -> Day:
    first, second, third = (int(part) for part in re.split("[-/.]", text))
    if first > 31:
        found = exact(first, second, third)
        return Fixed(Span(found, found, "day"))
    return date_in_order(first, second, century(third), region)


def clock_of(text: str, sign: str) -> tuple[int, int, int, bool]:
    parts = [int(part) for part in text.split(sign)]
    return parts[0], parts[1], parts[2] if len(parts) > 2 else 0, text[0] == "0"


def number_entry(text: str) -> Entry:
    value = int(text) if len(text) <= 8 else -1
    if len(text) <= 2:
        return "n", value
    if len(text) == 4:
        return ("Y", value) if 1900 <= value < 2200 else ("q", value)
    if len(text) == 8 and 1900 <= value // 10000 < 2200:
        found = exact(value // 10000, value // 100 % 100, value % 100)
        return "d", Fixed(Span(found, found, "day"))
    if len(text) == 3:
        return "q", value
    return "?", value


def phrase_of(text: str, context: Context) -> Phrase:
    """The classes of the words; raises UnresolvedError if one is unknown."""
    words = split(text)
    classes: list[str] = []
    values: list[Any] = []
    texts: list[str] = []
    index, count = 0, len(words)
    region = context.region
    while index < count:
        kind, word = words[index]
        width = 1
        if kind == "w":
            if word in SILENT:
                index += 1
                continue
            entry, width = word_entry(words, index)
        elif kind == "n":
            entry = number_entry(word)
        elif kind == "o":
            entry = "o", int(word[:-2])
        elif kind == "c":
            entry = "c", clock_of(word, ":")
        elif kind == "z":
            entry = "z", clock_of(word, ".")
            if entry[1][0] > 24 or entry[1][1] > 59:
                entry = "d", dotted_date(word, region)
        elif kind == "y":
            entry = "d", dotted_date(word, region)
        elif kind == "x":
            first, second = word.split("/")
            entry = "d", date_in_order(int(first), int(second), None, region)
        elif kind == "d":
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
    """Whether a hyphen stands between an hour and its minutes in words."""
    if not 0 < index < len(words) - 1:
        return False
    minutes = words[index + 1][1]
    return words[index - 1][1] in UNITS and (minutes in TENS or UNITS.get(minutes, 0) >= 10)


def word_entry(words: list[tuple[str, str]], index: int) -> tuple[Entry, int]:
    """What a word says, with the words after it that belong to it, and how many they are."""
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
    """A number in words, up to the thousands: a year if it has four digits."""
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
