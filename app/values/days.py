"""
Expressions of days: what a phrase names on the calendar, whatever its language.

Each expression gives its readings, likeliest first. Weeks begin on Monday, as in ISO 8601.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app.values.context import Now
from app.values.errors import UnresolvedError

__all__ = [
    "AnyReading",
    "Day",
    "DayOfMonth",
    "Fixed",
    "Month",
    "MonthDay",
    "RelativeDay",
    "RelativeMonth",
    "RelativeUnit",
    "SameDay",
    "Span",
    "WithWeekday",
    "add",
    "exact",
    "month_span",
    "year_span",
]

# A person who says "tomorrow" in the small hours may mean the day after the coming sleep.
SLEEP_ENDS = time(4)


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
        if self.offset == 1 and not now.has_come(datetime.combine(now.day, SLEEP_ENDS)):
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
        # Within eight years there is a leap year, if the calendar does not end before.
        for found in range(year, year + 9 * step, step):
            try:
                return date(found, self.month, self.day)
            except ValueError:
                pass
        raise UnresolvedError("no_such_date")

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
