"""Numbers, counts, money, ordinals and durations as JSON, whatever the language."""

from decimal import Decimal
from typing import NamedTuple

from app.values.rendering import Resolution

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


class Quantity(NamedTuple):
    """A number; `approximate` if about was said."""

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
    """
    The ISO 4217 codes that a word for money may mean in a region, likeliest first.

    `unit` is "dollar", "yuan", "rupee", "yen_sign", or a code, which is returned as it is.
    """
    if unit == "dollar":
        currency = DOLLARS.get(region)
        return (currency,) if currency else ("USD", "CAD", "AUD") if region == "" else ("USD",)
    if unit == "yuan":
        currency = YUAN.get(region)
        return (currency,) if currency else ("CNY", "TWD", "HKD")
    if unit == "rupee":
        currency = RUPEES.get(region)
        return (currency,) if currency else ("INR", "PKR", "LKR")
    if unit == "yen_sign":
        return ("JPY",) if region == "JP" else ("CNY",) if region == "CN" else ("JPY", "CNY")
    return (unit,)


def plain(value: Decimal) -> int | float:
    """A whole number as int, any other as float."""
    return int(value) if value == int(value) else float(value)


def number_value(quantity: Quantity) -> Resolution:
    """The resolution (JSON) of a number."""
    resolution: Resolution = {"type": "number", "value": plain(quantity.value)}
    if quantity.approximate:
        resolution["approximate"] = True
    return resolution


def count_value(count: Count) -> Resolution:
    """The resolution (JSON) of a count."""
    resolution: Resolution = {"type": "count", "value": count.value}
    if count.groups:
        resolution["groups"] = dict(count.groups)
    return resolution


def amount(value: Decimal) -> str:
    """An amount as text: with the decimals that were said, but 1.5 thousand without `.0`."""
    whole = value.to_integral_value()
    return f"{whole if value == whole and value.as_tuple().exponent != -2 else value:f}"


def money_value(money: Money) -> Resolution:
    """
    The resolution (JSON) of an amount of money; other currencies are its alternatives.

    Amounts are strings, because a float cannot hold 0.1.
    """
    resolutions = [one_money(money, currency) for currency in money.currencies]
    if len(resolutions) > 1:
        resolutions[0]["alternatives"] = resolutions[1:]
    return resolutions[0]


def one_money(money: Money, currency: str) -> Resolution:
    """The resolution of an amount or a range in one currency."""
    resolution: Resolution = {"type": "money"}
    if money.low is not None and money.low == money.high:
        resolution["amount"], resolution["currency"] = amount(money.low), currency
    else:
        for side, value in (("from", money.low), ("to", money.high)):
            if value is not None:
                resolution[side] = {"amount": amount(value), "currency": currency}
    if money.approximate:
        resolution["approximate"] = True
    return resolution


LETTERS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
LETTERS_OF_TIME = {"hour": "H", "minute": "M", "second": "S"}


def duration_value(duration: Duration) -> Resolution | None:
    """The resolution (JSON) of a duration, None if ISO 8601 cannot write it."""
    value = iso_8601(duration.amounts)
    if value is None:
        return None
    resolution: Resolution = {"type": "duration", "value": value}
    if duration.approximate:
        resolution["approximate"] = True
    return resolution


def iso_8601(amounts: list[tuple[int, str]]) -> str | None:
    """
    The ISO 8601 duration of amounts with units: P3D, PT2H30M.

    Weeks beside days become days. None if a unit is said twice, or weeks stand beside other units.
    """
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
