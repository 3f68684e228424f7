"""The words of a slot → their value. `resolve` is what the service calls."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import count
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from app.values import (
    chinese,
    chinese_money,
    chinese_quantities,
    english,
    english_money,
    english_quantities,
)
from app.values.context import PARTS_OF_DAY, Context, Now, Prefer
from app.values.errors import UnresolvedError
from app.values.moments import TIMES, AnyOf, Bound, Expression, Offset
from app.values.names import NameList
from app.values.phrases import MAX_CHARACTERS
from app.values.quantities import (
    Count,
    Duration,
    Money,
    Quantity,
    count_value,
    duration_value,
    money_value,
    number_value,
)
from app.values.remembered import Remembered
from app.values.rendering import Resolution, resolution_of

__all__ = ["SlotType", "ValueType", "resolve"]

ValueType = Literal[
    "date",
    "time",
    "datetime",
    "duration",
    "number",
    "ordinal",
    "count",
    "money",
    "boolean",
    "name",
]


@dataclass(frozen=True, slots=True)
class SlotType:
    """
    The type of a slot's value, and how its words are read.

    prefer: which of several times is meant. bare_duration: "offset" where "three days" means in
    three days. anchor: the slot whose day "the next day" follows. parts: the hours of the parts of
    the day, in minutes. names: the list in which names are looked up. number: identifies this
    object in caches.
    """

    type: ValueType
    prefer: Prefer = "future"
    bare_duration: Literal["offset"] | None = None
    anchor: str | None = None
    parts: Mapping[str, tuple[int, int]] = field(default_factory=lambda: PARTS_OF_DAY)
    names: NameList | None = None
    number: int = field(default_factory=count().__next__, init=False, repr=False, compare=False)

    @property
    def reading(self) -> Hashable:
        """A key that is equal for slot types that read the same words as the same value."""
        return self.type, self.prefer, self.bare_duration, id(self.parts), id(self.names)


class Language(NamedTuple):
    """The functions that read the values of one language."""

    read_time: Callable[[str, Context], Expression | None]
    read_amounts: Callable[[str, Context], list[tuple[int, str]] | None]
    with_neighbours: Callable[[str, int, int], str]
    stays: Callable[[str, int, int], bool]
    read_number: Callable[[str, Context], Quantity | None]
    read_ordinal: Callable[[str, Context], int | None]
    read_count: Callable[[str, Context], Count | None]
    read_money: Callable[[str, Context], Money | None]
    read_boolean: Callable[[str], bool | None]
    read_duration: Callable[[str, Context], Duration | None]


LANGUAGES = {
    "en": Language(
        english.read_time,
        english.read_amounts,
        english.with_neighbours,
        english.stays,
        english_quantities.read_number,
        english_quantities.read_ordinal,
        english_quantities.read_count,
        english_money.read_money,
        english_quantities.read_boolean,
        english_quantities.read_duration,
    ),
    "zh": Language(
        chinese.read_time,
        chinese.read_amounts,
        chinese.with_neighbours,
        chinese.stays,
        chinese_quantities.read_number,
        chinese_quantities.read_ordinal,
        chinese_quantities.read_count,
        chinese_money.read_money,
        chinese_quantities.read_boolean,
        chinese_quantities.read_duration,
    ),
}
VALUES: Mapping[ValueType, Callable[[Any], Resolution | None]] = {
    "number": number_value,
    "count": count_value,
    "money": money_value,
    "duration": duration_value,
}
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")


# Most times in texts are one of a few hundred phrases, so expressions are cached. A text that is
# not understood may be private; it raises an exception, and exceptions are not cached.
REMEMBERED = 1024
# A phrase with its language and region, its bare words, the slot's type, the zone, whether there
# is a present, and the anchor → the stretch of local time in which a value stays, and the value.
TIME_VALUES: Remembered[
    tuple[str, str, str, str | None, int, ZoneInfo | None, bool, date | None],
    tuple[datetime, datetime, Resolution],
] = Remembered(4096, 4_000_000)


@lru_cache(REMEMBERED)
def read_time(code: str, phrase: str, region: str, bare: str | None = None) -> Expression:
    """
    What a phrase says about time in a language and region, whatever the present is.

    `bare` is set to the words of the slot where a duration that stands alone is an offset. The
    result is cached and never changed. Raises UnresolvedError if the phrase is not understood.
    """
    language, context = LANGUAGES[code], of_region(code, region)
    try:
        expression = language.read_time(phrase, context)
        if expression is None:
            raise UnresolvedError
    except UnresolvedError as error:
        if bare is None or error.reason != "not_understood":
            raise
        amounts = language.read_amounts(bare, context)
        if amounts is None:
            raise
        return Offset(amounts)
    return expression


@lru_cache(REMEMBERED)
def read_quantity(code: str, value_type: ValueType, words: str, region: str) -> Any:
    """
    The number, count, money, duration, ordinal or boolean that words say; cached, never changed.

    Raises UnresolvedError if the words are not understood.
    """
    language, context = LANGUAGES[code], of_region(code, region)
    if value_type == "number":
        quantity: Any = language.read_number(words, context)
    elif value_type == "count":
        quantity = language.read_count(words, context)
    elif value_type == "money":
        quantity = language.read_money(words, context)
    elif value_type == "duration":
        quantity = language.read_duration(words, context)
    elif value_type == "boolean":
        quantity = language.read_boolean(words)
    else:
        quantity = language.read_ordinal(words, context)
    if quantity is None:
        raise UnresolvedError
    return quantity


def of_region(code: str, region: str) -> Context:
    """A context with only a language and a region: no other part of a request is read here."""
    return Context(locale=f"{code}-{region}" if region else code)


def language_of(words: str, context: Context) -> str:
    """
    The language of the words: by their script, or by the locale if they have none.

    Raises UnresolvedError("unsupported_language") if no rules know it.
    """
    code = context.language
    if code in LANGUAGES:
        if not words.isascii() and HAN.search(words):
            code = "zh"
        elif code != "en" and LATIN.search(words):
            code = "en"
    if code not in LANGUAGES:
        raise UnresolvedError("unsupported_language")
    return code


def resolve(
    text: str,
    start: int,
    end: int,
    slot: SlotType,
    context: Context,
    anchor: date | None = None,
) -> Resolution:
    """
    The value of the slot `text[start:end]`, as JSON.

    Words beside the slot, such as "by" or 之前, are read too. `anchor` is the day of the slot that
    `slot.anchor` names. Words without a value raise nothing; their value is `{"type": …,
    "unresolved": reason}`.
    """
    try:
        if end - start > MAX_CHARACTERS:
            raise UnresolvedError("too_long")
        if slot.type in TIMES:
            return time_value(text, start, end, slot, context, anchor)
        words = text[start:end]
        if slot.type == "name":
            return name_value(words, slot.names)
        return quantity_value(words, slot.type, language_of(words, context), context.region)
    except UnresolvedError as error:
        return {"type": slot.type, "unresolved": error.reason}
    except OverflowError:  # past the end of the calendar
        return {"type": slot.type, "unresolved": "no_such_date"}


def name_value(words: str, names: NameList | None) -> Resolution:
    """
    The entry of a list that the words name; further entries of that name are alternatives.

    Raises UnresolvedError("unknown_name") if there is none.
    """
    entries = [] if names is None else names.find(words)
    if not entries:
        raise UnresolvedError("unknown_name")
    resolutions: list[Resolution] = [
        {"type": "name", "id": entry.id, "value": entry.value} for entry in entries
    ]
    if len(resolutions) > 1:
        resolutions[0]["alternatives"] = resolutions[1:]
    return resolutions[0]


def quantity_value(words: str, value_type: ValueType, code: str, region: str) -> Resolution:
    """The value of a number, count, money, duration, ordinal or boolean."""
    quantity = read_quantity(code, value_type, words, region)
    render = VALUES.get(value_type)
    resolution = {"type": value_type, "value": quantity} if render is None else render(quantity)
    if resolution is None:
        raise UnresolvedError
    return resolution


def time_value(
    text: str, start: int, end: int, slot: SlotType, context: Context, anchor: date | None
) -> Resolution:
    """The value of a date, time or datetime, from the cache while it stays true."""
    words = text[start:end]
    code = language_of(words, context)
    language = LANGUAGES[code]
    phrase = language.with_neighbours(text, start, end)
    bare = None
    if slot.bare_duration == "offset" and not language.stays(text, start, end):
        bare = words
    present = context.local or datetime.min
    has_present = context.local is not None
    key = code, phrase, context.region, bare, slot.number, context.zone, has_present, anchor
    remembered = TIME_VALUES.get(key)
    if remembered is not None and remembered[0] <= present < remembered[1]:
        return copied(remembered[2])
    now = Now(context, prefer=slot.prefer, anchor=anchor, parts=slot.parts)
    resolution = value_of(read_time(code, phrase, context.region, bare), slot, now)
    since, until = now.validity.around(present)
    if since < until:
        TIME_VALUES.put(key, (since, until, copied(resolution)))
    return resolution


def copied(resolution: Resolution) -> Resolution:
    """A copy that the caller may change, nested resolutions included."""
    resolution = resolution.copy()
    for field_name in ("alternatives", "any_of"):
        if field_name in resolution:
            resolution[field_name] = [copied(option) for option in resolution[field_name]]
    return resolution


def value_of(expression: Expression, slot: SlotType, now: Now) -> Resolution:
    """
    The value of an expression in the present.

    Raises UnresolvedError if it is not of the slot's type; a datetime may be a date or time alone.
    """
    readings = expression.readings(now)
    if slot.type != "datetime" and any(reading.type != slot.type for reading in readings):
        raise UnresolvedError
    options = expression.moment if isinstance(expression, Bound) else expression
    if isinstance(options, AnyOf):
        if options is not expression:
            raise UnresolvedError
        resolutions = [resolution_of([reading], now) for reading in readings]
        types = {reading.type for reading in readings}
        if len(types) > 1:
            raise UnresolvedError
        return {"type": types.pop(), "any_of": resolutions}
    return resolution_of(readings, now)
