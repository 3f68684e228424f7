"""
Expressions of times: clocks, days with clocks, bounds and ranges, and what they say on a calendar.

A reading is one thing that the words may mean. Its ends are naive local times until `rendering`
gives them the offset of their zone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from app.values.context import PARTS_OF_DAY, Now
from app.values.days import Day, DayOfMonth, Fixed, Span, add, year_span
from app.values.errors import UnresolvedError
from app.values.weekdays import Weekday

__all__ = [
    "About",
    "Anchored",
    "AnyOf",
    "Bound",
    "Clock",
    "Expression",
    "Moment",
    "Offset",
    "PartOfDay",
    "Present",
    "Range",
    "Reading",
    "Readings",
    "Time",
    "Within",
    "YearOrClock",
]

DAY = 24 * 3600
Kind = Literal["date", "time", "datetime"]
End = date | datetime | int
GRAINS = ("second", "minute", "hour", "day", "week", "month", "year")


@dataclass(slots=True)
class Reading:
    """
    What the words may mean.

    `start` and `end` are dates (both inside), seconds after midnight, or naive local datetimes, by
    `kind`; None is an open side. `point` is set where one value says all of it.
    """

    kind: Kind
    start: End | None
    end: End | None
    grain: str
    point: bool = False
    part: str | None = None
    approximate: bool = False

    def within(self, start: End | None, end: End | None, grain: str, part: str | None) -> "Reading":
        """A range with other ends."""
        return Reading(self.kind, start, end, grain, False, part, self.approximate)

    def past(self, now: Now) -> bool:
        """Whether all of it is before the present."""
        last = self.start if self.point and self.kind != "date" else self.end
        if last is None or self.kind == "time" or not now.known:
            return False
        if isinstance(last, datetime):
            last = last.replace(second=0, microsecond=0, tzinfo=None)
            if self.grain == "hour" and self.point:
                return now.has_come(later(last.replace(minute=0), timedelta(hours=1)))
            return now.has_come(later(last, timedelta(minutes=1)))
        return isinstance(last, date) and now.has_come(later(midnight(last), timedelta(days=1)))


class Clock:
    """A time of day in seconds after midnight; several if the half of the day was not said."""

    __slots__ = ("grain", "halved", "seconds")

    def __init__(self, seconds: tuple[int, ...], grain: str, *, halved: bool = False) -> None:
        """`halved` says that am or pm was said."""
        self.seconds = seconds
        self.grain = grain
        self.halved = halved

    @property
    def explicit(self) -> bool:
        """Whether it is one time."""
        return len(self.seconds) == 1


class PartOfDay:
    """The morning, the evening, …"""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Time = Clock | PartOfDay


class Expression:
    """What a phrase says of time."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Reading]:
        """What the words may mean, likeliest first; never none."""
        raise NotImplementedError


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def later(moment: datetime, step: timedelta) -> datetime:
    """The moment and a step, or the end of the calendar."""
    try:
        return moment + step
    except OverflowError:
        return datetime.max


def preferred(found: list[Reading], now: Now) -> list[Reading]:
    """The readings that are not past, if there are any and a future is meant."""
    if len(found) < 2 or now.prefer != "future":
        return found
    return [reading for reading in found if not reading.past(now)] or found


class Moment(Expression):
    """A day, a time, or both."""

    __slots__ = ("approximate", "day", "time")

    def __init__(self, day: Day | None, time: Time | None, *, approximate: bool = False) -> None:
        self.day = day
        self.time = time
        self.approximate = approximate

    def readings(self, now: Now) -> list[Reading]:
        if self.day is None:
            found = self._times(now)
            if isinstance(self.time, Clock):
                grain = self.time.grain
                seconds = dict.fromkeys(second % DAY for second in self.time.seconds)
                found = [Reading("time", second, None, grain, point=True) for second in seconds]
        elif self.time is None:
            found = [
                Reading("date", span.start, span.end, span.grain, span.named)
                for span in self.day.readings(now)
            ]
            found = preferred(found, now)
        else:
            found = preferred(self._dated(now), now)
            if found[0].past(now) and self.day.recurs and now.prefer == "future":
                found = preferred(self._dated(now.tomorrow()), now)
        if self.approximate:
            for reading in found:
                reading.approximate = True
        return found

    def _times(self, now: Now) -> list[Reading]:
        time = self.time
        if isinstance(time, Clock):
            return [Reading("time", s, None, time.grain, point=True) for s in time.seconds]
        assert time is not None, "a moment has a day or a time"
        first, last = now.parts.get(time.name) or PARTS_OF_DAY[time.name]
        return [Reading("time", first * 60, last * 60, "hour", part=time.name)]

    def _dated(self, now: Now) -> list[Reading]:
        assert self.day is not None, "a dated moment has a day"
        found = []
        for span in self.day.readings(now):
            if span.start != span.end:
                raise UnresolvedError
            start = midnight(span.start)
            for time in self._times(now):
                found.append(dated(time, start))  # noqa: PERF401
        return found


