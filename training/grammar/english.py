"""The English of people who book journeys."""

from functools import cache
from random import Random

from training.grammar import gazetteer
from training.grammar.files import rules
from training.grammar.rules import Grammar, Maker

COMMAS = (", ", ", ", ", ", ", ", " - ", "; ", ". ", " ")


def _ordinal(random: Random) -> str:
    day = random.randint(1, 31)
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _numeral(random: Random) -> str:
    return str(random.randint(1, 31))


def _year(random: Random) -> str:
    return str(random.randint(2019, 2035))


def _slashed(random: Random) -> str:
    month, day = random.randint(1, 12), random.randint(1, 31)
    year = random.choice(("", "", f"/{random.randint(2019, 2035)}", f"/{random.randint(19, 35)}"))
    return random.choice((f"{month}/{day}", f"{month:02}/{day:02}", f"{day}/{month}")) + year


def _iso(random: Random) -> str:
    return f"{_year(random)}-{random.randint(1, 12):02}-{random.randint(1, 31):02}"


def _dotted(random: Random) -> str:
    day, month = random.randint(1, 31), random.randint(1, 12)
    return random.choice((f"{day}.{month}.", f"{day:02}.{month:02}.{_year(random)}"))


def _time24(random: Random) -> str:
    hour, minute = random.randint(0, 23), random.choice((0, 15, 30, 45, random.randint(0, 59)))
    return random.choice((f"{hour}:{minute:02}", f"{hour:02}:{minute:02}", f"{hour:02}{minute:02}"))


def _digits(random: Random) -> str:
    return str(random.randint(10, 10 ** random.choice((3, 4, 9))))


def _booking_code(random: Random) -> str:
    return "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=6))


def _flight_number(random: Random) -> str:
    return random.choice(("UA", "BR ", "CI", "BA ", "LH", "AF")) + str(random.randint(10, 9999))


def _email(random: Random) -> str:
    name = random.choice(("anna", "john.smith", "li.wei", "max", "info", "contact"))
    number = random.choice(("", random.randint(1, 99)))
    return f"{name}{number}@example.{random.choice(('com', 'org'))}"


def _age(random: Random) -> str:
    return str(random.randint(1, 99))


MAKERS: dict[str, Maker] = {
    "place": gazetteer.place,
    "place-with-the": gazetteer.place_with_the,
    "company": gazetteer.company,
    "ordinal": _ordinal,
    "numeral": _numeral,
    "year": _year,
    "slashed": _slashed,
    "iso": _iso,
    "dotted": _dotted,
    "time24": _time24,
    "digits": _digits,
    "booking-code": _booking_code,
    "flight-number": _flight_number,
    "email": _email,
    "age": _age,
    "blank": lambda _: " ",
    "newline": lambda _: "\n",
}


@cache
def english() -> Grammar:
    """The rules of data/english."""
    return Grammar(rules("english"), MAKERS, commas=COMMAS)
