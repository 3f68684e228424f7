"""What a request says about time and place → a context; and all slots of a text → their values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.values.context import Context
from app.values.rendering import Resolution
from app.values.resolution import SlotType, resolve

__all__ = ["InvalidContextError", "context_of", "resolve_slots"]

MAX_ZONE = 64


class InvalidContextError(ValueError):
    """`field` of the request cannot be used; the message says what it must be."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


def context_of(
    reference_time: datetime | None, time_zone: str | None, locale: str, now: datetime
) -> Context:
    """
    The context of a request; `now` (aware) is the reference time where it gives none.

    Raises InvalidContextError for a zone that the IANA database lacks, and for a naive time without
    a zone.
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
    The values of slots (name, start, end) of a text, None for those of no declared type.

    Slots that others are counted from come first: "the next day" follows the departure.
    """
    found: list[Resolution | None] = [None] * len(slots)
    anchored: list[int] = []
    for index, (name, start, end) in enumerate(slots):
        slot = types.get(name)
        if slot is None:
            continue
        if slot.anchor is not None:
            anchored.append(index)
            continue
        found[index] = resolve(text, start, end, slot, context)
    if anchored:
        days: dict[str, date] = {}
        for (name, _, _), made in zip(slots, found, strict=True):
            day = None if made is None else day_of(made)
            if day is not None:
                days.setdefault(name, day)
        for index in anchored:
            name, start, end = slots[index]
            slot = types[name]
            anchor = days.get(slot.anchor or "")
            found[index] = resolve(text, start, end, slot, context, anchor)
    return found


def day_of(resolution: Resolution) -> date | None:
    """The day of a resolution, if it has one; the last of a range."""
    if resolution["type"] not in ("date", "datetime"):
        return None
    if resolution.get("grain") in ("week", "month", "year"):
        return None
    text = resolution.get("value") or resolution.get("to") or resolution.get("from")
    return None if text is None else date.fromisoformat(text[:10])
