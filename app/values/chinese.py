"""Chinese dates and times: the rules, over the words of `chinese_words`."""

import re

from app.values.chinese_rules import AMOUNTS, CLOCKS, DATES, HOUR
from app.values.chinese_words import phrase_of
from app.values.clocks import clock, clock_in_half, in_part, tonight
from app.values.context import Context
from app.values.days import (
    Day,
    DayOfMonth,
    RelativeDay,
    SameDay,
    WithWeekday,
)
from app.values.holidays import Holiday
from app.values.moments import (
    Anchored,
    Bound,
    Clock,
    Expression,
    Moment,
    Offset,
    PartOfDay,
    Present,
    Readings,
    Within,
)
from app.values.ranges import range_of
from app.values.reader import Reader
from app.values.stretches import Shifted

__all__ = ["read_amounts", "read_time", "stays", "with_neighbours"]


# Of the words for before and after, those that stand in front of a time; the others follow it.
_LEADING = ("早于", "晚于", "迟于")


class ChineseReader(Reader):
    """One Chinese phrase, read from any word to any other."""

    __slots__ = ()
    fillers = "f@,"
    bounds = "KL"

    def date(self, first: int, last: int) -> Day | None:
        """The words as a date, perhaps with its weekday."""
        found = DATES.read(self.phrase, first, last)
        if found is not None or last - first < 2:
            return found
        classes, values = self.classes, self.phrase.values
        if classes[last - 1] == "a" and values[last - 1] == 0:  # 中秋节当天
            return self.date(first, last - 1)
        if classes[last - 1] == "A":  # 三天后
            amount = AMOUNTS.read(self.phrase, first, last - 1)
            if amount is None or any(unit in ("hour", "minute") for _, unit in amount):
                return None
            return Shifted(RelativeDay(0), amount)
        if classes[first] in "Wr":
            inner = self.date(*self.trimmed(first + 1, last))
            if inner is None:
                return None
            if classes[first] == "W":
                return WithWeekday(inner, values[first])
            return SameDay(RelativeDay(values[first]), inner)
        if classes[last - 1] == "W":
            inner = self.date(*self.trimmed(first, last - 1))
            return None if inner is None else WithWeekday(inner, values[last - 1])
        return None

    def clock(self, first: int, last: int, *, bare: bool) -> Clock | None:
        """The words as a clock time; a bare number only with a part of day."""
        found = CLOCKS.read(self.phrase, first, last)
        classes = self.classes
        if found is not None:
            if classes[first:last] == "nhn" and self.phrase.values[last - 1] < 10:
                # 三点九 is 3:45 in Cantonese, 三点零九 is 3:09
                return found if self.phrase.texts[last - 1][0] in "0零〇" else None
            return found
        if classes[first] == "N" and self.phrase.values[first] == 12:
            inner = self.clock(first + 1, last, bare=True)
            return None if inner is None else at_noon(inner)
        if bare and last - first == 1 and classes[first] == "n":
            return clock(self.phrase.values[first], grain="hour")
        return None

    def with_part(self, day: Day | None, time: Clock | None, part: str) -> Moment | None:
        """A day and a time with a part of day."""
        if time is None:
            return None if part in ("noon", "midnight") else Moment(day, PartOfDay(part))
        hour = time.seconds[0] % (24 * HOUR) // HOUR
        if part == "noon":
            return Moment(day, at_noon(time))
        if part == "morning" and hour == 12:
            return Moment(day, Clock(time.seconds[:1], time.grain))
        if part == "midnight" or (part == "evening" and (hour <= 4 or hour == 12)):
            part = "night"
        if time.halved:
            return Moment(day, in_part(time, part))
        if (part == "afternoon" and hour > 7) or (part == "dusk" and 8 <= hour <= 9):
            return Moment(day, clock_in_half(time.seconds, time.grain, "pm"))
        made = in_part(time, part)
        today = isinstance(day, RelativeDay) and day.offset == 0
        return Moment(day, tonight(made) if today else made)

    def expression(self, first: int, last: int) -> Expression | None:
        """The words as whatever they may say of time."""
        first, last = self.trimmed(first, last)
        if first >= last:
            return None
        led = self.led(first, last)
        if led is not None:
            return led
        end = self.classes[last - 1]
        if end == "G":
            return self.around(self.plain(*self.trimmed(first, last - 1)))
        if end in "BASx":
            return self.ended(first, last)
        return self.plain(first, last)

    def led(self, first: int, last: int) -> Expression | None:
        """What begins with a relation: 最晚, 大约, 晚于, 从."""
        kind = self.classes[first]
        if kind in "BA" and self.phrase.texts[first] not in _LEADING:
            return None  # 之后的周一 is a Monday, and not what comes after one
        if kind in "KLBA":
            inner = self.moment(*self.trimmed(first + 1, last))
            side = {"K": "by", "L": "since", "B": "before", "A": "after"}[kind]
            return None if inner is None else Bound(side, inner)  # type: ignore[arg-type]
        if kind == "F":
            return self.stretch(first + 1, last) or self.ended(first + 1, last)
        if kind == "o":
            amount = AMOUNTS.read(self.phrase, first + 1, last)
            # 过两天 is some day soon.
            if amount is None or amount == [(2, "day")]:
                return None
            return Offset(amount, later=True)
        return None

    def ended(self, first: int, last: int) -> Expression | None:
        """What ends with a relation: 之前, 以后, 起, 以内."""
        end = self.classes[last - 1]
        if end not in "BASx":
            return None
        first, last = self.trimmed(first, last - 1)
        amount = AMOUNTS.read(self.phrase, first, last)
        if amount is not None:
            if end == "x":
                return Within(amount)
            if end == "S":
                return None
            sign = -1 if end == "B" else 1
            return Offset([(sign * number, unit) for number, unit in amount], later=end == "A")
        if self.classes[first:last] == "nD" and self.phrase.values[first + 1] is None:
            return self.days_or_date(first, end)
        inner = self.plain(first, last)
        if end == "x" or not isinstance(inner, Moment):
            return None
        if end == "S":
            return Bound("since", inner)
        return Bound("before" if end == "B" else "after", inner, inclusive_too=True)

    def days_or_date(self, first: int, end: str) -> Expression | None:
        """三日后 is in three days or after the 3rd; 三日前 before the 3rd or three days ago."""
        number = self.phrase.values[first]
        if end == "x":
            return Within([(number, "day")])
        if not 1 <= number <= 31:
            return Offset([(number, "day")], later=True) if end == "A" else None
        date = Moment(DayOfMonth(number), None)
        if end == "S":
            return Bound("since", date)
        if end == "B":
            return Readings([Bound("before", date), Offset([(-number, "day")])])
        return Readings([Offset([(number, "day")], later=True), Bound("after", date)])

    def plain(self, first: int, last: int) -> Expression | None:
        """The words without a relation in front or behind."""
        if first >= last:
            return None
        classes = self.classes
        if classes[first:last] == "X":
            return Present()
        if classes[first:last] == "n" and self.phrase.texts[first] == "十一":
            return Moment(Holiday("chinese_national_day"), None) if self.region == "CN" else None
        if classes[first] == "a":
            return self.anchored(first, last)
        return (
            self.moment(first, last)
            or self.either(first, last)
            or self.dated_relation(first, last)
            or self.stretch(first, last)
        )

    def anchored(self, first: int, last: int) -> Expression | None:
        """第二天, 当天晚上."""
        step = self.phrase.values[first]
        if last - first == 1:
            return Anchored(step)
        rest = self.moment(*self.trimmed(first + 1, last), bare=True)
        return Anchored(step, rest.time) if rest is not None and rest.day is None else None

    def stretch(self, first: int, last: int) -> Expression | None:
        """From one moment to another; 期间 and 之间 say no more than that."""
        classes = self.classes
        joints = "T-"
        if classes[last - 1] == "v":
            joints += "&"
            last -= 1
            inner = self.moment(first, last)
            if inner is not None:
                return inner
        for index in range(first + 1, last - 1):
            if classes[index] in joints:
                left = self.moment(*self.trimmed(first, index), bare=True)
                right = self.moment(*self.trimmed(index + 1, last), bare=True)
                if left is not None and right is not None:
                    number = self.phrase.values[first] if classes[first:index] == "n" else None
                    bare = classes[index + 1 : last] == "n"
                    return range_of(
                        left, right, number, self.phrase.values[last - 1] if bare else None
                    )
        return None


