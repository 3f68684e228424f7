"""
English rules: which sequences of word classes are dates, clock times and amounts.

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
    WithWeekday,
    day_span,
    exact,
    month_span,
    year_span,
)
from app.values.holidays import Holiday, LastHoliday
from app.values.moments import (
    Clock,
)
from app.values.phrases import Rules
from app.values.stretches import PartOf, Shifted, StretchOf
from app.values.weekdays import (
    ComingWeekday,
    LastWeekday,
    NextWeekday,
    NthWeekday,
    PastWeekday,
    ThisWeekday,
    Weekday,
    WeekdayOfWeek,
    Weekend,
)

__all__ = ["AMOUNTS", "CLOCKS", "DATES", "HALVES_AFTER", "four_digits"]

TWO_DIGIT_YEARS = range(24, 100)


YEAR = r"(?:[,/-]?[fI]?(?:Y|'n|nn))"


HALVES_AFTER = {"GB", "IE", "AU", "NZ", "ZA", "IN", "SG", "HK"}  # half seven is 7:30 there


def value_of(classes: str, values: list[Any], word_class: str) -> Any:
    """The value of the first word of a class."""
    return values[classes.index(word_class)]


def year_of(classes: str, values: list[Any]) -> int | None:
    """
    The year that ends a date: 2027, '27, twenty twenty-seven.

    None if there is none, -1 if two numbers are no year.
    """
    if "Y" in classes:
        return int(value_of(classes, values, "Y"))
    if "'" in classes:
        return 2000 + int(values[-1])
    if classes.endswith("nn"):
        if not (19 <= values[-2] <= 21 and values[-1] >= 10):
            return -1
        return int(values[-2] * 100 + values[-1])
    return None


def fixed_day(year: int, month: int, day: int) -> Day:
    """The day of a year, month and day; raises UnresolvedError("no_such_date")."""
    return Fixed(day_span(exact(year, month, day)))


def month_and_day(classes: str, values: list[Any]) -> Day | None:
    """A month and a day in either order, perhaps with a year."""
    month = value_of(classes, values, "M")
    year = year_of(classes, values)
    if year == -1:
        return None
    day = value_of(classes, values, "o") if "o" in classes else value_of(classes, values, "n")
    if year is None:
        return MonthDay(month, day)
    return fixed_day(year, month, day)


def day_month_short_year(classes: str, values: list[Any]) -> Day | None:
    """A day, month and year of two digits: 5 Jan 27."""
    if values[-1] not in TWO_DIGIT_YEARS:
        return None
    return fixed_day(2000 + values[-1], value_of(classes, values, "M"), values[0])


def day_of_unit(classes: str, values: list[Any]) -> Day | None:
    """A day of this, the next or the last month: the 5th of next month."""
    unit = values[-1]
    step = next((values[i] for i, word_class in enumerate(classes) if word_class in "><="), None)
    if unit == "month" and "M" not in classes:
        day = value_of(classes, values, "o")
        return DayOfMonth(day) if step is None else RelativeMonth(step, day)
    return None


def month_of_year(classes: str, values: list[Any]) -> Day | None:
    """A month or a day in it, of this, the next or the last year: 3 May next year."""
    if values[-1] != "year":
        return None
    day = next((values[i] for i, word_class in enumerate(classes) if word_class in "on"), None)
    return RelativeMonth(values[-2], day, value_of(classes, values, "M"))


def month_of(classes: str, values: list[Any]) -> Day | None:
    """A whole month, perhaps with its year."""
    month = value_of(classes, values, "M")
    year = year_of(classes, values)
    if year is None:
        return Month(month)
    return None if year < 0 else Fixed(month_span(year, month))


def unit_day(classes: str, values: list[Any]) -> Day | None:
    """A week, month or year counted from the present: "next week", "the week after next"."""
    if values[0 if classes[0] == "u" else -1] not in ("week", "month", "year"):
        return None
    if classes == "u":
        return None
    if classes == "ua>":
        return RelativeUnit(values[0], 2)
    return RelativeUnit(values[-1], values[0] or 0)


def weekday_of_unit(classes: str, values: list[Any]) -> Day | None:
    """A weekday of a week counted from the present: "Friday next week"."""
    if value_of(classes, values, "u") != "week":
        return None
    step = next((values[i] for i, word_class in enumerate(classes) if word_class in "><="), None)
    weekday = value_of(classes, values, "W")
    if classes.endswith("ua>"):
        return WeekdayOfWeek(weekday, 2)
    if step is None:  # Friday week
        return Shifted(ThisWeekday(weekday), [(1, "week")])
    return WeekdayOfWeek(weekday, step)


def weeks_on(classes: str, values: list[Any]) -> Day | None:
    """A number of weeks after a day: "two weeks on Friday", "a week tomorrow"."""
    unit = value_of(classes, values, "u")
    if unit not in ("week", "fortnight"):
        return None
    amount = values[0] * (2 if unit == "fortnight" else 1)
    last = values[-1]
    base: Day = ThisWeekday(last) if classes[-1] == "W" else RelativeDay(last)
    return Shifted(base, [(amount, "week")])


def holiday(classes: str, values: list[Any]) -> Day | None:
    """A holiday, perhaps with its year, or the next or last one."""
    name = value_of(classes, values, "H")
    if classes[0] in "><":
        return LastHoliday(name, past=classes[0] == "<")
    if classes[-1] == "u":
        return Holiday(name, offset=values[-2]) if values[-1] == "year" else None
    year = year_of(classes, values)
    return None if year == -1 else Holiday(name, year)


def part_of(classes: str, values: list[Any]) -> Day | None:
    """A part of a month, week or year: "early May", "the end of the month"."""
    rest = classes.lstrip("e-fI")
    start = len(classes) - len(rest)
    base: Day | None
    if rest == "u":
        base = RelativeUnit(values[-1], 0) if values[-1] in ("week", "month", "year") else None
    elif "u" in rest:
        base = unit_day(rest, values[start:])
    elif rest == "Y":
        base = Fixed(year_span(values[-1]))
    else:
        base = month_of(rest, values[start:])
    return None if base is None else PartOf(values[0], base)


def nth_weekday(classes: str, values: list[Any]) -> Day | None:
    """A weekday of a month by its number: "the first Monday of June"."""
    nth = values[0] if classes[0] == "o" else -1
    if nth > 5:
        return None
    base = (
        month_of(classes[2:], values[2:])
        if "M" in classes
        else RelativeUnit("month", 0)
        if values[-1] == "month" and classes[-2] not in "><="
        else unit_day(classes[-2:], values[-2:])
        if values[-1] == "month"
        else None
    )
    return None if base is None else NthWeekday(nth, values[1], base)


def day_or_week_of(classes: str, values: list[Any]) -> Day | None:
    """A day or week of a month by its number: "the first week of next month"."""
    base = (
        month_of(classes[3:], values[3:])
        if "M" in classes
        else RelativeUnit(values[-1], 0)
        if classes[-2] not in "><="
        else unit_day(classes[-2:], values[-2:])
    )
    nth = -1 if classes[0] == "<" else values[0]
    if base is None or values[1] not in ("day", "week") or values[-1] in ("day", "week"):
        return None
    return StretchOf(nth, 7 if values[1] == "week" else 1, base)


def next_weekend(classes: str, values: list[Any]) -> Day | None:
    """A weekend counted from the present."""
    if classes.endswith("ua>"):
        return Weekend(2) if values[-3] == "week" else None
    if classes.endswith("u"):
        return Weekend(values[-2]) if values[-1] == "week" else None
    return {
        ">": Weekend(1, nearer=True),
        "<": Weekend(-1),
    }.get(classes[0], Weekend(2) if classes.endswith("a>") else Weekend(0))


DATES: Rules[Day] = Rules(
    [
        ("d", lambda _, v: v[0]),
        (rf"M[,/-]?[on](?:{YEAR})?", month_and_day),
        (rf"[on](?:f|-|/)?M(?:{YEAR})?", month_and_day),
        ("[on][-/]?M[-/]?n", day_month_short_year),
        (r"Y[-/,]?M[-/]?[on]", month_and_day),
        ("r", lambda _, v: RelativeDay(v[0])),
        ("o", lambda _, v: DayOfMonth(v[0])),
        ("ou?f[><=]?u", day_of_unit),
        (r"[><=]u,?O?o", lambda _, v: RelativeMonth(v[0], v[-1]) if v[1] == "month" else None),
        ("W", lambda _, v: Weekday(v[0])),
        ("=?CW", lambda _, v: ComingWeekday(v[-1])),
        ("=?sW", lambda _, v: PastWeekday(v[-1])),
        ("=W", lambda _, v: ThisWeekday(v[1])),
        (">W", lambda _, v: NextWeekday(v[1])),
        ("<W", lambda _, v: LastWeekday(v[1])),
        ("Wn", lambda _, v: WithWeekday(DayOfMonth(v[1]), v[0])),
        ("Wa>", lambda _, v: NextWeekday(v[0], 2)),
        ("W,?f?[><=]u|[><=]u,?O?W|Wu|W,?f?ua>|ua>,?O?W", weekday_of_unit),
        ("[An]uO?[Wr]", weeks_on),
        ("ru", lambda _, v: Shifted(RelativeDay(v[0]), [(1, "week")]) if v[1] == "week" else None),
        ("[><=]u,?I?M", lambda _, v: RelativeMonth(v[0], None, v[-1]) if v[1] == "year" else None),
        ("[><=]u|ua>|=Cu|Cu", unit_day),
        ("=?CE|[><=]?E|E,?f?[><=]u|Ea>|Ef?ua>", next_weekend),
        (rf"H(?:{YEAR})?|[><=]H|H,?f?[><=]u", holiday),
        ("Mf?,?Y|M'n|M", month_of),
        ("[>C=]M", lambda _, v: Month(v[1])),
        (
            ">M[on]|>[on]f?M",
            lambda c, v: MonthDay(value_of(c, v, "M"), v[-1] if c[-1] != "M" else v[1]),
        ),
        ("M[on],?f?[><=]u|[on]f?M,?f?[><=]u|M,?f?[><=]u", month_of_year),
        ("Ynn", lambda _, v: fixed_day(*v)),
        (r"e-?[fI]?(?:M(?:f?,?Y)?|[><=]u|u|Y)", part_of),
        (r"[o<]u[fI](?:M(?:,?f?Y)?|[><=]?u)", day_or_week_of),
        ("oW[fI](?:M(?:,?f?Y)?|[><=]?u)|<W[fI](?:M(?:,?f?Y)?|[><=]?u)", nth_weekday),
    ]
)


def minutes_past(classes: str, values: list[Any]) -> Clock | None:
    """Minutes before or after an hour: half past six, quarter to seven."""
    relation = next(i for i, word_class in enumerate(classes) if word_class in "saTb")
    minutes = values[relation - 1] if classes[relation - 1] != "u" else values[relation - 2]
    if classes[relation - 1] == "u" and values[relation - 1] != "minute":
        return None
    hour, half = values[relation + 1], None
    if not 0 < minutes < 60 or (classes[0] == "h" and classes[relation] in "Tb"):
        return None
    if classes[relation + 1] == "N":
        hour, half = 12, "pm" if hour == 12 else "am"
    if not 0 <= hour <= 24:
        return None
    if classes[relation] in "Tb":
        minutes, hour = 60 - minutes, hour - 1 if hour > 1 else 12 if hour else 23
        if half:
            half = "am" if half == "pm" else "pm"
    if classes.endswith("p"):
        half = values[-1]
    time = clock(hour, minutes)
    return time if half is None else clock_in_half(time.seconds, "minute", half)


def colon_clock(classes: str, values: list[Any]) -> Clock:
    """A time written 7:45 or 7.45, perhaps with am or pm."""
    hour, minute, second, padded = values[0]
    time = clock(hour, minute, second, grain="second" if second else "minute", exact=padded)
    if "p" in classes:
        return clock_in_half(time.seconds, time.grain, value_of(classes, values, "p"))
    return time


def hour_clock(classes: str, values: list[Any]) -> Clock:
    """An hour with o'clock, am or pm."""
    time = clock(values[0], grain="hour")
    return (
        clock_in_half(time.seconds, "hour", values[classes.index("p")]) if "p" in classes else time
    )


