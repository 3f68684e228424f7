"""Chinese amounts of money."""

import re
from decimal import Decimal

from app.values.chinese_quantities import NUMBER, NUMERALS, number_in, stripped
from app.values.context import Context
from app.values.lazy_patterns import LazyPattern
from app.values.quantities import Money, currencies_of

__all__ = ["read_money"]

CURRENCIES = {
    "yuan": "块钱|块|元|圆|蚊",
    "CNY": "人民币|RMB|rmb|CNY",
    "TWD": "新台币|台币|NTD|TWD",
    "HKD": "港币|港元|港纸|HKD",
    "USD": "美元|美金|美刀|刀|USD",
    "EUR": "欧元|欧|EUR",
    "GBP": "英镑|镑|GBP",
    "JPY": "日元|日圆|日币|JPY",
    "KRW": "韩元|韩币|KRW",
    "MOP": "澳门元|葡币",
    "SGD": "新加坡元|新币|坡币",
    "AUD": "澳元|澳币",
    "CAD": "加元|加币",
    "THB": "泰铢",
    "CHF": "瑞士法郎",
}


NAMES = {form: code for code, forms in CURRENCIES.items() for form in forms.split("|")}


NAME = "|".join(sorted(NAMES, key=len, reverse=True))


SIGNS = {"￥": "CNY", "¥": "CNY", "$": "dollar", "€": "EUR", "£": "GBP", "NT$": "TWD", "HK$": "HKD"}
SIGNS |= {"US$": "USD"}


AMOUNT = LazyPattern(
    rf"(?:(?P<sign>NT\$|HK\$|US\$|[￥¥$€£])|(?P<before>人民币|新台币|台币|港币))?(?P<n>{NUMBER})"
    rf"(?P<after>{NAME})?(?:(?P<dime>[{NUMERALS}\d])[毛角]?)?"
)


MOST = LazyPattern(r"^(?:不超过|最多|不到|少于|低于|至多|不高于)|(?:以下|以内|之内|内)$")


LEAST = LazyPattern(r"^(?:至少|最少|起码|超过|高于|多于|不低于|不少于)|(?:以上|起)$")


def read_money(text: str, context: Context) -> Money | None:
    """The amount of money, or range of amounts, that a text says; None if it says none."""
    plain, approximate = stripped(text.replace("￥", "¥"))
    high, low = MOST.sub("", plain), LEAST.sub("", plain)
    if high != plain and low != plain:
        return None
    body = high if high != plain else low
    first, joint, last = re.sub("之间$", "", body).partition(
        next((j for j in "到至-~" if j in body), "\0")
    )
    amounts = [amount_of(first)] + ([amount_of(last)] if joint else [])
    units = {unit for amount in amounts if amount is not None for unit in (amount[1],) if unit}
    if None in amounts or len(units) != 1:
        return None
    values = [amount[0] for amount in amounts if amount is not None]
    currencies = currencies_of(units.pop(), context.region)
    if joint:
        ordered = values[0] <= values[1] and body == plain
        return Money(values[0], values[1], currencies, approximate) if ordered else None
    return Money(
        None if high != plain else values[0],
        None if low != plain else values[0],
        currencies,
        approximate,
    )


def amount_of(text: str) -> tuple[Decimal, str | None] | None:
    """An amount and its currency (None if it has none): 五百块, ¥300, 三块五; None if neither."""
    match = AMOUNT.fullmatch(text)
    if match is None:
        return None
    value = number_in(match["n"])
    if value is None:
        return None
    if match["dime"]:
        tenth = number_in(match["dime"])
        if tenth is None or tenth > 9 or match["after"] not in ("块", "元", "蚊"):
            return None
        value += tenth / 10
    sign = SIGNS.get(match["sign"] or "")
    unit = sign or NAMES.get(match["before"] or "") or NAMES.get(match["after"] or "")
    return value, unit