def at_noon(time: Clock) -> Clock:
    """中午十一点半, 中午一点."""
    hour = time.seconds[0] // HOUR
    return Clock((time.seconds[0] + (12 * HOUR if hour in (1, 2) else 0),), time.grain)


def read_time(text: str, context: Context) -> Expression | None:
    """What a Chinese phrase says of time, all of it; None if it says nothing that rules know."""
    phrase = phrase_of(text, context)
    about = "g" in phrase.classes
    if about:
        phrase = phrase.without("g")
    reader = ChineseReader(phrase, context.region)
    found = reader.expression(0, len(phrase.classes))
    if found is None:
        phrase.raise_noted()
    return reader.around(found) if about else found


def read_amounts(text: str, context: Context) -> list[tuple[int, str]] | None:
    """The amounts of a duration: [(2, "hour"), (30, "minute")]."""
    phrase = phrase_of(text, context)
    return AMOUNTS.read(phrase, 0, len(phrase.classes))


# Words that the annotation guide leaves outside a value, but that decide what it says.
AFTER = re.compile(
    r"\s*(之前|以前|前(?!往|面|去|后|後|台|天|日|年|三|排)|之后|之後|以后|以後|[后後](?!天|日|面|来|來|续|續|排|年)"
    r"|左右|前后|前後|上下|以内|以內|之内|之內|内|內|起(?!飞|飛|床|码|碼|程|身)|往后|往後)"
)
BEFORE = re.compile(
    r"(最晚|最迟|最遲|不晚于|不晚於|不迟于|不遲於|最早|不早于|不早於|大约|大約|大概)\s*$"
)
# How long one stays, how often, or which of several (同一天): no duration until one goes.
STAYING = re.compile(r"(住|待|呆|玩|逗留|停留|共|同|每|每隔|整|某|哪|头|頭|另)\s*$")


def with_neighbours(text: str, start: int, end: int) -> str:
    """The words of a slot with the relation words beside them: 之前 of 三点之前."""
    words = text[start:end]
    before = BEFORE.search(text[max(0, start - 4) : start]) if start else None
    after = AFTER.match(text[end : end + 6]) if end < len(text) else None
    if before is not None:
        words = before[1] + words
    return words if after is None else words + after[1]


def stays(text: str, start: int, end: int) -> bool:  # noqa: ARG001
    """Whether a duration is how long one stays, not when one goes."""
    return STAYING.search(text[max(0, start - 4) : start]) is not None
