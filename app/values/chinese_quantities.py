"""Chinese numbers, counts by group, ordinals, durations, yes and no."""

import re
from decimal import Decimal, InvalidOperation

from app.values.chinese import read_amounts
from app.values.chinese_words import DIGITS, UNITS, simplified
from app.values.context import Context
from app.values.lazy_patterns import LazyPattern
from app.values.quantities import Count, Duration, Quantity

__all__ = ["read_boolean", "read_count", "read_duration", "read_number", "read_ordinal"]

NUMERALS = "零〇○一二两三四五六七八九十百千万亿廿卅俩仨壹贰叁肆伍陆柒捌玖拾佰仟"
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?[万千百亿]?|[{NUMERALS}]+)"
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
SCALES = {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100}


def number_in(text: str) -> Decimal | None:
    """The number that a text is: 24, 二十四, 一万二, 1.5万, 两千零五; None if it is none."""
    text = text.translate(FORMAL)
    if text[:1].isdigit():
        scale = SCALES.get(text[-1], 1)
        try:
            return Decimal(text.rstrip("万千百亿").replace(",", "")) * scale
        except InvalidOperation:
            return None
    return spelled(text)


def spelled(text: str) -> Decimal | None:
    """The number of numerals; 一万二 and 两千五 leave the last unit out."""
    for sign, scale in (("亿", SCALES["亿"]), ("万", SCALES["万"])):
        if sign in text:
            before, _, after = text.partition(sign)
            high = spelled(before)
            if high is None or sign in after:
                return None
            if not after:
                return high * scale
            if len(after) == 1 and after in DIGITS and DIGITS[after]:
                return high * scale + DIGITS[after] * scale // 10
            low = spelled(after)
            return None if low is None or low >= scale else high * scale + low
    return below_ten_thousand(text)


def below_ten_thousand(text: str) -> Decimal | None:
    """The number of numerals without 万 and 亿; None if they are no number."""
    if not text or len(text) > 9:
        return None
    if not any(sign in UNITS or sign in "廿卅" for sign in text):
        if len(text) > 1 and any(sign in "两俩仨" for sign in text):
            return None
        if len(text) == 2 and text[0] not in "零〇○":  # 三五 is three to five
            return None
        return (
            Decimal("".join(str(DIGITS[sign]) for sign in text))
            if set(text) <= set(DIGITS)
            else None
        )
    text = text.replace("廿", "二十").replace("卅", "三十")
    total, digit, last, gap = 0, None, 10_000, False
    for sign in text:
        if sign in UNITS:
            unit = UNITS[sign]
            if (
                unit >= last
                or digit == 0
                or (digit is None and (unit != 10 or (total and not gap)))
            ):
                return None
            total, digit, last, gap = (
                total + (1 if digit is None else digit) * unit,
                None,
                unit,
                False,
            )
        elif sign in "零〇○":
            if digit is not None or not total or gap:
                return None
            gap = True
        else:
            if digit is not None:
                return None
            digit = DIGITS[sign]
    if digit is not None:
        total += digit if gap or last == 10 else digit * last // 10
    return Decimal(total)


ABOUT = LazyPattern(r"^(?:大约|大概|约|差不多)|(?:左右|上下)$")


def stripped(text: str) -> tuple[str, bool]:
    """
    A text simplified, without blanks and without words for about.

    The second result is whether there were such words.
    """
    plain = re.sub(r"\s+", "", simplified(text))
    short = ABOUT.sub("", plain)
    return short, short != plain


def read_number(text: str, context: Context) -> Quantity | None:  # noqa: ARG001
    """The number that a text says, perhaps with about; None if it says none."""
    plain, approximate = stripped(text)
    dozens = re.fullmatch(rf"({NUMBER}|半)打", plain)
    if dozens is not None:
        times = Decimal("0.5") if dozens[1] == "半" else number_in(dozens[1])
        return None if times is None else Quantity(times * 12, approximate)
    half = re.fullmatch(rf"({NUMBER})个?半", plain)
    if half is not None:
        value = number_in(half[1])
        return None if value is None else Quantity(value + Decimal("0.5"), approximate)
    match = re.fullmatch(rf"({NUMBER})个?", plain)
    value = number_in(match[1]) if match else None
    return None if value is None else Quantity(value, approximate)


