"""English dates and times: the rules, over the words of `english_words`."""

import re
from typing import Any

from app.values.clocks import clock, clock_in_half
from app.values.context import PARTS_OF_DAY, Context
from app.values.days import (
    ComingWeekday,
    Day,
    DayOfMonth,
    Fixed,
    LastWeekday,
    Month,
    MonthDay,
    NextWeekday,
    NthWeekday,
    PartOf,
    PastWeekday,
    RelativeDay,
    RelativeMonth,
    RelativeUnit,
    SameDay,
    Shifted,
    Span,
    StretchOf,
    ThisWeekday,
    Weekday,
    WeekdayBeside,
    WeekdayOfWeek,
    Weekend,
    WeekOf,
    WithWeekday,
    exact,
    month_span,
    year_span,
)
from app.values.english_words import phrase_of
from app.values.holidays import Holiday, LastHoliday
from app.values.moments import (
    Anchored,
    Bound,
    Clock,
    Expression,
    Moment,
    Offset,
    PartOfDay,
    Present,
    Within,
    YearOrClock,
)
from app.values.phrases import Rules
from app.values.ranges import range_of
from app.values.reader import Reader

__all__ = ["read_amounts", "read_time", "stays", "with_neighbours"]

TWO_DIGIT_YEARS = range(24, 100)
YEAR = r"(?:[,/-]?[fI]?(?:Y|'n|nn))"
HALVES_AFTER = {"GB", "IE", "AU", "NZ", "ZA", "IN", "SG", "HK"}  # half seven is 7:30 there


def of(classes: str, values: list[Any], kind: str) -> Any:
    """The value of the first word of a class."""
    return values[classes.index(kind)]


def year_of(classes: str, values: list[Any]) -> int | None:
    """The year that ends a date: 2027, '27, twenty twenty-seven."""
    if "Y" in classes:
        return int(of(classes, values, "Y"))
    if "'" in classes:
        return 2000 + int(values[-1])
    if classes.endswith("nn"):
        if not (19 <= values[-2] <= 21 and values[-1] >= 10):
            return -1
        return int(values[-2] * 100 + values[-1])
    return None


def fixed_day(year: int, month: int, day: int) -> Day:
    found = exact(year, month, day)
    return Fixed(Span(found, found, "day"))


def month_and_day(classes: str, values: list[Any]) -> Day | None:
    """A day with its month, in either order, and perhaps a year."""
    month = of(classes, values, "M")
    year = year_of(classes, values)
    if year == -1:
        return None
    day = of(classes, values, "o") if "o" in classes else of(classes, values, "n")
    if year is None:
        return MonthDay(month, day)
    return fixed_day(year, month, day)


def day_month_short_year(classes: str, values: list[Any]) -> Day | None:
    """5 Jan 27."""
    if values[-1] not in TWO_DIGIT_YEARS:
        return None
    return fixed_day(2000 + values[-1], of(classes, values, "M"), values[0])


def day_of_unit(classes: str, values: list[Any]) -> Day | None:
    """The 5th of this month; 3 May of next year."""
    unit = values[-1]
    step = next((values[i] for i, kind in enumerate(classes) if kind in "><="), None)
    if unit == "month" and "M" not in classes:
        day = of(classes, values, "o")
        return DayOfMonth(day) if step is None else RelativeMonth(step, day)
    return None


def month_of_year(classes: str, values: list[Any]) -> Day | None:
    if values[-1] != "year":
        return None
    day = next((values[i] for i, kind in enumerate(classes) if kind in "on"), None)
    return RelativeMonth(values[-2], day, of(classes, values, "M"))


def month_of(classes: str, values: list[Any]) -> Day | None:
    month = of(classes, values, "M")
    year = year_of(classes, values)
    if year is None:
        return Month(month)
    return None if year < 0 else Fixed(month_span(year, month))


def unit_day(classes: str, values: list[Any]) -> Day | None:
    """Last, present and next week, month and year; "the week after next"."""
    if values[0 if classes[0] == "u" else -1] not in ("week", "month", "year"):
        return None
    if classes == "u":
        return None
    if classes == "ua>":
        return RelativeUnit(values[0], 2)
    return RelativeUnit(values[-1], values[0] or 0)


def weekday_of_unit(classes: str, values: list[Any]) -> Day | None:
    """Friday next week, next week on Friday."""
    if of(classes, values, "u") != "week":
        return None
    step = next((values[i] for i, kind in enumerate(classes) if kind in "><="), None)
    weekday = of(classes, values, "W")
    if classes.endswith("ua>"):
        return WeekdayOfWeek(weekday, 2)
    if step is None:  # Friday week
        return Shifted(ThisWeekday(weekday), [(1, "week")])
    return WeekdayOfWeek(weekday, step)


