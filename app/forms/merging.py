"""
What was known of a moment and what is said now → one value.

A time completes a day and a day a time; a correction that says only one of them replaces only that
one. What says both replaces all.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from app.forms.constraints import has_day, has_time, same_value
from app.values import Context, Resolution
from app.values.rendering import in_zone

__all__ = ["from_readings", "merged", "readings_of"]

MOST = 8


def readings_of(resolution: Resolution) -> list[Resolution]:
    """The value and its alternatives, each without alternatives, likeliest first."""
    first = {key: value for key, value in resolution.items() if key != "alternatives"}
    return [first, *resolution.get("alternatives", [])]


def from_readings(readings: list[Resolution]) -> Resolution:
    """The inverse of `readings_of`; a reading that is there twice counts once."""
    distinct: list[Resolution] = []
    for reading in readings:
        if not any(same_value(reading, one) for one in distinct):
            distinct.append(reading)
    first, *others = distinct[:MOST]
    return {**first, "alternatives": others} if others else dict(first)


def merged(old: Resolution, new: Resolution, context: Context) -> tuple[Resolution, bool]:
    """
    The moment that both say, and whether the new one completed the old rather than replaced it.

    A day and a time need a time zone: without one the answer is unresolved, `needs_reference`.
    """
    if not has_day(new):
        return with_time(old, new, context)
    if not has_time(new) and is_day(new):
        return with_day(old, new, context)
    if has_time(new) and not has_day(old):
        chosen = within(old, new, context)
        if chosen:
            return from_readings(chosen), True
    both = is_day(old) and is_day(new)
    return new, both and not has_time(old) and day_of(old) == day_of(new)


def with_time(old: Resolution, new: Resolution, context: Context) -> tuple[Resolution, bool]:
    """A moment, and then a time alone."""
    if not has_day(old):
        chosen = [one for one in readings_of(old) if in_part(one, new)]
        return (from_readings(chosen), True) if chosen else (new, False)
    if not is_day(old):
        return new, False
    if not has_time(old):
        return combined(readings_of(old), readings_of(new), context), True
    chosen = [one for one in readings_of(old) if "value" in one and in_part(time_of(one), new)]
    if chosen:
        return from_readings(chosen), True
    days: list[Resolution] = [{"type": "date", "value": day_of(old).isoformat(), "grain": "day"}]
    made = combined(days, readings_of(new), context)
    narrower = [one for one in readings_of(made) if lies_within(one, old)]
    if "part_of_day" in old and narrower:
        return from_readings(narrower), True
    return made, False


def with_day(old: Resolution, new: Resolution, context: Context) -> tuple[Resolution, bool]:
    """A moment, and then a day alone."""
    if not has_day(old):
        return combined(readings_of(new), readings_of(old), context), True
    if not has_time(old) or not is_day(old):
        return new, False
    times = [time_of(one) for one in readings_of(old)]
    return combined(readings_of(new), times, context), False


def is_day(resolution: Resolution) -> bool:
    """Whether a moment lies in one day, which is said."""
    if "any_of" in resolution or not has_day(resolution):
        return False
    if resolution["type"] == "date":
        return resolution.get("grain") == "day" and "value" in resolution
    ends = [resolution[end] for end in ("value", "from", "to") if end in resolution]
    return last_day(ends[-1]) <= first_day(ends[0])


def first_day(text: str) -> date:
    return date.fromisoformat(text[:10])


def last_day(text: str) -> date:
    """The day that a datetime ends: midnight belongs to the day before it."""
    found = first_day(text)
    return found - timedelta(days=1) if text[11:] and text[11:16] == "00:00" else found


def day_of(resolution: Resolution) -> date:
    """The day of what `is_day`."""
    for end in ("value", "from"):
        if end in resolution:
            return first_day(resolution[end])
    return last_day(resolution["to"])


def time_of(resolution: Resolution) -> Resolution:
    """The time of a datetime that lies in one day."""
    made: dict[str, Any] = {
        key: value
        for key, value in resolution.items()
        if key not in ("past", "clock_change", "alternatives")
    }
    made["type"] = "time"
    for end in ("value", "from", "to"):
        if end in made:
            made[end] = datetime.fromisoformat(made[end]).strftime("%H:%M:%S").removesuffix(":00")
    if made.get("to") == "00:00":
        made["to"] = "24:00"
    return made


def combined(days: list[Resolution], times: list[Resolution], context: Context) -> Resolution:
    """Each day with each time, likeliest first."""
    if context.zone is None:
        return {"type": "datetime", "unresolved": "needs_reference"}
    made = [dated(day, time, context) for day in days if is_day(day) for time in times]
    return from_readings(made)


def dated(day: Resolution, time_: Resolution, context: Context) -> Resolution:
    """A time on a day, in the context's zone."""
    made: Resolution = {
        key: value for key, value in time_.items() if key not in ("alternatives", "any_of")
    }
    made["type"] = "datetime"
    if "any_of" in time_:
        made["any_of"] = [dated(day, one, context) for one in time_["any_of"]]
        return made
    on = day_of(day)
    over_midnight = "from" in made and "to" in made and made["to"] < made["from"]
    for end in ("value", "from", "to"):
        if end in made:
            later = made[end] == "24:00" or (end == "to" and over_midnight)
            clock = time() if made[end] == "24:00" else time.fromisoformat(made[end])
            moment = datetime.combine(on + timedelta(days=later), clock)
            made[end], change, _ = in_zone(moment, context.zone)
            if change is not None:
                made["clock_change"] = change
    if day.get("approximate"):
        made["approximate"] = True
    return made


def within(old: Resolution, new: Resolution, context: Context) -> list[Resolution]:
    """The readings of a time alone that lie in a part of a day that is said now."""
    if "part_of_day" not in new or not is_day(new) or context.zone is None:
        return []
    day: Resolution = {"type": "date", "value": day_of(new).isoformat(), "grain": "day"}
    made = combined([day], readings_of(old), context)
    return [one for one in readings_of(made) if lies_within(one, new)]


def in_part(one: Resolution, part: Resolution) -> bool:
    """Whether a time alone lies in a part of the day, such as 18:00 to 24:00."""
    if "part_of_day" not in part or "value" not in one:
        return False
    return bool(part.get("from", "00:00") <= one["value"] < part.get("to", "24:00"))


def lies_within(one: Resolution, part: Resolution) -> bool:
    """Whether a datetime is a point in a range that has both ends."""
    if "value" not in one or "from" not in part or "to" not in part:
        return False
    at = datetime.fromisoformat(one["value"])
    first, last = (datetime.fromisoformat(part[end]) for end in ("from", "to"))
    return first <= at < last
