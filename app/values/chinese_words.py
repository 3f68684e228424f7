"""
Chinese words that rules read, in simplified characters, and how a phrase is cut into them.

Traditional characters are mapped one to one first, so that a word table serves both scripts.
"""

import re
from typing import Any

from app.values.context import Context
from app.values.days import AnyReading, Day, Fixed, MonthDay, Span, exact
from app.values.errors import UnresolvedError
from app.values.phrases import MAX_WORDS, Phrase
from app.values.traditional_table import TRADITIONAL

__all__ = ["number_of", "phrase_of", "simplified"]

# Classes of words, one character each, as rules write them:
#   n number   Y year in four digits   d whole date   c 7:45   p am/pm
#   y 年   m 月   D 日/号   t 天   w 周   W weekday   E weekend   U 个   e beginning/middle/end
#   r today …   z this year …   P part of day   N noon   X now   H holiday
#   h 点   b 半   k 刻   i 分   s 秒   o 过   c 7:45   q 差   V 小时   I 分钟
#   > next   < last   = this   l lunar   M lunar month   1 初   R 民国
#   B before   A after   S since   G about, behind   g about, in front   K at the latest
#   L at the earliest   x within   T to   - dash   & and   | or   F from   v between
#   a next day   f 的   @ 在   , signs
Entry = tuple[str, Any]
WORDS: dict[str, list[Entry]] = {}


def words(kind: str, value: Any, forms: str) -> None:
    for form in forms.split():
        WORDS[form] = [(kind, value)]


words("y", None, "年")
words("m", None, "月 月份")
words("D", None, "日")
words("D", "号", "号")
words("t", None, "天 日子")
words("w", None, "周 星期 礼拜")
words("E", None, "周末 礼拜末 星期末 周六日 星期六日 周六周日")
words("U", None, "个")
for _number, _name in enumerate("一二三四五六"):
    words("W", _number, f"周{_name} 星期{_name} 礼拜{_name} 周{_number + 1} 星期{_number + 1}")
    words("W", _number, f"礼拜{_number + 1}")
words("W", 6, "周日 周天 星期日 星期天 礼拜日 礼拜天 周7 星期7")
words("r", 0, "今天 今日 今儿 即日 当日")
words("r", 1, "明天 明日 明儿 听日")
words("r", 2, "后天 后日 后儿")
words("r", 3, "大后天 大后日")
words("r", -1, "昨天 昨日 琴日 寻日")
words("r", -2, "前天 前日")
words("r", -3, "大前天")
words("z", 0, "今年 本年")
words("z", 1, "明年 来年 出年")
words("z", 2, "后年")
words("z", -1, "去年 旧年")
words("z", -2, "前年")
words("a", 1, "第二天 次日 翌日 隔天 隔日")
words("a", 0, "同一天 当天 同日 同天")
for _form, _part in {
    "凌晨": "small_hours",
    "拂晓": "dawn",
    "黎明": "dawn",
    "天亮": "dawn",
    "清晨": "early_morning",
    "清早": "early_morning",
    "一早": "early_morning",
    "一大早": "early_morning",
    "大清早": "early_morning",
    "早上": "morning",
    "早晨": "morning",
    "早间": "morning",
    "朝早": "morning",
    "朝头早": "morning",
    "上午": "morning",
    "上昼": "morning",
    "早": "morning",
    "朝": "morning",
    "下午": "afternoon",
    "午后": "afternoon",
    "下昼": "afternoon",
    "晏昼": "afternoon",
    "午间": "noon",
    "傍晚": "dusk",
    "黄昏": "dusk",
    "傍黑": "dusk",
    "晚上": "evening",
    "晚间": "evening",
    "夜晚": "evening",
    "夜间": "evening",
    "夜里": "night",
    "晚": "evening",
    "夜": "evening",
    "深夜": "late_night",
    "半夜": "midnight",
    "白天": "day",
    "日间": "day",
}.items():
    words("P", _part, _form)
