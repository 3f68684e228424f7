"""The Chinese of people who book journeys, in simplified characters and in traditional."""

from collections.abc import Sequence
from functools import cache, partial
from random import Random

from training.grammar import chinese_gazetteer as gazetteer
from training.grammar.files import rules
from training.grammar.rules import Grammar, Maker
from training.grammar.scripts import converter
from training.grammar.sentence import Piece

COMMAS = ("，", "，", "，", "，", "、", "。", ",", " ", "；", "")

def _digits(random: Random) -> str:
    return str(random.randint(100, 10 ** random.choice((3, 4, 11)) + 100))


def _numeral_to(largest: int, random: Random) -> str:
    return str(random.randint(1, largest))


def _slashed(random: Random) -> str:
    mark = random.choice("//-.")
    return f"{random.randint(1, 12)}{mark}{random.randint(1, 31)}"


def _year(random: Random) -> str:
    return str(random.randint(2019, 2035))


def _iso(random: Random) -> str:
    return f"{_year(random)}-{random.randint(1, 12):02}-{random.randint(1, 31):02}"


def _time(hours: int, random: Random) -> str:
    mark = random.choice(":::：")
    return f"{random.randint(1, hours)}{mark}{random.choice((0, 15, 30, 45, 20, 50)):02}"


@cache
def _converter(configuration: str) -> OpenCC:
    return OpenCC(configuration)


def simplified(text: str) -> str:
    return str(_converter("t2s").convert(text))


# Taiwan's characters with its words for things, Taiwan's characters alone, and Hong Kong's.
TRADITIONAL = ("s2twp", "s2tw", "s2hk")


def in_traditional(pieces: list[Piece], random: Random) -> list[Piece]:
    converter = _converter(random.choice(TRADITIONAL))
    taipei = random.choice(("台", "臺"))
    return [
        Piece(str(converter.convert(piece.text)).replace("臺", taipei), piece.slot)
        for piece in pieces
    ]


PLACES = ChinesePlaces(simplified)

MAKERS: dict[str, Maker] = {
    "place": PLACES.place,
    "company": partial(chinese_carrier, PLACES.city),
    "digits": _digits,
    "age": partial(_numeral_to, 99),
    "day-numeral": partial(_numeral_to, 31),
    "slashed": _slashed,
    "year": _year,
    "iso": _iso,
    "time12": partial(_time, 12),
    "time24": partial(_time, 23),
    "blank": lambda _: " ",
}


@cache
def chinese() -> Grammar:
    """The rules of data/chinese."""
    return Grammar(rules("chinese"), MAKERS, blank="", commas=COMMAS)
