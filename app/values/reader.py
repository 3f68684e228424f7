"""
How the parts of a phrase go together, in any language: a day, a time, a part of the day.

Positions are indexes of words; a stretch of words goes from `first` to before `last`.
"""

from app.values.clocks import in_part, tonight
from app.values.days import Day
from app.values.errors import UnresolvedError
from app.values.moments import (
    About,
    AnyOf,
    Bound,
    Clock,
    Expression,
    Moment,
    PartOfDay,
    Range,
)
from app.values.phrases import Phrase
from app.values.ranges import another_day

__all__ = ["Reader", "dated_by"]


class Reader:
    """
    Base of the readers of one phrase; a language adds its rules for dates and clock times.

    Most methods read the words from `first` to before `last` and return None if they are nothing of
    the kind. `bare` tells that a bare number is an hour.
    """

    __slots__ = ("classes", "phrase", "region")

    fillers = ""
    hour_marks = ""  # say that a number is an hour
    about = ""
    bounds = ""

    def __init__(self, phrase: Phrase, region: str) -> None:
        self.phrase = phrase
        self.classes = phrase.classes
        self.region = region

    def expression(self, first: int, last: int) -> Expression | None:
        """The words as any expression of time."""
        raise NotImplementedError

    def date(self, first: int, last: int) -> Day | None:
        """The words as a date."""
        raise NotImplementedError

    def clock(self, first: int, last: int, *, bare: bool) -> Clock | None:
        """The words as a clock time; a bare number is one only where `bare` is set."""
        raise NotImplementedError

    def trimmed(self, first: int, last: int) -> tuple[int, int]:
        """The range of words without fillers at its start and end."""
        classes, fillers = self.classes, self.fillers
        while first < last and classes[first] in fillers:
            first += 1
        while last > first and classes[last - 1] in fillers:
            last -= 1
        return first, last

    def parts(self, first: int, last: int, *, bare: bool) -> tuple[Day | None, Clock | None] | None:
        """
        The words as a date, a clock time, or both in either order.

        Two Nones if there are only fillers; None if the words are anything else.
        """
        untrimmed = first
        first, last = self.trimmed(first, last)
        if first == last:
            return None, None
        day = self.date(first, last)
        if day is not None:
            return day, None
        if first > untrimmed and self.classes[first - 1] in self.hour_marks:
            bare = True
        time = self.clock(first, last, bare=bare)
        if time is not None:
            return None, time
        for middle in range(first + 1, last):
            day_and_time = self.split(first, middle, last, bare=bare)
            if day_and_time is not None:
                return day_and_time
        return None

    def split(self, first: int, middle: int, last: int, *, bare: bool) -> tuple[Day, Clock] | None:
        """The words before and from `middle` as a date and a clock time, in either order."""
        left_first, left_last = self.trimmed(first, middle)
        right_first, right_last = self.trimmed(middle, last)
        if left_first == left_last or right_first == right_last:
            return None
        hour_follows = any(
            word_class in self.hour_marks for word_class in self.classes[left_last:right_first]
        )
        day = self.date(left_first, left_last)
        if day is not None:
            time = self.clock(right_first, right_last, bare=bare or hour_follows)
            if time is not None:
                return day, time
        time = self.clock(left_first, left_last, bare=bare)
        if time is not None:
            day = self.date(right_first, right_last)
            if day is not None:
                return day, time
        return None

    def moment(self, first: int, last: int, *, bare: bool = False) -> Moment | None:
        """The words as a day, a time or both, perhaps with a part of the day."""
        bare = bare or (first > 0 and self.classes[first - 1] in self.hour_marks)
        part_index = self.classes.find("P", first, last)
        if part_index < 0:
            day_and_time = self.parts(first, last, bare=bare)
            if day_and_time is None or day_and_time == (None, None):
                return None
            return Moment(*day_and_time)
        before = self.parts(first, part_index, bare=True)
        after = self.parts(part_index + 1, last, bare=True)
        if before is None or after is None:
            return None
        if (before[0] and after[0]) or (before[1] and after[1]):
            return None
        return self.timed(
            before[0] or after[0], before[1] or after[1], self.phrase.values[part_index]
        )

    def timed(self, day: Day | None, time: Clock | None, part: str) -> Moment | None:
        """As `with_part`; None, with the error noted, if the part has no such time."""
        try:
            return self.with_part(day, time, part)
        except UnresolvedError as error:
            self.phrase.failed(error)
            return None

    def with_part(self, day: Day | None, time: Clock | None, part: str) -> Moment | None:
        """
        A day and a time in a part of the day.

        Raises UnresolvedError if the part has no such time.
        """
        if time is None:
            return Moment(day, PartOfDay("evening" if part == "tonight" else part))
        if part != "tonight":
            return Moment(day, in_part(time, part))
        hour = time.seconds[0] % (24 * 3600) // 3600
        part = "evening" if 4 <= hour <= 12 else "night"
        return Moment(day, tonight(in_part(time, part)))

    @staticmethod
    def around(expression: Expression | None) -> Expression | None:
        """The expression, marked as approximate."""
        if isinstance(expression, Bound):
            inner = Reader.around(expression.moment)
            return None if inner is None else Bound(expression.side, inner)
        if isinstance(expression, Moment | Range):
            expression.approximate = True
            return expression
        return None if expression is None else About(expression)

    def either(self, first: int, last: int) -> Expression | None:
        """The words as alternatives: "Monday or Tuesday", "5 or 6 pm"."""
        marks = [i for i in range(first, last) if self.classes[i] == "|"]
        if not marks:
            return None
        options: list[Moment] = []
        bounds = list(zip([first, *(m + 1 for m in marks)], [*marks, last], strict=True))
        for start, end in reversed(bounds):
            option = self.moment(*self.trimmed(start, end), bare=True)
            if option is None:
                return None
            number = self.bare_number(start, end)
            if options and number is not None and options[-1].day is not None:
                day = another_day(options[-1].day, number)  # 5 or 6 December
                option = Moment(day, None) if day is not None and not options[-1].time else option
            options.append(option)
        options.reverse()
        return alternatives_of(options)

    def bare_number(self, first: int, last: int) -> int | None:
        """The number that the words are, if they are nothing but a number."""
        first, last = self.trimmed(first, last)
        if last - first == 1 and self.classes[first] in "no":
            return int(self.phrase.values[first])
        return None

    def dated_relation(self, first: int, last: int) -> Expression | None:
        """A date, then a bound, range or about: "next Friday after 5 pm"."""
        for index in range(first + 1, last):
            if self.classes[index] in self.bounds + self.about:
                day = self.date(*self.trimmed(first, index))
                if day is None:
                    part = self.moment(first, index)
                    if part is None or not isinstance(part.time, PartOfDay):
                        continue
                    return self.parted(part, index, last)
                return dated_by(day, self.expression(index, last))
        return None

    def parted(self, part: Moment, index: int, last: int) -> Expression | None:
        """A part of the day, then an about or a bound: "tonight around 7"."""
        if "P" in self.classes[index:last]:
            return None
        inner = self.expression(index, last)
        part_index = self.classes.rfind("P", 0, index)
        if part_index < 0:
            return None
        name = self.phrase.values[part_index]
        moment = inner.moment if isinstance(inner, Bound) else inner
        if not isinstance(moment, Moment) or not isinstance(moment.time, Clock) or moment.day:
            return None
        timed = self.timed(part.day, moment.time, name)
        if timed is None:
            return None
        timed.approximate = moment.approximate
        return Bound(inner.side, timed) if isinstance(inner, Bound) else timed


