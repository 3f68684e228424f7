"""
Expressions of days: what a phrase names on the calendar, whatever its language.

Each expression gives its readings, likeliest first. Weeks begin on Monday, as in ISO 8601.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from app.values.context import Now
from app.values.errors import UnresolvedError

__all__ = [
    "AnyReading",
    "ComingWeekday",
    "Day",
    "DayOfMonth",
    "Fixed",
    "LastWeekday",
    "Month",
    "MonthDay",
    "NextWeekday",
    "NthWeekday",
    "PartOf",
    "PastWeekday",
    "RelativeDay",
    "RelativeMonth",
    "RelativeUnit",
    "SameDay",
    "Shifted",
    "Span",
    "StretchOf",
    "ThisWeekday",
    "WeekOf",
    "Weekday",
    "WeekdayBeside",
    "WeekdayOfWeek",
    "Weekend",
    "WithWeekday",
    "add",
    "exact",
    "month_span",
    "year_span",
]

# A person who says "tomorrow" in the small hours may mean the day after the coming sleep.
SLEEP_ENDS = 4

# First and last: days of a month, days after Monday, months of a year.
PARTS = {
    "month": {
        "start": (1, 10),
        "early": (1, 10),
        "mid": (11, 20),
        "late": (21, 31),
        "end": (21, 31),
    },
    "week": {"start": (0, 1), "early": (0, 1), "mid": (2, 2), "late": (3, 4), "end": (4, 6)},
    "year": {"start": (1, 1), "early": (1, 3), "mid": (5, 8), "late": (10, 12), "end": (12, 12)},
}


class Span(NamedTuple):
    """Days from `start` to `end`, both inside; `named` where one ISO value says all of it."""

    start: date
    end: date
    grain: str
    named: bool = True


def exact(year: int, month: int, day: int) -> date:
    """That date; raises UnresolvedError("no_such_date")."""
    try:
        return date(year, month, day)
    except ValueError:
        raise UnresolvedError("no_such_date") from None


def one(day: date) -> Span:
    return Span(day, day, "day")


def month_span(year: int, month: int) -> Span:
    """The days of a month."""
    return Span(exact(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def year_span(year: int) -> Span:
    """The days of a year."""
    return Span(exact(year, 1, 1), date(year, 12, 31), "year")


def week_span(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6), "week")


def add(day: date, amount: int, unit: str) -> date:
    """`day` and so many units; a month later than the 31st is the last day of a shorter month."""
    try:
        if unit == "day":
            return day + timedelta(days=amount)
        if unit == "week":
            return day + timedelta(days=7 * amount)
        months = day.year * 12 + day.month - 1 + amount * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        raise UnresolvedError("no_such_date") from None


class Day:
    """A day or a stretch of days; `recurs` if the next one may be meant where this one is past."""

    __slots__ = ()
    recurs = False

    def readings(self, now: Now) -> list[Span]:
        """What the words may mean, likeliest first."""
        raise NotImplementedError


class Fixed(Day):
    """Days that need no reference, such as 2027-03-01."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span

    def readings(self, now: Now) -> list[Span]:  # noqa: ARG002
        return [self.span]


class RelativeDay(Day):
    """Today and its neighbours."""

    __slots__ = ("offset",)

    def __init__(self, offset: int) -> None:
        self.offset = offset

    def readings(self, now: Now) -> list[Span]:
        day = one(now.today + timedelta(days=self.offset))
        if self.offset == 1 and now.moment.hour < SLEEP_ENDS:
            return [day, one(now.today)]
        return [day]


class RelativeUnit(Day):
    """Last, present or next week, month or year."""

    __slots__ = ("offset", "unit")

    def __init__(self, unit: str, offset: int) -> None:
        self.unit = unit
        self.offset = offset

    def readings(self, now: Now) -> list[Span]:
        if self.unit == "day":
            return [one(add(now.today, self.offset, "day"))]
        if self.unit == "week":
            return [week_span(add(now.today, self.offset, "week"))]
        day = add(now.today.replace(day=1), self.offset, self.unit)
        return [month_span(day.year, day.month) if self.unit == "month" else year_span(day.year)]


