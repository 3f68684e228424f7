"""Two moments → a range; what one side leaves out is taken from the other."""

from app.values.days import (
    Day,
    DayOfMonth,
    Fixed,
    MonthDay,
    RelativeMonth,
    RelativeUnit,
    WithWeekday,
    day_span,
    exact,
)
from app.values.moments import Expression, Moment, Range
from app.values.weekdays import Weekday, WeekdayOfWeek

__all__ = ["range_of"]


def another_day(day: Day, number: int) -> Day | None:
    """The day `number` of the same month as `day`; None if `day` names no month's day."""
    if isinstance(day, DayOfMonth):
        return DayOfMonth(number)
    if isinstance(day, MonthDay):
        return MonthDay(day.month, number)
    if isinstance(day, RelativeMonth) and day.day is not None:
        return RelativeMonth(day.offset, number, day.month)
    if isinstance(day, Fixed) and day.span.grain == "day":
        return Fixed(day_span(exact(day.span.start.year, day.span.start.month, number)))
    return None


def with_year(first: Day, last: Day) -> Day:
    """
    The first day of a range, with the year or week that the last day says.

    In "28 December to 3 January 2027" it is the latest 28 December before the last day.
    """
    if isinstance(first, MonthDay) and isinstance(last, Fixed):
        date_before = first.before(last.span.start).start
        return Fixed(day_span(date_before))
    if type(first) is Weekday and isinstance(last, WeekdayOfWeek):
        return WeekdayOfWeek(first.weekday, last.offset)
    return first


def range_of(
    first: Moment, last: Moment, first_number: int | None, last_number: int | None
) -> Expression | None:
    """
    The range of two moments, None if they do not go together.

    `first_number` and `last_number` are set where that side is a bare number: an hour, or a day of
    the month that the other side names.
    """
    if first_number is not None and last.day is not None and last.time is None:
        day = another_day(last.day, first_number)
        if day is None and first.day is None:
            return None
        return Range(Moment(day or first.day, None), last)
    if last_number is not None and first.day is not None and first.time is None:
        day = another_day(first.day, last_number)
        if day is None and isinstance(first.day, DayOfMonth):
            day = DayOfMonth(last_number)
        return None if day is None else Range(first, Moment(day, None))
    if first.day is None and last.day is None:
        return Range(first, last)
    if first.day is None:
        if first.time is None or last.time is None:
            return None
        return Range(first, Moment(None, last.time), last.day)
    if last.day is None:
        if first.time is None or last.time is None:
            return None
        return Range(Moment(None, first.time), last, first.day)
    if (first.time is None) != (last.time is None):
        return None
    if isinstance(first.day, Weekday | WeekdayOfWeek | RelativeUnit) and first.time is None:
        # "this Friday - June 15" says one day twice.
        if not isinstance(last.day, Weekday | WeekdayOfWeek | WithWeekday | DayOfMonth):
            return None
        if isinstance(first.day, RelativeUnit):
            return None
    return Range(Moment(with_year(first.day, last.day), first.time), last)
