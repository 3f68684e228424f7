"""A time completes a day, and a correction replaces only what it says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.forms.merging import merged, readings_of
from app.values import Context, SlotType, context_of, resolve
from tests.app.forms.talk import brief

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
LONDON = context_of(NOW, "Europe/London", "en-GB", NOW)


def value(words: str, context: Context = LONDON) -> dict[str, Any]:
    found = resolve(words, 0, len(words), SlotType("datetime"), context)
    assert "unresolved" not in found, words
    return found


@pytest.mark.parametrize(
    ("old", "new", "both", "completed"),
    [
        ("Friday", "at 6 pm", "2026-12-04T18:00:00+00:00", True),
        ("at 6 pm", "Friday", "2026-12-04T18:00:00+00:00", True),
        ("Friday", "half past six", "2026-12-04T06:30:00+00:00", True),
        ("half past six", "in the evening", "18:30", True),
        ("half past six", "Friday evening", "2026-12-04T18:30:00+00:00", True),
        ("Friday evening", "half past six", "2026-12-04T18:30:00+00:00", True),
        ("Friday at 6", "in the evening", "2026-12-04T18:00:00+00:00", True),
        ("Friday at 6 pm", "Saturday", "2026-12-05T18:00:00+00:00", False),
        ("Friday at 6 pm", "at 8 pm", "2026-12-04T20:00:00+00:00", False),
        ("Friday at 6 pm", "Saturday at noon", "2026-12-05T12:00:00+00:00", False),
        ("Friday", "Saturday", "2026-12-05", False),
        ("Friday", "Friday at 6 pm", "2026-12-04T18:00:00+00:00", True),
        ("at 6 pm", "at 8 pm", "20:00", False),
        ("Friday after 5 pm", "Saturday", "2026-12-05T17:00:00+00:00..", False),
        (
            "Friday evening",
            "Saturday",
            "2026-12-05T18:00:00+00:00..2026-12-06T00:00:00+00:00",
            False,
        ),
        ("next month", "at 6 pm", "18:00", False),
        ("Friday at 6 pm", "next month", "2026-12", False),
        # The clock skips this time in London on the 28th of March.
        ("28 March 2027", "at 1:30 am", "2027-03-28T01:30:00+00:00", True),
    ],
)
def test_two_moments_make_one(old: str, new: str, both: str, completed: bool) -> None:
    made, found = merged(value(old), value(new), LONDON)
    assert (brief(made), found) == (both, completed)


def test_a_skipped_time_is_marked() -> None:
    made, _ = merged(value("28 March 2027"), value("at 1:30 am"), LONDON)
    assert made["clock_change"] == "gap"


def test_a_time_with_two_readings_stays_open_on_its_day() -> None:
    made, _ = merged(value("Friday"), value("half past six"), LONDON)
    assert [one["value"][11:16] for one in readings_of(made)] == ["06:30", "18:30"]


def test_a_range_over_midnight_ends_on_the_day_after() -> None:
    made, _ = merged(value("Friday"), value("10 pm to 2 am"), LONDON)
    assert brief(made) == "2026-12-04T22:00:00+00:00..2026-12-05T02:00:00+00:00"


def test_without_a_zone_a_day_and_a_time_make_nothing() -> None:
    nowhere = context_of(NOW, None, "en-GB", NOW)
    made, _ = merged(value("Friday"), value("at 6 pm"), nowhere)
    assert made["unresolved"] == "needs_reference"
