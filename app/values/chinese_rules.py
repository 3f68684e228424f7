"""
Chinese rules: which sequences of word classes are dates, clock times and amounts.

A builder gets the classes and values of the words that its rule matches. It returns None where they
mean nothing of the kind.
"""

from typing import Any

from app.values.clocks import clock, clock_in_half
from app.values.days import (
    Day,
    DayOfMonth,
    Fixed,
    Month,
    MonthDay,
    RelativeDay,
    RelativeMonth,
    RelativeUnit,
    day_span,
    exact,
    month_span,
    year_span,
)
from app.values.holidays import Holiday, LunarDate
from app.values.moments import (
    Clock,
)
from app.values.phrases import Rules
from app.values.stretches import PartOf
from app.values.weekdays import Weekday, WeekdayOfWeek, Weekend

__all__ = ["AMOUNTS", "CLOCKS", "DATES"]

HOUR = 3600


YEAR = "(?:Yy|Rny|ny|zf?)"  # 2027年, 民国115年, 27年, 明年


class Year:
    """
    The year that begins a date.

    `number` is the year itself, or `offset` how many years from the present one; both are None if
    there is no year. `rest` is the number of words that the year takes.
    """

    __slots__ = ("number", "offset", "rest")

    def __init__(self, classes: str, values: list[Any]) -> None:
        self.number: int | None = None
        self.offset: int | None = None
        self.rest = 0
        if classes[0] == "z":
            self.offset, self.rest = values[0], 1 + classes.startswith("zf")
        elif classes[0] == "R":
            self.number, self.rest = 1911 + values[1], 3
        elif classes.startswith(("Yy", "ny")):
            number = values[0]
            self.number = number if number > 999 else number + (1911 if number > 99 else 2000)
            self.rest = 2


def dated(year: Year, month: int, day: int) -> Day:
    """The day of a month in a year; raises UnresolvedError("no_such_date")."""
    if year.number is not None:
        return Fixed(day_span(exact(year.number, month, day)))
    if year.offset is not None:
        return RelativeMonth(year.offset, day, month)
    return MonthDay(month, day)


def month_and_day(classes: str, values: list[Any]) -> Day:
    """A month and a day, perhaps with a year: 明年三月五日."""
    year = Year(classes, values)
    return dated(year, values[year.rest], values[year.rest + 2])


def month_of(classes: str, values: list[Any]) -> Day | None:
    """A whole month, perhaps with its year: 2027年3月."""
    year = Year(classes, values)
    month = values[year.rest]
    if not 1 <= month <= 12:
        return None
    if year.number is not None:
        return Fixed(month_span(year.number, month))
    return Month(month) if year.offset is None else RelativeMonth(year.offset, None, month)


def year_alone(classes: str, values: list[Any]) -> Day:
    """A whole year: 2027年, 明年."""
    year = Year(classes, values)
    if year.number is None:
        return RelativeUnit("year", year.offset or 0)
    return Fixed(year_span(year.number))


def steps(values: list[Any], classes: str) -> int:
    """How many units the words for next and last count: 下下 is 2, 上 is -1, 这 is 0."""
    return sum(
        value for value, word_class in zip(values, classes, strict=True) if word_class in "><"
    )


def unit_of(classes: str, values: list[Any]) -> Day:
    """A week or month counted from the present: 下周, 上个月."""
    return RelativeUnit("week" if classes[-1] == "w" else "month", steps(values, classes))


def part_of(classes: str, values: list[Any]) -> Day | None:
    """A part of a month or year: 三月底, 下月初, 年底, 明年年初."""
    part = values[-1] if classes[-1] == "e" else "start"
    body, body_values = classes[:-1].rstrip("f"), values[:-1]
    base: Day | None
    if body.endswith("nm"):
        base = month_of(body, values)
    elif body.endswith("m"):
        base = RelativeUnit("month", steps(body_values, classes[:-1]))
    elif body == "y" or body.startswith("z"):
        base = RelativeUnit("year", values[0] or 0)
    else:
        base = year_alone(body, values)
    return None if base is None else PartOf(part, base)


def holiday(classes: str, values: list[Any]) -> Day:
    """A holiday, perhaps with its year."""
    year = Year(classes, values)
    return Holiday(values[-1], year.number, year.offset)


def lunar(classes: str, values: list[Any]) -> Day | None:
    """A date of the lunar calendar: 农历八月十五, 正月初一, 八月初三."""
    numbers = [index for index, word_class in enumerate(classes) if word_class in "nM"]
    start = 1 if classes[0] == "l" else 0
    year = Year(classes[start:], values[start:])
    day, month = values[numbers[-1]], values[numbers[-2]]
    if not 1 <= month <= 12 or ("1" in classes and day > 10):
        return None
    return LunarDate(month, day, year.number, year.offset)