def dated(time: Reading, day: datetime) -> Reading:
    """A reading of a time of day, on a day."""
    ends = [
        day + timedelta(seconds=end) if isinstance(end, int) else None
        for end in (time.start, time.end)
    ]
    return Reading("datetime", ends[0], ends[1], time.grain, time.point, time.part)


class Present(Expression):
    """Now."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Reading]:
        moment = now.moment.replace(microsecond=0)
        return [Reading("datetime", moment, None, "second", point=True)]


class Offset(Expression):
    """So long after the present, or before it; `later` may also be after the anchor."""

    __slots__ = ("amounts", "later")

    def __init__(self, amounts: list[tuple[int, str]], *, later: bool = False) -> None:
        self.amounts = amounts
        self.later = later

    def readings(self, now: Now) -> list[Reading]:
        found = [self._after(now, now.today)]
        if self.later and now.anchor is not None and found[0].kind == "date":
            found.insert(0, self._after(now, now.anchor))
        return found

    def _after(self, now: Now, day: date) -> Reading:
        elapsed = timedelta()
        for amount, unit in self.amounts:
            if unit in ("hour", "minute", "second"):
                elapsed += timedelta(**{f"{unit}s": amount})
            else:
                day = add(day, amount, unit)
        if not elapsed:
            return Reading("date", day, day, "day", point=True)
        if now.zone is None:
            raise UnresolvedError("needs_reference")
        # Time elapses in UTC: "in 24 hours" is another clock time where the clock is changed.
        local = datetime.combine(day, now.moment.time(), now.zone)
        local = (local.astimezone(UTC) + elapsed).astimezone(now.zone)
        seconds = any(unit == "second" for _, unit in self.amounts)
        local = local.replace(microsecond=0) if seconds else local.replace(second=0, microsecond=0)
        return Reading("datetime", local, None, "second" if seconds else "minute", point=True)


class Within(Expression):
    """From now until so long after it."""

    __slots__ = ("offset",)

    def __init__(self, amounts: list[tuple[int, str]]) -> None:
        self.offset = Offset(amounts)

    def readings(self, now: Now) -> list[Reading]:
        (last,) = self.offset.readings(now)
        if last.kind == "date":
            return [Reading("date", now.today, last.start, "day")]
        start = now.moment.replace(second=0, microsecond=0)
        return [Reading("datetime", start, last.start, last.grain)]


class YearOrClock(Expression):
    """Four digits, such as 2030: a year that is near, or 20:30."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def readings(self, now: Now) -> list[Reading]:
        hour, minute = divmod(self.number, 100)
        time = Reading("time", hour * 3600 + minute * 60, None, "minute", point=True)
        days = year_span(self.number)
        year = Reading("date", days.start, days.end, "year", point=True)
        if hour > 23 or minute > 59:
            return [year]
        if not now.known or not 0 <= self.number - now.today.year <= 2:
            return [time]
        return [year, time]


class Anchored(Expression):
    """So many days after the day of another slot: "the next day"."""

    __slots__ = ("offset", "time")

    def __init__(self, offset: int, time: Time | None = None) -> None:
        self.offset = offset
        self.time = time

    def readings(self, now: Now) -> list[Reading]:
        if now.anchor is None:
            raise UnresolvedError("needs_anchor")
        day = add(now.anchor, self.offset, "day")
        return Moment(Fixed(Span(day, day, "day")), self.time).readings(now)


Side = Literal["before", "by", "after", "since"]


class Bound(Expression):
    """An open range: before 6 pm, by Friday, after the 3rd, from Monday on."""

    __slots__ = ("inclusive_too", "moment", "side")

    def __init__(self, side: Side, moment: Expression, *, inclusive_too: bool = False) -> None:
        self.side = side
        self.moment = moment
        self.inclusive_too = inclusive_too

    def readings(self, now: Now) -> list[Reading]:
        found = [self._bounded(reading, self.side) for reading in self.moment.readings(now)]
        if self.inclusive_too and self.side == "before" and found[0].kind == "date":
            found += [self._bounded(reading, "by") for reading in self.moment.readings(now)]
        return found

    @staticmethod
    def _bounded(reading: Reading, side: Side) -> Reading:
        if reading.point and reading.kind != "date":
            ends = (None, reading.start) if side in ("before", "by") else (reading.start, None)
            if reading.kind == "time" and ends[1] == 0:
                ends = (None, DAY)  # before midnight
            return reading.within(ends[0], ends[1], reading.grain, reading.part)
        first, last = reading.start, reading.end
        if first is None or last is None:
            raise UnresolvedError
        bounds: tuple[End | None, End | None]
        if side == "before":
            bounds = None, next_to(first, -1)
        elif side == "by":
            bounds = None, last
        elif side == "after":
            bounds = next_to(last, 1), None
        else:
            bounds = first, None
        grain = "day" if reading.kind == "date" else reading.grain
        return reading.within(bounds[0], bounds[1], grain, None)