def weeks_on(classes: str, values: list[Any]) -> Day | None:
    """A week on Friday; two weeks on Friday; a week tomorrow."""
    unit = of(classes, values, "u")
    if unit not in ("week", "fortnight"):
        return None
    amount = values[0] * (2 if unit == "fortnight" else 1)
    last = values[-1]
    base: Day = ThisWeekday(last) if classes[-1] == "W" else RelativeDay(last)
    return Shifted(base, [(amount, "week")])


def holiday(classes: str, values: list[Any]) -> Day | None:
    name = of(classes, values, "H")
    if classes[0] in "><":
        return LastHoliday(name, past=classes[0] == "<")
    if classes[-1] == "u":
        return Holiday(name, offset=values[-2]) if values[-1] == "year" else None
    year = year_of(classes, values)
    return None if year == -1 else Holiday(name, year)


def part_of(classes: str, values: list[Any]) -> Day | None:
    """Early May, the end of the month, late next week."""
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
    """The first Monday of June; the last Friday of next month."""
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
    """The last day of December, the first week of next month."""
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
        (">M[on]|>[on]f?M", lambda c, v: MonthDay(of(c, v, "M"), v[-1] if c[-1] != "M" else v[1])),
        ("M[on],?f?[><=]u|[on]f?M,?f?[><=]u|M,?f?[><=]u", month_of_year),
        ("Ynn", lambda _, v: fixed_day(*v)),
        (r"e-?[fI]?(?:M(?:f?,?Y)?|[><=]u|u|Y)", part_of),
        (r"[o<]u[fI](?:M(?:,?f?Y)?|[><=]?u)", day_or_week_of),
        ("oW[fI](?:M(?:,?f?Y)?|[><=]?u)|<W[fI](?:M(?:,?f?Y)?|[><=]?u)", nth_weekday),
    ]
)


def minutes_past(classes: str, values: list[Any]) -> Clock | None:
    """Half past six, quarter to seven, ten past nine."""
    sign = next(i for i, kind in enumerate(classes) if kind in "saTb")
    minutes = values[sign - 1] if classes[sign - 1] != "u" else values[sign - 2]
    if classes[sign - 1] == "u" and values[sign - 1] != "minute":
        return None
    hour, half = values[sign + 1], None
    if not 0 < minutes < 60 or (classes[0] == "h" and classes[sign] in "Tb"):
        return None
    if classes[sign + 1] == "N":
        hour, half = 12, "pm" if hour == 12 else "am"
    if not 0 <= hour <= 24:
        return None
    if classes[sign] in "Tb":
        minutes, hour = 60 - minutes, hour - 1 if hour > 1 else 12 if hour else 23
        if half:
            half = "am" if half == "pm" else "pm"
    if classes.endswith("p"):
        half = values[-1]
    made = clock(hour, minutes)
    return made if half is None else clock_in_half(made.seconds, "minute", half)


def colon_clock(classes: str, values: list[Any]) -> Clock:
    hour, minute, second, padded = values[0]
    made = clock(hour, minute, second, grain="second" if second else "minute", exact=padded)
    if "p" in classes:
        return clock_in_half(made.seconds, made.grain, of(classes, values, "p"))
    return made


def hour_clock(classes: str, values: list[Any]) -> Clock:
    made = clock(values[0], grain="hour")
    return (
        clock_in_half(made.seconds, "hour", values[classes.index("p")]) if "p" in classes else made
    )


def hour_and_minute(classes: str, values: list[Any]) -> Clock | None:
    """Seven thirty; 14h30."""
    minute = values[1] if classes[1] == "n" else values[2]
    if classes[1] == "u" and values[1] != "hour":
        return None
    if (
        (minute < 10 and classes != "nun")
        or values[0] > 24
        or (classes == "nnu" and values[2] != "minute")
    ):
        return None
    made = clock(values[0], minute)
    if "p" in classes:
        return clock_in_half(made.seconds, "minute", of(classes, values, "p"))
    return made


def oh_minutes(classes: str, values: list[Any]) -> Clock | None:
    """Seven oh five."""
    if not 0 < values[2] < 10:
        return None
    made = clock(values[0], values[2])
    return clock_in_half(made.seconds, "minute", values[-1]) if classes.endswith("p") else made


