"""Chinese dates and times: how the parts of a phrase go together."""

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
    """
    The reader of one Chinese phrase.

    The classes of words are listed in `chinese_vocabulary`.
    """

    __slots__ = ()
    fillers = "f@,"
    bounds = "KL"

    def date(self, first: int, last: int) -> Day | None:
        """The words as a date, perhaps with its weekday."""
        day = DATES.read(self.phrase, first, last)
        if day is not None or last - first < 2:
            return day
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
        """
        The words as a clock time.

        A bare number is an hour only where `bare` is set, as beside a part of the day.
        """
        time = CLOCKS.read(self.phrase, first, last)
        classes = self.classes
        if time is not None:
            if classes[first:last] == "nhn" and self.phrase.values[last - 1] < 10:
                # 三点九 is 3:45 in Cantonese, 三点零九 is 3:09
                return time if self.phrase.texts[last - 1][0] in "0零〇" else None
            return time
        if classes[first] == "N" and self.phrase.values[first] == 12:
            inner = self.clock(first + 1, last, bare=True)
            return None if inner is None else at_noon(inner)
        if bare and last - first == 1 and classes[first] == "n":
            return clock(self.phrase.values[first], grain="hour")
        return None

    def with_part(self, day: Day | None, time: Clock | None, part: str) -> Moment | None:
        """
        A day and a time in a part of the day; None if the part is noon or midnight without a time.

        Raises UnresolvedError if the part has no such time.
        """
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
        time_in_part = in_part(time, part)
        today = isinstance(day, RelativeDay) and day.offset == 0
        return Moment(day, tonight(time_in_part) if today else time_in_part)

    def expression(self, first: int, last: int) -> Expression | None:
        """The words as any expression of time."""
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
        """The words as an expression that a relation begins: 最晚, 大约, 晚于, 从."""
        relation = self.classes[first]
        if relation in "BA" and self.phrase.texts[first] not in _LEADING:
            return None  # 之后的周一 is a Monday, and not what comes after one
        if relation in "KLBA":
            inner = self.moment(*self.trimmed(first + 1, last))
            side = {"K": "by", "L": "since", "B": "before", "A": "after"}[relation]
            return None if inner is None else Bound(side, inner)  # type: ignore[arg-type]
        if relation == "F":
            return self.moment_range(first + 1, last) or self.ended(first + 1, last)
        if relation == "o":
            amount = AMOUNTS.read(self.phrase, first + 1, last)
            # 过两天 is some day soon.
            if amount is None or amount == [(2, "day")]:
                return None
            return Offset(amount, later=True)
        return None

    def ended(self, first: int, last: int) -> Expression | None:
        """The words as an expression that a relation ends: 之前, 以后, 起, 以内."""
        relation = self.classes[last - 1]
        if relation not in "BASx":
            return None
        first, last = self.trimmed(first, last - 1)
        amount = AMOUNTS.read(self.phrase, first, last)
        if amount is not None:
            if relation == "x":
                return Within(amount)
            if relation == "S":
                return None
            sign = -1 if relation == "B" else 1
            return Offset([(sign * number, unit) for number, unit in amount], later=relation == "A")
        if self.classes[first:last] == "nD" and self.phrase.values[first + 1] is None:
            return self.days_or_date(first, relation)
        inner = self.plain(first, last)
        if relation == "x" or not isinstance(inner, Moment):
            return None
        if relation == "S":
            return Bound("since", inner)
        return Bound("before" if relation == "B" else "after", inner, inclusive_too=True)

    def days_or_date(self, first: int, relation: str) -> Expression | None:
        """
        A number with 日 and a relation (its word class): a number of days, or a day of the month.

        三日后 is in three days or after the 3rd; 三日前 is before the 3rd or three days ago.
        """
        number = self.phrase.values[first]
        if relation == "x":
            return Within([(number, "day")])
        if not 1 <= number <= 31:
            return Offset([(number, "day")], later=True) if relation == "A" else None
        date = Moment(DayOfMonth(number), None)
        if relation == "S":
            return Bound("since", date)
        if relation == "B":
            return Readings([Bound("before", date), Offset([(-number, "day")])])
        return Readings([Offset([(number, "day")], later=True), Bound("after", date)])

    def plain(self, first: int, last: int) -> Expression | None:
        """The words as an expression without a relation at its start or end."""
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
            or self.moment_range(first, last)
        )

    def anchored(self, first: int, last: int) -> Expression | None:
        """The words as a day counted from the anchor: 第二天, 当天晚上."""
        step = self.phrase.values[first]
        if last - first == 1:
            return Anchored(step)
        rest = self.moment(*self.trimmed(first + 1, last), bare=True)
        return Anchored(step, rest.time) if rest is not None and rest.day is None else None

    def moment_range(self, first: int, last: int) -> Expression | None:
        """The words as a range from one moment to another, perhaps with 期间 or 之间."""
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
    """The time with 中午: 中午十一点半 is 11:30, 中午一点 is 13:00."""
    hour = time.seconds[0] // HOUR
    return Clock((time.seconds[0] + (12 * HOUR if hour in (1, 2) else 0),), time.grain)


def read_time(text: str, context: Context) -> Expression | None:
    """
    What a Chinese phrase says about time, if the rules read all of its words; else None.

    Raises UnresolvedError for an unknown word, and for a time that cannot be, such as 二月三十日.
    """
    phrase = phrase_of(text, context)
    about = "g" in phrase.classes
    if about:
        phrase = phrase.without("g")
    reader = ChineseReader(phrase, context.region)
    expression = reader.expression(0, len(phrase.classes))
    if expression is None:
        phrase.raise_noted()
    return reader.around(expression) if about else expression


def read_amounts(text: str, context: Context) -> list[tuple[int, str]] | None:
    """
    The amounts of a duration, such as [(2, "hour"), (30, "minute")]; None if it is no duration.

    Raises UnresolvedError for an unknown word.
    """
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
    """
    The words of the slot `text[start:end]`, with the relation words beside them.

    The annotation leaves these outside the slot, as 之前 in 三点之前.
    """
    words = text[start:end]
    before = BEFORE.search(text[max(0, start - 4) : start]) if start else None
    after = AFTER.match(text[end : end + 6]) if end < len(text) else None
    if before is not None:
        words = before[1] + words
    return words if after is None else words + after[1]


def stays(text: str, start: int, end: int) -> bool:  # noqa: ARG001
    """
    Whether the words before a duration make it a length of stay (住三天).

    Such a duration is no offset from now.
    """
    return STAYING.search(text[max(0, start - 4) : start]) is not None
