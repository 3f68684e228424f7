"""
Expressions of times, and what each means in the present: clock times, days, bounds and ranges.

A rule of a language makes an expression. Its `readings` are what the words may mean. The ends of a
reading are naive local times until `rendering` gives them the offset of their zone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

from app.values.context import PARTS_OF_DAY, Now
from app.values.days import Day, DayOfMonth, Fixed, add, day_span, year_span
from app.values.errors import UnresolvedError
from app.values.weekdays import Weekday

__all__ = [
    "TIMES",
    "About",
    "Anchored",
    "AnyOf",
    "Bound",
    "Clock",
    "Expression",
    "Grain",
    "Moment",
    "Offset",
    "PartOfDay",
    "Present",
    "Range",
    "Reading",
    "Readings",
    "Time",
    "TimeType",
    "Within",
    "YearOrClock",
]

DAY = 24 * 3600
TimeType = Literal["date", "time", "datetime"]
End = date | datetime | int
Grain = Literal["second", "minute", "hour", "day", "week", "month", "year"]
GRAINS = get_args(Grain)
TIMES = get_args(TimeType)  # the types of values that are times


@dataclass(slots=True)
class Reading:
    """
    One thing that the words may mean.

    `start` and `end` are dates, seconds after midnight or naive local datetimes, by `type`; the end
    date is inside. None is an open end. `point` is set if a single value says all of it: `start`,
    or a whole span such as a week. `part` is the part of the day that was said.
    """

    type: TimeType
    start: End | None
    end: End | None
    grain: str
    point: bool = False
    part: str | None = None
    approximate: bool = False

    def within(self, start: End | None, end: End | None, grain: str, part: str | None) -> "Reading":
        """A range with other ends, of the same type."""
        return Reading(self.type, start, end, grain, False, part, self.approximate)

    def past(self, now: Now) -> bool:
        """Whether all of the reading is before the present; a time of day never is."""
        last = self.start if self.point and self.type != "date" else self.end
        if last is None or self.type == "time" or not now.known:
            return False
        if isinstance(last, datetime):
            last = last.replace(second=0, microsecond=0, tzinfo=None)
            if self.grain == "hour" and self.point:
                return now.has_come(later(last.replace(minute=0), timedelta(hours=1)))
            return now.has_come(later(last, timedelta(minutes=1)))
        return isinstance(last, date) and now.has_come(later(midnight(last), timedelta(days=1)))


class Clock:
    """
    A time of day, as seconds after midnight.

    There are two if nothing said which half of the day is meant: "at 7" is 7:00 or 19:00. More than
    24 hours are on the next day.
    """

    __slots__ = ("grain", "halved", "seconds")

    def __init__(self, seconds: tuple[int, ...], grain: str, *, halved: bool = False) -> None:
        """`grain` is the smallest unit that was said; `halved` tells that am or pm was."""
        self.seconds = seconds
        self.grain = grain
        self.halved = halved

    @property
    def explicit(self) -> bool:
        """Whether only one time can be meant."""
        return len(self.seconds) == 1


class PartOfDay:
    """A part of the day, such as the morning; `name` is a key of PARTS_OF_DAY."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Time = Clock | PartOfDay