class RelativeMonth(Day):
    """A day of this, the next or the last month; or a day or month of such a year."""

    __slots__ = ("day", "month", "offset")

    def __init__(self, offset: int, day: int | None, month: int | None = None) -> None:
        self.offset = offset
        self.day = day
        self.month = month

    def readings(self, now: Now) -> list[Span]:
        if self.month is not None:
            year, month = now.today.year + self.offset, self.month
        else:
            first = add(now.today.replace(day=1), self.offset, "month")
            year, month = first.year, first.month
        return [month_span(year, month) if self.day is None else one(exact(year, month, self.day))]


class Recurring(Day):
    """What comes again: its first occurrence that does not end before a day, or its last."""

    __slots__ = ()

    def after(self, day: date) -> Span:
        """The first occurrence that ends on `day` or later."""
        raise NotImplementedError

    def before(self, day: date) -> Span:
        """The last occurrence that begins on `day` or earlier."""
        raise NotImplementedError

    def readings(self, now: Now) -> list[Span]:
        if now.prefer == "future":
            return [self.after(now.today)]
        last = self.before(now.today)
        if now.prefer == "past":
            return [last]
        coming = self.after(now.today)
        return [coming if coming.start - now.today <= now.today - last.end else last]


class Weekday(Recurring):
    """The coming Friday; said on a Friday, today, or in a week."""

    __slots__ = ("weekday",)
    recurs = True

    def __init__(self, weekday: int) -> None:
        self.weekday = weekday

    def after(self, day: date) -> Span:
        return one(day + timedelta(days=(self.weekday - day.weekday()) % 7))

    def before(self, day: date) -> Span:
        return one(day - timedelta(days=(day.weekday() - self.weekday) % 7))

    def readings(self, now: Now) -> list[Span]:
        first = super().readings(now)
        if now.prefer == "future" and first[0].start == now.moment.date():
            first.append(one(first[0].start + timedelta(days=7)))
        return first


class ThisWeekday(Weekday):
    """Of "this Friday": the coming one, today if it is one."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Span]:
        return [self.after(now.today)]


class ComingWeekday(ThisWeekday):
    """Of "the coming Friday": the first one after today."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Span]:
        return [self.after(now.today + timedelta(days=1))]


class PastWeekday(Weekday):
    """Of "this past Friday": the latest one before today."""

    __slots__ = ()
    recurs = False

    def readings(self, now: Now) -> list[Span]:
        return [self.before(now.today - timedelta(days=1))]


class WeekdayOfWeek(Day):
    """The Friday of this week, of the next, …"""

    __slots__ = ("offset", "weekday")

    def __init__(self, weekday: int, offset: int) -> None:
        self.weekday = weekday
        self.offset = offset

    def readings(self, now: Now) -> list[Span]:
        monday = now.today - timedelta(days=now.today.weekday())
        return [one(monday + timedelta(days=self.weekday + 7 * self.offset))]


class NextWeekday(WeekdayOfWeek):
    """Of "next Friday": next week's; some people mean the nearer one, where there is one."""

    __slots__ = ()

    def __init__(self, weekday: int, offset: int = 1) -> None:
        """`offset` is 2 for the Friday after next."""
        super().__init__(weekday, offset)

    def readings(self, now: Now) -> list[Span]:
        found = super().readings(now)
        if self.weekday > now.today.weekday():
            found.append(one(found[0].start - timedelta(days=7)))
        return found


class LastWeekday(WeekdayOfWeek):
    """Of "last Friday": last week's; some people mean the nearer one, where there is one."""

    __slots__ = ()

    def __init__(self, weekday: int) -> None:
        super().__init__(weekday, -1)

    def readings(self, now: Now) -> list[Span]:
        found = super().readings(now)
        if self.weekday < now.today.weekday():
            found.append(one(found[0].start + timedelta(days=7)))
        return found


class Weekend(Day):
    """The Saturday and Sunday of this week, of the next, …"""

    __slots__ = ("nearer", "offset")

    def __init__(self, offset: int, *, nearer: bool = False) -> None:
        self.offset = offset
        self.nearer = nearer

    def readings(self, now: Now) -> list[Span]:
        saturday = now.today + timedelta(days=5 - now.today.weekday() + 7 * self.offset)
        found = [Span(saturday, saturday + timedelta(days=1), "day", named=False)]
        if self.nearer and now.today.weekday() < 5:
            earlier = saturday - timedelta(days=7)
            found.append(Span(earlier, earlier + timedelta(days=1), "day", named=False))
        return found


