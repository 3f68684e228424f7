"""What is remembered: it is bounded, and never another answer than the rules would give."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.values import Context, Prefer, SlotType, resolve
from app.values.remembered import Remembered, bytes_of
from app.values.resolution import TIME_VALUES

LONDON = ZoneInfo("Europe/London")
PHRASES = (
    *("today", "tomorrow", "Friday", "next Friday", "last Friday", "this weekend", "the 31st"),
    *("5 pm", "today at 5 pm", "Friday at 9:30 am", "tomorrow morning", "this evening", "tonight"),
    *(
        "before 6 pm today",
        "5 to 7 pm today",
        "Easter",
        "last Easter",
        "29 February",
        "2027",
        "now",
    ),
    *("in two hours", "in three days", "three days", "three days later", "the next day", "March"),
    *(
        "the end of March",
        "the first Monday in March",
        "Monday or Tuesday",
        "around 5 pm on Friday",
    ),
    *("tomorrow at 1:30 am", "within two days", "the last day of the month", "28 December to now"),
    *(
        "from 28 December to 3 January",
        "yesterday",
        "3 pm yesterday",
        "next month",
        "midnight today",
    ),
    *(
        "今天下午三点",
        "周五",
        "下周五",
        "三天后",
        "月底",
        "春节",
        "今晚",
        "明天凌晨一点",
        "周五之前",
    ),
)
ANCHORED = ("three days later", "the next day", "三天后")
STARTS = (
    datetime(2026, 11, 29, 9, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2027, 1, 1, 3, 59, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 17, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC),
    datetime(2026, 12, 4, 16, 59, 59, tzinfo=UTC),
    datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC),
)
# A moment, a minute, some hours, days and years before and after.
STEPS = [
    sign * step
    for step in (
        *(timedelta(seconds=seconds) for seconds in (0, 1, 59, 61)),
        *(timedelta(hours=hours) for hours in (1, 4, 7, 13)),
        *(timedelta(days=days) for days in (1, 6, 40, 400)),
    )
    for sign in (1, -1)
]
PREFER: tuple[Prefer, ...] = ("future", "past", "nearest")


@pytest.mark.parametrize("prefer", PREFER)
@pytest.mark.parametrize("phrase", PHRASES)
def test_what_is_remembered_is_what_the_rules_give(phrase: str, prefer: Prefer) -> None:
    """Asked again a second, an hour or a year later, on this and that side of what was said."""
    slot = SlotType("datetime", prefer=prefer, bare_duration="offset")

    def asked(moment: datetime, anchor: date | None) -> dict[str, Any]:
        return resolve(phrase, 0, len(phrase), slot, Context(moment, LONDON, "en-GB"), anchor)

    moments = [start + step for start in STARTS for step in STEPS]
    for anchor in (None, date(2026, 12, 4)) if phrase in ANCHORED else (None,):
        fresh = {}
        for moment in moments:
            TIME_VALUES.clear()
            fresh[moment] = asked(moment, anchor)
        for order in (moments, moments[::-1], sorted(moments)):
            TIME_VALUES.clear()
            for moment in order:
                assert asked(moment, anchor) == fresh[moment], moment


def test_a_day_is_remembered_for_a_day() -> None:
    """So that a busy service reads "tomorrow" once a day, whatever the second is."""
    TIME_VALUES.clear()
    slot = SlotType("date")
    for second in range(0, 12 * 3600, 300):
        moment = datetime(2026, 11, 29, 9, tzinfo=UTC) + timedelta(seconds=second)
        resolve("tomorrow", 0, 8, slot, Context(moment, LONDON))
        assert len(TIME_VALUES) == 1
        since, until, _ = next(iter(TIME_VALUES._new.values()))[0]
        assert until - since == timedelta(hours=20)  # after the small hours


@pytest.mark.parametrize("phrase", ["now", "in two hours", "two hours ago", "within two hours"])
def test_what_passes_with_the_second_is_not_remembered(phrase: str) -> None:
    TIME_VALUES.clear()
    resolve(phrase, 0, len(phrase), SlotType("datetime"), Context(STARTS[0], LONDON))
    assert len(TIME_VALUES) == 0


def test_slots_of_other_types_remember_for_themselves() -> None:
    early = SlotType("datetime", parts={"morning": (5 * 60, 9 * 60)})
    late = SlotType("datetime")
    context = Context(STARTS[0], LONDON)
    for _ in range(2):
        assert resolve("tomorrow morning", 0, 16, early, context)["from"][11:16] == "05:00"
        assert resolve("tomorrow morning", 0, 16, late, context)["from"][11:16] == "06:00"


def test_a_duration_is_no_offset_where_somebody_stays_for_it() -> None:
    slot = SlotType("datetime", bare_duration="offset")
    context = Context(STARTS[0], LONDON)
    for text, value in (("leave three days", "2026-12-02"), ("stay three days", None)) * 2:
        start = text.index("three")
        assert resolve(text, start, len(text), slot, context).get("value") == value


def test_a_present_that_is_not_known_is_no_time() -> None:
    slot = SlotType("datetime")
    for _ in range(2):
        answers = [
            resolve("3 March 2027", 0, 12, slot, context)
            for context in (Context(), Context(STARTS[0], LONDON), Context(None, LONDON))
        ]
        assert answers == [{"type": "date", "value": "2027-03-03", "grain": "day"}] * 3
        assert resolve("today", 0, 5, slot, Context())["unresolved"] == "needs_reference"


def test_the_number_of_what_is_remembered_is_bounded() -> None:
    memory: Remembered[int, str] = Remembered(10, 1_000_000)
    for number in range(1000):
        memory.put(number, "value")
        assert len(memory) <= 10
        assert memory.get(number) == "value"


def test_the_bytes_of_what_is_remembered_are_bounded() -> None:
    memory: Remembered[int, dict[str, list[str]]] = Remembered(1_000_000, 20_000)
    for number in range(500):
        memory.put(number, {"key": ["x" * number]})
        kept = [*memory._new.items(), *memory._old.items()]
        assert sum(bytes_of(key) + bytes_of(value) for key, (value, _) in kept) <= 20_000
    memory.put(-1, {"key": ["x" * 10_000]})
    assert memory.get(-1) is None  # it would take all of the room


def test_what_is_asked_for_stays() -> None:
    memory: Remembered[int, str] = Remembered(10, 1_000_000)
    memory.put(-1, "kept")
    for number in range(1000):
        memory.put(number, "value")
        assert memory.get(-1) == "kept"
    assert memory.get(0) is None
