"""
Days that have a name, such as Easter or the Mid-Autumn Festival, and dates of the lunar calendar.

A holiday is a function of a year and a region (an ISO 3166 code, or ""). It returns a date, and
raises UnresolvedError where the region has no such day.
"""

from collections.abc import Callable, Iterable
from datetime import MAXYEAR, MINYEAR, date, timedelta

from app.values.context import Now
from app.values.days import Day, Span, day_span
from app.values.errors import UnresolvedError
from app.values.lunar import lunar_date, lunar_holiday

__all__ = ["HOLIDAYS", "Holiday", "LunarDate"]


def fixed(month: int, day: int) -> Callable[[int, str], date]:
    """A holiday on the same month and day each year."""
    return lambda year, _: date(year, month, day)


def nth(n: int, weekday: int, month: int) -> Callable[[int, str], date]:
    """A holiday on the nth weekday (Monday is 0) of a month."""

    def date_in(year: int, _: str) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))

    return date_in


def last(weekday: int, month: int) -> Callable[[int, str], date]:
    """A holiday on the last weekday (Monday is 0) of a month before December."""

    def date_in(year: int, _: str) -> date:
        end = date(year, month + 1, 1) - timedelta(days=1)
        return end - timedelta(days=(end.weekday() - weekday) % 7)

    return date_in


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the Meeus/Jones/Butcher algorithm."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def from_easter(days: int) -> Callable[[int, str], date]:
    """A holiday so many days after Easter Sunday; a negative number counts before it."""
    return lambda year, _: easter(year) + timedelta(days=days)


def lunar(name: str) -> Callable[[int, str], date]:
    """A holiday that follows the Chinese calendar; `name` is one that `lunar_holiday` knows."""
    return lambda year, _: lunar_holiday(year, name)


def thanksgiving(year: int, region: str) -> date:
    """The second Monday of October in Canada, the fourth Thursday of November elsewhere."""
    return nth(2, 0, 10)(year, region) if region == "CA" else nth(4, 3, 11)(year, region)


def labour_day(year: int, region: str) -> date:
    """
    The first Monday of September in the United States and Canada.

    Raises UnresolvedError for other regions, most of which celebrate `may_day`.
    """
    if region in ("US", "CA"):
        return nth(1, 0, 9)(year, region)
    raise UnresolvedError


def mothers_day(year: int, region: str) -> date:
    """
    Three weeks before Easter in Britain and Ireland, the second Sunday of May in other regions.

    Raises UnresolvedError without a region.
    """
    if region in ("GB", "IE"):
        return easter(year) - timedelta(days=21)
    if region == "":
        raise UnresolvedError
    return nth(2, 6, 5)(year, region)


def fathers_day(year: int, region: str) -> date:
    """
    The first Sunday of September in Australia and New Zealand, the third of June in other regions.

    Raises UnresolvedError without a region.
    """
    if region == "":
        raise UnresolvedError
    return nth(1, 6, 9)(year, region) if region in ("AU", "NZ") else nth(3, 6, 6)(year, region)


def independence_day(year: int, region: str) -> date:
    """
    The day of the region's independence; 4 July without a region.

    Raises UnresolvedError for a region that is not in the table.
    """
    days = {"": (7, 4), "US": (7, 4), "IN": (8, 15), "PK": (8, 14), "PH": (6, 12), "SG": (8, 9)}
    if region not in days:
        raise UnresolvedError
    return date(year, *days[region])


def chinese_national_day(year: int, region: str) -> date:
    """国庆: 10 October in Taiwan, 1 October elsewhere."""
    return date(year, 10, 10 if region == "TW" else 1)


def childrens_day(year: int, region: str) -> date:
    """儿童节: 4 April in Taiwan and Hong Kong, 1 June elsewhere."""
    return date(year, 4, 4) if region in ("TW", "HK") else date(year, 6, 1)


