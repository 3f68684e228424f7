"""How many requests a caller may send, by key or by address."""

import math
import time
from dataclasses import dataclass

from limits import parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from app.http.errors import RateLimitedError

# Callers that are remembered; beyond, those whose window began first are forgotten.
_MOST_CALLERS = 100_000


class Limit:
    """
    So many requests of a caller in a window of time, as in `100/second`.

    A batch counts as one request, and so does each text of a stream. Each worker counts for
    itself.
    """

    def __init__(self, limit: str) -> None:
        self._limit = parse(limit)
        self._limiter = FixedWindowRateLimiter(Counts())
        self._policy = f'"default";q={self._limit.amount};w={self._limit.get_expiry()}'

    def count(self, caller: str) -> dict[str, str]:
        """
        Count a request; what is left, in the fields of draft-ietf-httpapi-ratelimit-headers.

        Raises RateLimitedError.
        """
        within = self._limiter.hit(self._limit, caller)
        stats = self._limiter.get_window_stats(self._limit, caller)
        seconds_left = max(1, math.ceil(stats.reset_time - time.monotonic()))
        fields = {
            "ratelimit-policy": self._policy,
            "ratelimit": f'"default";r={stats.remaining};t={seconds_left}',
        }
        if not within:
            raise RateLimitedError(self._limit, seconds_left, fields)
        return fields


@dataclass(slots=True)
class _Window:
    ends: float
    count: int


class Counts(Storage):
    """
    Where limits counts, in memory.

    Its own storage starts a thread whenever it has counted, to forget what is over, and goes by
    the wall clock: put back by an hour, that would shut everybody out for an hour. Times here are
    of time.monotonic.
    """

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._windows: dict[str, _Window] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong with the storage."""
        return Exception

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a new window of `expiry` seconds where there is none."""
        now = time.monotonic()
        self._forget(now)
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            self._windows.pop(key, None)  # so that the oldest stay in front
            window = self._windows[key] = _Window(now + expiry, 0)
        window.count += amount
        return window.count

    def get(self, key: str) -> int:
        """How much was counted in the window that is not over."""
        window = self._windows.get(key)
        return window.count if window and window.ends > time.monotonic() else 0

    def get_expiry(self, key: str) -> float:
        """When the window is over."""
        window = self._windows.get(key)
        return window.ends if window else time.monotonic()

    def check(self) -> bool:
        """Whether it works."""
        return True

    def reset(self) -> int:
        """Forget all."""
        count = len(self._windows)
        self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one."""
        self._windows.pop(key, None)

    def _forget(self, now: float) -> None:
        """Windows are in the order in which they end, for all are equally long."""
        windows = self._windows
        while windows:
            first = next(iter(windows))
            if windows[first].ends > now and len(windows) < _MOST_CALLERS:
                break
            del windows[first]
