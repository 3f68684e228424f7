"""Readings of a phrase → the JSON of a resolution."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.values.context import Now
from app.values.errors import UnresolvedError
from app.values.moments import End, Reading

__all__ = ["Resolution", "resolution_of"]

Resolution = dict[str, Any]


def time_of_day(seconds: int) -> str:
    """`18:30`, with seconds if there are any; the end of a day is `24:00`."""
    if seconds > 24 * 3600:
        seconds -= 24 * 3600
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if second else text


def clock_change(local: datetime, zone: ZoneInfo) -> str | None:
    """`gap` for a time that the clock skips, `fold` for one that it shows twice."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return None
    assert first is not None
    assert second is not None
    return "gap" if second > first else "fold"


def day_value(reading: Reading) -> str:
    start = reading.start
    assert isinstance(start, date)
    if reading.grain == "day":
        return start.isoformat()
    if reading.grain == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    return start.isoformat()[: 7 if reading.grain == "month" else 4]


def end_value(end: End, zone: ZoneInfo | None) -> str:
    if isinstance(end, int):
        return time_of_day(end)
    if isinstance(end, datetime):
        if end.tzinfo is not None:
            return end.isoformat()
        if zone is None:
            raise UnresolvedError("needs_reference")
        return end.replace(tzinfo=zone).isoformat()
    return end.isoformat()


def rendered(reading: Reading, now: Now) -> list[Resolution]:
    """The JSON of one reading; two for a time that the clock shows twice."""
    made: Resolution = {"type": reading.kind}
    again: str | None = None
    if reading.point:
        assert reading.start is not None
        if reading.kind == "date":
            made["value"] = day_value(reading)
        else:
            made["value"] = end_value(reading.start, now.zone)
    else:
        if reading.start is not None:
            made["from"] = end_value(reading.start, now.zone)
        if reading.end is not None:
            made["to"] = end_value(reading.end, now.zone)
    made["grain"] = reading.grain
    if reading.part is not None:
        made["part_of_day"] = reading.part
    if reading.approximate:
        made["approximate"] = True
    if reading.past(now):
        made["past"] = True
    if reading.kind == "datetime":
        again = changed(reading, made, now.zone)
    return [made] if again is None else [made, {**made, "value": again}]


def changed(reading: Reading, made: Resolution, zone: ZoneInfo | None) -> str | None:
    """Note a clock change; the second of two points that the clock shows alike."""
    for end in (reading.start, reading.end):
        if isinstance(end, datetime) and zone is not None and end.tzinfo is None:
            change = clock_change(end, zone)
            if change is not None:
                made["clock_change"] = change
                if change == "fold" and reading.point:
                    return end.replace(tzinfo=zone, fold=1).isoformat()
    return None


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
