"""The Chinese of people who book journeys, in simplified characters."""

from functools import cache, partial
from random import Random

from training.grammar import chinese_gazetteer as gazetteer
from training.grammar.files import rules
from training.grammar.rules import Grammar, Maker

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


MAKERS: dict[str, Maker] = {
    "place": gazetteer.place,
    "company": gazetteer.company,
    "digits": _digits,
    "age": partial(_numeral_to, 99),
    "day-numeral": partial(_numeral_to, 31),
    "slashed": _slashed,
    "year": _year,
    "iso": _iso,
    "time12": partial(_time, 12),
    "time24": partial(_time, 23),
    "blank": lambda _: " ",
    "newline": lambda _: "\n",
}


@cache
def chinese() -> Grammar:
    """The rules of data/chinese."""
    return Grammar(rules("chinese"), MAKERS, blank="", commas=COMMAS)
