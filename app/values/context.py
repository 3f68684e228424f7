"""What a phrase is read against: the time of the request, its zone and locale, and the slot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from app.values.errors import UnresolvedError

__all__ = ["PARTS_OF_DAY", "Context", "Now", "Prefer"]

Prefer = Literal["future", "past", "nearest"]

# Minutes after midnight, from and to.
PARTS_OF_DAY: Mapping[str, tuple[int, int]] = {
    "small_hours": (0, 6 * 60),
    "dawn": (5 * 60, 7 * 60),
    "early_morning": (5 * 60, 8 * 60),
    "morning": (6 * 60, 12 * 60),
    "late_morning": (10 * 60, 12 * 60),
    "early_afternoon": (12 * 60, 15 * 60),
    "lunchtime": (12 * 60, 14 * 60),
    "afternoon": (12 * 60, 18 * 60),
    "late_afternoon": (15 * 60, 18 * 60),
    "dusk": (17 * 60, 19 * 60),
    "early_evening": (18 * 60, 20 * 60),
    "evening": (18 * 60, 24 * 60),
    "late_evening": (21 * 60, 24 * 60),
    "night": (18 * 60, 24 * 60),
    "late_night": (21 * 60, 24 * 60),
    "day": (6 * 60, 18 * 60),
}


@lru_cache(256)
def split(locale: str) -> tuple[str, str]:
    """
    Split a BCP 47 locale: `en-GB` gives ("en", "GB").

    The region is "" where the locale names none; a locale in traditional characters (`zh-Hant`)
    without a region counts as TW.
    """
    subtags = locale.replace("_", "-").split("-")
    region = next((tag.upper() for tag in subtags[1:] if len(tag) == 2), "")
    if not region and any(tag.lower() == "hant" for tag in subtags[1:]):
        region = "TW"
    return subtags[0].lower(), region


@dataclass(frozen=True, slots=True)
class Context:
    """
    The present, the time zone and the locale that a phrase is read against.

    `reference_time` is an aware datetime. Without it or without `zone`, relative phrases such as
    "tomorrow" have the reason `needs_reference`. `locale` is a BCP 47 tag such as `en-GB`; its
    region decides the order of day and month. `local` is the reference time as a naive datetime in
    `zone`, None if either is missing.
    """

    reference_time: datetime | None = None
    zone: ZoneInfo | None = None
    locale: str = "en"
    language: str = field(init=False)
    region: str = field(init=False)
    local: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        """Split the locale once, so that `zh-Hant-TW` is `zh` and `TW`; find the local time."""
        language, region = split(self.locale)
        object.__setattr__(self, "language", language)
        object.__setattr__(self, "region", region)
        local = None
        if self.reference_time is not None and self.zone is not None:
            local = self.reference_time.astimezone(self.zone).replace(tzinfo=None)
        object.__setattr__(self, "local", local)


class Validity:
    """
    How long a value stays true: the local times from `since` to before `until`.

    `Now` narrows it whenever a rule asks for the present.
    """

    __slots__ = ("day", "since", "until")

    def __init__(self) -> None:
        self.since = datetime.min
        self.until = datetime.max
        self.day = False  # whether it lasts only as long as the day

    def around(self, moment: datetime) -> tuple[datetime, datetime]:
        """The start and end that hold for the present `moment`; the end is not inside."""
        if not self.day:
            return self.since, self.until
        midnight = datetime(moment.year, moment.month, moment.day)
        until = self.until
        if midnight < datetime.max - timedelta(days=1):
            until = min(until, midnight + timedelta(days=1))
        return max(self.since, midnight), until


class Now:
    """
    The present, as a phrase of one slot sees it.

    Reading `moment`, `day` or `today`, or calling `has_come`, raises
    UnresolvedError("needs_reference") if there is no present. `validity` is how long all that was
    read so far stays true.
    """

    __slots__ = ("_moment", "_today", "anchor", "parts", "prefer", "region", "validity", "zone")

    def __init__(
        self,
        context: Context,
        *,
        prefer: Prefer = "future",
        anchor: date | None = None,
        parts: Mapping[str, tuple[int, int]] = PARTS_OF_DAY,
    ) -> None:
        """`anchor` is the day that "the next day" follows; `parts` the hours of parts of day."""
        self.zone = context.zone
        self.region = context.region
        self.prefer = prefer
        self.anchor = anchor
        self.parts = parts
        self.validity = Validity()
        self._moment = context.local
        self._today: date | None = None if context.local is None else context.local.date()

    @property
    def known(self) -> bool:
        """Whether there is a reference time with a zone."""
        return self._moment is not None

    @property
    def moment(self) -> datetime:
        """
        The local time as a naive datetime.

        A value that depends on it is never remembered; prefer `has_come` or `day` where they
        suffice.
        """
        if self._moment is None:
            raise UnresolvedError("needs_reference")
        self.validity.since = self.validity.until = self._moment  # true at no other time
        return self._moment

    @property
    def day(self) -> date:
        """The local date of the present."""
        if self._moment is None:
            raise UnresolvedError("needs_reference")
        self.validity.day = True
        return self._moment.date()

    @property
    def today(self) -> date:
        """The local date, or the date that `on` set in its place."""
        if self._today is None:
            raise UnresolvedError("needs_reference")
        self.validity.day = True
        return self._today

    def has_come(self, moment: datetime) -> bool:
        """Whether the present is at or after a local time."""
        if self._moment is None:
            raise UnresolvedError("needs_reference")
        validity = self.validity
        if self._moment >= moment:
            if moment > validity.since:
                validity.since = moment
            return True
        if moment < validity.until:
            validity.until = moment
        return False

    def on(self, day: date) -> "Now":
        """The same present with another `today`, for "the first … on or after that day"."""
        other = object.__new__(Now)
        for name in Now.__slots__:
            setattr(other, name, getattr(self, name))
        other._today = day
        return other

    def tomorrow(self) -> "Now":
        """The same present with the following day as `today`."""
        return self.on(self.today + timedelta(days=1))