def hour_and_minute(classes: str, values: list[Any]) -> Clock | None:
    """An hour and minutes without a sign between them: seven thirty, 14h30."""
    minute = values[1] if classes[1] == "n" else values[2]
    if classes[1] == "u" and values[1] != "hour":
        return None
    if (
        (minute < 10 and classes != "nun")
        or values[0] > 24
        or (classes == "nnu" and values[2] != "minute")
    ):
        return None
    time = clock(values[0], minute)
    if "p" in classes:
        return clock_in_half(time.seconds, "minute", value_of(classes, values, "p"))
    return time


def oh_minutes(classes: str, values: list[Any]) -> Clock | None:
    """An hour and a single minute: seven oh five."""
    if not 0 < values[2] < 10:
        return None
    time = clock(values[0], values[2])
    return clock_in_half(time.seconds, "minute", values[-1]) if classes.endswith("p") else time


def four_digits(classes: str, values: list[Any]) -> Clock | None:
    """Three or four digits as a time: 0900, 1430 hours, 730 pm."""
    hour, minute = divmod(values[0], 100)
    if classes.endswith("u") and values[1] != "hour":
        return None
    if hour > 24 or minute > 59:
        return None
    if classes.endswith("p"):
        return clock_in_half(clock(hour, minute).seconds, "minute", values[-1])
    return clock(hour, minute, exact=True)