words("P", "afternoon", "后晌")
for _day, _offset in {"今": 0, "明": 1, "后": 2, "昨": -1, "听": 1, "琴": -1, "寻": -1}.items():
    for _form, _part in (
        ("早", "morning"),
        ("晚", "evening"),
        ("晨", "early_morning"),
        ("朝", "morning"),
    ):
        if (_day, _form) not in (("今", "朝"), ("明", "朝"), ("寻", "朝"), ("后", "朝")):
            WORDS[_day + _form] = [("r", _offset), ("P", _part)]
    WORDS[_day + "午"] = [("r", _offset), ("N", 12)]
WORDS["今夜"] = [("r", 0), ("P", "evening")]
WORDS["当晚"] = [("a", 0), ("P", "evening")]
WORDS["当早"] = [("a", 0), ("P", "morning")]
WORDS["次晨"] = [("a", 1), ("P", "early_morning")]
words("N", 12, "中午 正午 晌午")
words("N", 24, "午夜 子夜")
words("X", None, "现在 而家 此刻 目前 当下 马上")
del WORDS["马上"]  # urgency is no time
words("h", None, "点 时 点钟 点正 点整 时整 点锺")
words("b", None, "半 半钟")
words("k", None, "刻 刻钟 个字")
del WORDS["个字"]
words("i", None, "分")
words("s", None, "秒 秒钟")
words("o", None, "过")
words("q", None, "差")
words("V", "hour", "小时 钟头 个钟 个钟头")
words("I", "minute", "分钟")
words(">", 1, "下 来")
words("<", -1, "上")
words("=", 0, "这 本 今 呢 当 这一")
del WORDS["来"]
words(">", 1, "下一")
words("<", -1, "上一")
words("e", "start", "初 月初 年初 上旬 初期 头")
words("e", "mid", "中 月中 年中 中旬 中期")
words("e", "end", "底 月底 年底 下旬 末 月末 年末 岁末 尾 月尾 年尾 底前")
for _wrong in ("底前", "头", "初期", "中期"):
    del WORDS[_wrong]
for _form, _unit in (("月初", "m"), ("月中", "m"), ("月底", "m"), ("月末", "m"), ("月尾", "m")):
    WORDS[_form] = [("m", None), WORDS[_form][0]]
for _form, _part in {
    "月中旬": "mid",
    "月初旬": "start",
    "月上旬": "start",
    "月下旬": "end",
}.items():
    WORDS[_form] = [("m", None), ("e", _part)]
for _form in ("年初", "年中", "年底", "年末", "年尾", "岁末"):
    WORDS[_form] = [("y", None), WORDS[_form][0]]
