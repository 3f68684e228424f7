"""Readings of a phrase → the JSON of a resolution."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.values.context import Now
from app.values.errors import UnresolvedError
from app.values.moments import Reading

__all__ = ["Resolution", "resolution_of"]

Resolution = dict[str, Any]


def time_of_day(seconds: int) -> str:
    """`18:30`, with seconds if there are any; the end of a day is `24:00`."""
    if seconds > 24 * 3600:
        seconds -= 24 * 3600
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if second else text


def in_zone(local: datetime, zone: ZoneInfo | None) -> tuple[str, str | None, str | None]:
    """
    A local time with its offset, what the clock did, and the same shown again.

    `gap` is a time that the clock skips: it has the offset before the change. `fold` is one that it
    shows twice: the earlier comes first.
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
    change = "gap" if second > first else "fold"
    return aware.isoformat(), change, again.isoformat() if change == "fold" else None


def day_value(reading: Reading) -> str:
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
    made: Resolution = {"type": reading.kind}
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
            made[field] = time_of_day(end)
        elif isinstance(end, datetime):
            made[field], changed, again = in_zone(end, now.zone)
            change = change or changed
        else:
            made[field] = day_value(reading) if reading.point else end.isoformat()
    made["grain"] = reading.grain
    if reading.part is not None:
        made["part_of_day"] = reading.part
    if reading.approximate:
        made["approximate"] = True
    if reading.past(now):
        made["past"] = True
    if change is not None:
        made["clock_change"] = change
    return [{**made}, {**made, "value": again}] if again and reading.point else [made]


def resolution_of(readings: list[Reading], now: Now) -> Resolution:
    """The likeliest reading, with the others as `alternatives`."""
    if len(readings) == 1 and readings[0].kind != "datetime":
        return rendered(readings[0], now)[0]
    made = [one for reading in readings for one in rendered(reading, now)]
    first = made[0]
    others: list[Resolution] = []
    for one in made[1:]:
        if one != first and one not in others:
            others.append(one)
    if others:
        first["alternatives"] = others
    return first
