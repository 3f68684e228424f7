from datetime import date
from pathlib import Path

import pytest

from app.values.holidays import HOLIDAYS
from app.values.lunar import lunar_date
from training.tables import traditional

VALUES = Path(__file__).parents[3] / "app" / "values"


def test_the_map_of_characters_is_that_of_the_word_tables() -> None:
    assert traditional.TARGET.read_text(encoding="utf-8") == traditional.table()


def test_the_lunar_table_is_that_of_its_source() -> None:
    pytest.importorskip("borax")
    from training.tables import lunar

    assert (VALUES / "lunar_table.py").read_text(encoding="utf-8") == lunar.table()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("lunar_new_year", date(2026, 2, 17)),
        ("lunar_new_years_eve", date(2026, 2, 16)),
        ("lantern_festival", date(2026, 3, 3)),
        ("qingming", date(2026, 4, 5)),
        ("dragon_boat_festival", date(2026, 6, 19)),
        ("mid_autumn_festival", date(2026, 9, 25)),
        ("double_ninth", date(2026, 10, 18)),
        ("easter", date(2026, 4, 5)),
        ("good_friday", date(2026, 4, 3)),
        ("black_friday", date(2026, 11, 27)),
        ("memorial_day", date(2026, 5, 25)),
    ],
)
def test_holidays_of_2026(name: str, day: date) -> None:
    assert HOLIDAYS[name](2026, "US") == day


def test_months_after_a_leap_month_are_counted_past_it() -> None:
    assert lunar_date(2025, 6, 1) == date(2025, 6, 25)
    assert lunar_date(2025, 7, 1) == date(2025, 8, 23)  # the leap sixth month came between
