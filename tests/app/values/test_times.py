"""Kinds of times, said on Sunday 29 November 2026 at 9:00."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.values import Context, SlotType, resolve

TIME = SlotType("datetime", bare_duration="offset")


def resolved(text: str, locale: str, slot: SlotType = TIME, **more: Any) -> dict[str, Any]:
    zone = ZoneInfo("Europe/London")
    context = Context(datetime(2026, 11, 29, 9, tzinfo=zone), zone, locale)
    return resolve(text, 0, len(text), slot, context, **more)


def short(resolution: dict[str, Any]) -> str:
    """A resolution as a line: value or range, alternatives after a slash, or its reason."""
    if "unresolved" in resolution:
        return str(resolution["unresolved"])
    if "any_of" in resolution:
        return " or ".join(short(option) for option in resolution["any_of"])
    if "value" in resolution:
        line = str(resolution["value"])
    else:
        line = f"{resolution.get('from', '')}..{resolution.get('to', '')}"
    line = line.replace(":00+00:00", "")
    line += "~" * resolution.get("approximate", False) + "<" * resolution.get("past", False)
    return " / ".join([line, *(short(other) for other in resolution.get("alternatives", []))])


ENGLISH = {
    "early May": "2027-05-01..2027-05-10",
    "mid-June": "2027-06-11..2027-06-20",
    "the end of the month": "2026-11-21..2026-11-30",
    "the beginning of next month": "2026-12-01..2026-12-10",
    "late next week": "2026-12-03..2026-12-04",
    "the last week of October": "2027-10-25..2027-10-31",
    "the last day of December": "2026-12-31",
    "the first Monday of June": "2027-06-07",
    "the last Friday of January": "2027-01-29",
    "the week of December 7": "2026-W50",
    "the weekend of the 5th": "2026-12-05..2026-12-06",
    "the weekend after next": "2026-12-12..2026-12-13",
    "a fortnight today": "2026-12-13",
    "a week on Tuesday": "2026-12-08",
    "two weeks from Monday": "2026-12-14",
    "the day after Christmas": "2026-12-26",
    "the Monday after Christmas": "2026-12-28",
    "half seven": "07:30 / 19:30",
    "half past 7": "07:30 / 19:30",
    "seven thirty": "07:30 / 19:30",
    "seven oh five": "07:05 / 19:05",
    "ten to eight": "07:50 / 19:50",
    "five past ten at night": "22:05",
    "1430": "14:30",
    "0900 hours": "09:00",
    "14h30": "14:30",
    "at 1900": "19:00",
    "24:00": "00:00",
    "midnight": "00:00",
    "noon tomorrow": "2026-11-30T12:00",
    "tonight at 1 am": "2026-11-30T01:00",
    "tonight around 7": "2026-11-29T19:00~",
    "Friday night at 11": "2026-12-04T23:00",
    "8 am in the evening": "contradiction",
    "between 5 and 7 pm": "17:00..19:00",
    "from 9 to 5": "09:00..17:00",
    "7-9": "not_understood",
    "7-9 pm": "19:00..21:00",
    "Mon-Wed": "2026-11-30..2026-12-02",
    "5 or 6 December": "2026-12-05 or 2026-12-06",
    "Friday after next": "2026-12-11",
    "in two weeks' time": "2026-12-13",
    "St. Patrick's Day": "2027-03-17",
    "5 to 7": "05:00..07:00 / 17:00..19:00",
    "10 pm to 2 am": "22:00..02:00",
    "Friday between 9 and 11 in the morning": "2026-12-04T09:00..2026-12-04T11:00",
    "5 to 7 pm on Friday": "2026-12-04T17:00..2026-12-04T19:00",
    "Friday 5 pm to Sunday 7 pm": "2026-12-04T17:00..2026-12-06T19:00",
    "3rd to 5th": "2026-12-03..2026-12-05",
    "3-5 December": "2026-12-03..2026-12-05",
    "December 3 to 5": "2026-12-03..2026-12-05",
    "28 December to 3 January": "2026-12-28..2027-01-03",
    "28 December to 3 January 2030": "2029-12-28..2030-01-03",
    "Monday to Friday next week": "2026-11-30..2026-12-04",
    "after 5 pm": "17:00..",
    "no later than Friday": "..2026-12-04",
    "before Friday": "..2026-12-03",
    "after Friday": "2026-12-05..",
    "from Friday on": "2026-12-04..",
    "Friday or later": "2026-12-04..",
    "9 pm at the latest": "..21:00",
    "not before 9 am on Monday": "2026-11-30T09:00..",
    "next Friday after 5 pm": "2026-12-04T17:00..",
    "before midnight": "..24:00",
    "within two days": "2026-11-29..2026-12-01",
    "Monday or Tuesday": "2026-11-30 or 2026-12-01",
    "5 or 6 pm": "17:00 or 18:00",
    "around noon": "12:00~",
    "noonish on Monday": "2026-11-30T12:00~",
    "noon in the evening": "contradiction",
    "10 at dawn": "contradiction",
    "midnight tonight": "2026-11-30T00:00",
    "12ish": "12:00~ / 00:00~",
    "3/12": "2026-12-03",
    "2026-12-31": "2026-12-31",
    "Jan 5 '27": "2027-01-05",
    "Tuesday the 8th": "2026-12-08",
    "Tuesday the 9th": "contradiction",
    "Tuesday 9 December": "contradiction",
    "tomorrow, 5 December": "contradiction",
    "13/13": "no_such_date",
    "31 November": "no_such_date",
    "29 February 2027": "no_such_date",
    "two days ago": "2026-11-27<",
    "yesterday": "2026-11-28<",
    "this past Wednesday": "2026-11-25<",
    "Easter Monday": "2027-03-29",
    "Christmas Day 2027": "2027-12-25",
    "New Year's Eve at 11 pm": "2026-12-31T23:00",
    "Mother's Day": "2027-03-07",
    "the next day": "needs_anchor",
    "the day after": "needs_anchor",
    "day before": "needs_anchor",
    "Sunday River": "not_understood",
    "May Chen": "not_understood",
    "Boeing 747": "not_understood",
    "every Monday": "not_understood",
    "as soon as possible": "not_understood",
    "next": "not_understood",
    "2:55 pm this morning": "contradiction",
}
CHINESE = {
    "大后天": "2026-12-02",
    "下下周五": "2026-12-11",
    "下个星期三": "2026-12-02",
    "下週三下午三點之後": "2026-12-02T15:00..",
    "周五下午三点到五点": "2026-12-04T15:00..2026-12-04T17:00",
    "上午十点到十二点之间": "10:00..12:00",
    "晚上十点到凌晨两点": "22:00..02:00",
    "五号到七号": "2026-12-05..2026-12-07",
    "五月三号到五号": "2027-05-03..2027-05-05",
    "12月28日到1月3日": "2026-12-28..2027-01-03",
    "下周一到周三": "2026-11-30..2026-12-02",
    "最晚周五": "..2026-12-04",
    "周五之前": "..2026-12-03 / ..2026-12-04",
    "下午五点以后": "17:00..",
    "12月5号起": "2026-12-05..",
    "三日后": "2026-12-02 / 2026-12-04..",
    "五日內": "2026-11-29..2026-12-04",
    "三點九": "not_understood",
    "之后的周一": "not_understood",
    "以前的5号": "not_understood",
    "前周一": "not_understood",
    "八点05": "08:05 / 20:05",
    "明年初": "2027-01",
    "三天之内": "2026-11-29..2026-12-02",
    "半小时后": "2026-11-29T09:30",
    "十天后中午": "2026-12-09T12:00",
    "今晚一点": "2026-11-30T01:00",
    "明早七点半": "2026-11-30T07:30",
    "明天凌晨一点半": "2026-11-30T01:30",
    "差五分八点": "07:55 / 19:55",
    "八点一刻": "08:15 / 20:15",
    "八点零五分": "08:05 / 20:05",
    "下午九点半": "21:30",
    "下午大约三点": "15:00~",
    "明天下午两点左右": "2026-11-30T14:00~",
    "月底": "2026-11-21..2026-11-30",
    "下月初": "2026-12-01..2026-12-10",
    "五月中旬": "2027-05-11..2027-05-20",
    "年底": "2026-12",
    "民國115年12月5日": "2026-12-05",
    "民國一一五年十二月五日": "2026-12-05",
    "二〇二七年三月五日": "2027-03-05",
    "27年3月5号": "2027-03-05",
    "廿三号": "2026-12-23",
    "农历八月十五": "2027-09-15",
    "農曆十二月初十": "2027-01-17",
    "大年初三": "2027-02-08",
    "春节": "2027-02-06",
    "除夕": "2027-02-05",
    "端午": "2027-06-09",
    "清明": "2027-04-05",
    "聽日下晝三點": "2026-11-30T15:00",
    "後日朝早八點": "2026-12-01T08:00",
    "禮拜日夜晚九點": "2026-11-29T21:00 / 2026-12-06T21:00",
    "12月24日（星期四）": "2026-12-24",
    "12月25日星期四": "contradiction",
    "2月30号": "no_such_date",
    "周一或者周二": "2026-11-30 or 2026-12-01",
    "第二天早上八点": "needs_anchor",
    "五月天": "not_understood",
    "周口": "not_understood",
    "尽快": "not_understood",
    "过两天": "not_understood",
}


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_english(text: str, expected: str) -> None:
    assert short(resolved(text, "en-GB")) == expected


@pytest.mark.parametrize(("text", "expected"), CHINESE.items())
def test_chinese(text: str, expected: str) -> None:
    assert short(resolved(text, "zh-CN")) == expected


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("11/2", "en-US", "2027-11-02"),
        ("11/2", "en-GB", "2027-02-11"),
        ("11/2", "en", "2027-11-02 / 2027-02-11"),
        ("half seven", "en-US", "not_understood"),
        ("Thanksgiving", "en-US", "2027-11-25"),
        ("Thanksgiving", "en-CA", "2027-10-11"),
        ("Labor Day", "en-US", "2027-09-06"),
        ("Labor Day", "en", "not_understood"),
        ("国庆节", "zh-CN", "2027-10-01"),
        ("國慶日", "zh-TW", "2027-10-10"),
        ("115/12/5", "zh-TW", "2026-12-05"),
        ("115/12/5", "zh-CN", "not_understood"),
        ("3/5", "zh-HK", "2027-03-05 / 2027-05-03"),
        ("十一", "zh-CN", "2027-10-01"),
        ("十一", "zh-TW", "not_understood"),
    ],
)
def test_the_locale_decides(text: str, locale: str, expected: str) -> None:
    assert short(resolved(text, locale)) == expected


@pytest.mark.parametrize(
    ("sentence", "words", "expected"),
    [
        ("be there by 6 pm", "6 pm", "..18:00"),
        ("be there by the 3rd", "3rd", "..2026-12-03"),
        ("leave in three days", "three days", "2026-12-02"),
        ("leave around 6 pm", "6 pm", "18:00~"),
        ("stay for three days", "three days", "not_understood"),
        ("下午三点之前到", "下午三点", "..15:00"),
        ("下午三点左右到", "下午三点", "15:00~"),
        ("三天后出发", "三天", "2026-12-02"),
        ("周五后天", "周五", "2026-12-04"),
        ("8月3日前往大阪", "8月3日", "2027-08-03"),
        ("住三天", "三天", "not_understood"),
    ],
)
def test_relation_words_beside_the_value_are_read(sentence: str, words: str, expected: str) -> None:
    zone = ZoneInfo("Europe/London")
    context = Context(datetime(2026, 11, 29, 9, tzinfo=zone), zone, "en-GB")
    start = sentence.index(words)
    assert short(resolve(sentence, start, start + len(words), TIME, context)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the next day", "2026-12-05"),
        ("day after", "2026-12-05"),
        ("the day after at 8 am", "2026-12-05T08:00"),
        ("the day before", "2026-12-03"),
        ("the same day", "2026-12-04"),
        ("the next day at 8 am", "2026-12-05T08:00"),
        ("three days later", "2026-12-07 / 2026-12-02"),
        ("the following Monday", "2026-12-07"),
        ("the following Friday", "2026-12-11"),
        ("the following Saturday at 5 pm", "2026-12-05T17:00"),
        ("the following week", "2026-W50"),
        ("the following month", "2027-01"),
        ("the next Monday", "2026-11-30"),
        ("同一天", "2026-12-04"),
        ("第二天", "2026-12-05"),
        ("当天晚上八点", "2026-12-04T20:00"),
        ("三天后", "2026-12-07 / 2026-12-02"),
    ],
)
def test_another_slot_is_the_anchor(text: str, expected: str) -> None:
    assert short(resolved(text, "en-GB", anchor=date(2026, 12, 4))) == expected


def test_without_an_anchor_the_following_day_is_the_next() -> None:
    assert short(resolved("the following Monday", "en-GB")) == "2026-11-30"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("同一天回", "一天"),
        ("同一天回", "同一天回"),
        ("每三天", "三天"),
        ("另一天", "一天"),
        ("every two days", "two days"),
        ("the same two days", "two days"),
        ("the first three days", "three days"),
        ("the other two days", "two days"),
    ],
)
def test_a_duration_that_is_one_of_several_is_no_offset(text: str, words: str) -> None:
    """Where the tagger leaves out the word that says so."""
    context = Context(datetime(2026, 11, 29, 9, tzinfo=UTC), ZoneInfo("Europe/London"), "en-GB")
    start = text.index(words)
    answer = resolve(text, start, start + len(words), TIME, context)
    assert answer == {"type": "datetime", "unresolved": "not_understood"}


@pytest.mark.parametrize(
    ("text", "prefer", "expected"),
    [
        ("Friday", "future", "2026-12-04"),
        ("Friday", "past", "2026-11-27<"),
        ("Friday", "nearest", "2026-11-27<"),
        ("1 November", "future", "2027-11-01"),
        ("1 November", "past", "2026-11-01<"),
        ("the 30th", "past", "2026-10-30<"),
    ],
)
def test_a_slot_may_prefer_the_past(text: str, prefer: Any, expected: str) -> None:
    assert short(resolved(text, "en-GB", SlotType("datetime", prefer=prefer))) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Friday", "date", "2026-12-04"),
        ("Friday at 8", "date", "not_understood"),
        ("8 pm", "date", "not_understood"),
        ("8 pm", "time", "20:00"),
        ("Friday", "time", "not_understood"),
    ],
)
def test_a_narrower_type_takes_only_its_own(text: str, kind: Any, expected: str) -> None:
    assert short(resolved(text, "en-GB", SlotType(kind))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", "needs_reference"),
        ("3 May", "needs_reference"),
        ("3 May 2027", "2027-05-03"),
        ("8 pm", "20:00"),
        ("3 May 2027 at 8 pm", "needs_reference"),
        ("明天", "needs_reference"),
    ],
)
def test_without_a_reference_only_the_absolute_has_a_value(text: str, expected: str) -> None:
    answer = resolve(text, 0, len(text), TIME, Context(locale="en-GB"))
    assert short(answer) == expected


def test_hours_of_parts_of_the_day_can_be_set() -> None:
    slot = SlotType("datetime", parts={"morning": (7 * 60, 11 * 60 + 30)})
    answer = resolved("tomorrow morning", "en-GB", slot)
    assert (answer["from"][11:16], answer["to"][11:16]) == ("07:00", "11:30")
    assert resolved("tomorrow evening", "en-GB", slot)["from"][11:16] == "18:00"


@pytest.mark.parametrize("year", [2, 3, 1999, 9997, 9998])
@pytest.mark.parametrize("month", [1, 3, 12])
@pytest.mark.parametrize("prefer", ["future", "past", "nearest"])
@pytest.mark.parametrize(
    "phrase", ["29 February", "30 January", "Easter", "next Easter", "last Easter", "the 31st"]
)
def test_a_search_ends_where_the_calendar_does(
    year: int, month: int, prefer: Any, phrase: str
) -> None:
    """For 29 February in 9998, the search went on for ever: there is no later leap year."""
    for day, zone in ((1, "America/New_York"), (31, "Australia/Sydney")):
        moment = datetime(year, month, day, 12, tzinfo=UTC)
        slot = SlotType("date", prefer=prefer)
        answer = resolve(phrase, 0, len(phrase), slot, Context(moment, ZoneInfo(zone), "en-GB"))
        assert "value" in answer or answer["unresolved"] == "no_such_date"