# By name: the day in a year and a region.
HOLIDAYS: dict[str, Callable[[int, str], date]] = {
    "new_year": fixed(1, 1),
    "epiphany": fixed(1, 6),
    "martin_luther_king_day": nth(3, 0, 1),
    "groundhog_day": fixed(2, 2),
    "valentines_day": fixed(2, 14),
    "presidents_day": nth(3, 0, 2),
    "womens_day": fixed(3, 8),
    "st_patricks_day": fixed(3, 17),
    "april_fools_day": fixed(4, 1),
    "earth_day": fixed(4, 22),
    "may_day": fixed(5, 1),
    "cinco_de_mayo": fixed(5, 5),
    "mothers_day": mothers_day,
    "fathers_day": fathers_day,
    "memorial_day": last(0, 5),
    "juneteenth": fixed(6, 19),
    "canada_day": fixed(7, 1),
    "independence_day": independence_day,
    "bastille_day": fixed(7, 14),
    "labour_day": labour_day,
    "columbus_day": nth(2, 0, 10),
    "halloween": fixed(10, 31),
    "all_saints_day": fixed(11, 1),
    "guy_fawkes_night": fixed(11, 5),
    "veterans_day": fixed(11, 11),
    "singles_day": fixed(11, 11),
    "thanksgiving": thanksgiving,
    "black_friday": lambda year, _: nth(4, 3, 11)(year, "") + timedelta(days=1),
    "cyber_monday": lambda year, _: nth(4, 3, 11)(year, "") + timedelta(days=4),
    "christmas_eve": fixed(12, 24),
    "christmas": fixed(12, 25),
    "boxing_day": fixed(12, 26),
    "new_years_eve": fixed(12, 31),
    "ash_wednesday": from_easter(-46),
    "palm_sunday": from_easter(-7),
    "maundy_thursday": from_easter(-3),
    "good_friday": from_easter(-2),
    "easter": from_easter(0),
    "easter_monday": from_easter(1),
    "ascension_day": from_easter(39),
    "pentecost": from_easter(49),
    "anzac_day": fixed(4, 25),
    "australia_day": fixed(1, 26),
    "chinese_national_day": chinese_national_day,
    "double_tenth": fixed(10, 10),
    "childrens_day": childrens_day,
    "army_day": fixed(8, 1),
    "teachers_day": lambda year, region: date(year, 9, 28 if region == "TW" else 10),
    "arbor_day": fixed(3, 12),
    "youth_day": fixed(5, 4),
    "peace_memorial_day": fixed(2, 28),
    "hong_kong_establishment_day": fixed(7, 1),
    "lunar_new_year": lunar("lunar_new_year"),
    "lunar_new_years_eve": lunar("lunar_new_years_eve"),
    "lantern_festival": lunar("lantern_festival"),
    "qingming": lunar("qingming"),
    "dragon_boat_festival": lunar("dragon_boat_festival"),
    "qixi": lunar("qixi"),
    "ghost_festival": lunar("ghost_festival"),
    "mid_autumn_festival": lunar("mid_autumn_festival"),
    "double_ninth": lunar("double_ninth"),
    "laba": lunar("laba"),
    "winter_solstice": lunar("winter_solstice"),
}


class Named(Day):
    """
    Base of days that each year has once.

    A year may be said; else `prefer` of the slot decides which year's is meant.
    """

    __slots__ = ("offset", "year")

    def __init__(self, year: int | None = None, offset: int | None = None) -> None:
        """`year` is the year that was said; `offset` counts years from the present one."""
        self.year = year
        self.offset = offset

    def date_in(self, year: int, region: str) -> date:
        """The date of this day in a year."""
        raise NotImplementedError

    def readings(self, now: Now) -> list[Span]:
        if self.year is not None:
            day = self._in(self.year, now)
        elif self.offset is not None:
            day = self._in(now.today.year + self.offset, now)
        else:
            day = self._nearest(now)
        return [day_span(day)]

    def _in(self, year: int, now: Now) -> date:
        """The day in a year; raises UnresolvedError for a year that the calendar lacks."""
        if not MINYEAR <= year <= MAXYEAR:
            raise UnresolvedError("no_such_date")
        return self.date_in(year, now.region)

    def _around(self, now: Now) -> list[date]:
        """The day in this year and in those beside it, as far as the calendar goes."""
        year = now.today.year
        years = range(max(MINYEAR, year - 1), min(MAXYEAR, year + 1) + 1)
        return [self.date_in(candidate, now.region) for candidate in years]

    def _nearest(self, now: Now) -> date:
        """The date that the slot's `prefer` asks for, when no year was said."""
        today, days = now.today, self._around(now)
        if now.prefer == "past":
            return last_of(day for day in days if day <= today)
        if now.prefer == "nearest":
            return min(days, key=lambda day: abs(day - today))
        return first_of(day for day in days if day >= today)


def first_of(days: Iterable[date]) -> date:
    """The earliest date; raises UnresolvedError("no_such_date") if there is none."""
    first = min(days, default=None)
    if first is None:  # past the end of the calendar
        raise UnresolvedError("no_such_date")
    return first


def last_of(days: Iterable[date]) -> date:
    """The latest date; raises UnresolvedError("no_such_date") if there is none."""
    latest = max(days, default=None)
    if latest is None:
        raise UnresolvedError("no_such_date")
    return latest


class Holiday(Named):
    """A named day such as Easter; `name` is a key of HOLIDAYS."""

    __slots__ = ("name",)

    def __init__(self, name: str, year: int | None = None, offset: int | None = None) -> None:
        super().__init__(year, offset)
        self.name = name

    def date_in(self, year: int, region: str) -> date:
        return HOLIDAYS[self.name](year, region)


class LastHoliday(Holiday):
    """The latest one before today (`past`), or the first one after: "last Easter"."""

    __slots__ = ("past",)

    def __init__(self, name: str, *, past: bool) -> None:
        super().__init__(name)
        self.past = past

    def _nearest(self, now: Now) -> date:
        days = self._around(now)
        if self.past:
            return last_of(day for day in days if day < now.today)
        return first_of(day for day in days if day > now.today)


class LunarDate(Named):
    """A month and day of the Chinese lunar calendar, such as the 15th of the eighth month."""

    __slots__ = ("day", "month")

    def __init__(
        self, month: int, day: int, year: int | None = None, offset: int | None = None
    ) -> None:
        super().__init__(year, offset)
        self.month = month
        self.day = day

    def date_in(self, year: int, region: str) -> date:  # noqa: ARG002
        return lunar_date(year, self.month, self.day)
