"""English dates and times: how the parts of a phrase go together."""

import re

from app.values.clocks import clock, clock_in_half
from app.values.context import PARTS_OF_DAY, Context
from app.values.days import (
    Day,
    DayOfMonth,
    Fixed,
    MonthDay,
    RelativeDay,
    SameDay,
    WithWeekday,
    year_span,
)
from app.values.english_rules import AMOUNTS, CLOCKS, DATES, HALVES_AFTER, four_digits
from app.values.english_words import phrase_of
from app.values.moments import (
    Anchored,
    Bound,
    Clock,
    Expression,
    Moment,
    Offset,
    PartOfDay,
    Present,
    Within,
    YearOrClock,
)
from app.values.ranges import range_of
from app.values.reader import Reader
from app.values.stretches import Shifted
from app.values.weekdays import (
    ComingWeekday,
    Following,
    NextWeekday,
    Weekday,
    WeekdayBeside,
    WeekdayOfWeek,
    WeekOf,
)

__all__ = ["read_amounts", "read_time", "stays", "with_neighbours"]


# Words and signs without meaning, between the parts of a moment or before it.
FILLERS = ",O@Ifj"


class EnglishReader(Reader):
    """
    The reader of one English phrase.

    The classes of words are listed in `english_vocabulary`.
    """

    __slots__ = ()
    fillers = FILLERS
    hour_marks = "@"
    about = "G"
    bounds = "abBSVF"

    def date(self, first: int, last: int) -> Day | None:
        """The words as a date, perhaps with its weekday."""
        day = DATES.read(self.phrase, first, last)
        if day is not None and self.phrase.texts[first] == "following":
            return self.following(day)
        if day is not None or last - first < 2:
            return day
        classes, values = self.classes, self.phrase.values
        if classes[first] == "W":
            if classes[first + 1] in "ab":
                return self.shifted(first, last)
            start = first + 2 if classes[first + 1] == "-" else first + 1
            inner = self.date(*self.trimmed(start, last))
            weekday = values[first]
        elif classes[first] in "=C" and classes[first + 1] == "W":
            start = first + 3 if classes[first + 2 : first + 3] == "-" else first + 2
            inner = self.date(*self.trimmed(start, last))
            weekday = values[first + 1]
        elif classes[last - 1] == "W":
            inner = self.date(*self.trimmed(first, last - 1))
            weekday = values[last - 1]
        elif classes[first] == "r" and classes[first + 1] in ",O":
            inner = self.date(*self.trimmed(first + 1, last))
            return None if inner is None else SameDay(RelativeDay(values[first]), inner)
        else:
            return self.shifted(first, last)
        if isinstance(inner, Weekday | WeekdayOfWeek):
            return None  # two weekdays are no date
        if inner is not None:
            return WithWeekday(inner, weekday)
        return self.shifted(first, last)

    @staticmethod
    def following(day: Day) -> Day:
        """
        The day of "the following Monday" or "the following week".

        It is counted from the anchor if the slot has one.
        """
        if isinstance(day, NextWeekday):
            return Following(ComingWeekday(day.weekday), day)
        return Following(day, day)

    def shifted(self, first: int, last: int) -> Day | None:
        """
        A day counted from another.

        These are "two days after Friday", "the week of 5 May" and "the Monday after Easter".
        """
        classes, values = self.classes, self.phrase.values
        if classes.startswith(("uf", "Ef"), first) and values[first] in ("week", None):
            base = self.date(*self.trimmed(first + 2, last))
            return None if base is None else WeekOf(base, weekend=classes[first] == "E")
        if first and classes[first - 1] == "I":
            amount = AMOUNTS.read(self.phrase, first, last)
            return None if amount is None else self.from_today(amount)
        if classes[first] in "uW" and classes[first + 1] in "ab":
            base = self.date(*self.trimmed(first + 2, last))
            if base is None:
                return None
            sign = 1 if classes[first + 1] == "a" else -1
            if classes[first] == "W":
                return WeekdayBeside(base, values[first], sign)
            return Shifted(base, [(sign, "day")]) if values[first] == "day" else None
        for index in range(first + 2, min(last - 1, first + 9)):
            if self.classes[index] in "Fab":
                amount = AMOUNTS.read(self.phrase, first, index)
                if amount is None:
                    return None
                if classes[index:last] == "FX":
                    return self.from_today(amount)
                base = self.date(index + 1, last)
                if base is None or any(u in ("hour", "minute", "second") for _, u in amount):
                    return None
                sign = -1 if self.classes[index] == "b" else 1
                return Shifted(base, [(sign * number, unit) for number, unit in amount])
        return None

    @staticmethod
    def from_today(amount: list[tuple[int, str]]) -> Day | None:
        """The day so long after today; None if the amounts have hours or less."""
        if any(unit in ("hour", "minute", "second") for _, unit in amount):
            return None
        return Shifted(RelativeDay(0), amount)

    def clock(self, first: int, last: int, *, bare: bool) -> Clock | None:
        """The words as a clock time; a bare number is an hour only where `bare` is set."""
        time = CLOCKS.read(self.phrase, first, last)
        if time is not None:
            if self.spells_minutes(first, last):
                return time
            return None
        classes, values = self.classes, self.phrase.values
        if last - first == 1 and bare and classes[first] == "n":
            exact_hour = (
                self.phrase.texts[first].startswith("0") and self.phrase.texts[first] != "0"
            )
            return clock(values[first], grain="hour", exact=exact_hour)
        if last - first == 1 and classes[first] == "Y" and first:
            before = classes[:first].rstrip(",@")
            if classes[first - 1] == "@" or before[-1:] in ("r", "W", "P"):
                return four_digits("Y", self.phrase.values[first:last])
            return None
        if last - first == 1 and classes[first] == "z" and (bare or self.region not in ("US", "")):
            hour, minute, _, padded = values[first]
            return clock(hour, minute, exact=padded)
        if classes[first:last].startswith("hn") and self.region in HALVES_AFTER:
            half = values[last - 1] if classes[last - 1] == "p" else None
            if last - first == 2 or (half and last - first == 3):
                half_past = clock(values[first + 1], 30)
                return clock_in_half(half_past.seconds, "minute", half) if half else half_past
        return None

    def moment(self, first: int, last: int, *, bare: bool = False) -> Moment | None:
        """
        The words as a day, a time or both.

        "Early" and "late" may stand before the day: "early Friday evening".
        """
        if self.classes[first : first + 1] == "e":
            inner = super().moment(first + 1, last, bare=bare)
            early = self.phrase.values[first] == "early"
            if inner is not None and early and inner.time is None and self.is_day(inner.day):
                return Moment(inner.day, PartOfDay("early_morning"))
            if inner is not None and isinstance(inner.time, PartOfDay) and inner.day is not None:
                name = f"{self.phrase.values[first]}_{inner.time.name}"
                return Moment(inner.day, PartOfDay(name)) if name in PARTS_OF_DAY else None
        return super().moment(first, last, bare=bare)

    @staticmethod
    def is_day(day: Day | None) -> bool:
        """Whether the expression names single days, which have parts of the day."""
        return isinstance(day, RelativeDay | Weekday | WeekdayOfWeek | MonthDay | DayOfMonth)

    def spells_minutes(self, first: int, last: int) -> bool:
        """
        Whether a number, "to" and a number are a time, not a range.

        "Ten to eight" and "10 to 8" are; "5 to 7" is a range.
        """
        classes, phrase = self.classes[first:last], self.phrase
        if not classes.startswith("nT") or not phrase.texts[first].isdigit():
            return True
        if first and self.classes[first - 1] in "FV":
            return False
        return classes == "nTn" and phrase.values[first] >= phrase.values[first + 2]

    def expression(self, first: int, last: int) -> Expression | None:
        """The words as any expression of time."""
        first, last = self.trimmed(first, last)
        if first >= last:
            return None
        if self.classes.startswith("lrP", first):  # later this evening
            first += 1
        word_class = self.classes[first]
        if word_class in "abBS":
            return self.bound(first, last)
        if word_class in "VF":
            return self.moment_range(first + 1, last, introduced=True)
        if word_class == "G":
            return self.around(self.expression_or_bare(first + 1, last))
        if word_class == "x" or self.classes.startswith(">n", first):
            return self.within(first + 1 if word_class == "x" else first, last)
        if self.classes[first:last] == "Y":
            if first and self.classes[first - 1] == "I":
                return Moment(Fixed(year_span(self.phrase.values[first])), None)
            return YearOrClock(self.phrase.values[first])
        if self.classes[last - 1] in "LKw":
            inner = self.moment(*self.trimmed(first, last - 1), bare=True)
            side = "by" if self.classes[last - 1] == "K" else "since"
            return None if inner is None else Bound(side, inner)  # type: ignore[arg-type]
        return self.plain(first, last)

    def within(self, first: int, last: int) -> Expression | None:
        """The words after "within", or "the next two hours", as a range from now."""
        if self.classes[first:last] == ">u":
            return Within([(1, self.phrase.values[first + 1])])
        if self.classes[first : first + 1] == ">":
            first += 1
        amount = AMOUNTS.read(self.phrase, first, last)
        return None if amount is None else Within(amount)

    def plain(self, first: int, last: int) -> Expression | None:
        """The words as a moment, an offset, alternatives or a range."""
        expression: Expression | None = self.moment(first, last)
        if expression is None:
            expression = self.offset(first, last)
        if expression is None and "|" in self.classes[first:last]:
            expression = self.either(first, last)
        if expression is None:
            expression = self.dated_relation(first, last)
        if expression is None:
            expression = self.moment_range(first, last, introduced=False)
        return expression

    def expression_or_bare(self, first: int, last: int) -> Expression | None:
        """As `plain`, but a bare number is an hour."""
        return self.moment(first, last, bare=True) or self.plain(first, last)

    def bound(self, first: int, last: int) -> Expression | None:
        """The words as a range with one open end: "before 6 pm"."""
        side = self.phrase.values[first]
        if self.classes[first] == "B" and first + 1 < last and self.classes[first + 1] == "B":
            first += 1
        inner: Expression | None = self.moment(first + 1, last, bare=True)
        if inner is None:
            inner = self.offset(first + 1, last)
        if inner is None and self.classes[first + 1 : last] == "Y":
            inner = YearOrClock(self.phrase.values[first + 1])
        return None if inner is None else Bound(side, inner)

    def offset(self, first: int, last: int) -> Expression | None:
        """The words as a time counted from now, or from the anchor: "the next day"."""
        classes, values = self.classes[first:last], self.phrase.values
        if classes == "X":
            return Present()
        step = BESIDE_A_DAY.get(classes[:2])
        if step is not None and "day" in values[first : first + 2]:
            if len(classes) == 2:
                return Anchored(step)
            rest = self.moment(first + 2, last, bare=True)
            return Anchored(step, rest.time) if rest and rest.day is None else None
        later = classes[-1:] == "l"
        if classes[-2:] == "FX":
            amount, sign = AMOUNTS.read(self.phrase, first, last - 2), 1
        elif classes[-1:] in ("l", "g"):
            amount = AMOUNTS.read(self.phrase, first, last - 1)
            sign = -1 if classes[-1] == "g" else 1
        elif first and self.classes[first - 1] == "I":
            amount, sign = AMOUNTS.read(self.phrase, first, last), 1
        else:
            return None
        if amount is None:
            return None
        return Offset([(sign * number, unit) for number, unit in amount], later=later)

    def moment_range(self, first: int, last: int, *, introduced: bool) -> Expression | None:
        """
        The words as a range from one moment to another.

        `introduced` tells that "between" or "from" stands before them.
        """
        classes = self.classes
        if introduced and classes[first - 1] == "F" and classes[last - 1] == "w":
            inner = self.moment(*self.trimmed(first, last - 1), bare=True)
            return None if inner is None else Bound("since", inner)
        joints = "T-B&" if introduced else "T-B"
        for index in range(first + 1, last - 1):
            if classes[index] in joints:
                left = self.moment(*self.trimmed(first, index), bare=True)
                right = self.moment(*self.trimmed(index + 1, last), bare=True)
                if left is None or right is None:
                    continue
                if not introduced and classes[index] == "-" and classes[first:last] == "n-n":
                    return None  # 7-9 is a range of hours, of days, or a date
                return range_of(
                    left, right, self.bare_number(first, index), self.bare_number(index + 1, last)
                )
        if introduced and classes[first - 1] == "F":
            inner = self.moment(first, last, bare=True)
            return None if inner is None else Bound("since", inner)
        return None