class DayOfMonth(Recurring):
    """The 11th: of this month or the next that has one."""

    __slots__ = ("day",)
    recurs = True

    def __init__(self, day: int) -> None:
        if not 1 <= day <= 31:
            raise UnresolvedError("no_such_date")
        self.day = day

    def _from(self, first: date, step: int) -> date:
        while self.day > monthrange(first.year, first.month)[1]:
            first = add(first, step, "month")
        return first.replace(day=self.day)

    def after(self, day: date) -> Span:
        first = day.replace(day=1)
        return one(self._from(first if day.day <= self.day else add(first, 1, "month"), 1))

    def before(self, day: date) -> Span:
        first = day.replace(day=1)
        return one(self._from(first if day.day >= self.day else add(first, -1, "month"), -1))


class MonthDay(Recurring):
    """2 November, of this year or the next that has one."""

    __slots__ = ("day", "month")

    def __init__(self, month: int, day: int) -> None:
        exact(2000, month, day)  # a leap year: has any year such a day?
        self.month = month
        self.day = day

    def _in(self, year: int, step: int) -> date:
        while True:  # ends: within eight years there is a leap year
            try:
                return date(year, self.month, self.day)
            except ValueError:
                year += step

    def after(self, day: date) -> Span:
        found = self._in(day.year, 1)
        return one(found if found >= day else self._in(found.year + 1, 1))

    def before(self, day: date) -> Span:
        found = self._in(day.year, -1)
        return one(found if found <= day else self._in(found.year - 1, -1))


class Month(Recurring):
    """September, of this year or the next; the present month until it is over."""

    __slots__ = ("month",)

    def __init__(self, month: int) -> None:
        self.month = month

    def after(self, day: date) -> Span:
        return month_span(day.year + (self.month < day.month), self.month)

    def before(self, day: date) -> Span:
        return month_span(day.year - (self.month > day.month), self.month)


class NthWeekday(Day):
    """The first Monday of a month; -1 is the last."""

    __slots__ = ("base", "nth", "weekday")
    recurs = False

    def __init__(self, nth: int, weekday: int, base: Day) -> None:
        self.nth = nth
        self.weekday = weekday
        self.base = base

    def _in(self, month: Span) -> Span:
        if self.nth < 0:
            back = (month.end.weekday() - self.weekday) % 7
            return one(month.end - timedelta(days=back))
        found = month.start + timedelta(days=(self.weekday - month.start.weekday()) % 7)
        found += timedelta(days=7 * (self.nth - 1))
        if found > month.end:
            raise UnresolvedError("no_such_date")
        return one(found)

    def readings(self, now: Now) -> list[Span]:
        found = [self._in(month) for month in self.base.readings(now)]
        if isinstance(self.base, Month) and found[0].end < now.today:
            return [self._in(month_span(found[0].start.year + 1, self.base.month))]
        return found


class AnyReading(Day):
    """Words with several readings, such as 11/2 where the locale has no order."""

    __slots__ = ("days", "recurs")

    def __init__(self, days: list[Day]) -> None:
        self.days = days
        self.recurs = any(day.recurs for day in days)

    def readings(self, now: Now) -> list[Span]:
        found = [span for day in self.days for span in day.readings(now)]
        return list(dict.fromkeys(found))


class WithWeekday(Day):
    """A date and its weekday: what both are true of; else a contradiction."""

    __slots__ = ("day", "weekday")

    def __init__(self, day: Day, weekday: int) -> None:
        self.day = day
        self.weekday = weekday

    def readings(self, now: Now) -> list[Span]:
        found = [s for s in self.day.readings(now) if s.start.weekday() == self.weekday]
        if not found or found[0].grain != "day":
            raise UnresolvedError("contradiction")
        return found


class Shifted(Day):
    """So many days, weeks, months or years after or before another day."""

    __slots__ = ("amounts", "base")

    def __init__(self, base: Day, amounts: list[tuple[int, str]]) -> None:
        self.base = base
        self.amounts = amounts

    def readings(self, now: Now) -> list[Span]:
        found = []
        for span in self.base.readings(now):
            if span.grain != "day" or not span.named:
                raise UnresolvedError
            day = span.start
            for amount, unit in self.amounts:
                day = add(day, amount, unit)
            found.append(one(day))
        return found


