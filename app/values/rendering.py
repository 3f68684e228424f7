"""Readings of a phrase → the resolution: the value as JSON."""

from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.values.context import Now
from app.values.errors import UnresolvedError
from app.values.moments import Reading

__all__ = ["ClockChange", "Resolution", "resolution_of"]

Resolution = dict[str, Any]
ClockChange = Literal["gap", "fold"]


def time_of_day(seconds: int) -> str:
    """Seconds after midnight as `18:30`, with seconds if any; the end of a day is `24:00`."""
    if seconds > 24 * 3600:
        seconds -= 24 * 3600
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if second else text


def in_zone(local: datetime, zone: ZoneInfo | None) -> tuple[str, ClockChange | None, str | None]:
    """
    A local time in its zone: as ISO 8601 with an offset, the clock's change, and the time again.

    The change is None, except for a time that the clock skips ("gap", with the offset before the
    change) or shows twice ("fold"). Only a fold has a time again, the later one. Raises
    UnresolvedError("needs_reference") if there is no zone.
    """
    if local.tzinfo is not None:  # after elapsed time, which is exact
        return local.isoformat(), None, None
    if zone is None:
        raise UnresolvedError("needs_reference")
    aware = local.replace(tzinfo=zone)
    again = aware.replace(fold=1)
    first, second = aware.utcoffset(), again.utcoffset()
    if first == second:
        return aware.isoformat(), None, None
    assert first is not None
    assert second is not None
    change: ClockChange = "gap" if second > first else "fold"
    return aware.isoformat(), change, again.isoformat() if change == "fold" else None


def day_value(reading: Reading) -> str:
    """A date, week, month or year as ISO 8601 at the grain of the reading."""
    start = reading.start
    assert isinstance(start, date)
    if reading.grain == "day":
        return start.isoformat()
    if reading.grain == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    return start.isoformat()[: 7 if reading.grain == "month" else 4]


def rendered(reading: Reading, now: Now) -> list[Resolution]:
    """The JSON of one reading; two for a time that the clock shows twice."""
    resolution: Resolution = {"type": reading.type}
    again = change = None
    ends = (
        (("value", reading.start),)
        if reading.point
        else (("from", reading.start), ("to", reading.end))
    )
    for field, end in ends:
        if end is None:
            continue
        if isinstance(end, int):
            resolution[field] = time_of_day(end)
        elif isinstance(end, datetime):
            resolution[field], change_here, again = in_zone(end, now.zone)
            change = change or change_here
        else:
            resolution[field] = day_value(reading) if reading.point else end.isoformat()
    resolution["grain"] = reading.grain
    if reading.part is not None:
        resolution["part_of_day"] = reading.part
    if reading.approximate:
        resolution["approximate"] = True
    if reading.past(now):
        resolution["past"] = True
    if change is not None:
        resolution["clock_change"] = change
    if again and reading.point:
        return [resolution, {**resolution, "value": again}]
    return [resolution]


def resolution_of(readings: list[Reading], now: Now) -> Resolution:
    """The resolution of the likeliest reading, with the others as `alternatives`."""
    if len(readings) == 1 and readings[0].type != "datetime":
        return rendered(readings[0], now)[0]
    resolutions = [resolution for reading in readings for resolution in rendered(reading, now)]
    first = resolutions[0]
    others: list[Resolution] = []
    for resolution in resolutions[1:]:
        if resolution != first and resolution not in others:
            others.append(resolution)
    if others:
        first["alternatives"] = others
    return first
