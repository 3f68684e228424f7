"""A slot's words → its value: what the service calls."""

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
from app.values.moments import AnyOf, Bound, Expression, Offset
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
TIMES = ("date", "time", "datetime")


@dataclass(frozen=True, slots=True)
class SlotType:
    """
    What type of value a slot has, and how its words are read.

    bare_duration: "offset" where "three days" means in three days. anchor: the slot whose day
    "the next day" follows. parts: the hours of parts of the day. names: where names are found.
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
        """What is the same for slots that read the same words as the same value."""
        return self.type, self.prefer, self.bare_duration, id(self.parts), id(self.names)


class Language(NamedTuple):
    """What a language offers."""

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


# What people say of times is mostly one of a few hundred phrases. What is not understood may be
# anything, also private, and is not remembered: no exception is.
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
    What a phrase says of time, in a language and region, and whatever the present is.

    bare: the words of the slot, where a duration that stands alone is an offset. Expressions never
    change. The locale is made anew, for nothing else of a request is read here.
    """
    language, context = LANGUAGES[code], of_region(code, region)
    try:
        found = language.read_time(phrase, context)
        if found is None:
            raise UnresolvedError
    except UnresolvedError as error:
        if bare is None or error.reason != "not_understood":
            raise
        amounts = language.read_amounts(bare, context)
        if amounts is None:
            raise
        return Offset(amounts)
    return found


@lru_cache(REMEMBERED)
def read_quantity(code: str, kind: ValueType, words: str, region: str) -> Any:
    """What words say of an amount, which never changes either."""
    language, context = LANGUAGES[code], of_region(code, region)
    if kind == "number":
        found: Any = language.read_number(words, context)
    elif kind == "count":
        found = language.read_count(words, context)
    elif kind == "money":
        found = language.read_money(words, context)
    elif kind == "duration":
        found = language.read_duration(words, context)
    elif kind == "boolean":
        found = language.read_boolean(words)
    else:
        found = language.read_ordinal(words, context)
    if found is None:
        raise UnresolvedError
    return found


def of_region(code: str, region: str) -> Context:
    return Context(locale=f"{code}-{region}" if region else code)


def language_of(words: str, context: Context) -> str:
    """The language of the words by their script, by the locale where they have none."""
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
    The value of `text[start:end]`, as JSON; words beside it may be read (by, 之前).

    It never raises for words: where they have no value the answer is
    `{"type": …, "unresolved": reason}`. `anchor` is the day of the slot that `slot.anchor` names.
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
    """The entry of a list that the words name; others of the same name are alternatives."""
    found = [] if names is None else names.find(words)
    if not found:
        raise UnresolvedError("unknown_name")
    made: list[Resolution] = [
        {"type": "name", "id": name.id, "value": name.value} for name in found
    ]
    if len(made) > 1:
        made[0]["alternatives"] = made[1:]
    return made[0]


def quantity_value(words: str, kind: ValueType, code: str, region: str) -> Resolution:
    """The value of a slot of any other type."""
    found = read_quantity(code, kind, words, region)
    value = VALUES.get(kind)
    made = {"type": kind, "value": found} if value is None else value(found)
    if made is None:
        raise UnresolvedError
    return made


def time_value(
    text: str, start: int, end: int, slot: SlotType, context: Context, anchor: date | None
) -> Resolution:
    words = text[start:end]
    code = language_of(words, context)
    language = LANGUAGES[code]
    phrase = language.with_neighbours(text, start, end)
    bare = None
    if slot.bare_duration == "offset" and not language.stays(text, start, end):
        bare = words
    present = context.local or datetime.min
    known = context.local is not None
    question = code, phrase, context.region, bare, slot.number, context.zone, known, anchor
    found = TIME_VALUES.get(question)
    if found is not None and found[0] <= present < found[1]:
        return own(found[2])
    now = Now(context, prefer=slot.prefer, anchor=anchor, parts=slot.parts)
    made = value_of(read_time(code, phrase, context.region, bare), slot, now)
    since, until = now.stretch.of(present)
    if since < until:
        TIME_VALUES.put(question, (since, until, own(made)))
    return made


def own(made: Resolution) -> Resolution:
    """The same, which whoever gets it may change."""
    made = made.copy()
    for several in ("alternatives", "any_of"):
        if several in made:
            made[several] = [own(one) for one in made[several]]
    return made


def value_of(expression: Expression, slot: SlotType, now: Now) -> Resolution:
    """What an expression says in the present, if that is of the slot's type."""
    readings = expression.readings(now)
    if slot.type != "datetime" and any(reading.kind != slot.type for reading in readings):
        raise UnresolvedError
    options = expression.moment if isinstance(expression, Bound) else expression
    if isinstance(options, AnyOf):
        if options is not expression:
            raise UnresolvedError
        made = [resolution_of([reading], now) for reading in readings]
        kinds = {reading.kind for reading in readings}
        if len(kinds) > 1:
            raise UnresolvedError
        return {"type": kinds.pop(), "any_of": made}
    return resolution_of(readings, now)
