"""English numbers, counts by group, ordinals, durations, yes and no."""

import re
from decimal import Decimal

from app.values.context import Context
from app.values.english import read_amounts
from app.values.english_words import CARDINALS, ORDINALS, TENS, UNITS
from app.values.lazy_patterns import LazyPattern
from app.values.quantities import Count, Duration, Quantity

__all__ = ["read_boolean", "read_count", "read_duration", "read_number", "read_ordinal"]

SCALES = {"thousand": 1000, "k": 1000, "grand": 1000, "million": 1_000_000, "m": 1_000_000}
FIGURES = LazyPattern(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
WORD = LazyPattern(
    r"\s*(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[a-z]+(?:'[a-z]+)?|[-–+&,/~$€£¥₹₩])"
)
NOTHING = {"zero": 0, "none": 0, "nought": 0, "nil": 0}
QUANTITIES = {"couple": 2, "pair": 2, "dozen": 12, "score": 20}


def words_of(text: str) -> list[str] | None:
    """
    Split a text into words, figures and signs, in lower case.

    None if the text has any other character.
    """
    lowered = text.lower().replace("’", "'").replace("grown-up", "grownup").strip()
    words, position = [], 0
    while position < len(lowered):
        match = WORD.match(lowered, position)
        if match is None:
            return None
        words.append(match[1])
        position = match.end()
    return words


def figures(word: str) -> Decimal | None:
    """The number that a word of figures is, such as 1,500.50; None for any other word."""
    return Decimal(word.replace(",", "")) if FIGURES.fullmatch(word) else None


def number_in(words: list[str]) -> Decimal | None:
    """The number that all of the words say: 24, two dozen, a hundred and five, 1.5 million."""
    if not words or len(words) > 12:
        return None
    if len(words) == 1:
        if words[0] in NOTHING:
            return Decimal(0)
        plain = figures(words[0])
        if plain is not None:
            return plain
    if words[-2:] == ["a", "half"] and len(words) > 3 and words[-3] == "and":
        whole = number_in(words[:-3])
        return None if whole is None else whole + Decimal("0.5")
    if words[0] == "half" and words[1:2] == ["a"] and words[2:] == ["dozen"]:
        return Decimal(6)
    if words[-1] in QUANTITIES or (
        words[-2:-1] in (["couple"], ["pair"], ["dozen"]) and (words[-1] == "of")
    ):
        rest = words[:-1] if words[-1] != "of" else words[:-2]
        unit = QUANTITIES[words[len(rest)]]
        if rest in (["a"], []):
            return Decimal(unit)
        return small_times(rest, unit) if unit >= 12 else None
    return spelled(words)


def small_times(rest: list[str], unit: int) -> Decimal | None:
    """`unit` times the whole number that the words say: two dozen."""
    times = spelled(rest)
    return None if times is None or times != int(times) else times * unit


def spelled(words: list[str]) -> Decimal | None:
    """The number of number words, or of figures with a scale; None if they are anything else."""
    total, group = Decimal(0), Decimal(-1)
    limit, last = Decimal(10**9), ""
    for index, word in enumerate(words):
        plain = figures(word)
        if plain is not None and group < 0 and (index == 0 or last in SCALES):
            group = plain
        elif (
            word in ("a", "an")
            and index == 0
            and len(words) > 1
            and words[1] in (*SCALES, "hundred")
        ):
            group = Decimal(1)
        elif word in CARDINALS:
            value = CARDINALS[word]
            if last in TENS and 0 < value < 10:
                group += value
            elif group < 0:
                group = Decimal(value)
            elif last in ("hundred", "and") and group % 100 == 0 and value < 100 and group > 0:
                group += value
            else:
                return None
        elif (
            word == "-"
            and last in TENS
            and words[index + 1 : index + 2]
            and (0 < UNITS.get(words[index + 1], 0) < 10)
        ):
            continue
        elif word == "hundred" and 0 < group < 100:
            group *= 100
        elif word in SCALES and group > 0 and SCALES[word] < limit:
            total, limit, group = total + group * SCALES[word], Decimal(SCALES[word]), Decimal(-1)
        elif word == "and" and last in ("hundred", *SCALES) and index + 1 < len(words):
            if last in SCALES:
                group = Decimal(-1)
        else:
            return None
        last = word
    return total + max(group, Decimal(0))


ABOUT = ("about", "around", "approximately", "roughly", "approx")


def read_number(text: str, context: Context) -> Quantity | None:  # noqa: ARG001
    """The number that a text says, perhaps with about; None if it says none."""
    words = words_of(text)
    if words is None:
        return None
    approximate = bool(words) and words[0] in ABOUT
    value = number_in(words[1:] if approximate else words)
    return None if value is None else Quantity(value, approximate)


def read_ordinal(text: str, context: Context) -> int | None:  # noqa: ARG001
    """The number of an ordinal: 2nd, second, twenty-first; None if the text is none."""
    lowered = text.lower().strip().removeprefix("the ").removesuffix(" one")
    match = re.fullmatch(r"(\d{1,6})(st|nd|rd|th)", lowered)
    if match is not None:
        return int(match[1])
    words = words_of(lowered)
    if not words:
        return None
    *before, last = words
    if last in ORDINALS:
        if not before:
            return ORDINALS[last]
        before = [word for word in before if word != "-"]
        if len(before) == 1 and before[0] in TENS and ORDINALS[last] < 10:
            return TENS[before[0]] + ORDINALS[last]
    return None


ADULTS = "adult adults adt grownup grownups parent parents man men woman women lady ladies"
GROUPS = {
    **dict.fromkeys(ADULTS.split(), "adult"),
    **dict.fromkeys(
        ["child", "children", "kid", "kids", "chd", "boy", "boys", "girl", "girls"], "child"
    ),
    **dict.fromkeys(
        ["infant", "infants", "baby", "babies", "toddler", "toddlers", "inf", "newborn"], "infant"
    ),
    **dict.fromkeys(["senior", "seniors", "pensioner", "pensioners"], "senior"),
    **dict.fromkeys(["student", "students", "pupil", "pupils"], "student"),
    **dict.fromkeys(["teenager", "teenagers", "teen", "teens", "youth", "youths"], "youth"),
    **dict.fromkeys(
        ["people", "persons", "person", "passenger", "passengers", "pax", "traveler", "travelers"],
        "",
    ),
    **dict.fromkeys(
        ["traveller", "travellers", "guest", "guests", "ticket", "tickets", "seat", "seats", "tix"],
        "",
    ),
    **dict.fromkeys(["friends", "colleagues"], ""),
}
RELATIVES = {
    **dict.fromkeys(
        [
            "wife",
            "husband",
            "partner",
            "mother",
            "father",
            "mom",
            "mum",
            "dad",
            "girlfriend",
            "boyfriend",
        ],
        "adult",
    ),
    **dict.fromkeys(
        ["friend", "colleague", "spouse", "grandmother", "grandfather", "boss"], "adult"
    ),
    **dict.fromkeys(["son", "daughter", "kid", "child"], "child"),
    **dict.fromkeys(["baby", "infant", "toddler"], "infant"),
}
ALONE = {"just me", "only me", "me", "myself", "just myself", "only myself", "me alone", "solo"}
ALONE |= {"alone", "on my own", "by myself", "i", "just one", "only one", "one person"}
PARTY = LazyPattern(
    r"(?:a )?(?:family|party|group|team) of (?P<n>.+)|(?:the )?(?P<us>.+) of us"
    r"|(?:us|we) (?P<we>.+)"
)
SEPARATORS = {",", "and", "&", "+", "plus", "with", "/"}


def read_count(text: str, context: Context) -> Count | None:  # noqa: ARG001
    """
    How many people, and of which groups; None if the text does not say.

    It reads "2 adults and 1 child", "just me", "a family of four".
    """
    words = words_of(text)
    if not words:
        return None
    joined = " ".join(words)
    if joined in ALONE:
        return Count(1, {})
    if joined in ("both of us", "us both", "a couple"):
        return Count(2, {})
    match = PARTY.fullmatch(joined)
    if match is not None:
        return counted(number_in((match["n"] or match["us"] or match["we"]).split()), {})
    plain = number_in(words)
    if plain is not None:
        return counted(plain, {})
    return listed(words)


def counted(value: Decimal | None, groups: dict[str, int]) -> Count | None:
    """A count of the value, if it is a whole number below 1000; else None."""
    if value is None or value != int(value) or not 0 <= value < 1000:
        return None
    return Count(int(value), groups)


def listed(words: list[str]) -> Count | None:
    """The count of a list of groups; None unless each item is a group with a number."""
    groups: dict[str, int] = {}
    item: list[str] = []
    total = 0
    for word in [*words, ","]:
        if word in SEPARATORS or (word in GROUPS and item):
            if word in GROUPS:
                item.append(word)
            if not item:
                continue
            group = group_of(item)
            if group is None:
                return None
            name, number = group
            groups[name] = groups.get(name, 0) + number
            total += number
            item = []
        else:
            item.append(word)
    anonymous = groups.pop("", 0)
    if anonymous and groups:
        groups["person"] = anonymous
    return Count(total, groups) if 0 < total < 1000 else None


def group_of(item: list[str]) -> tuple[str, int] | None:
    """
    The group of an item and how many of it: "two small children", "my wife", "me".

    The group is "" where none was said. None if the item is no group.
    """
    if item in (["me"], ["myself"], ["i"], ["just", "me"]):
        return "adult", 1
    if len(item) == 2 and item[0] in ("my", "our") and item[1] in RELATIVES:
        return RELATIVES[item[1]], 1
    if len(item) > 1 and item[-1] in GROUPS:
        number = item[:-1]
        for size in ("small", "little", "young", "elderly", "school", "lap", "other"):
            if number[-1] == size:
                number = number[:-1]
        value = Decimal(1) if number in (["a"], ["an"]) else number_in(number)
        if value is not None and value == int(value):
            return GROUPS[item[-1]], int(value)
    value = number_in(item)
    return None if value is None or value != int(value) else ("", int(value))


HALF = LazyPattern(r"(\d+)\.5 ?(hours?|hrs?|h|years?)")
SHORT = LazyPattern(r"(\d{1,3}) ?h(?:rs?|ours?)? ?(\d{1,2}) ?(?:m|min|mins|minutes)?")


def read_duration(text: str, context: Context) -> Duration | None:
    """
    How long: "three days", "2.5 hours", "3 nights", "1h30"; None if the text does not say.

    Raises UnresolvedError for an unknown word.
    """
    words = text.lower().strip().removeprefix("for ")
    approximate = words.startswith(tuple(f"{word} " for word in ABOUT))
    if approximate:
        words = words.split(" ", 1)[1]
    hours_and_minutes = SHORT.fullmatch(words)
    if hours_and_minutes is not None and int(hours_and_minutes[2]) < 60:
        return Duration(
            [(int(hours_and_minutes[1]), "hour"), (int(hours_and_minutes[2]), "minute")],
            approximate,
        )
    words = HALF.sub(r"\1 and a half \2", words)
    amounts = read_amounts(re.sub(r"\bnight(s?)\b", r"day\1", words), context)
    return None if amounts is None else Duration(amounts, approximate)


YES = {"yes", "yeah", "yep", "yup", "sure", "ok", "okay", "of course", "correct", "right", "true"}
YES |= {"that's right", "that is right", "that's correct", "absolutely", "definitely", "certainly"}
YES |= {"yes please", "please do", "sure thing", "y", "indeed", "fine", "sounds good", "exactly"}
NO = {"no", "nope", "nah", "no thanks", "no thank you", "not at all", "n", "never", "false"}
NO |= {"no way", "of course not", "certainly not", "absolutely not", "that's wrong", "incorrect"}
NO |= {"wrong", "not really", "don't", "please don't"}


def read_boolean(text: str) -> bool | None:
    """True for yes, False for no; None if the text is not only that."""
    plain = re.sub(r"[\s,.!]+", " ", text.lower().replace("’", "'")).strip()
    if plain in YES:
        return True
    return False if plain in NO else None
