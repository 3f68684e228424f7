import json
import time
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.values import Context, SlotType, ValueType, resolve
from app.values.chinese_words import WORDS as CHINESE
from app.values.english_words import ORDINALS, PHRASES, UNITS, WORDS
from app.values.phrases import MAX_CHARACTERS

PIECES = {f"{first} {second}" for first in PHRASES for second in PHRASES[first]}
ENGLISH_WORD = st.sampled_from(
    sorted(
        {
            *PIECES,
            *WORDS,
            *ORDINALS,
            *UNITS,
            "hundred",
            "thousand",
            "the",
            "5",
            "2027",
            "7:45",
            "31",
            "9am",
        }
    )
)
SIGN = st.sampled_from([" ", "-", "/", ".", ",", ":", "'", "1", "23", "2027", "8.30", "12/31"])
ENGLISH = st.lists(ENGLISH_WORD | SIGN, max_size=12).map(" ".join)
CHINESE_TEXT = st.lists(
    st.sampled_from(sorted({*CHINESE, *"零一二三四五六七八九十百千两廿卅", "12", ":", "/"})),
    max_size=14,
).map("".join)
TEXT = ENGLISH | CHINESE_TEXT | st.text(max_size=100)
LOCALE = st.sampled_from(["en", "en-US", "en-GB", "zh", "zh-CN", "zh-TW", "zh-HK"])
MOMENT = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 30), timezones=st.just(UTC))
ZONE = st.sampled_from(["UTC", "Europe/London", "Asia/Taipei", "Australia/Sydney"]).map(ZoneInfo)
TYPE = st.sampled_from(get_args(ValueType))
REASONS = {
    "not_understood",
    "no_such_date",
    "contradiction",
    "needs_anchor",
    "needs_reference",
    "unknown_name",
    "too_long",
}


def is_sound(resolution: dict[str, Any], kind: str) -> bool:
    """Whether a resolution has a value, an end, options, or a reason to have none."""
    json.dumps(resolution)
    if "unresolved" in resolution:
        return resolution["type"] == kind and resolution["unresolved"] in REASONS
    if kind == "datetime":
        assert resolution["type"] in ("date", "time", "datetime")
    else:
        assert resolution["type"] == kind
    return bool({"value", "from", "to", "any_of", "amount"} & set(resolution))


@settings(max_examples=1500, deadline=None)
@given(TEXT, TYPE, LOCALE, MOMENT, ZONE)
def test_any_text_has_a_value_or_a_reason(
    text: str, kind: Any, locale: str, moment: datetime, zone: ZoneInfo
) -> None:
    context = Context(moment, zone, locale)
    slot = SlotType(kind, bare_duration="offset")
    assert is_sound(resolve(text, 0, len(text), slot, context), kind)


@settings(max_examples=400, deadline=None)
@given(TEXT, LOCALE)
def test_without_a_reference_nothing_relative_has_a_value(text: str, locale: str) -> None:
    answer = resolve(text, 0, len(text), SlotType("datetime"), Context(locale=locale))
    assert is_sound(answer, "datetime")
    assert answer["type"] != "datetime" or "unresolved" in answer
    assert "past" not in answer


@settings(max_examples=400, deadline=None)
@given(TEXT, LOCALE, MOMENT)
def test_the_end_of_a_range_of_days_is_not_before_its_beginning(
    text: str, locale: str, moment: datetime
) -> None:
    context = Context(moment, ZoneInfo("UTC"), locale)
    answer = resolve(text, 0, len(text), SlotType("datetime"), context)
    if answer["type"] in ("date", "datetime") and {"from", "to"} <= set(answer):
        assert answer["from"] <= answer["to"]


@pytest.mark.parametrize(
    "text",
    [
        "to " * 40,
        "5 hundred " * 8,
        "monday or " * 8,
        "a" * 80,
        "1" * 80,
        "10-" * 26,
        "和" * 80,
        "三天" * 24,
        "下" * 79 + "周",
        "about about about about 5",
        "after before by until after 5",
        "一" * 80,
    ],
)
@pytest.mark.parametrize("kind", get_args(ValueType))
def test_the_worst_phrases_take_little_time(text: str, kind: Any) -> None:
    context = Context(datetime(2026, 11, 29, 9, tzinfo=UTC), ZoneInfo("UTC"), "en")
    begun = time.process_time()
    for _ in range(10):
        resolve(text, 0, min(len(text), MAX_CHARACTERS), SlotType(kind), context)
    assert time.process_time() - begun < 0.2


def test_a_longer_phrase_is_too_long() -> None:
    text = "the 3rd of May" + " " * MAX_CHARACTERS
    answer = resolve(text, 0, len(text), SlotType("date"), Context())
    assert answer == {"type": "date", "unresolved": "too_long"}


def test_a_language_without_rules_is_unsupported() -> None:
    answer = resolve("morgen", 0, 6, SlotType("date"), Context(locale="de-DE"))
    assert answer == {"type": "date", "unresolved": "unsupported_language"}
