"""Expressions of days counted from others: parts of months, first weeks, days after a day."""

from datetime import date, timedelta

from app.values.context import Now
from app.values.days import Day, Month, Span, add, day_span, month_span
from app.values.errors import UnresolvedError

__all__ = ["PARTS", "PartOf", "Shifted", "StretchOf"]

# First and last: days of a month, days after Monday, months of a year.
PARTS = {
    "month": {
        "start": (1, 10),
        "early": (1, 10),
        "mid": (11, 20),
        "late": (21, 31),
        "end": (21, 31),
    },
    "week": {"start": (0, 1), "early": (0, 1), "mid": (2, 2), "late": (3, 4), "end": (4, 6)},
    "year": {"start": (1, 1), "early": (1, 3), "mid": (5, 8), "late": (10, 12), "end": (12, 12)},
}


class Shifted(Day):
    """A day so many days, weeks, months or years after or before another day."""

    __slots__ = ("amounts", "base")

    def __init__(self, base: Day, amounts: list[tuple[int, str]]) -> None:
        self.base = base
        self.amounts = amounts

    def readings(self, now: Now) -> list[Span]:
        spans = []
        for span in self.base.readings(now):
            if span.grain != "day" or not span.named:
                raise UnresolvedError
            day = span.start
            for amount, unit in self.amounts:
                day = add(day, amount, unit)
            spans.append(day_span(day))
        return spans


class PartOf(Day):
    """The beginning, middle or end of a month, week or year; `part` is a key of PARTS."""

    __slots__ = ("base", "part")

    def __init__(self, part: str, base: Day) -> None:
        self.part = part
        self.base = base

    @property
    def recurs(self) -> bool:  # type: ignore[override]
        return self.base.recurs

    def _of(self, span: Span) -> Span:
        """The part of one span."""
        stretches = PARTS.get(span.grain)
        if stretches is None:
            raise UnresolvedError
        first, last = stretches[self.part]
        if span.grain == "month":
            return Span(
                span.start.replace(day=first),
                span.start.replace(day=min(last, span.end.day)),
                "day",
                named=False,
            )
        if span.grain == "week":
            start = span.start + timedelta(days=first)
            return Span(start, span.start + timedelta(days=last), "day", named=first == last)
        if first == last:
            return month_span(span.start.year, first)
        end = month_span(span.start.year, last).end
        return Span(span.start.replace(month=first), end, "month", named=False)

    def readings(self, now: Now) -> list[Span]:
        spans = [self._of(span) for span in self.base.readings(now)]
        if isinstance(self.base, Month) and spans[0].end < now.today and now.prefer == "future":
            return [self._of(month_span(spans[0].start.year + 1, self.base.month))]
        return spans


class StretchOf(Day):
    """
    The first, second, … or last day or week of a month.

    `nth` counts from 1, -1 is the last; `days` is 1 for a day and 7 for a week.
    """

    __slots__ = ("base", "days", "nth")

    def __init__(self, nth: int, days: int, base: Day) -> None:
        self.nth = nth
        self.days = days
        self.base = base

    def _of(self, span: Span) -> Span:
        """The days within one span; raises UnresolvedError("no_such_date") past its end."""
        if self.nth < 0:
            return self._named(span.end - timedelta(days=self.days - 1), span.end)
        first = span.start + timedelta(days=self.days * (self.nth - 1))
        last = first + timedelta(days=self.days - 1)
        if last > span.end:
            raise UnresolvedError("no_such_date")
        return self._named(first, last)

    @staticmethod
    def _named(first: date, last: date) -> Span:
        return Span(first, last, "day", named=first == last)

    def readings(self, now: Now) -> list[Span]:
        spans = [self._of(span) for span in self.base.readings(now)]
        if isinstance(self.base, Month) and spans[0].end < now.today and now.prefer == "future":
            return [self._of(month_span(spans[0].start.year + 1, self.base.month))]
        return spans