def next_to(end: End, days: int) -> End:
    """The day beside a day; a time is its own neighbour."""
    if isinstance(end, date) and not isinstance(end, datetime):
        return end + timedelta(days=days)
    return end


class Range(Expression):
    """From one moment to another; `day` where both have the same, said once."""

    __slots__ = ("approximate", "day", "first", "last")

    def __init__(
        self, first: Moment, last: Moment, day: Day | None = None, *, approximate: bool = False
    ) -> None:
        self.first = first
        self.last = last
        self.day = day
        self.approximate = approximate

    def readings(self, now: Now) -> list[Reading]:
        if self.first.day is None and self.last.day is None:
            found = self._times()
            if self.day is not None:
                moment = now
                while True:
                    days = self.day.readings(moment)
                    if any(span.start != span.end for span in days):
                        raise UnresolvedError
                    dates = [dated(time, midnight(s.start)) for s in days for time in found]
                    dates = preferred(dates, now)
                    past = dates[0].past(now) and self.day.recurs and now.prefer == "future"
                    if not past or moment is not now:
                        break
                    moment = now.tomorrow()
                found = dates
        else:
            found = self._days(now)
        if self.approximate:
            for reading in found:
                reading.approximate = True
        return found

    def _times(self) -> list[Reading]:
        first, last = self.first.time, self.last.time
        if not isinstance(first, Clock) or not isinstance(last, Clock):
            raise UnresolvedError
        grain = min(first.grain, last.grain, key=GRAINS.index)
        starts, ends = first.seconds, [second or DAY for second in last.seconds]
        pairs = [
            (start, min(end for end in ends if end > start))
            for start in starts
            if any(end > start for end in ends)
        ]
        if last.explicit and not first.explicit:
            pairs = pairs[-1:]  # "5 to 7 pm": the nearer 5
        if not pairs:  # over midnight
            start = starts[-1]
            later = min(end % DAY for end in ends) + DAY
            pairs = [(start, later)]
        if len(pairs) > 1:
            shortest = min(end - start for start, end in pairs)
            pairs = [pair for pair in pairs if pair[1] - pair[0] == shortest]
        return [Reading("time", start, end, grain) for start, end in pairs]

    def _days(self, now: Now) -> list[Reading]:
        found = []
        for start in self.first.readings(now):
            day = start.start
            if isinstance(day, int) or day is None:
                raise UnresolvedError
            # The next Sunday from now may be before the Friday that the range begins with.
            later = now.on(day.date() if isinstance(day, datetime) else day)
            ranges = (self._ending(now, start, day), self._ending(later, start, day))
            whole = next((one for one in ranges if one is not None), None)
            if whole is not None:
                found.append(whole)
        if not found:
            raise UnresolvedError("contradiction")
        return found

    def _ending(self, now: Now, start: Reading, day: date) -> Reading | None:
        """The range that begins with a reading, if the last moment is not before it."""
        for end in self._last(now, start):
            if end.kind != start.kind:
                raise UnresolvedError
            finish = end.start if end.point and end.kind != "date" else end.end
            if isinstance(finish, date) and finish >= day:
                grain = min(start.grain, end.grain, key=GRAINS.index)
                grain = "day" if start.kind == "date" and grain == "week" else grain
                return Reading(start.kind, day, finish, grain)
        return None

    def _last(self, now: Now, start: Reading) -> list[Reading]:
        last = self.last
        if last.day is None and isinstance(start.start, datetime):
            day = start.start.date()
            found = Moment(Fixed(Span(day, day, "day")), last.time).readings(now)
            if all(isinstance(r.start, datetime) and r.start <= start.start for r in found):
                day += timedelta(days=1)
                found = Moment(Fixed(Span(day, day, "day")), last.time).readings(now)
            return found
        if isinstance(last.day, Weekday | DayOfMonth) and last.time is None:
            return [
                Reading("date", span.start, span.end, span.grain, point=True)
                for span in last.day.readings(now)
            ]
        return last.readings(now)


class Readings(Expression):
    """One of several expressions, the likeliest first."""

    __slots__ = ("options",)

    def __init__(self, options: list[Expression]) -> None:
        self.options = options

    def readings(self, now: Now) -> list[Reading]:
        return [reading for option in self.options for reading in option.readings(now)]


class About(Expression):
    """About another expression."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        self.inner = inner

    def readings(self, now: Now) -> list[Reading]:
        return [replace(reading, approximate=True) for reading in self.inner.readings(now)]


class AnyOf(Expression):
    """Either of several: Monday or Tuesday."""

    __slots__ = ("options",)

    def __init__(self, options: list[Expression]) -> None:
        self.options = options

    def readings(self, now: Now) -> list[Reading]:
        return [option.readings(now)[0] for option in self.options]
