"""
The JSON of resolutions, as it is documented.

`app/values` makes it, and tests hold the two together. `app/forms/resolution_checks.py` is where
values that clients send are checked.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from app.http.schema_fields import drop_default, left_out
from app.values import ClockChange, Grain, Reason, TimeType, ValueType


class _Value(BaseModel):
    """What values have in common: no field that is not described."""

    model_config = ConfigDict(extra="forbid")


class _Time(_Value):
    type: TimeType
    grain: Grain = Field(description="The unit that was said.")
    approximate: Literal[True] | SkipJsonSchema[None] = left_out("Around it was said, or 左右.")
    past: Literal[True] | SkipJsonSchema[None] = left_out("It is before the reference time.")
    clock_change: ClockChange | SkipJsonSchema[None] = left_out(
        "`gap`: the clock skips this time; `fold`: it shows it twice."
    )


def _has_an_end(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"required": ["from"]}, {"required": ["to"]}]


class TimeValue(_Time):
    """A point in time."""

    value: str = Field(
        description="In ISO 8601 at its grain: a date `2026-11-02`, `2026-W49`, `2026-12` or "
        "`2026`; a time `18:30`, without a zone; a datetime with its offset."
    )
    alternatives: "list[TimeValue | TimeRange] | SkipJsonSchema[None]" = left_out(
        "Other readings of the words, likeliest first."
    )


class TimeRange(_Time):
    """A range of time; a side that is open is absent, and days at both ends are inside."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_has_an_end)

    start: str | SkipJsonSchema[None] = Field(
        default=None, alias="from", description="Its beginning.", json_schema_extra=drop_default
    )
    end: str | SkipJsonSchema[None] = Field(
        default=None, alias="to", description="Its end.", json_schema_extra=drop_default
    )
    part_of_day: str | SkipJsonSchema[None] = left_out("The part of the day that was said.")
    alternatives: "list[TimeValue | TimeRange] | SkipJsonSchema[None]" = left_out(
        "Other readings of the words, likeliest first."
    )


class TimeChoice(_Value):
    """Several times, of which the speaker will take any."""

    type: TimeType
    any_of: list[TimeValue | TimeRange]


class DurationValue(_Value):
    """How long."""

    type: Literal["duration"]
    value: str = Field(description="In ISO 8601, such as `P3D` or `PT2H30M`.")
    approximate: Literal[True] | SkipJsonSchema[None] = left_out("About it was said.")


class NumberValue(_Value):
    """A number."""

    type: Literal["number"]
    value: int | float
    approximate: Literal[True] | SkipJsonSchema[None] = left_out("About it was said.")


class OrdinalValue(_Value):
    """A place in an order."""

    type: Literal["ordinal"]
    value: int


class CountValue(_Value):
    """How many."""

    type: Literal["count"]
    value: int
    groups: dict[str, int] | SkipJsonSchema[None] = left_out(
        "How many of each group, where groups were said."
    )


class Amount(_Value):
    """An amount of money."""

    amount: str = Field(description="A decimal number: floats cannot hold 0.1.")
    currency: str = Field(description="ISO 4217 code.")


class MoneyValue(Amount):
    """An amount of money."""

    type: Literal["money"]
    approximate: Literal[True] | SkipJsonSchema[None] = left_out("About it was said.")
    alternatives: "list[MoneyValue] | SkipJsonSchema[None]" = left_out(
        "The same in other currencies that are called so."
    )


class MoneyRange(_Value):
    """Amounts of money; a side that is open is absent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_has_an_end)

    type: Literal["money"]
    start: Amount | SkipJsonSchema[None] = Field(
        default=None, alias="from", description="The least.", json_schema_extra=drop_default
    )
    end: Amount | SkipJsonSchema[None] = Field(
        default=None, alias="to", description="The most.", json_schema_extra=drop_default
    )
    approximate: Literal[True] | SkipJsonSchema[None] = left_out("About it was said.")
    alternatives: "list[MoneyRange] | SkipJsonSchema[None]" = left_out(
        "The same in other currencies that are called so."
    )


class BooleanValue(_Value):
    """Yes or no."""

    type: Literal["boolean"]
    value: bool


class NameValue(_Value):
    """An entry of a list."""

    type: Literal["name"]
    id: str = Field(description="Its id in the list, such as an IATA code.")
    value: str = Field(description="Its canonical name.")
    alternatives: "list[NameValue] | SkipJsonSchema[None]" = left_out(
        "Others of the same name, likeliest first."
    )


class Unresolved(_Value):
    """Why the words have no value."""

    type: ValueType
    unresolved: Reason


Resolution = (
    TimeValue
    | TimeRange
    | TimeChoice
    | DurationValue
    | NumberValue
    | OrdinalValue
    | CountValue
    | MoneyValue
    | MoneyRange
    | BooleanValue
    | NameValue
    | Unresolved
)


EXAMPLES: list[Any] = [
    {
        "type": "datetime",
        "from": "2026-12-04T17:00:00+00:00",
        "grain": "hour",
        "alternatives": [
            {"type": "datetime", "from": "2026-12-11T17:00:00+00:00", "grain": "hour"}
        ],
    },
    {"type": "date", "value": "2026-W49", "grain": "week"},
    {"type": "time", "value": "06:30", "grain": "minute"},
    {"type": "duration", "value": "PT2H30M"},
    {"type": "count", "value": 3, "groups": {"adult": 2, "child": 1}},
    {"type": "money", "amount": "1250.50", "currency": "USD"},
    {"type": "name", "id": "LOS", "value": "Lagos"},
    {"type": "date", "unresolved": "needs_reference"},
]