def read_ordinal(text: str, context: Context) -> int | None:  # noqa: ARG001
    """The number of an ordinal: 第二, 第三个; None if the text is none."""
    plain, _ = stripped(text)
    match = re.fullmatch(rf"第({NUMBER})(?:个|位|张|班|趟|次|天|名)?", plain)
    value = number_in(match[1]) if match else None
    return int(value) if value is not None and value == int(value) else None


GROUPS = {
    "adult": "大人|成人|成年人|大",
    "child": "小孩子|小孩|儿童|孩子|小朋友|小童|细路|小",
    "infant": "婴儿|宝宝|婴|幼儿|BB",
    "senior": "老人|长者|长辈",
    "student": "学生",
    "person": "人|位乘客|乘客|旅客|朋友|客人",
}
MEASURE = "(?:个|位|名|张|口)?"
GROUP = "|".join(f"(?P<{name}>{forms})" for name, forms in GROUPS.items())
JOINT = r"(?:[和与及加跟带、,+同]|还有)?"
ITEM = LazyPattern(rf"(?P<n>{NUMBER}){MEASURE}(?:{GROUP})(?:票)?{JOINT}")
TURNED = LazyPattern(rf"(?:{GROUP})(?P<n>{NUMBER}){MEASURE}{JOINT}")  # 成人2名
WHOLE = LazyPattern(
    rf"(?:(?:我们|我哋|咱们|一共|共|总共|全家|一家|一行|就)?(?P<n>{NUMBER})(?:个人|个|位|名|口人|口|人|张票|张|位乘客|名乘客|口之家)?)"
)
ALONE = LazyPattern(
    r"(?:就|只有|只)?我(?:自己)?(?:一个人|一人|一个)?|自己|独自一人|独自|一个人|单人"
)
PAIRS = LazyPattern(
    r"(?:我们|夫妻|我和我?(?:老婆|老公|妻子|丈夫|太太|先生|朋友|爱人))(?:俩|两个|两人)?|我俩|俩人"
)


def read_count(text: str, context: Context) -> Count | None:  # noqa: ARG001
    """
    How many people, and of which groups; None if the text does not say.

    It reads 三大两小, 两个大人一个小孩, 一家三口, 就我.
    """
    plain, _ = stripped(text)
    if ALONE.fullmatch(plain):
        return Count(1, {})
    if plain != "我们" and PAIRS.fullmatch(plain):
        return Count(2, {})
    match = WHOLE.fullmatch(plain)
    if match is not None:
        value = number_in(match["n"])
        whole = value is not None and value == int(value) and 0 <= value < 1000
        return Count(int(value), {}) if value is not None and whole else None
    return listed(plain)


def listed(plain: str) -> Count | None:
    """The count of a list of groups; None unless each item is a group with a number."""
    groups: dict[str, int] = {}
    position = 0
    item = ITEM if ITEM.match(plain) else TURNED
    while position < len(plain):
        match = item.match(plain, position)
        if match is None:
            return None
        value = number_in(match["n"])
        if value is None or value != int(value) or value > 999:
            return None
        name = next(name for name in GROUPS if match[name] is not None)
        groups[name] = groups.get(name, 0) + int(value)
        position = match.end()
    total = sum(groups.values())
    if set(groups) == {"person"}:
        groups = {}
    return Count(total, groups) if total else None


NIGHTS = LazyPattern(rf"({NUMBER})个?[晚夜]")


def read_duration(text: str, context: Context) -> Duration | None:
    """
    How long: 三天, 两个半小时, 三晚; None if the text does not say.

    Raises UnresolvedError for an unknown word.
    """
    plain, approximate = stripped(text)
    amounts = read_amounts(NIGHTS.sub(r"\1天", plain), context)
    return None if amounts is None else Duration(amounts, approximate)


YES = (
    "是 是的 对 对的 好 好的 好啊 可以 行 没问题 嗯 当然 要 需要 没错 系 系嘅 确认 同意 可以的 是呀"
)
NO = (
    "不 不是 不用 不用了 不要 不要了 不必了 不行 否 不对 不可以 不需要 不了 "
    "唔系 唔使 唔要 唔好 不是的 不好 不必"
)
WORDS = {**dict.fromkeys(YES.split(), True), **dict.fromkeys(NO.split(), False)}


def read_boolean(text: str) -> bool | None:
    """True for yes, False for no; None if the text is not only that."""
    plain, _ = stripped(text)
    return WORDS.get(plain.rstrip(",.!。"))
