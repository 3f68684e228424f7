"""
Strict checks of resolutions: what a client may put into a state, and what a form gives.

`app/api/resolution_schemas.py` documents the same JSON as the service answers it, with alternatives
and reasons, and checks nothing.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from app.values import ClockChange, Grain, Resolution, ValueType

__all__ = ["ResolutionType", "check_resolution", "value_schema"]

ResolutionType = ValueType | Literal["text"]

MOST_ALTERNATIVES = 16
MOST = 10**12
CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|24:00")
DAYS = {
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "week": re.compile(r"\d{4}-W\d\d"),
    "month": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])"),
    "year": re.compile(r"\d{4}"),
}

Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}(\.[0-9]{1,6})?$", max_length=22)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Value(BaseModel):
    """Base of all values: no field that the schema lacks, and no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Moment(Value):
    """A date, a time or a datetime: a point, a range (an open side is absent), or several."""

    value: Annotated[str, Field(max_length=40)] | None = None
    from_: Annotated[str, Field(max_length=40)] | None = Field(default=None, alias="from")
    to: Annotated[str, Field(max_length=40)] | None = None
    grain: Grain | None = None
    part_of_day: Annotated[str, Field(max_length=40)] | None = None
    approximate: Literal[True] | None = None
    past: Literal[True] | None = None
    clock_change: ClockChange | None = None

    several: ClassVar[bool] = False

    @model_validator(mode="after")
    def check_ends(self) -> Self:
        """Check that there is either a point or a range, and that its ends are in order."""
        if self.several and getattr(self, "any_of", None):
            if self.value or self.from_ or self.to:
                raise ValueError("`any_of` stands alone")
            return self
        ends = [end for end in (self.from_, self.to) if end is not None]
        if (self.value is None) == (not ends):
            raise ValueError("give `value`, or `from`, `to` or both")
        if self.grain is None:
            raise ValueError("give `grain`")
        comparable = [self.read(end) for end in ends or [self.value or ""]]
        if len(comparable) == 2 and comparable[0] > comparable[1]:
            raise ValueError("`from` is after `to`")
        return self

    def read(self, text: str) -> Any:
        """The text as something that can be compared; raises ValueError if it is malformed."""
        raise NotImplementedError


def check_year(year: int) -> None:
    """Raise ValueError for a year near the ends of the calendar, where zones overflow."""
    if not 2 <= year <= 9998:
        raise ValueError("give a year from 0002 to 9998")


class Day(Moment):
    """A date: a day, a week, a month or a year; both ends of a range are days in it."""

    type: Literal["date"]

    def read(self, text: str) -> Any:
        """The date, or the text of a month or year; raises ValueError."""
        grain = self.grain if self.value is not None else "day"
        if grain not in DAYS or not DAYS[grain].fullmatch(text):
            raise ValueError("give a date at its grain, such as 2026-12-04, 2026-W49 or 2026-12")
        check_year(int(text[:4]))
        return date.fromisoformat(text) if grain in ("day", "week") else text


class Clock(Moment):
    """A time of day, without a date."""

    type: Literal["time"]

    def read(self, text: str) -> Any:
        """Check a time of day; the result is constant, because a range may pass midnight."""
        if not CLOCK.fullmatch(text):
            raise ValueError("give a time such as 18:30")
        # A range over midnight is one too: 22:00 to 02:00.
        return ""


class Instant(Moment):
    """A date and a time, with the offset from UTC."""

    type: Literal["datetime"]

    def read(self, text: str) -> Any:
        """The aware datetime; raises ValueError."""
        if len(text) < 16 or text[10:11] != "T":
            raise ValueError("give a date, a time and an offset, such as 2026-11-30T18:30:00+00:00")
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("give the offset from UTC too, such as +00:00")
        check_year(moment.year)
        return moment


class SeveralDays(Day):
    """A date, or several of which any will do."""

    several: ClassVar[bool] = True
    any_of: Annotated[list[Day], Field(min_length=2, max_length=8)] | None = None


class SeveralClocks(Clock):
    """A time, or several of which any will do."""

    several: ClassVar[bool] = True
    any_of: Annotated[list[Clock], Field(min_length=2, max_length=8)] | None = None


