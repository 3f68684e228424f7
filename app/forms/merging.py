"""
Merging an earlier date, time or datetime of a slot with a new one → one value.

A time completes a day, and a day completes a time. A correction of only one of them replaces only
that one. A new value with both replaces all.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from app.forms.constraints import has_day, has_time, same_value
from app.values import Context, Resolution
from app.values.rendering import in_zone

__all__ = ["from_readings", "merged", "readings_of"]

MOST = 8


def readings_of(resolution: Resolution) -> list[Resolution]:
    """The readings of a resolution: itself and its alternatives, likeliest first."""
    first = {key: value for key, value in resolution.items() if key != "alternatives"}
    return [first, *resolution.get("alternatives", [])]


def from_readings(readings: list[Resolution]) -> Resolution:
    """
    One resolution of several readings, likeliest first: the inverse of `readings_of`.

    A reading that occurs twice counts once.
    """
    distinct: list[Resolution] = []
    for reading in readings:
        if not any(same_value(reading, kept) for kept in distinct):
            distinct.append(reading)
    first, *others = distinct[:MOST]
    return {**first, "alternatives": others} if others else dict(first)


def merged(old: Resolution, new: Resolution, context: Context) -> tuple[Resolution, bool]:
    """
    Merge the earlier value of a slot with a new one.

    The second result is whether the new value completed the old one rather than replaced it.
    Without a time zone, a day and a time give an unresolved value, `needs_reference`.
    """
    if not has_day(new):
        return with_time(old, new, context)
    if not has_time(new) and is_day(new):
        return with_day(old, new, context)
    if has_time(new) and not has_day(old):
        readings = within(old, new, context)
        if readings:
            return from_readings(readings), True
    both_are_days = is_day(old) and is_day(new)
    return new, both_are_days and not has_time(old) and day_of(old) == day_of(new)


def with_time(old: Resolution, new: Resolution, context: Context) -> tuple[Resolution, bool]:
    """Merge an earlier value with a new time of day, as `merged`."""
    if not has_day(old):
        readings = [reading for reading in readings_of(old) if in_part(reading, new)]
        return (from_readings(readings), True) if readings else (new, False)
    if not is_day(old):
        return new, False
    if not has_time(old):
        return combined(readings_of(old), readings_of(new), context), True
    readings = [
        reading
        for reading in readings_of(old)
        if "value" in reading and in_part(time_of(reading), new)
    ]
    if readings:
        return from_readings(readings), True
    days: list[Resolution] = [{"type": "date", "value": day_of(old).isoformat(), "grain": "day"}]
    datetimes = combined(days, readings_of(new), context)
    narrower = [reading for reading in readings_of(datetimes) if lies_within(reading, old)]
    if "part_of_day" in old and narrower:
        return from_readings(narrower), True
    return datetimes, False


def with_day(old: Resolution, new: Resolution, context: Context) -> tuple[Resolution, bool]:
    """Merge an earlier value with a new single day, as `merged`."""
    if not has_day(old):
        return combined(readings_of(new), readings_of(old), context), True
    if not has_time(old) or not is_day(old):
        return new, False
    times = [time_of(reading) for reading in readings_of(old)]
    return combined(readings_of(new), times, context), False


def is_day(resolution: Resolution) -> bool:
    """Whether a date or datetime lies within one day."""
    if "any_of" in resolution or not has_day(resolution):
        return False
    if resolution["type"] == "date":
        return resolution.get("grain") == "day" and "value" in resolution
    ends = [resolution[end] for end in ("value", "from", "to") if end in resolution]
    return last_day(ends[-1]) <= first_day(ends[0])


def first_day(text: str) -> date:
    """The day of an ISO 8601 date or datetime."""
    return date.fromisoformat(text[:10])


def last_day(text: str) -> date:
    """The day on which a range ends: midnight belongs to the day before."""
    day = first_day(text)
    return day - timedelta(days=1) if text[11:] and text[11:16] == "00:00" else day


def day_of(resolution: Resolution) -> date:
    """The day of a value for which `is_day` holds."""
    for end in ("value", "from"):
        if end in resolution:
            return first_day(resolution[end])
    return last_day(resolution["to"])


def time_of(moment: Resolution) -> Resolution:
    """The time of day of a datetime that lies within one day."""
    reading: dict[str, Any] = {
        key: value
        for key, value in moment.items()
        if key not in ("past", "clock_change", "alternatives")
    }
    reading["type"] = "time"
    for end in ("value", "from", "to"):
        if end in reading:
            reading[end] = (
                datetime.fromisoformat(reading[end]).strftime("%H:%M:%S").removesuffix(":00")
            )
    if reading.get("to") == "00:00":
        reading["to"] = "24:00"
    return reading


def combined(days: list[Resolution], times: list[Resolution], context: Context) -> Resolution:
    """Each of the days with each of the times as datetimes, likeliest first."""
    if context.zone is None:
        return {"type": "datetime", "unresolved": "needs_reference"}
    datetimes = [dated(day, time, context) for day in days if is_day(day) for time in times]
    return from_readings(datetimes)


def dated(day: Resolution, time_: Resolution, context: Context) -> Resolution:
    """The datetime of a time of day on a day, in the context's zone."""
    resolution: Resolution = {
        key: value for key, value in time_.items() if key not in ("alternatives", "any_of")
    }
    resolution["type"] = "datetime"
    if "any_of" in time_:
        resolution["any_of"] = [dated(day, option, context) for option in time_["any_of"]]
        return resolution
    start_day = day_of(day)
    over_midnight = (
        "from" in resolution and "to" in resolution and resolution["to"] < resolution["from"]
    )
    for end in ("value", "from", "to"):
        if end in resolution:
            next_day = resolution[end] == "24:00" or (end == "to" and over_midnight)
            clock = time() if resolution[end] == "24:00" else time.fromisoformat(resolution[end])
            moment = datetime.combine(start_day + timedelta(days=next_day), clock)
            resolution[end], change, _ = in_zone(moment, context.zone)
            if change is not None:
                resolution["clock_change"] = change
    if day.get("approximate"):
        resolution["approximate"] = True
    return resolution


def within(old: Resolution, new: Resolution, context: Context) -> list[Resolution]:
    """
    The readings of an earlier time that lie in the part of a day that the new value says.

    An empty list if there is no such reading.
    """
    if "part_of_day" not in new or not is_day(new) or context.zone is None:
        return []
    day: Resolution = {"type": "date", "value": day_of(new).isoformat(), "grain": "day"}
    datetimes = combined([day], readings_of(old), context)
    return [reading for reading in readings_of(datetimes) if lies_within(reading, new)]


def in_part(reading: Resolution, part: Resolution) -> bool:
    """Whether a time of day lies in a part of the day, such as 18:00 to 24:00."""
    if "part_of_day" not in part or "value" not in reading:
        return False
    return bool(part.get("from", "00:00") <= reading["value"] < part.get("to", "24:00"))


def lies_within(point: Resolution, part: Resolution) -> bool:
    """Whether a datetime is a point within a range that has both ends."""
    if "value" not in point or "from" not in part or "to" not in part:
        return False
    moment = datetime.fromisoformat(point["value"])
    first, last = (datetime.fromisoformat(part[end]) for end in ("from", "to"))
    return first <= moment < last
