"""English amounts of money."""

import re
from decimal import Decimal

from app.values.context import Context
from app.values.english_quantities import ABOUT, number_in, words_of
from app.values.quantities import Money, currencies_of

__all__ = ["read_money"]

MOST = [
    form.split()
    for form in (
        *("up to", "at most", "less than", "under", "below", "max", "maximum", "within"),
        *("no more than", "not more than", "cheaper than"),
    )
]


LEAST = [
    form.split()
    for form in (
        *("at least", "more than", "over", "above", "from", "min", "minimum"),
        *("no less than", "not less than"),
    )
]


SIGNS = {"$": "dollar", "€": "EUR", "£": "GBP", "¥": "yen_sign", "₹": "INR", "₩": "KRW"}


UNITS_OF_MONEY = {
    **dict.fromkeys(["dollar", "dollars", "bucks", "buck"], "dollar"),
    **dict.fromkeys(["usd", "us$"], "USD"),
    **dict.fromkeys(["euro", "euros", "eur"], "EUR"),
    **dict.fromkeys(["pound", "pounds", "quid", "gbp", "sterling"], "GBP"),
    **dict.fromkeys(["yen", "jpy"], "JPY"),
    **dict.fromkeys(["yuan", "rmb", "renminbi", "kuai", "cny"], "CNY"),
    **dict.fromkeys(["rupee", "rupees"], "rupee"),
    **dict.fromkeys(["franc", "francs", "chf"], "CHF"),
    **dict.fromkeys(["baht", "thb"], "THB"),
    **dict.fromkeys(["won", "krw"], "KRW"),
    **{
        code: code.upper()
        for code in [
            "cad",
            "aud",
            "nzd",
            "sgd",
            "hkd",
            "twd",
            "inr",
            "sek",
            "nok",
            "dkk",
            "pln",
            "czk",
            "mxn",
        ]
    },
    **{
        code: code.upper()
        for code in ["brl", "zar", "aed", "try", "ils", "php", "myr", "idr", "vnd", "huf"]
    },
}


def read_money(text: str, context: Context) -> Money | None:
    """The amount of money, or range of amounts, that a text says; None if it says none."""
    lowered = re.sub(r"\b(us|a|ca|nz|hk|s|nt|c)\$", r" \1dollar ", text.lower())
    words = words_of(re.sub(r"(?<=\d)(?=[a-z])", " ", lowered))
    if not words:
        return None
    approximate = words[0] in ABOUT
    if approximate:
        words = words[1:]
    side = None
    for name, forms in (("to", MOST), ("from", LEAST)):
        for form in forms:
            if words[: len(form)] == form:
                side, words = name, words[len(form) :]
                break
    joint = next((i for i, word in enumerate(words) if word in ("to", "-", "–", "and", "or")), None)
    if words[:1] == ["between"] and joint is not None:
        return money_range(words[1:joint], words[joint + 1 :], context, approximate)
    if joint is not None and words[joint] in ("to", "-", "–"):
        return money_range(words[:joint], words[joint + 1 :], context, approximate)
    if side == "from" and "to" in words:
        return None
    amount_and_currency = amount_of(words)
    if amount_and_currency is None or amount_and_currency[1] is None:
        return None
    amount, currency = amount_and_currency
    currencies = currencies_of(currency or "", context.region)
    if side is None:
        return Money(amount, amount, currencies, approximate)
    return Money(
        amount if side == "from" else None,
        amount if side == "to" else None,
        currencies,
        approximate,
    )


def money_range(
    first: list[str], last: list[str], context: Context, approximate: bool
) -> Money | None:
    """A range from one amount to another; one of them may lack its currency."""
    low, high = amount_of(first), amount_of(last)
    if low is None or high is None:
        return None
    named = {currency for _, currency in (low, high) if currency is not None}
    if len(named) != 1 or low[0] > high[0]:
        return None
    return Money(low[0], high[0], currencies_of(named.pop(), context.region), approximate)


PREFIXED = {"usdollar": "USD", "adollar": "AUD", "cadollar": "CAD", "cdollar": "CAD"}
PREFIXED |= {"nzdollar": "NZD", "hkdollar": "HKD", "sdollar": "SGD", "ntdollar": "TWD"}


NATIONS = {"us": "USD", "american": "USD", "canadian": "CAD", "australian": "AUD"}
NATIONS |= {"singapore": "SGD", "taiwan": "TWD"}


def amount_of(words: list[str]) -> tuple[Decimal, str | None] | None:
    """An amount and its currency, None for the currency if no word or sign names it."""
    currency = None
    words = list(words)
    if words and (
        words[0] in SIGNS or words[0] in PREFIXED or words[0].upper() in UNITS_OF_MONEY.values()
    ):
        sign = words.pop(0)
        currency = SIGNS.get(sign) or PREFIXED.get(sign) or sign.upper()
    elif words and words[-1] in SIGNS:
        currency = SIGNS[words.pop()]
    elif words and words[-1] in UNITS_OF_MONEY:
        currency = UNITS_OF_MONEY[words.pop()]
        if currency == "dollar" and words and words[-1] in NATIONS:
            currency = NATIONS[words.pop()]
    elif (words and words[-1] in ("cents", "cent", "pence")) or len(words) > 2:
        return with_cents(words)
    value = number_in(words)
    return None if value is None else (value, currency)


def with_cents(words: list[str]) -> tuple[Decimal, str | None] | None:
    """An amount with cents: two dollars fifty; 2 dollars and 50 cents; 50 cents."""
    currency_of_cents = {"cents": "dollar", "cent": "dollar", "pence": "GBP"}
    currency = currency_of_cents.get(words[-1])
    rest = words[:-1] if currency else words
    unit_index = next((i for i, word in enumerate(rest) if word in UNITS_OF_MONEY), None)
    if unit_index is None:
        cents = number_in(rest) if currency else None
        return (
            None
            if cents is None or cents >= 100
            else ((cents / 100).quantize(Decimal("0.01")), currency)
        )
    whole = number_in(rest[:unit_index])
    after = rest[unit_index + 1 :]
    cents = number_in(after[1:] if after[:1] == ["and"] else after)
    if whole is None or cents is None or not 0 < cents < 100 or (not currency and cents < 10):
        return None
    return (whole + cents / 100).quantize(Decimal("0.01")), UNITS_OF_MONEY[rest[unit_index]]
