"""Numbers, counts, money, ordinals and durations as JSON, whatever the language."""

from decimal import Decimal
from typing import Any, NamedTuple

__all__ = [
    "Count",
    "Duration",
    "Money",
    "Quantity",
    "count_value",
    "currencies_of",
    "duration_value",
    "money_value",
    "number_value",
]

Resolution = dict[str, Any]


class Quantity(NamedTuple):
    """A number, perhaps about."""

    value: Decimal
    approximate: bool = False


class Count(NamedTuple):
    """How many, and of which group if groups were said."""

    value: int
    groups: dict[str, int]


class Duration(NamedTuple):
    """How long: [(2, "hour"), (30, "minute")], perhaps about."""

    amounts: list[tuple[int, str]]
    approximate: bool = False


class Money(NamedTuple):
    """An amount, or a range with an open side as None; currencies by likelihood."""

    low: Decimal | None
    high: Decimal | None
    currencies: tuple[str, ...]
    approximate: bool = False


DOLLARS = {
    "US": "USD",
    "CA": "CAD",
    "AU": "AUD",
    "NZ": "NZD",
    "SG": "SGD",
    "HK": "HKD",
    "TW": "TWD",
    "": "",
    "PR": "USD",
    "EC": "USD",
    "JM": "JMD",
    "TT": "TTD",
    "BZ": "BZD",
    "BS": "BSD",
}
YUAN = {"CN": "CNY", "TW": "TWD", "HK": "HKD", "MO": "MOP", "SG": "SGD"}
RUPEES = {"IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR"}


def currencies_of(unit: str, region: str) -> tuple[str, ...]:
    """The ISO 4217 codes that a word for money means in a region, likeliest first."""
    if unit == "dollar":
        own = DOLLARS.get(region)
        return (own,) if own else ("USD", "CAD", "AUD") if region == "" else ("USD",)
    if unit == "yuan":
        own = YUAN.get(region)
        return (own,) if own else ("CNY", "TWD", "HKD")
    if unit == "rupee":
        own = RUPEES.get(region)
        return (own,) if own else ("INR", "PKR", "LKR")
    if unit == "yen_sign":
        return ("JPY",) if region == "JP" else ("CNY",) if region == "CN" else ("JPY", "CNY")
    return (unit,)


def plain(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def number_value(quantity: Quantity) -> Resolution:
    """The JSON of a number."""
    made: Resolution = {"type": "number", "value": plain(quantity.value)}
    if quantity.approximate:
        made["approximate"] = True
    return made


def count_value(count: Count) -> Resolution:
    """The JSON of a count."""
    made: Resolution = {"type": "count", "value": count.value}
    if count.groups:
        made["groups"] = dict(count.groups)
    return made


def amount(value: Decimal) -> str:
    """The amount as it is written, but without the zero that 1.5 thousand leaves behind."""
    whole = value.to_integral_value()
    return f"{whole if value == whole and value.as_tuple().exponent != -2 else value:f}"


def money_value(money: Money) -> Resolution:
    """The JSON of an amount: strings, because a float cannot hold 0.1."""
    made = [one_money(money, currency) for currency in money.currencies]
    if len(made) > 1:
        made[0]["alternatives"] = made[1:]
    return made[0]


def one_money(money: Money, currency: str) -> Resolution:
    made: Resolution = {"type": "money"}
    if money.low is not None and money.low == money.high:
        made["amount"], made["currency"] = amount(money.low), currency
    else:
        for side, value in (("from", money.low), ("to", money.high)):
            if value is not None:
                made[side] = {"amount": amount(value), "currency": currency}
    if money.approximate:
        made["approximate"] = True
    return made


LETTERS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
LETTERS_OF_TIME = {"hour": "H", "minute": "M", "second": "S"}


def duration_value(duration: Duration) -> Resolution | None:
    """The JSON of a duration."""
    value = iso_8601(duration.amounts)
    if value is None:
        return None
    made: Resolution = {"type": "duration", "value": value}
    if duration.approximate:
        made["approximate"] = True
    return made


def iso_8601(amounts: list[tuple[int, str]]) -> str | None:
    """The amounts as P3D, PT2H30M; weeks stand alone or count as days."""
    days = [(number, unit) for number, unit in amounts if unit in LETTERS]
    times = [(number, unit) for number, unit in amounts if unit in LETTERS_OF_TIME]
    if len({unit for _, unit in amounts}) < len(amounts) or not amounts:
        return None
    if any(unit == "week" for _, unit in days) and len(amounts) > 1:
        total = sum(number * (7 if unit == "week" else 1) for number, unit in days)
        if any(unit not in ("week", "day") for _, unit in days):
            return None
        days = [(total, "day")]
    order = list(LETTERS) + list(LETTERS_OF_TIME)
    parts: tuple[list[str], list[str]] = [], []
    for number, unit in sorted(days + times, key=lambda pair: order.index(pair[1])):
        letters = LETTERS if unit in LETTERS else LETTERS_OF_TIME
        parts[unit in LETTERS_OF_TIME].append(f"{number}{letters[unit]}")
    return "P" + "".join(parts[0]) + ("T" + "".join(parts[1]) if parts[1] else "")
