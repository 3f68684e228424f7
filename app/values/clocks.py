"""Clock times: which hour of the day people mean by a number, am or pm, and a part of the day."""

from app.values.errors import UnresolvedError
from app.values.moments import Clock

__all__ = ["clock", "clock_in_half", "in_part", "tonight"]

HOUR = 3600
MORNINGS = {"dawn", "early_morning", "morning", "late_morning", "small_hours"}
LATEST = {"dawn": 8, "early_morning": 9, "small_hours": 6}  # hours
AFTERNOONS = {"early_afternoon", "afternoon", "late_afternoon", "dusk", "lunchtime"}


def check_time(hour: int, minute: int, second: int) -> None:
    """Raise UnresolvedError unless this is a time of day; 24:00:00 is one."""
    if not (0 <= hour <= 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise UnresolvedError
    if hour == 24 and (minute or second):
        raise UnresolvedError


def clock(
    hour: int, minute: int = 0, second: int = 0, *, grain: str = "minute", exact: bool = False
) -> Clock:
    """
    The clock time of numbers, without am, pm or a part of the day.

    An hour from 1 to 12 gives both halves of the day, the earlier first. `exact` gives only the
    time as written, such as `07:15`. Raises UnresolvedError if there is no such time.
    """
    check_time(hour, minute, second)
    rest = minute * 60 + second
    if exact or hour == 0 or hour > 12:
        return Clock((hour * HOUR + rest,), grain)
    if hour == 12:
        return Clock((12 * HOUR + rest, rest or 24 * HOUR), grain)
    return Clock((hour * HOUR + rest, (hour + 12) * HOUR + rest), grain)


def clock_in_half(seconds: tuple[int, ...], grain: str, half: str) -> Clock:
    """
    The clock time `seconds[0]` in the half of the day `half`, "am" or "pm".

    13 pm is 13:00. Raises UnresolvedError for 13 am and for 0 pm.
    """
    time = seconds[0] % (24 * HOUR)
    hour = time // HOUR
    if half == "am":
        if hour > 12:
            raise UnresolvedError
        return Clock((time - 12 * HOUR if hour == 12 else time,), grain, halved=True)
    if hour == 0 and seconds[0] == 0:
        raise UnresolvedError
    return Clock((time if hour >= 12 else time + 12 * HOUR,), grain, halved=True)


def in_part(time: Clock, part: str) -> Clock:
    """
    The clock time in a part of the day, such as "evening".

    Raises UnresolvedError("contradiction") if the part has no such time, or if am or pm was said
    and disagrees.
    """
    try:
        in_that_part = clock_in_part(time.seconds, time.grain, part)
    except UnresolvedError:
        raise UnresolvedError("contradiction") from None
    if time.halved and (in_that_part.seconds[0] - time.seconds[0]) % (24 * HOUR):
        raise UnresolvedError("contradiction")
    return in_that_part


def clock_in_part(seconds: tuple[int, ...], grain: str, part: str) -> Clock:
    """
    The clock time `seconds[0]` in a part of the day.

    An hour after midnight "at night" is above 24 hours: it belongs to the next day. Raises
    UnresolvedError if the part has no such time.
    """
    time = seconds[0] % (24 * HOUR)
    hour = time // HOUR
    if part in MORNINGS:
        if hour > 12 or (hour < 12 and hour > LATEST.get(part, 12)):
            raise UnresolvedError
        return Clock((time - 12 * HOUR if hour == 12 else time,), grain)
    if part in AFTERNOONS:
        if hour == 0 or 8 <= hour <= 11 or hour > 19:
            raise UnresolvedError
        return Clock((time if hour >= 12 else time + 12 * HOUR,), grain)
    if part in ("evening", "early_evening", "late_evening"):
        if 4 <= hour <= 11:
            return Clock((time + 12 * HOUR,), grain)
        if hour >= 16 or time == 12 * HOUR:
            return Clock((24 * HOUR if hour == 12 else time,), grain)
        raise UnresolvedError
    if part in ("night", "late_night"):
        if 6 <= hour <= 11:
            return Clock((time + 12 * HOUR,), grain)
        if hour >= 18:
            return Clock((time,), grain)
        if hour == 12:
            return Clock((time + 12 * HOUR,), grain)
        if hour < 6:
            return Clock((time + 24 * HOUR,), grain)
    raise UnresolvedError


def tonight(time: Clock) -> Clock:
    """
    The clock times that a time "tonight" may be.

    1 am is either early today, if it has not come yet, or after the next midnight.
    """
    if time.seconds[0] > 24 * HOUR:
        return Clock((time.seconds[0] - 24 * HOUR, time.seconds[0]), time.grain)
    return time