def noon(value: int) -> Clock:
    """Noon (12), or midnight (24), which may be at either end of the day."""
    return Clock((24 * 3600, 0) if value == 24 else (12 * 3600,), "hour", halved=True)


CLOCKS: Rules[Clock] = Rules(
    [
        ("cp?k?", colon_clock),
        ("cu", lambda c, v: colon_clock(c, v) if v[1] == "hour" else None),
        ("npk?|nk?kp?k?", hour_clock),
        ("zp", colon_clock),
        ("N", lambda _, v: noon(v[0])),
        ("nN", lambda _, v: noon(v[1]) if v[0] == 12 else None),
        ("h(?:s|a)[nN]k?p?|A?Q[saTb][nN]k?p?|nu?[saTb][nN]k?p?", minutes_past),
        ("nnp?k?|nun|nnu", hour_and_minute),
        ("n0np?", oh_minutes),
        ("qp|qu|q|Yp|Yu|Uu", four_digits),
    ]
)


AMOUNTS = Rules[list[tuple[int, str]]](
    [
        (r"hAu|[nA]u&Ah|[nA]&Ahu", lambda c, v: halves(c, v)),
        (r"[nA]u(?:,?&?nu){0,3}", lambda c, v: amounts(c, v)),
    ]
)


SMALLER = {"hour": (30, "minute"), "minute": (30, "second"), "year": (6, "month")}


def halves(classes: str, values: list[Any]) -> list[tuple[int, str]] | None:
    """Amounts with a half: half an hour, two and a half hours."""
    unit = value_of(classes, values, "u")
    half = SMALLER.get(unit)
    if half is None:
        return None
    return [half] if classes == "hAu" else [(values[0], unit), half]


def amounts(classes: str, values: list[Any]) -> list[tuple[int, str]]:
    """Amounts with their units; a fortnight is two weeks."""
    pairs = []
    for index, word_class in enumerate(classes):
        if word_class == "u":
            unit, number = values[index], values[index - 1]
            pairs.append((number * 2, "week") if unit == "fortnight" else (number, unit))
    return pairs