def four_digits(classes: str, values: list[Any]) -> Clock | None:
    """0900, 1430 hours, 730 pm."""
    hour, minute = divmod(values[0], 100)
    if classes.endswith("u") and values[1] != "hour":
        return None
    if hour > 24 or minute > 59:
        return None
    if classes.endswith("p"):
        return clock_in_half(clock(hour, minute).seconds, "minute", values[-1])
    return clock(hour, minute, exact=True)


def noon(value: int) -> Clock:
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
    """Half an hour; an hour and a half; two and a half hours."""
    unit = of(classes, values, "u")
    half = SMALLER.get(unit)
    if half is None:
        return None
    return [half] if classes == "hAu" else [(values[0], unit), half]


def amounts(classes: str, values: list[Any]) -> list[tuple[int, str]]:
    found = []
    for index, kind in enumerate(classes):
        if kind == "u":
            unit, number = values[index], values[index - 1]
            found.append((number * 2, "week") if unit == "fortnight" else (number, unit))
    return found


# What may stand between the parts of a moment and before it, and says nothing.
FILLERS = ",O@Ifj"


class EnglishReader(Reader):
    """One English phrase, read from any word to any other."""

    __slots__ = ()
    fillers = FILLERS
    at = "@"
    about = "G"
    bounds = "abBSVF"

    def date(self, first: int, last: int) -> Day | None:
        """The words as a date, perhaps with its weekday."""
        found = DATES.read(self.phrase, first, last)
        if found is not None or last - first < 2:
            return found
        classes, values = self.classes, self.phrase.values
        if classes[first] == "W":
            if classes[first + 1] in "ab":
                return self.shifted(first, last)
            start = first + 2 if classes[first + 1] == "-" else first + 1
            inner = self.date(*self.trimmed(start, last))
            weekday = values[first]
        elif classes[first] in "=C" and classes[first + 1] == "W":
            start = first + 3 if classes[first + 2 : first + 3] == "-" else first + 2
            inner = self.date(*self.trimmed(start, last))
            weekday = values[first + 1]
        elif classes[last - 1] == "W":
            inner = self.date(*self.trimmed(first, last - 1))
            weekday = values[last - 1]
        elif classes[first] == "r" and classes[first + 1] in ",O":
            inner = self.date(*self.trimmed(first + 1, last))
            return None if inner is None else SameDay(RelativeDay(values[first]), inner)
        else:
            return self.shifted(first, last)
        if isinstance(inner, Weekday | WeekdayOfWeek):
            return None  # two weekdays are no date
        if inner is not None:
            return WithWeekday(inner, weekday)
        return self.shifted(first, last)

    def shifted(self, first: int, last: int) -> Day | None:
        """So long after or before a day; the week of a day; the Monday after one."""
        classes, values = self.classes, self.phrase.values
        if classes.startswith(("uf", "Ef"), first) and values[first] in ("week", None):
            base = self.date(*self.trimmed(first + 2, last))
            return None if base is None else WeekOf(base, weekend=classes[first] == "E")
        if first and classes[first - 1] == "I":
            amount = AMOUNTS.read(self.phrase, first, last)
            return None if amount is None else self.from_today(amount)
        if classes[first] in "uW" and classes[first + 1] in "ab":
            base = self.date(*self.trimmed(first + 2, last))
            if base is None:
                return None
            sign = 1 if classes[first + 1] == "a" else -1
            if classes[first] == "W":
                return WeekdayBeside(base, values[first], sign)
            return Shifted(base, [(sign, "day")]) if values[first] == "day" else None
        for index in range(first + 2, min(last - 1, first + 9)):
            if self.classes[index] in "Fab":
                amount = AMOUNTS.read(self.phrase, first, index)
                if amount is None:
                    return None
                if classes[index:last] == "FX":
                    return self.from_today(amount)
                base = self.date(index + 1, last)
                if base is None or any(u in ("hour", "minute", "second") for _, u in amount):
                    return None
                sign = -1 if self.classes[index] == "b" else 1
                return Shifted(base, [(sign * number, unit) for number, unit in amount])
        return None

    @staticmethod
    def from_today(amount: list[tuple[int, str]]) -> Day | None:
        """So many days from today; hours are no day."""
        if any(unit in ("hour", "minute", "second") for _, unit in amount):
            return None
        return Shifted(RelativeDay(0), amount)

    def clock(self, first: int, last: int, *, bare: bool) -> Clock | None:
        """The words as a clock time; a bare number only if something says that it is one."""
        found = CLOCKS.read(self.phrase, first, last)
        if found is not None:
            if self.spells_minutes(first, last):
                return found
            return None
        classes, values = self.classes, self.phrase.values
        if last - first == 1 and bare and classes[first] == "n":
            exact_hour = (
                self.phrase.texts[first].startswith("0") and self.phrase.texts[first] != "0"
            )
            return clock(values[first], grain="hour", exact=exact_hour)
        if last - first == 1 and classes[first] == "Y" and first:
            before = classes[:first].rstrip(",@")
            if classes[first - 1] == "@" or before[-1:] in ("r", "W", "P"):
                return four_digits("Y", self.phrase.values[first:last])
            return None
        if last - first == 1 and classes[first] == "z" and (bare or self.region not in ("US", "")):
            hour, minute, _, padded = values[first]
            return clock(hour, minute, exact=padded)
        if classes[first:last].startswith("hn") and self.region in HALVES_AFTER:
            half = values[last - 1] if classes[last - 1] == "p" else None
            if last - first == 2 or (half and last - first == 3):
                made = clock(values[first + 1], 30)
                return clock_in_half(made.seconds, "minute", half) if half else made
        return None

    def moment(self, first: int, last: int, *, bare: bool = False) -> Moment | None:
        """The words as a day, a time or both; early and late may stand before the day."""
        if self.classes[first : first + 1] == "e":
            inner = super().moment(first + 1, last, bare=bare)
            early = self.phrase.values[first] == "early"
            if inner is not None and early and inner.time is None and self.is_day(inner.day):
                return Moment(inner.day, PartOfDay("early_morning"))
            if inner is not None and isinstance(inner.time, PartOfDay) and inner.day is not None:
                name = f"{self.phrase.values[first]}_{inner.time.name}"
                return Moment(inner.day, PartOfDay(name)) if name in PARTS_OF_DAY else None
        return super().moment(first, last, bare=bare)

    @staticmethod
    def is_day(day: Day | None) -> bool:
        """Whether a part of day can be of it."""
        return isinstance(day, RelativeDay | Weekday | WeekdayOfWeek | MonthDay | DayOfMonth)

    def spells_minutes(self, first: int, last: int) -> bool:
        """Whether "ten to eight" is one time, as "10 to 8" is; "5 to 7" is a range."""
        classes, phrase = self.classes[first:last], self.phrase
        if not classes.startswith("nT") or not phrase.texts[first].isdigit():
            return True
        if first and self.classes[first - 1] in "FV":
            return False
        return classes == "nTn" and phrase.values[first] >= phrase.values[first + 2]

    def expression(self, first: int, last: int) -> Expression | None:
        """The words as whatever they may say of time."""
        first, last = self.lead(first, last)
        if first >= last:
            return None
        if self.classes.startswith("lrP", first):  # later this evening
            first += 1
        kind = self.classes[first]
        if kind in "abBS":
            return self.bound(first, last)
        if kind in "VF":
            return self.stretch(first + 1, last, said=True)
        if kind == "G":
            return self.around(self.expression_or_bare(first + 1, last))
        if kind == "x" or self.classes.startswith(">n", first):
            return self.within(first + 1 if kind == "x" else first, last)
        if self.classes[first:last] == "Y":
            if first and self.classes[first - 1] == "I":
                return Moment(Fixed(year_span(self.phrase.values[first])), None)
            return YearOrClock(self.phrase.values[first])
        if self.classes[last - 1] in "LKw":
            inner = self.moment(*self.trimmed(first, last - 1), bare=True)
            side = "by" if self.classes[last - 1] == "K" else "since"
            return None if inner is None else Bound(side, inner)  # type: ignore[arg-type]
        return self.plain(first, last)

    def lead(self, first: int, last: int) -> tuple[int, int]:
        """Without the words before and behind that say nothing."""
        return self.trimmed(first, last)

    def within(self, first: int, last: int) -> Expression | None:
        """Within two days; in the next two hours."""
        if self.classes[first:last] == ">u":
            return Within([(1, self.phrase.values[first + 1])])
        if self.classes[first : first + 1] == ">":
            first += 1
        amount = AMOUNTS.read(self.phrase, first, last)
        return None if amount is None else Within(amount)

    def plain(self, first: int, last: int) -> Expression | None:
        found: Expression | None = self.moment(first, last)
        if found is None:
            found = self.offset(first, last)
        if found is None and "|" in self.classes[first:last]:
            found = self.either(first, last)
        if found is None:
            found = self.dated_relation(first, last)
        if found is None:
            found = self.stretch(first, last, said=False)
        return found

    def expression_or_bare(self, first: int, last: int) -> Expression | None:
        return self.moment(first, last, bare=True) or self.plain(first, last)

    def bound(self, first: int, last: int) -> Expression | None:
        side = self.phrase.values[first]
        if self.classes[first] == "B" and first + 1 < last and self.classes[first + 1] == "B":
            first += 1
        inner: Expression | None = self.moment(first + 1, last, bare=True)
        if inner is None:
            inner = self.offset(first + 1, last)
        if inner is None and self.classes[first + 1 : last] == "Y":
            inner = YearOrClock(self.phrase.values[first + 1])
        return None if inner is None else Bound(side, inner)

    def offset(self, first: int, last: int) -> Expression | None:
        """So long from now; now; the next day."""
        classes, values = self.classes[first:last], self.phrase.values
        if classes == "X":
            return Present()
        if classes[:2] in (">u", "Du") and values[first + 1] == "day":
            step = 1 if classes[0] == ">" else 0
            if len(classes) == 2:
                return Anchored(step)
            rest = self.moment(first + 2, last, bare=True)
            return Anchored(step, rest.time) if rest and rest.day is None else None
        later = classes[-1:] == "l"
        if classes[-2:] == "FX":
            amount, sign = AMOUNTS.read(self.phrase, first, last - 2), 1
        elif classes[-1:] in ("l", "g"):
            amount = AMOUNTS.read(self.phrase, first, last - 1)
            sign = -1 if classes[-1] == "g" else 1
        elif first and self.classes[first - 1] == "I":
            amount, sign = AMOUNTS.read(self.phrase, first, last), 1
        else:
            return None
        if amount is None:
            return None
        return Offset([(sign * number, unit) for number, unit in amount], later=later)

    def stretch(self, first: int, last: int, *, said: bool) -> Expression | None:
        """From one moment to another; `said` after "between" and "from"."""
        classes = self.classes
        if said and classes[first - 1] == "F" and classes[last - 1] == "w":
            inner = self.moment(*self.trimmed(first, last - 1), bare=True)
            return None if inner is None else Bound("since", inner)
        joints = "T-B&" if said else "T-B"
        for index in range(first + 1, last - 1):
            if classes[index] in joints:
                left = self.moment(*self.trimmed(first, index), bare=True)
                right = self.moment(*self.trimmed(index + 1, last), bare=True)
                if left is None or right is None:
                    continue
                if not said and classes[index] == "-" and classes[first:last] == "n-n":
                    return None  # 7-9 is a range of hours, of days, or a date
                return range_of(
                    left, right, self.bare_number(first, index), self.bare_number(index + 1, last)
                )
        if said and classes[first - 1] == "F":
            inner = self.moment(first, last, bare=True)
            return None if inner is None else Bound("since", inner)
        return None