words("l", None, "农历 阴历 旧历 夏历")
words("M", 1, "正月")
words("M", 11, "冬月")
words("M", 12, "腊月")
WORDS["大年"] = [("M", 1)]
words("1", None, "初")
words("R", 1911, "民国")
words("B", "before", "之前 以前 前")
words("A", "after", "之后 以后 后 过后")
words("S", "since", "起 开始 以来 或之后 或以后 或更晚 往后 及以后")
words("G", None, "左右 前后 上下 许 左近 那会儿")
words("g", None, "大约 大概 约 约莫 差不多 接近 将近 近 大致")
words("K", None, "最晚 最迟 不晚于 不迟于 不超过 至迟 至晚")
words("L", None, "最早 不早于 至早")
words("B", "before", "早于")
words("A", "after", "晚于 迟于")
words("x", None, "内 以内 之内")
words("T", None, "到 至 直到")
words("|", None, "或 或者 还是 或是 定系")
words("&", None, "和 与 跟 同")
words("F", None, "从 由 自 自从")
words("v", None, "之间 间 期间 这段时间 中间")
words("f", None, "的 嘅 那天 当天的 这天 嗰日 那日")
words("@", None, "在 于 喺 的时候 时候 嘅时候 公元 西元 阳历 公历 国历 新历 再 假期 假 时分")
for _form, _name in {
    "元旦": "new_year",
    "新年": "new_year",
    "跨年夜": "new_years_eve",
    "跨年": "new_years_eve",
    "情人节": "valentines_day",
    "妇女节": "womens_day",
    "植树节": "arbor_day",
    "愚人节": "april_fools_day",
    "劳动节": "may_day",
    "五一": "may_day",
    "五一节": "may_day",
    "五一劳动节": "may_day",
    "青年节": "youth_day",
    "母亲节": "mothers_day",
    "父亲节": "fathers_day",
    "儿童节": "childrens_day",
    "六一": "childrens_day",
    "建军节": "army_day",
    "教师节": "teachers_day",
    "国庆": "chinese_national_day",
    "国庆节": "chinese_national_day",
    "国庆日": "chinese_national_day",
    "双十节": "double_tenth",
    "双十国庆": "double_tenth",
    "双十一": "singles_day",
    "光棍节": "singles_day",
    "万圣节": "halloween",
    "感恩节": "thanksgiving",
    "平安夜": "christmas_eve",
    "圣诞夜": "christmas_eve",
    "圣诞前夕": "christmas_eve",
    "圣诞前夜": "christmas_eve",
    "圣诞": "christmas",
    "圣诞节": "christmas",
    "圣诞日": "christmas",
    "节礼日": "boxing_day",
    "复活节": "easter",
    "和平纪念日": "peace_memorial_day",
    "二二八": "peace_memorial_day",
    "春节": "lunar_new_year",
    "农历新年": "lunar_new_year",
    "大年初一": "lunar_new_year",
    "除夕": "lunar_new_years_eve",
    "除夕夜": "lunar_new_years_eve",
    "年三十": "lunar_new_years_eve",
    "大年三十": "lunar_new_years_eve",
    "年夜": "lunar_new_years_eve",
    "小年夜": "?",
    "元宵": "lantern_festival",
    "元宵节": "lantern_festival",
    "清明": "qingming",
    "清明节": "qingming",
    "端午": "dragon_boat_festival",
    "端午节": "dragon_boat_festival",
    "七夕": "qixi",
    "七夕节": "qixi",
    "中元节": "ghost_festival",
    "中秋": "mid_autumn_festival",
    "中秋节": "mid_autumn_festival",
    "重阳": "double_ninth",
    "重阳节": "double_ninth",
    "腊八": "laba",
    "腊八节": "laba",
    "冬至": "winter_solstice",
    "回归日": "hong_kong_establishment_day",
}.items():
    if _name != "?":
        WORDS[_form] = [("H", _name)]
LONGEST: dict[str, int] = {}
for _form in WORDS:
    LONGEST[_form[0]] = max(LONGEST.get(_form[0], 0), len(_form))

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "两": 2, "○": 0, "俩": 2, "仨": 3}
UNITS = {"十": 10, "百": 100, "千": 1000}
COLLECTED = {"廿": 20, "卅": 30}
NUMERALS = set(DIGITS) | set(UNITS) | set(COLLECTED)
WIDE = str.maketrans(
    {chr(0xFF01 + n): chr(0x21 + n) for n in range(94)}
    | {"　": " ", "、": ",", "〜": "~", "—": "-"}
)

TOKEN = re.compile(
    r"(?P<d>\d{4}([-/.])\d{1,2}\2\d{1,2}(?!\d)|\d{3}([-/.])\d{1,2}\3\d{1,2}(?!\d))"
    r"|(?P<x>\d{1,2}[/.]\d{1,2}(?!\d|:))"
    r"|(?P<c>\d{1,2}:\d{2}(?::\d{2})?(?!\d))"
    r"|(?P<n>\d+)"
    r"|(?P<p>[ap]\.?m\.?)"
    r"|(?P<s>[-,–~&@()])"
    r"|(?P<w>\s+)",
    re.IGNORECASE,
)
SIGNS = {"-": "-", "–": "-", "~": "-", ",": ",", "&": "&", "@": "@", "(": ",", ")": ","}


def simplified(text: str) -> str:
    """The text in simplified characters and narrow signs, as many characters as before."""
    return text.translate(TRADITIONAL).translate(WIDE)


