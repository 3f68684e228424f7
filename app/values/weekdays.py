"""Expressions of weekdays and weekends. Weeks begin on Monday."""

from datetime import date, timedelta

from app.values.context import Now
from app.values.days import Day, Month, Recurring, Span, month_span, one, week_span
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
        if now.prefer == "future" and first[0].start == now.day:
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


class Following(Day):
    """The first of its kind after the anchor; without an anchor, as it is said of today."""

    __slots__ = ("after_anchor", "from_today")

    def __init__(self, after_anchor: Day, from_today: Day) -> None:
        self.after_anchor = after_anchor
        self.from_today = from_today

    def readings(self, now: Now) -> list[Span]:
        if now.anchor is None:
            return self.from_today.readings(now)
        return self.after_anchor.readings(now.on(now.anchor))