def dated_by(day: Day, expression: Expression | None) -> Expression | None:
    """An expression of time alone, on the day that was said before it; None if it has a day."""
    if isinstance(expression, Moment):
        if expression.day is not None or expression.time is None:
            return None
        return Moment(day, expression.time, approximate=expression.approximate)
    if isinstance(expression, Bound):
        inner = dated_by(day, expression.moment)
        return None if inner is None else Bound(expression.side, inner)
    if isinstance(expression, Range):
        if (
            expression.day is not None
            or expression.first.day is not None
            or expression.last.day is not None
        ):
            return None
        return Range(expression.first, expression.last, day, approximate=expression.approximate)
    return None


def alternatives_of(options: list[Moment]) -> Expression | None:
    """
    Any of the moments: all of them days, or all of them times.

    Times share the half of the day that the last one says: "5 or 6 pm".
    """
    if all(option.time is None or option.day is not None for option in options):
        return AnyOf(list(options))
    if any(option.day is not None for option in options):
        return None
    last = options[-1].time
    if not isinstance(last, Clock) or not last.explicit:
        return AnyOf(list(options))
    times: list[Expression] = []
    for option in options:
        if not isinstance(option.time, Clock):
            return None
        earlier = [second for second in option.time.seconds if second <= last.seconds[0]]
        if not earlier:
            return None
        times.append(Moment(None, Clock((earlier[-1],), option.time.grain)))
    return AnyOf(times)
