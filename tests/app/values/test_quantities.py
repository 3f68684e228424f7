from typing import Any

import pytest

from app.values import Context, SlotType, resolve


def value(kind: Any, text: str, locale: str) -> dict[str, Any]:
    answer = resolve(text, 0, len(text), SlotType(kind), Context(locale=locale))
    assert answer.pop("type") == kind
    return answer


NOT = {"unresolved": "not_understood"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("24", 24), ("twenty-four", 24), ("two dozen", 24), ("a dozen", 12), ("half a dozen", 6)],
        *[("1,250.5", 1250.5), ("two hundred and five", 205), ("a hundred", 100), ("zero", 0)],
        *[("one thousand two hundred", 1200), ("1.5 million", 1500000), ("5 hundred", 500)],
        *[("two and a half", 2.5), ("a couple", 2), ("two thousand and thirty two", 2032)],
        *[("二十四", 24), ("两百五", 250), ("两千零五", 2005), ("一万二", 12000), ("1.5万", 15000)],
        *[("一打", 12), ("三个半", 3.5), ("廿三", 23), ("一百零八", 108), ("兩千", 2000)],
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert value("number", text, "en") == {"value": number}


@pytest.mark.parametrize(
    "text", ["two twenty", "and", "thousand", "three or five", "三五", "百", "x"]
)
def test_what_is_no_number(text: str) -> None:
    assert value("number", text, "en") == NOT


def test_about_a_number() -> None:
    assert value("number", "about twenty", "en") == {"value": 20, "approximate": True}
    assert value("number", "二十左右", "zh") == {"value": 20, "approximate": True}


@pytest.mark.parametrize(
    ("text", "count", "groups"),
    [
        ("2 adults and 1 child", 3, {"adult": 2, "child": 1}),
        ("1 adult, 2 children and 1 infant", 4, {"adult": 1, "child": 2, "infant": 1}),
        ("Three grown-ups & one kid", 4, {"adult": 3, "child": 1}),
        ("2 parents a child and a toddler", 4, {"adult": 2, "child": 1, "infant": 1}),
        ("me and two kids", 3, {"adult": 1, "child": 2}),
        ("my wife and I", 2, {"adult": 2}),
        ("two and a baby", 3, {"infant": 1, "person": 2}),
        ("31 pupils", 31, {"student": 31}),
        ("just me", 1, None),
        ("a family of four", 4, None),
        ("the two of us", 2, None),
        ("party of twelve", 12, None),
        ("2 pax", 2, None),
        ("two", 2, None),
        ("三大两小", 5, {"adult": 3, "child": 2}),
        ("三大兩小", 5, {"adult": 3, "child": 2}),
        ("两个大人一个小孩", 3, {"adult": 2, "child": 1}),
        ("2个成人和1个儿童", 3, {"adult": 2, "child": 1}),
        ("成人2位、兒童1名", 3, {"adult": 2, "child": 1}),
        ("两大一小一婴", 4, {"adult": 2, "child": 1, "infant": 1}),
        ("一家三口", 3, None),
        ("就我", 1, None),
        ("我们俩", 2, None),
        ("四位", 4, None),
    ],
)
def test_counts(text: str, count: int, groups: dict[str, int] | None) -> None:
    expected: dict[str, Any] = {"value": count}
    if groups:
        expected["groups"] = groups
    assert value("count", text, "en") == expected


@pytest.mark.parametrize("text", ["5 or 6", "nobody", "2 cats", "一些", "大小", ""])
def test_what_is_no_count(text: str) -> None:
    assert value("count", text, "en") == NOT


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("1.5k USD", "en-US", usd("1500")),
        ("$1,250.50", "en-US", usd("1250.50")),
        ("twenty bucks", "en-US", usd("20")),
        ("two dollars fifty", "en-US", usd("2.50")),
        ("50 cents", "en-US", usd("0.50")),
        ("2k dollars", "en-US", usd("2000")),
        ("500美金", "zh-CN", usd("500")),
        ("20 dollars", "en-AU", {"amount": "20", "currency": "AUD"}),
        ("HK$500", "en-US", {"amount": "500", "currency": "HKD"}),
        ("two hundred pounds", "en-US", {"amount": "200", "currency": "GBP"}),
        ("300€", "en-GB", {"amount": "300", "currency": "EUR"}),
        ("around 500 dollars", "en-US", {**usd("500"), "approximate": True}),
        ("under 300 dollars", "en-US", {"to": usd("300")}),
        ("at least 100 dollars", "en-US", {"from": usd("100")}),
        ("$200-300", "en-US", {"from": usd("200"), "to": usd("300")}),
        ("between 200 and 300 dollars", "en-US", {"from": usd("200"), "to": usd("300")}),
        ("五百块", "zh-CN", {"amount": "500", "currency": "CNY"}),
        ("五百塊", "zh-TW", {"amount": "500", "currency": "TWD"}),
        ("三块五", "zh-CN", {"amount": "3.5", "currency": "CNY"}),
        ("港币五百", "zh-CN", {"amount": "500", "currency": "HKD"}),
        ("不超过一千元", "zh-CN", {"to": {"amount": "1000", "currency": "CNY"}}),
        ("300", "en-US", NOT),
        ("一百五十", "zh-CN", NOT),
        ("300 to 200 dollars", "en-US", NOT),
    ],
)
def test_money(text: str, locale: str, expected: dict[str, Any]) -> None:
    assert value("money", text, locale) == expected


def test_money_without_a_region_has_alternatives() -> None:
    answer = value("money", "三千元", "zh")
    assert answer["currency"] == "CNY"
    assert [other["currency"] for other in answer["alternatives"]] == ["TWD", "HKD"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("three days", "P3D"), ("a fortnight", "P2W"), ("two and a half hours", "PT2H30M")],
        *[("an hour and a half", "PT1H30M"), ("half an hour", "PT30M"), ("90 minutes", "PT90M")],
        *[("2.5 hours", "PT2H30M"), ("1h30", "PT1H30M"), ("two weeks and 3 days", "P17D")],
        *[("three nights", "P3D"), ("for three days", "P3D")],
        *[("两个半小时", "PT2H30M"), ("半小时", "PT30M"), ("两周", "P2W"), ("一年半", "P1Y6M")],
        *[("三晚", "P3D"), ("一小时三十分钟", "PT1H30M"), ("一個月", "P1M")],
    ],
)
def test_durations(text: str, expected: str) -> None:
    assert value("duration", text, "en") == {"value": expected}


def test_no_duration() -> None:
    assert value("duration", "overnight", "en") == NOT
    assert value("duration", "三天三天", "zh") == NOT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("second", 2), ("2nd", 2), ("the third one", 3), ("twenty-first", 21)],
        *[("第二", 2), ("第三个", 3), ("第十二", 12)],
    ],
)
def test_ordinals(text: str, expected: int) -> None:
    assert value("ordinal", text, "en") == {"value": expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("Yes!", True), ("yes please", True), ("No, thanks", False), ("nope", False)],
        *[
            ("是的", True),
            ("好的。", True),
            ("不用", False),
            ("不用了", False),
            ("唔係", False),
            ("唔使", False),
        ],
    ],
)
def test_yes_and_no(text: str, expected: bool) -> None:
    assert value("boolean", text, "en") == {"value": expected}


@pytest.mark.parametrize("text", ["maybe", "yes and no", "是不是", "也许"])
def test_neither_yes_nor_no(text: str) -> None:
    assert value("boolean", text, "en") == NOT
