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
    """
    The days from `start` to `end`, both inside.

    `grain` is the unit that was said: "day", "week", "month" or "year". `named` tells whether one
    ISO 8601 value, such as `2026-W49`, is the whole span.
    """

    start: date
    end: date
    grain: str
    named: bool = True


def exact(year: int, month: int, day: int) -> date:
    """The date of a year, month and day; raises UnresolvedError("no_such_date")."""
    try:
        return date(year, month, day)
    except ValueError:
        raise UnresolvedError("no_such_date") from None


def day_span(day: date) -> Span:
    """The span of a single day."""
    return Span(day, day, "day")


def month_span(year: int, month: int) -> Span:
    """The span of a whole month."""
    return Span(exact(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def year_span(year: int) -> Span:
    """The span of a whole year."""
    return Span(exact(year, 1, 1), date(year, 12, 31), "year")


def week_span(day: date) -> Span:
    """The span from Monday to Sunday that `day` lies in."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6), "week")


def add(day: date, amount: int, unit: str) -> date:
    """
    The date `amount` units ("day", "week", "month" or "year") after `day`.

    A month without that day gives its last day: a month after 31 January is 28 February. Raises
    UnresolvedError("no_such_date") outside the calendar.
    """
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
    """
    Base of expressions that name a day or several days in a row.

    `recurs` is true if the next occurrence may be meant once this one is past, as of "Friday".
    """

    __slots__ = ()
    recurs = False

    def readings(self, now: Now) -> list[Span]:
        """
        The spans that the words may mean, likeliest first.

        Raises UnresolvedError if there is none, or if it needs a present and there is none.
        """
        raise NotImplementedError


class Fixed(Day):
    """Days that need no reference, such as 2027-03-01."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span

    def readings(self, now: Now) -> list[Span]:  # noqa: ARG002
        return [self.span]


class RelativeDay(Day):
    """A day counted from today by `offset`: 0 is today, 1 tomorrow, -1 yesterday."""

    __slots__ = ("offset",)

    def __init__(self, offset: int) -> None:
        self.offset = offset

    def readings(self, now: Now) -> list[Span]:
        day = day_span(now.today + timedelta(days=self.offset))
        if self.offset == 1 and not now.has_come(datetime.combine(now.day, SLEEP_ENDS)):
            return [day, day_span(now.today)]
        return [day]


class RelativeUnit(Day):
    """The day, week, month or year `offset` units from the present one: "next week"."""

    __slots__ = ("offset", "unit")

    def __init__(self, unit: str, offset: int) -> None:
        self.unit = unit
        self.offset = offset

    def readings(self, now: Now) -> list[Span]:
        if self.unit == "day":
            return [day_span(add(now.today, self.offset, "day"))]
        if self.unit == "week":
            return [week_span(add(now.today, self.offset, "week"))]
        day = add(now.today.replace(day=1), self.offset, self.unit)
        return [month_span(day.year, day.month) if self.unit == "month" else year_span(day.year)]


class RelativeMonth(Day):
    """
    A month, or a day in it, of a month or year counted from the present one.

    Without `month`, `offset` counts months: "the 5th of next month". With `month`, it counts years:
    "3 May next year". Without `day`, the whole month is meant.
    """

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
        return [
            month_span(year, month) if self.day is None else day_span(exact(year, month, self.day))
        ]


class Recurring(Day):
    """
    Base of days that come again, such as Friday, the 11th or September.

    The slot's `prefer` chooses between the next occurrence and the last one.
    """

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
    """A day of a month by its number: "the 11th", in this month or another that has one."""

    __slots__ = ("day",)
    recurs = True

    def __init__(self, day: int) -> None:
        if not 1 <= day <= 31:
            raise UnresolvedError("no_such_date")
        self.day = day

    def _from(self, first: date, step: int) -> date:
        """The day in the month of `first`, or in the first one by `step` that has it."""
        while self.day > monthrange(first.year, first.month)[1]:
            first = add(first, step, "month")
        return first.replace(day=self.day)

    def after(self, day: date) -> Span:
        first = day.replace(day=1)
        return day_span(self._from(first if day.day <= self.day else add(first, 1, "month"), 1))

    def before(self, day: date) -> Span:
        first = day.replace(day=1)
        return day_span(self._from(first if day.day >= self.day else add(first, -1, "month"), -1))


class MonthDay(Recurring):
    """A day and its month: "2 November", in this year or another that has one."""

    __slots__ = ("day", "month")

    def __init__(self, month: int, day: int) -> None:
        exact(2000, month, day)  # a leap year: has any year such a day?
        self.month = month
        self.day = day

    def _in(self, year: int, step: int) -> date:
        """The day in a year, or in the first one by `step` that has it."""
        # Within eight years there is a leap year, if the calendar does not end before.
        for candidate in range(year, year + 9 * step, step):
            try:
                return date(candidate, self.month, self.day)
            except ValueError:
                pass
        raise UnresolvedError("no_such_date")

    def after(self, day: date) -> Span:
        occurrence = self._in(day.year, 1)
        return day_span(occurrence if occurrence >= day else self._in(occurrence.year + 1, 1))

    def before(self, day: date) -> Span:
        occurrence = self._in(day.year, -1)
        return day_span(occurrence if occurrence <= day else self._in(occurrence.year - 1, -1))


class Month(Recurring):
    """A whole month: "September" of this year or the next; the present one until it is over."""

    __slots__ = ("month",)

    def __init__(self, month: int) -> None:
        self.month = month

    def after(self, day: date) -> Span:
        return month_span(day.year + (self.month < day.month), self.month)

    def before(self, day: date) -> Span:
        return month_span(day.year - (self.month > day.month), self.month)


class AnyReading(Day):
    """Words with several readings, such as 11/2 in a locale without an order of dates."""

    __slots__ = ("days", "recurs")

    def __init__(self, days: list[Day]) -> None:
        self.days = days
        self.recurs = any(day.recurs for day in days)

    def readings(self, now: Now) -> list[Span]:
        spans = [span for day in self.days for span in day.readings(now)]
        return list(dict.fromkeys(spans))


class WithWeekday(Day):
    """
    A date said with its weekday: the readings of the date that fall on the weekday.

    Raises UnresolvedError("contradiction") if none does.
    """

    __slots__ = ("day", "weekday")

    def __init__(self, day: Day, weekday: int) -> None:
        self.day = day
        self.weekday = weekday

    def readings(self, now: Now) -> list[Span]:
        spans = [span for span in self.day.readings(now) if span.start.weekday() == self.weekday]
        if not spans or spans[0].grain != "day":
            raise UnresolvedError("contradiction")
        return spans


class SameDay(Day):
    """
    One day said twice: "tomorrow, 13 April".

    Raises UnresolvedError("contradiction") if the two have no reading in common.
    """

    __slots__ = ("first", "second")

    def __init__(self, first: Day, second: Day) -> None:
        self.first = first
        self.second = second

    def readings(self, now: Now) -> list[Span]:
        first = self.first.readings(now)
        common = [span for span in self.second.readings(now) if span in first]
        if not common:
            raise UnresolvedError("contradiction")
        return common
