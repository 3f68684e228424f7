"""The constraints of a form, and which of them its values violate."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from app.forms.definition import FormSlot
from app.values import Context, Resolution

__all__ = [
    "Violation",
    "has_day",
    "has_time",
    "is_before_now",
    "same_value",
    "violated_constraint",
    "violations",
]


class Violation(NamedTuple):
    """
    A constraint that does not hold.

    `slot` is the slot that has it, `reason` its key in the form's file, such as "not_before", and
    `other` the slot that it names, None if it concerns one slot alone.
    """

    slot: str
    reason: str
    other: str | None = None


def has_day(resolution: Resolution) -> bool:
    """Whether a date, time or datetime has a day."""
    return bool(resolution["type"] != "time")


def has_time(resolution: Resolution) -> bool:
    """Whether a date, time or datetime has a time of day."""
    return bool(resolution["type"] != "date")


def identity_of(resolution: Resolution) -> object:
    """What two resolutions must share to be the same value."""
    if resolution["type"] == "name":
        return resolution["id"]
    fields = ("type", "value", "from", "to", "amount", "currency", "groups", "any_of")
    return [(key, resolution[key]) for key in fields if key in resolution]


def same_value(first: Resolution, second: Resolution) -> bool:
    """Whether both resolutions are the same value, whatever the words were."""
    return identity_of(first) == identity_of(second)


def violated_constraint(slot: FormSlot, resolution: Resolution) -> str | None:
    """
    The key of a constraint on the slot alone that the value violates.

    It is "one_of", "least" or "most"; None if all of them hold.
    """
    if not slot.one_of and slot.least is None and slot.most is None:
        return None
    value: Any = resolution["id"] if resolution["type"] == "name" else resolution.get("value")
    if slot.one_of and not any(
        value == allowed and type(value) is type(allowed) for allowed in slot.one_of
    ):
        return "one_of"
    if slot.least is not None and value < slot.least:
        return "least"
    if slot.most is not None and value > slot.most:
        return "most"
    return None


def is_before_now(slot: FormSlot, resolution: Resolution, context: Context) -> bool:
    """Whether the value is over at the present, where the slot has `not_before = "now"`."""
    if "now" not in slot.not_before or context.local is None or context.reference_time is None:
        return False
    if not has_day(resolution):
        return False
    _, last = span_of(resolution)
    if isinstance(last, datetime):
        return last < context.reference_time
    return last is not None and last < context.local.date()


def violations(
    slots: Mapping[str, FormSlot], values: Mapping[str, Resolution]
) -> Iterable[Violation]:
    """
    The constraints that the values violate, those between slots included.

    `not_before = "now"` is left to `is_before_now`, because what a state has may be over by now.
    """
    for name, resolution in values.items():
        slot = slots[name]
        reason = violated_constraint(slot, resolution)
        if reason is not None:
            yield Violation(name, reason)
        for other in slot.excludes:
            if other in values:
                yield Violation(name, "excluded", other)
        for other in slot.different_from:
            if other in values and same_value(resolution, values[other]):
                yield Violation(name, "different_from", other)
        for other in slot.not_before:
            if other in values and lies_before(resolution, values[other]):
                yield Violation(name, "not_before", other)


def lies_before(value: Resolution, other: Resolution) -> bool:
    """
    Whether one value is over before the other begins.

    Times of day count only if both are datetimes. A value without a day lies before nothing.
    """
    if not has_day(value) or not has_day(other):
        return False
    last, first = span_of(value)[1], span_of(other)[0]
    if last is None or first is None:
        return False
    if isinstance(last, datetime) and isinstance(first, datetime):
        return last < first
    return date_of(last) < date_of(first)


def date_of(moment: date | datetime) -> date:
    """The date of a date or datetime, in the offset that it has."""
    return moment.date() if isinstance(moment, datetime) else moment


def span_of(resolution: Resolution) -> tuple[date | datetime | None, date | datetime | None]:
    """The first and the last moment of a date or datetime, None for an open end."""
    if "any_of" in resolution:
        spans = [span_of(option) for option in resolution["any_of"]]
        firsts = [first for first, _ in spans if first is not None]
        lasts = [last for _, last in spans if last is not None]
        return (
            min(firsts, key=sort_key) if len(firsts) == len(spans) else None,
            max(lasts, key=sort_key) if len(lasts) == len(spans) else None,
        )
    value = resolution.get("value")
    if value is not None:
        return first_and_last(value)
    first, last = resolution.get("from"), resolution.get("to")
    return (
        None if first is None else first_and_last(first)[0],
        None if last is None else first_and_last(last)[1],
    )


def sort_key(moment: date | datetime) -> str:
    """A key that orders dates and datetimes together."""
    return moment.isoformat()


def first_and_last(text: str) -> tuple[date | datetime, date | datetime]:
    """
    The first and last day of an ISO 8601 date, week, month or year.

    A datetime is both itself.
    """
    if "T" in text:
        moment = datetime.fromisoformat(text)
        return moment, moment
    if "W" in text:
        first = date.fromisoformat(text)
        return first, first + timedelta(days=6)
    if len(text) == 4:
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if len(text) == 7:
        first = date.fromisoformat(f"{text}-01")
        following = first.replace(day=28) + timedelta(days=4)
        return first, following.replace(day=1) - timedelta(days=1)
    whole = date.fromisoformat(text)
    return whole, whole