def read_time(text: str, context: Context) -> Expression | None:
    """What an English phrase says of time, all of it; None if it says nothing that rules know."""
    phrase = phrase_of(text, context)
    about = "i" in phrase.classes  # 12ish
    if about:
        phrase = phrase.without("i")
    reader = EnglishReader(phrase, context.region)
    found = reader.expression(0, len(phrase.classes))
    if found is None and about:
        found = reader.moment(0, len(phrase.classes), bare=True)
    if found is None:
        phrase.raise_noted()
    return reader.around(found) if about else found


# Words that the annotation guide leaves outside a value, but that decide what it says.
BEFORE = re.compile(
    r"(?:^|[\s,(])(no later than|not later than|no earlier than|not earlier than|not before|by"
    r"|until|till|before|after|around|about|in|within|at|since)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"\s+(or later|or earlier|or before|or after|at the latest|at the earliest|onwards?|from now"
    r"|later|ago)(?![\w'])",
    re.IGNORECASE,
)
STAYING = re.compile(r"(?:^|\s)(?:for|lasts?|lasting|stay|spend)\s+$", re.IGNORECASE)
REACH = 24


def with_neighbours(text: str, start: int, end: int) -> str:
    """The words of a slot with the relation words beside them: "by" of "by 6 pm"."""
    words = text[start:end]
    before = BEFORE.search(text[max(0, start - REACH) : start]) if start else None
    after = AFTER.match(text[end : end + REACH]) if end < len(text) else None
    if before is not None:
        words = f"{before[1]} {words}"
    return words if after is None else f"{words} {after[1]}"


def stays(text: str, start: int, end: int) -> bool:  # noqa: ARG001
    """Whether a duration is how long one stays, not when one goes."""
    return STAYING.search(text[max(0, start - REACH) : start]) is not None


def read_amounts(text: str, context: Context) -> list[tuple[int, str]] | None:
    """The amounts of a duration: [(2, "hour"), (30, "minute")]."""
    phrase = phrase_of(text, context)
    return AMOUNTS.read(phrase, 0, len(phrase.classes))
