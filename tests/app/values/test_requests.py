import tomllib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from app.values import (
    InvalidContextError,
    InvalidDeclarationError,
    NameList,
    SlotType,
    context_of,
    read_types,
    resolve_slots,
)
from app.values.names import compiled
from app.values.resolution import TIME_VALUES, read_quantity, read_time

TABLES = Path(__file__).parents[3] / "training" / "tables"
NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)


def types(declaration: dict[str, Any]) -> Any:
    return read_types(declaration, lambda _: compiled([("DEN", "Denver", [])]).encode())


def test_booking_has_types() -> None:
    declaration = tomllib.loads((TABLES / "booking.toml").read_text(encoding="utf-8"))
    found = read_types(declaration, lambda file: (TABLES / file).read_bytes())
    text = "two adults and one child from Boston to Denver next Friday, back the next day"
    spans = [
        ("passengers", "two adults and one child"),
        ("place_of_departure", "Boston"),
        ("destination", "Denver"),
        ("time_of_return", "the next day"),
        ("time_of_departure", "next Friday"),
        ("seat_class", "two"),
    ]
    slots = [(name, text.index(words), text.index(words) + len(words)) for name, words in spans]
    answers = resolve_slots(text, slots, found, context_of(NOW, "Europe/London", "en-GB", NOW))
    assert [answer and answer.get("id", answer["value"]) for answer in answers] == [
        3,
        "BOS",
        "DEN",
        "2026-12-05",
        "2026-12-04",
        None,
    ]


@pytest.mark.parametrize(
    ("declaration", "entry"),
    [
        ({"value": {}}, "value"),
        ({"values": {"a": {"type": "day"}}}, "values.a.type"),
        ({"values": {"a": {}}}, "values.a.type"),
        ({"values": {"a": "date"}}, "values.a"),
        ({"values": {"a": {"type": "date", "kind": 1}}}, "values.a"),
        ({"values": {"a": {"type": "date", "prefer": "soon"}}}, "values.a.prefer"),
        ({"values": {"a": {"type": "count", "prefer": "past"}}}, "values.a"),
        ({"values": {"a": {"type": "date", "bare_duration": "length"}}}, "values.a.bare_duration"),
        ({"values": {"a": {"type": "name"}}}, "values.a"),
        ({"values": {"a": {"type": "name", "names": "places"}}}, "names.places"),
        ({"values": {"a": {"type": "date", "anchor": "b"}}}, "values.a.anchor"),
        ({"values": {"a": {"type": "date", "anchor": "a"}}}, "values.a.anchor"),
        ({"names": {"places": {}}}, "names.places"),
        ({"parts_of_day": {"morning": ["06:00"]}}, "parts_of_day.morning"),
        ({"parts_of_day": {"morning": ["12:00", "06:00"]}}, "parts_of_day.morning"),
        ({"parts_of_day": {"morning": ["6", "12"]}}, "parts_of_day.morning"),
        ({"parts_of_day": {"brunch": ["10:00", "12:00"]}}, "parts_of_day.brunch"),
    ],
)
def test_a_declaration_that_cannot_be_used_is_refused(
    declaration: dict[str, Any], entry: str
) -> None:
    with pytest.raises(InvalidDeclarationError, match=entry):
        types(declaration)


def test_an_anchor_of_an_anchor_is_refused() -> None:
    slots = {
        "a": {"type": "date"},
        "b": {"type": "date", "anchor": "a"},
        "c": {"type": "date", "anchor": "b"},
    }
    with pytest.raises(InvalidDeclarationError, match=r"values\.c\.anchor"):
        types({"values": slots})


@pytest.mark.parametrize("zone", ["", "Nowhere/City", "../etc", "/etc/passwd", "Europe", "x" * 99])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidContextError) as error:
        context_of(NOW, zone, "en", NOW)
    assert error.value.field == "time_zone"


def test_a_naive_time_is_of_the_zone_and_needs_one() -> None:
    naive = datetime(2026, 11, 29, 9)
    context = context_of(naive, "Asia/Taipei", "en", NOW)
    assert context.reference_time is not None
    assert context.reference_time.utcoffset() == timedelta(hours=8)
    with pytest.raises(InvalidContextError) as error:
        context_of(naive, None, "en", NOW)
    assert error.value.field == "reference_time"


def test_a_year_at_the_edge_of_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidContextError):
        context_of(datetime(9999, 12, 31, tzinfo=UTC), "UTC", "en", NOW)


def test_the_clock_of_the_service_stands_in_for_a_reference_time() -> None:
    assert context_of(None, "UTC", "en", NOW).reference_time == NOW


def test_the_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 11, 29, 23, tzinfo=timezone(timedelta(hours=-5)))
    context = context_of(late, "Asia/Taipei", "en", NOW)
    found = types({"values": {"day": {"type": "date"}}})
    (answer,) = resolve_slots("today", [("day", 0, 5)], found, context)
    assert answer is not None
    assert answer["value"] == "2026-11-30"


def test_only_what_was_understood_is_remembered() -> None:
    """What is not may be anything, also private."""
    read_time.cache_clear()
    read_quantity.cache_clear()
    TIME_VALUES.clear()
    names = NameList(compiled([("DEN", "Denver", [])]).encode())
    found = {
        "time": SlotType("datetime", bare_duration="offset"),
        "count": SlotType("count"),
        "place": SlotType("name", names=names),
    }
    context = context_of(NOW, "Europe/London", "en-GB", NOW)
    for words in ("my secret", "every Monday at Ann's"):
        resolve_slots(words, [(name, 0, len(words)) for name in found], found, context)
    assert read_time.cache_info().currsize == read_quantity.cache_info().currsize == 0
    assert len(TIME_VALUES) == 0
    assert names._cache == {}
    for _ in range(2):
        resolve_slots("Denver", [("place", 0, 6)], found, context)
        resolve_slots("tomorrow", [("time", 0, 8)], found, context)
        resolve_slots("two adults", [("count", 0, 10)], found, context)
    assert read_time.cache_info().currsize == read_quantity.cache_info().currsize == 1
    assert len(TIME_VALUES) == read_quantity.cache_info().hits == 1
    assert names._cache.keys() == {"Denver"}


def test_a_value_that_is_remembered_is_not_shared() -> None:
    """Whoever changes an answer changes none of another request."""
    context = context_of(NOW, "Europe/London", "en-GB", NOW)
    slots = {"count": SlotType("count"), "time": SlotType("datetime")}
    for _ in range(3):
        [answer] = resolve_slots("two adults", [("count", 0, 10)], slots, context)
        assert answer == {"type": "count", "value": 2, "groups": {"adult": 2}}
        answer["groups"]["adult"] = 9
        [answer] = resolve_slots("at 5 or 6", [("time", 3, 9)], slots, context)
        assert answer is not None
        assert [one["value"] for one in answer["any_of"]] == ["05:00", "06:00"]
        answer["any_of"].pop()["value"] = ""
        [answer] = resolve_slots("half past 5", [("time", 0, 11)], slots, context)
        assert answer is not None
        assert [one["value"] for one in answer["alternatives"]] == ["17:30"]
        answer["alternatives"][0]["value"] = ""
        answer["value"] = ""