class PartOf(Day):
    """The beginning, middle or end of a month, week or year."""

    __slots__ = ("base", "part")

    def __init__(self, part: str, base: Day) -> None:
        self.part = part
        self.base = base

    @property
    def recurs(self) -> bool:  # type: ignore[override]
        return self.base.recurs

    def _of(self, span: Span) -> Span:
        stretches = PARTS.get(span.grain)
        if stretches is None:
            raise UnresolvedError
        first, last = stretches[self.part]
        if span.grain == "month":
            return Span(
                span.start.replace(day=first),
                span.start.replace(day=min(last, span.end.day)),
                "day",
                named=False,
            )
        if span.grain == "week":
            start = span.start + timedelta(days=first)
            return Span(start, span.start + timedelta(days=last), "day", named=first == last)
        if first == last:
            return month_span(span.start.year, first)
        end = month_span(span.start.year, last).end
        return Span(span.start.replace(month=first), end, "month", named=False)

    def readings(self, now: Now) -> list[Span]:
        found = [self._of(span) for span in self.base.readings(now)]
        if isinstance(self.base, Month) and found[0].end < now.today and now.prefer == "future":
            return [self._of(month_span(found[0].start.year + 1, self.base.month))]
        return found


class SameDay(Day):
    """A day said twice: "tomorrow, 13 April"."""

    __slots__ = ("first", "second")

    def __init__(self, first: Day, second: Day) -> None:
        self.first = first
        self.second = second

    def readings(self, now: Now) -> list[Span]:
        first = self.first.readings(now)
        found = [span for span in self.second.readings(now) if span in first]
        if not found:
            raise UnresolvedError("contradiction")
        return found


class WeekOf(Day):
    """The week that has a day in it, or its weekend."""

    __slots__ = ("day", "weekend")

    def __init__(self, day: Day, *, weekend: bool) -> None:
        self.day = day
        self.weekend = weekend

    def readings(self, now: Now) -> list[Span]:
        found = self.day.readings(now)
        if any(span.grain != "day" for span in found):
            raise UnresolvedError
        weeks = [week_span(span.start) for span in found]
        if not self.weekend:
            return weeks
        return [Span(week.end - timedelta(days=1), week.end, "day", False) for week in weeks]


class StretchOf(Day):
    """The first, second, … or last day or week of a month, counted from its first or last day."""

    __slots__ = ("base", "days", "nth")

    def __init__(self, nth: int, days: int, base: Day) -> None:
        self.nth = nth
        self.days = days
        self.base = base

    def _of(self, span: Span) -> Span:
        if self.nth < 0:
            return self._named(span.end - timedelta(days=self.days - 1), span.end)
        first = span.start + timedelta(days=self.days * (self.nth - 1))
        last = first + timedelta(days=self.days - 1)
        if last > span.end:
            raise UnresolvedError("no_such_date")
        return self._named(first, last)

    @staticmethod
    def _named(first: date, last: date) -> Span:
        return Span(first, last, "day", named=first == last)

    def readings(self, now: Now) -> list[Span]:
        found = [self._of(span) for span in self.base.readings(now)]
        if isinstance(self.base, Month) and found[0].end < now.today and now.prefer == "future":
            return [self._of(month_span(found[0].start.year + 1, self.base.month))]
        return found


class WeekdayBeside(Day):
    """The first Monday after a day, or the last before it."""

    __slots__ = ("day", "sign", "weekday")

    def __init__(self, day: Day, weekday: int, sign: int) -> None:
        self.day = day
        self.weekday = weekday
        self.sign = sign

    def readings(self, now: Now) -> list[Span]:
        found = []
        for span in self.day.readings(now):
            if self.sign > 0:
                first = span.end + timedelta(days=1)
                found.append(one(first + timedelta(days=(self.weekday - first.weekday()) % 7)))
            else:
                last = span.start - timedelta(days=1)
                found.append(one(last - timedelta(days=(last.weekday() - self.weekday) % 7)))
        return found