def number_of(numerals: str) -> int | None:
    """二十三 → 23, 两百五 → 250, 二〇二七 → 2027; None if the characters are no number."""
    if not any(sign in UNITS or sign in COLLECTED for sign in numerals):
        digits = [DIGITS[sign] for sign in numerals]
        return digits[0] if len(digits) == 1 else int("".join(map(str, digits)))
    total, digit, scale, last = 0, None, 10000, 0
    for sign in numerals:
        if sign in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[sign]
        elif sign in COLLECTED:
            if scale <= 10 or digit not in (None, 0):
                return None
            total, scale, last, digit = total + COLLECTED[sign], 10, 0, None
        else:
            unit = UNITS[sign]
            if unit >= scale or (digit is None and unit > 10) or (digit == 0 and unit > 10):
                return None
            total, scale, last, digit = total + (digit or 1) * unit, unit, unit, None
    if digit is not None:
        short = last >= 100 and numerals[-2] in UNITS
        total += digit * (last // 10 if short else 1)
    return total


def day_of(text: str, region: str) -> Day:
    first, second, third = (int(part) for part in re.split("[-/.]", text))
    if first < 1000:
        if region != "TW":
            raise UnresolvedError
        first += 1911
    found = exact(first, second, third)
    return Fixed(Span(found, found, "day"))


def month_and_day(text: str, region: str) -> Day:
    """6/18; in Hong Kong the day may be first."""
    first, second = (int(part) for part in re.split("[/.]", text))
    if first > 12:
        return MonthDay(second, first)
    if region == "HK" and second <= 12 and first != second:
        return AnyReading([MonthDay(first, second), MonthDay(second, first)])
    return MonthDay(first, second)


def number_entry(text: str, *, spelled: bool = False) -> Entry:
    value = int(text) if text.isdigit() else number_of(text)
    if value is None:
        raise UnresolvedError
    if len(text) == 4 and 1900 <= value < 2200 and (text.isdigit() or not set(text) & set(UNITS)):
        return "Y", value
    if text.isdigit() and len(text) == 8:
        found = exact(value // 10000, value // 100 % 100, value % 100)
        return "d", Fixed(Span(found, found, "day"))
    if value > 999 or (spelled and not spells_number(text)):
        raise UnresolvedError
    return "n", value


def spells_number(text: str) -> bool:
    """Whether numerals are one number: 零五 and 一一五 (a year of 民国) are, 三五 is not."""
    if len(text) == 1 or set(text) & {*UNITS, *COLLECTED}:
        return True
    return (len(text) == 2 and DIGITS[text[0]] == 0) or (len(text) == 3 and DIGITS[text[0]] == 1)


def sign_entries(kind: str, word: str, region: str) -> list[Entry]:
    """What figures and signs say."""
    if kind == "n":
        return [number_entry(word)]
    if kind == "c":
        parts = [int(part) for part in word.split(":")]
        return [("c", (parts[0], parts[1], parts[2] if len(parts) > 2 else 0, word[0] == "0"))]
    if kind == "x":
        return [("d", month_and_day(word, region))]
    if kind == "d":
        return [("d", day_of(word, region))]
    if kind == "p":
        return [("p", f"{word[0].lower()}m")]
    return [] if kind == "w" else [(SIGNS[word], None)]


def phrase_of(text: str, context: Context) -> Phrase:
    """The classes of the words; raises UnresolvedError if one is unknown."""
    plain = simplified(text).strip()
    classes: list[str] = []
    values: list[Any] = []
    texts: list[str] = []
    position, end = 0, len(plain)
    while position < end:
        character = plain[position]
        if len(classes) > MAX_WORDS:
            raise UnresolvedError
        entries: list[Entry] | None = None
        width = 0
        for width in range(LONGEST.get(character, 0), 0, -1):
            entries = WORDS.get(plain[position : position + width])
            if entries is not None:
                break
        if width == 2 and character == "月" and plain[position + 2 : position + 3] in NUMERALS:
            entries, width = WORDS["月"], 1  # 十二月初十
        if entries is None and character in NUMERALS:
            width = 1
            while position + width < end and plain[position + width] in NUMERALS:
                width += 1
            entries = [number_entry(plain[position : position + width], spelled=True)]
        if entries is None:
            match = TOKEN.match(plain, position)
            if match is None or match.lastgroup is None:
                raise UnresolvedError
            width = match.end() - position
            entries = sign_entries(match.lastgroup, match[match.lastgroup], context.region)
        for kind, value in entries:
            classes.append(kind)
            values.append(value)
            texts.append(plain[position : position + width])
        position += width
    return Phrase("".join(classes), values, texts, [])
