"""Expressions of weekdays and weekends. Weeks begin on Monday, which is weekday 0."""

from datetime import date, timedelta

from app.values.context import Now
from app.values.days import Day, Month, Recurring, Span, day_span, month_span, week_span
from app.values.errors import UnresolvedError

__all__ = [
    "ComingWeekday",
    "Following",
    "LastWeekday",
    "NextWeekday",
    "NthWeekday",
    "PastWeekday",
    "ThisWeekday",
    "WeekOf",
    "Weekday",
    "WeekdayBeside",
    "WeekdayOfWeek",
    "Weekend",
]


class Weekday(Recurring):
    """A weekday alone, "Friday": the coming one. Said on a Friday, it is today or in a week."""

    __slots__ = ("weekday",)
    recurs = True

    def __init__(self, weekday: int) -> None:
        self.weekday = weekday

    def after(self, day: date) -> Span:
        return day_span(day + timedelta(days=(self.weekday - day.weekday()) % 7))

    def before(self, day: date) -> Span:
        return day_span(day - timedelta(days=(day.weekday() - self.weekday) % 7))

    def readings(self, now: Now) -> list[Span]:
        spans = super().readings(now)
        if now.prefer == "future" and spans[0].start == now.day:
            spans.append(day_span(spans[0].start + timedelta(days=7)))
        return spans


class ThisWeekday(Weekday):
    """The weekday of "this Friday": the coming one, or today."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Span]:
        return [self.after(now.today)]


class ComingWeekday(ThisWeekday):
    """The weekday of "the coming Friday": the first one after today."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Span]:
        return [self.after(now.today + timedelta(days=1))]


class PastWeekday(Weekday):
    """The weekday of "this past Friday": the latest one before today."""

    __slots__ = ()
    recurs = False

    def readings(self, now: Now) -> list[Span]:
        return [self.before(now.today - timedelta(days=1))]


class WeekdayOfWeek(Day):
    """
    The weekday of the week `offset` weeks from the present one.

    It is what "Friday next week" names.
    """

    __slots__ = ("offset", "weekday")

    def __init__(self, weekday: int, offset: int) -> None:
        self.weekday = weekday
        self.offset = offset

    def readings(self, now: Now) -> list[Span]:
        monday = now.today - timedelta(days=now.today.weekday())
        return [day_span(monday + timedelta(days=self.weekday + 7 * self.offset))]


class NextWeekday(WeekdayOfWeek):
    """The weekday of "next Friday": next week's; second, this week's if still to come."""

    __slots__ = ()

    def __init__(self, weekday: int, offset: int = 1) -> None:
        """`offset` is 2 for the Friday after next."""
        super().__init__(weekday, offset)

    def readings(self, now: Now) -> list[Span]:
        spans = super().readings(now)
        if self.weekday > now.today.weekday():
            spans.append(day_span(spans[0].start - timedelta(days=7)))
        return spans


class LastWeekday(WeekdayOfWeek):
    """The weekday of "last Friday": last week's; second, this week's if it is over."""

    __slots__ = ()

    def __init__(self, weekday: int) -> None:
        super().__init__(weekday, -1)

    def readings(self, now: Now) -> list[Span]:
        spans = super().readings(now)
        if self.weekday < now.today.weekday():
            spans.append(day_span(spans[0].start + timedelta(days=7)))
        return spans


class Weekend(Day):
    """
    The Saturday and Sunday of the week `offset` weeks from the present one.

    `nearer` adds the weekend before that as a second reading, from Monday to Friday.
    """

    __slots__ = ("nearer", "offset")

    def __init__(self, offset: int, *, nearer: bool = False) -> None:
        self.offset = offset
        self.nearer = nearer

    def readings(self, now: Now) -> list[Span]:
        saturday = now.today + timedelta(days=5 - now.today.weekday() + 7 * self.offset)
        spans = [Span(saturday, saturday + timedelta(days=1), "day", named=False)]
        if self.nearer and now.today.weekday() < 5:
            earlier = saturday - timedelta(days=7)
            spans.append(Span(earlier, earlier + timedelta(days=1), "day", named=False))
        return spans


class NthWeekday(Day):
    """The nth weekday of a month: "the first Monday of June"; -1 is the last."""

    __slots__ = ("base", "nth", "weekday")
    recurs = False

    def __init__(self, nth: int, weekday: int, base: Day) -> None:
        self.nth = nth
        self.weekday = weekday
        self.base = base

    def _in(self, month: Span) -> Span:
        if self.nth < 0:
            back = (month.end.weekday() - self.weekday) % 7
            return day_span(month.end - timedelta(days=back))
        day = month.start + timedelta(days=(self.weekday - month.start.weekday()) % 7)
        day += timedelta(days=7 * (self.nth - 1))
        if day > month.end:
            raise UnresolvedError("no_such_date")
        return day_span(day)

    def readings(self, now: Now) -> list[Span]:
        spans = [self._in(month) for month in self.base.readings(now)]
        if isinstance(self.base, Month) and spans[0].end < now.today:
            return [self._in(month_span(spans[0].start.year + 1, self.base.month))]
        return spans


class WeekOf(Day):
    """The week that a day lies in, or the weekend of that week: "the week of 5 May"."""

    __slots__ = ("day", "weekend")

    def __init__(self, day: Day, *, weekend: bool) -> None:
        self.day = day
        self.weekend = weekend

    def readings(self, now: Now) -> list[Span]:
        spans = self.day.readings(now)
        if any(span.grain != "day" for span in spans):
            raise UnresolvedError
        weeks = [week_span(span.start) for span in spans]
        if not self.weekend:
            return weeks
        return [Span(week.end - timedelta(days=1), week.end, "day", False) for week in weeks]


class WeekdayBeside(Day):
    """The first such weekday after a day (`sign` 1), or the last before it (-1)."""

    __slots__ = ("day", "sign", "weekday")

    def __init__(self, day: Day, weekday: int, sign: int) -> None:
        self.day = day
        self.weekday = weekday
        self.sign = sign

    def readings(self, now: Now) -> list[Span]:
        spans = []
        for span in self.day.readings(now):
            if self.sign > 0:
                first = span.end + timedelta(days=1)
                spans.append(day_span(first + timedelta(days=(self.weekday - first.weekday()) % 7)))
            else:
                last = span.start - timedelta(days=1)
                spans.append(day_span(last - timedelta(days=(last.weekday() - self.weekday) % 7)))
        return spans


class Following(Day):
    """
    The day of "the following Monday": the first one after the anchor.

    Without an anchor it is read as counted from today.
    """

    __slots__ = ("after_anchor", "from_today")

    def __init__(self, after_anchor: Day, from_today: Day) -> None:
        self.after_anchor = after_anchor
        self.from_today = from_today

    def readings(self, now: Now) -> list[Span]:
        if now.anchor is None:
            return self.from_today.readings(now)
        return self.after_anchor.readings(now.on(now.anchor))