def read_time(text: str, context: Context) -> Expression | None:
    """
    What an English phrase says about time, if the rules read all of its words; else None.

    Raises UnresolvedError for an unknown word, and for a time that cannot be, such as 30 February.
    """
    phrase = phrase_of(text, context)
    about = "i" in phrase.classes  # 12ish
    if about:
        phrase = phrase.without("i")
    reader = EnglishReader(phrase, context.region)
    expression = reader.expression(0, len(phrase.classes))
    if expression is None and about:
        expression = reader.moment(0, len(phrase.classes), bare=True)
    if expression is None:
        phrase.raise_noted()
    return reader.around(expression) if about else expression


# The next day, the same day, the day after, the day before: days from another slot's.
BESIDE_A_DAY = {">u": 1, "Du": 0, "ua": 1, "ub": -1}

# Words that the annotation guide leaves outside a value, but that decide what it says.
BEFORE = re.compile(
    r"(?:^|[\s,(])(no later than|not later than|no earlier than|not earlier than|not before|by"
    r"|until|till|before|after|around|about|in|within|at|since)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"\s+(or later|or earlier|or before|or after|at the latest|at the earliest|onwards?|from now"
    r"|later|ago)(?![\w'])",
    re.IGNORECASE,
)
# How long one stays, how often, or which of several: no duration until one goes.
STAYING_ENDS = (
    *("for", "last", "lasts", "lasting", "stay", "spend", "every", "each", "per"),
    *("same", "other", "first", "past", "whole", "all"),
)
STAYING = re.compile(rf"(?:^|\s)(?:{'|'.join(STAYING_ENDS)})\s+$", re.IGNORECASE)
REACH = 24  # characters before and after a slot that are searched
# How nearly all that these find ends: to look at that first takes a fraction of the time.
BEFORE_ENDS = (
    *("than", "before", "by", "until", "till", "after", "around", "about", "in", "within", "at"),
    *("since", "the"),
)


def found_before(
    pattern: re.Pattern[str], ends: tuple[str, ...], text: str, start: int
) -> re.Match[str] | None:
    """
    The match of `pattern` in the words right before `start`.

    `ends` are the last words of what it matches; texts that end otherwise are skipped quickly.
    """
    before = text[max(0, start - REACH) : start]
    if before.isascii() and not before.rstrip().lower().endswith(ends):
        return None
    return pattern.search(before)


def with_neighbours(text: str, start: int, end: int) -> str:
    """
    The words of the slot `text[start:end]`, with the relation words beside them.

    The annotation leaves these outside the slot, as "by" in "by 6 pm".
    """
    words = text[start:end]
    before = found_before(BEFORE, BEFORE_ENDS, text, start) if start else None
    after = AFTER.match(text[end : end + REACH]) if end < len(text) else None
    if before is not None:
        words = f"{before[1]} {words}"
    return words if after is None else f"{words} {after[1]}"


def stays(text: str, start: int, end: int) -> bool:  # noqa: ARG001
    """
    Whether the words before a duration make it a length of stay ("for three days").

    Such a duration is no offset from now.
    """
    return found_before(STAYING, STAYING_ENDS, text, start) is not None


def read_amounts(text: str, context: Context) -> list[tuple[int, str]] | None:
    """
    The amounts of a duration, such as [(2, "hour"), (30, "minute")]; None if it is no duration.

    Raises UnresolvedError for an unknown word.
    """
    phrase = phrase_of(text, context)
    return AMOUNTS.read(phrase, 0, len(phrase.classes))