DATES: Rules[Day] = Rules(
    [
        ("d", lambda _, v: v[0]),
        (rf"{YEAR}?nmnD?", month_and_day),
        ("r", lambda _, v: RelativeDay(v[0])),
        ("nD", lambda _, v: DayOfMonth(v[0])),
        ("W", lambda _, v: Weekday(v[0])),
        ("[><=]+U?(?:w,?f?)?W", lambda c, v: WeekdayOfWeek(v[-1], steps(v[:-1], c[:-1]))),
        ("[><=]*U?(?:w,?f?)?E", lambda c, v: Weekend(steps(v[:-1], c[:-1]))),
        ("[><=]+U?[wm]", unit_of),
        (
            "[><=]+U?mf?nD?",
            lambda c, v: RelativeMonth(steps(v, c), v[-2] if c[-1] == "D" else v[-1]),
        ),
        (rf"{YEAR}?nm", month_of),
        ("Yy|Rny|z|Y", year_alone),
        (rf"{YEAR}?nmf?[e1]|[><=]*U?mf?[e1]|(?:Yy|Rny|zy?|y)f?[e1]", part_of),
        (rf"{YEAR}?H", holiday),
        (rf"l?{YEAR}?(?:M|nm)1nD?|{YEAR}?MnD?|l{YEAR}?nmnD?", lunar),
    ]
)


def hours_and_minutes(classes: str, values: list[Any]) -> Clock | None:
    """An hour, minutes and seconds: 八点, 八点半, 八点一刻, 八点过五分, 20时15分30秒."""
    numbers = [
        value for value, word_class in zip(values, classes, strict=True) if word_class == "n"
    ]
    hour = numbers[0]
    if classes == "nh":
        return clock(hour, grain="hour")
    minute = 30 if "b" in classes else numbers[1] * (15 if "k" in classes else 1)
    if minute > 59:
        return None
    second = numbers[2] if len(numbers) > 2 else 0
    return clock(hour, minute, second, grain="second" if len(numbers) > 2 else "minute")


def minutes_before(classes: str, values: list[Any]) -> Clock | None:
    """Minutes before an hour: 差五分八点, 八点差一刻."""
    after = classes[0] == "q"
    minutes, hour = (values[1], values[3]) if after else (values[3], values[0])
    minutes *= 15 if "k" in classes else 1
    if not 0 < minutes < 60:
        return None
    return clock(hour - 1 if hour > 1 else 12 if hour else 23, 60 - minutes)


def colon_clock(classes: str, values: list[Any]) -> Clock:
    """A time written 7:45, perhaps with am or pm."""
    hour, minute, second, padded = values[classes.index("c")]
    time = clock(hour, minute, second, grain="second" if second else "minute", exact=padded)
    if "p" in classes:
        return clock_in_half(time.seconds, time.grain, values[classes.index("p")])
    return time


def noon(_: str, values: list[Any]) -> Clock:
    """Noon (12), or midnight (24), which may be at either end of the day."""
    return Clock((24 * HOUR, 0) if values[0] == 24 else (12 * HOUR,), "hour", halved=True)


CLOCKS: Rules[Clock] = Rules(
    [
        ("cp?|pc", colon_clock),
        ("nh(?:o?n[iI]?|b|o?nk|nins)?", hours_and_minutes),
        ("qn[iIk]nh|nhqn[iIk]", minutes_before),
        ("N", noon),
        ("np", lambda _, v: clock_in_half(clock(v[0], grain="hour").seconds, "hour", v[1])),
    ]
)


LENGTHS = {"t": "day", "w": "week", "m": "month", "y": "year", "V": "hour", "I": "minute"}


HALVES = {"V": (30, "minute"), "m": (15, "day"), "y": (6, "month"), "I": (30, "second")}


def amounts(classes: str, values: list[Any]) -> list[tuple[int, str]] | None:
    """Amounts with their units: 三天, 两个星期, 一年零两个月."""
    pairs = []
    number = 0
    for index, word_class in enumerate(classes):
        if word_class == "n":
            number = values[index]
        elif word_class == "k":
            pairs.append((15 * number, "minute"))
        elif word_class in LENGTHS:
            pairs.append((number, LENGTHS[word_class]))
    return pairs


def halves(classes: str, values: list[Any]) -> list[tuple[int, str]] | None:
    """Amounts with a half: 半小时, 两个半小时, 两年半."""
    unit = next(word_class for word_class in classes if word_class in LENGTHS)
    half = HALVES[unit]
    return [(values[0], LENGTHS[unit]), half] if classes[0] == "n" else [half]


AMOUNTS = Rules[list[tuple[int, str]]](
    [
        ("(?:nU?[twyVI]|nUm){1,3}|nk", amounts),
        ("bU?V|nUb[Vm]|n[yI]b|nU?Vb|bUm|by", halves),
    ]
)
