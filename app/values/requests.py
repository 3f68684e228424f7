"""The context that a request gives, and the values of all slots of its text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.values.context import Context
from app.values.rendering import Resolution
from app.values.resolution import SlotType, resolve

__all__ = ["InvalidContextError", "context_of", "resolve_slots"]

MAX_ZONE = 64


class InvalidContextError(ValueError):
    """The field `field` of the request cannot be used; the message says what it must be."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


def context_of(
    reference_time: datetime | None, time_zone: str | None, locale: str, now: datetime
) -> Context:
    """
    The context of a request.

    `now`, an aware datetime, is used if the request gives no reference time. Raises
    InvalidContextError for a zone that the IANA database lacks, for a time without an offset where
    no zone is given, and for a year that is not between 2 and 9998.
    """
    zone = None if time_zone is None else zone_of(time_zone)
    moment = now if reference_time is None else reference_time
    if moment.tzinfo is None:
        if zone is None:
            raise InvalidContextError(
                "reference_time", "give an offset, such as +01:00, or a time_zone"
            )
        moment = moment.replace(tzinfo=zone)
    if not 2 <= moment.year <= 9998:
        raise InvalidContextError("reference_time", "give a year from 0002 to 9998")
    return Context(moment, zone, locale)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name; raises InvalidContextError if there is none."""
    try:
        if len(name) > MAX_ZONE:
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no such zone, a path, a folder
        raise InvalidContextError(
            "time_zone", "give a name of the IANA database, such as Europe/London"
        ) from None


def resolve_slots(
    text: str,
    slots: Sequence[tuple[str, int, int]],
    types: Mapping[str, SlotType],
    context: Context,
) -> list[Resolution | None]:
    """
    The values of the slots (name, start, end) of a text, None for those without a declared type.

    Slots with an anchor are resolved last: "the next day" needs the day of the departure.
    """
    resolutions: list[Resolution | None] = [None] * len(slots)
    anchored: list[int] = []
    for index, (name, start, end) in enumerate(slots):
        slot = types.get(name)
        if slot is None:
            continue
        if slot.anchor is not None:
            anchored.append(index)
            continue
        resolutions[index] = resolve(text, start, end, slot, context)
    if anchored:
        days: dict[str, date] = {}
        for (name, _, _), resolution in zip(slots, resolutions, strict=True):
            day = None if resolution is None else day_of(resolution)
            if day is not None:
                days.setdefault(name, day)
        for index in anchored:
            name, start, end = slots[index]
            slot = types[name]
            anchor = days.get(slot.anchor or "")
            resolutions[index] = resolve(text, start, end, slot, context, anchor)
    return resolutions


def day_of(resolution: Resolution) -> date | None:
    """
    The day that slots with this anchor count from.

    It is the last day of a range. None if the resolution has no day, or is a week, month or year.
    """
    if resolution["type"] not in ("date", "datetime"):
        return None
    if resolution.get("grain") in ("week", "month", "year"):
        return None
    text = resolution.get("value") or resolution.get("to") or resolution.get("from")
    return None if text is None else date.fromisoformat(text[:10])