class Expression:
    """Base of what a phrase says about time, whatever the present is."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Reading]:
        """
        What the words may mean in the present, likeliest first; never an empty list.

        Raises UnresolvedError if they mean nothing.
        """
        raise NotImplementedError


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def later(moment: datetime, step: timedelta) -> datetime:
    """The moment plus `step`, or the end of the calendar if that is earlier."""
    try:
        return moment + step
    except OverflowError:
        return datetime.max


def preferred(readings: list[Reading], now: Now) -> list[Reading]:
    """
    The readings that are not past, if the slot prefers the future and there is such a reading.

    Else all of them.
    """
    if len(readings) < 2 or now.prefer != "future":
        return readings
    return [reading for reading in readings if not reading.past(now)] or readings


class Moment(Expression):
    """A day, a time of day, or both."""

    __slots__ = ("approximate", "day", "time")

    def __init__(self, day: Day | None, time: Time | None, *, approximate: bool = False) -> None:
        self.day = day
        self.time = time
        self.approximate = approximate

    def readings(self, now: Now) -> list[Reading]:
        if self.day is None:
            readings = self._times(now)
            if isinstance(self.time, Clock):
                grain = self.time.grain
                seconds = dict.fromkeys(second % DAY for second in self.time.seconds)
                readings = [Reading("time", second, None, grain, point=True) for second in seconds]
        elif self.time is None:
            readings = [
                Reading("date", span.start, span.end, span.grain, span.named)
                for span in self.day.readings(now)
            ]
            readings = preferred(readings, now)
        else:
            readings = preferred(self._dated(now), now)
            if readings[0].past(now) and self.day.recurs and now.prefer == "future":
                readings = preferred(self._dated(now.tomorrow()), now)
        if self.approximate:
            for reading in readings:
                reading.approximate = True
        return readings

    def _times(self, now: Now) -> list[Reading]:
        """The readings of the time of day alone, as seconds after midnight."""
        time = self.time
        if isinstance(time, Clock):
            return [
                Reading("time", second, None, time.grain, point=True) for second in time.seconds
            ]
        assert time is not None, "a moment has a day or a time"
        first, last = now.parts.get(time.name) or PARTS_OF_DAY[time.name]
        return [Reading("time", first * 60, last * 60, "hour", part=time.name)]

    def _dated(self, now: Now) -> list[Reading]:
        """The readings of the time of day on each reading of the day."""
        assert self.day is not None, "a dated moment has a day"
        readings = []
        for span in self.day.readings(now):
            if span.start != span.end:
                raise UnresolvedError
            start = midnight(span.start)
            for time in self._times(now):
                readings.append(dated(time, start))  # noqa: PERF401
        return readings


def dated(time: Reading, day: datetime) -> Reading:
    """The reading of a time of day, moved to the day that begins at the midnight `day`."""
    ends = [
        day + timedelta(seconds=end) if isinstance(end, int) else None
        for end in (time.start, time.end)
    ]
    return Reading("datetime", ends[0], ends[1], time.grain, time.point, time.part)


class Present(Expression):
    """The present itself: "now"."""

    __slots__ = ()

    def readings(self, now: Now) -> list[Reading]:
        moment = now.moment.replace(microsecond=0)
        return [Reading("datetime", moment, None, "second", point=True)]


class Offset(Expression):
    """
    A time so long after the present, or before it where the amounts are negative.

    `later` adds the reading "so long after the anchor" where the slot has one: "two days later".
    """

    __slots__ = ("amounts", "later")

    def __init__(self, amounts: list[tuple[int, str]], *, later: bool = False) -> None:
        self.amounts = amounts
        self.later = later

    def readings(self, now: Now) -> list[Reading]:
        readings = [self._after(now, now.today)]
        if self.later and now.anchor is not None and readings[0].type == "date":
            readings.insert(0, self._after(now, now.anchor))
        return readings

    def _after(self, now: Now, day: date) -> Reading:
        """The reading so long after `day`; hours and less are counted from the present."""
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
    """The range from now until so long after it: "within two days"."""

    __slots__ = ("offset",)

    def __init__(self, amounts: list[tuple[int, str]]) -> None:
        self.offset = Offset(amounts)

    def readings(self, now: Now) -> list[Reading]:
        (last,) = self.offset.readings(now)
        if last.type == "date":
            return [Reading("date", now.today, last.start, "day")]
        start = now.moment.replace(second=0, microsecond=0)
        return [Reading("datetime", start, last.start, last.grain)]


class YearOrClock(Expression):
    """Four digits such as 2030: a year that is near, or the time 20:30."""

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
    """
    A day counted from the day of another slot (the anchor): "the next day".

    Raises UnresolvedError("needs_anchor") if that slot has no day.
    """

    __slots__ = ("offset", "time")

    def __init__(self, offset: int, time: Time | None = None) -> None:
        self.offset = offset
        self.time = time

    def readings(self, now: Now) -> list[Reading]:
        if now.anchor is None:
            raise UnresolvedError("needs_anchor")
        day = add(now.anchor, self.offset, "day")
        return Moment(Fixed(day_span(day)), self.time).readings(now)


Side = Literal["before", "by", "after", "since"]


class Bound(Expression):
    """
    A range with one open end: "before 6 pm", "by Friday", "after the 3rd", "from Monday on".

    `side` tells which end is given; "by" and "since" include the moment. `inclusive_too` adds the
    reading of "before" that includes the day, which 之前 may mean.
    """

    __slots__ = ("inclusive_too", "moment", "side")

    def __init__(self, side: Side, moment: Expression, *, inclusive_too: bool = False) -> None:
        self.side = side
        self.moment = moment
        self.inclusive_too = inclusive_too

    def readings(self, now: Now) -> list[Reading]:
        ranges = [self._bounded(reading, self.side) for reading in self.moment.readings(now)]
        if self.inclusive_too and self.side == "before" and ranges[0].type == "date":
            ranges += [self._bounded(reading, "by") for reading in self.moment.readings(now)]
        return ranges

    @staticmethod
    def _bounded(reading: Reading, side: Side) -> Reading:
        """The range before, until, after or from one reading."""
        if reading.point and reading.type != "date":
            ends = (None, reading.start) if side in ("before", "by") else (reading.start, None)
            if reading.type == "time" and ends[1] == 0:
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
        grain = "day" if reading.type == "date" else reading.grain
        return reading.within(bounds[0], bounds[1], grain, None)


def next_to(end: End, days: int) -> End:
    """The date `days` after a date; a time or datetime is returned as it is."""
    if isinstance(end, date) and not isinstance(end, datetime):
        return end + timedelta(days=days)
    return end


class Range(Expression):
    """
    A range from one moment to another.

    `day` is the day of both ends where it was said once: "on Friday from 2 to 4".
    """

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
            readings = self._times()
            if self.day is not None:
                present = now
                while True:
                    days = self.day.readings(present)
                    if any(span.start != span.end for span in days):
                        raise UnresolvedError
                    dates = [dated(time, midnight(s.start)) for s in days for time in readings]
                    dates = preferred(dates, now)
                    past = dates[0].past(now) and self.day.recurs and now.prefer == "future"
                    if not past or present is not now:
                        break
                    present = now.tomorrow()
                readings = dates
        else:
            readings = self._days(now)
        if self.approximate:
            for reading in readings:
                reading.approximate = True
        return readings

    def _times(self) -> list[Reading]:
        """The ranges of two times of day; of two halves of the day, the shortest fits."""
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
        """
        The ranges that begin with each reading of the first moment.

        Raises UnresolvedError("contradiction") if every one of them would end before it begins.
        """
        readings = []
        for start in self.first.readings(now):
            day = start.start
            if isinstance(day, int) or day is None:
                raise UnresolvedError
            # The next Sunday from now may be before the Friday that the range begins with.
            later = now.on(day.date() if isinstance(day, datetime) else day)
            ranges = (self._ending(now, start, day), self._ending(later, start, day))
            reading = next((reading for reading in ranges if reading is not None), None)
            if reading is not None:
                readings.append(reading)
        if not readings:
            raise UnresolvedError("contradiction")
        return readings

    def _ending(self, now: Now, start: Reading, day: date) -> Reading | None:
        """The range that begins with `start`, or None if the last moment is before it."""
        for end in self._last(now, start):
            if end.type != start.type:
                raise UnresolvedError
            finish = end.start if end.point and end.type != "date" else end.end
            if isinstance(finish, date) and finish >= day:
                grain = min(start.grain, end.grain, key=GRAINS.index)
                grain = "day" if start.type == "date" and grain == "week" else grain
                return Reading(start.type, day, finish, grain)
        return None

    def _last(self, now: Now, start: Reading) -> list[Reading]:
        """The readings of the last moment, which takes the day of `start` if it has none."""
        last = self.last
        if last.day is None and isinstance(start.start, datetime):
            day = start.start.date()
            readings = Moment(Fixed(day_span(day)), last.time).readings(now)
            if all(
                isinstance(reading.start, datetime) and reading.start <= start.start
                for reading in readings
            ):
                day += timedelta(days=1)
                readings = Moment(Fixed(day_span(day)), last.time).readings(now)
            return readings
        if isinstance(last.day, Weekday | DayOfMonth) and last.time is None:
            return [
                Reading("date", span.start, span.end, span.grain, point=True)
                for span in last.day.readings(now)
            ]
        return last.readings(now)


class Readings(Expression):
    """Several expressions that the words may be, likeliest first."""

    __slots__ = ("options",)

    def __init__(self, options: list[Expression]) -> None:
        self.options = options

    def readings(self, now: Now) -> list[Reading]:
        return [reading for option in self.options for reading in option.readings(now)]


class About(Expression):
    """An expression that is only approximate."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        self.inner = inner

    def readings(self, now: Now) -> list[Reading]:
        return [replace(reading, approximate=True) for reading in self.inner.readings(now)]


class AnyOf(Expression):
    """Several moments of which the speaker takes any: "Monday or Tuesday"."""

    __slots__ = ("options",)

    def __init__(self, options: list[Expression]) -> None:
        self.options = options

    def readings(self, now: Now) -> list[Reading]:
        return [option.readings(now)[0] for option in self.options]