class SeveralInstants(Instant):
    """A datetime, or several of which any will do."""

    several: ClassVar[bool] = True
    any_of: Annotated[list[Instant], Field(min_length=2, max_length=8)] | None = None


class Duration(Value):
    """A length of time in ISO 8601."""

    type: Literal["duration"]
    value: Annotated[
        str,
        StringConstraints(
            pattern=r"^P([0-9]{1,9}Y)?([0-9]{1,9}M)?([0-9]{1,9}W)?([0-9]{1,9}D)?"
            r"(T([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}S)?)?$",
            min_length=3,
            max_length=80,
        ),
    ]
    approximate: Literal[True] | None = None


class Number(Value):
    """A number."""

    type: Literal["number"]
    value: Annotated[int | float, Field(ge=-MOST, le=MOST)]
    approximate: Literal[True] | None = None


class Ordinal(Value):
    """A place in a row; the first is 1."""

    type: Literal["ordinal"]
    value: Annotated[int, Field(ge=0, le=MOST)]


class Count(Value):
    """A number of people or things; `groups` has the number of each group that was named."""

    type: Literal["count"]
    value: Annotated[int, Field(ge=0, le=MOST)]
    groups: (
        Annotated[
            dict[
                Annotated[str, StringConstraints(max_length=40)],
                Annotated[int, Field(ge=0, le=MOST)],
            ],
            Field(min_length=1, max_length=16),
        ]
        | None
    ) = None

    @model_validator(mode="after")
    def check_sum(self) -> Self:
        """Check that the groups add up to the value."""
        if self.groups is not None and sum(self.groups.values()) != self.value:
            raise ValueError("the groups do not add up to `value`")
        return self


class Side(Value):
    """One end of a range of money."""

    amount: Amount
    currency: Currency


class Money(Value):
    """An amount in a currency, or a range."""

    type: Literal["money"]
    amount: Amount | None = None
    currency: Currency | None = None
    from_: Side | None = Field(default=None, alias="from")
    to: Side | None = None
    approximate: Literal[True] | None = None

    @model_validator(mode="after")
    def check_ends(self) -> Self:
        """Check that there is either an amount or a range."""
        if (self.amount is None) != (self.currency is None):
            raise ValueError("`amount` and `currency` go together")
        if (self.amount is None) == (self.from_ is None and self.to is None):
            raise ValueError("give `amount` and `currency`, or `from`, `to` or both")
        return self


class Boolean(Value):
    """Yes or no."""

    type: Literal["boolean"]
    value: bool


class Name(Value):
    """An entry of a list of names, by its id."""

    type: Literal["name"]
    id: Words
    value: Words


class Text(Value):
    """The words of a slot that has no type."""

    type: Literal["text"]
    value: Words


MODELS: dict[str, Any] = {
    "date": SeveralDays,
    "time": SeveralClocks,
    "datetime": Annotated[
        SeveralDays | SeveralClocks | SeveralInstants,
        Discriminator("type"),
    ],
    "duration": Duration,
    "number": Number,
    "ordinal": Ordinal,
    "count": Count,
    "money": Money,
    "boolean": Boolean,
    "name": Name,
    "text": Text,
}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(model) for name, model in MODELS.items()
}


def check_resolution(value_type: ResolutionType, resolution: Resolution) -> None:
    """
    Check that a slot of this type can have the value.

    A slot of type `datetime` takes a date or a time alone, too. Each of the `alternatives` must be
    such a value itself. Raises pydantic's ValidationError, or ValueError.
    """
    alternatives = resolution.get("alternatives", [])
    if not isinstance(alternatives, list) or len(alternatives) > MOST_ALTERNATIVES:
        raise ValueError(f"`alternatives` is a list of {MOST_ALTERNATIVES} values at most")
    adapter = _ADAPTERS[value_type]
    adapter.validate_python(
        {key: value for key, value in resolution.items() if key != "alternatives"}
    )
    for alternative in alternatives:
        adapter.validate_python(alternative)


def value_schema(value_type: ResolutionType) -> dict[str, Any]:
    """The JSON Schema of the values of a slot of this type, with its own `$defs`."""
    return _ADAPTERS[value_type].json_schema()
