"""Dates of the Chinese lunar calendar as solar dates, from the table in `lunar_table`."""

from datetime import date, timedelta

from app.values.errors import UnresolvedError
from app.values.lunar_table import LUNAR_YEARS

__all__ = ["lunar_date", "lunar_holiday"]

# By name: month and day of the lunar year.
LUNAR_HOLIDAYS = {
    "lunar_new_year": (1, 1),
    "lantern_festival": (1, 15),
    "dragon_boat_festival": (5, 5),
    "qixi": (7, 7),
    "ghost_festival": (7, 15),
    "mid_autumn_festival": (8, 15),
    "double_ninth": (9, 9),
    "laba": (12, 8),
}


def lunar_date(year: int, month: int, day: int) -> date:
    """
    The solar date of a month and day of a lunar year.

    `year` is the solar year in which the lunar one begins. A leap month is never meant. Raises
    UnresolvedError: "no_such_date" if the month has no such day, "not_understood" if the table has
    no such year.
    """
    row = LUNAR_YEARS.get(year)
    if row is None:
        raise UnresolvedError
    new_year, leap, long_months, _, _ = row
    place = month - 1 + (1 if leap and month > leap else 0)
    lengths = [29 + (long_months >> index & 1) for index in range(place + 1)]
    if not 1 <= day <= lengths[place]:
        raise UnresolvedError("no_such_date")
    return date(year, new_year // 100, new_year % 100) + timedelta(days=sum(lengths[:-1]) + day - 1)


def lunar_holiday(year: int, name: str) -> date:
    """
    The solar date of a holiday of the lunar year that begins in the solar year `year`.

    Qingming and the winter solstice are found in the table too. Raises UnresolvedError if the table
    has no such year.
    """
    if name == "lunar_new_years_eve":
        return lunar_date(year, 1, 1) - timedelta(days=1)
    if name in ("qingming", "winter_solstice"):
        row = LUNAR_YEARS.get(year)
        if row is None:
            raise UnresolvedError
        return date(year, 4, row[3]) if name == "qingming" else date(year, 12, row[4])
    return lunar_date(year, *LUNAR_HOLIDAYS[name])
