"""How many requests a caller may send, by key or by address."""

import ipaddress
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from limits import parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import RELOAD_PATH, is_open
from app.paths import app_path
from app.problems import CodedError, problem

# Callers that are remembered; beyond, those whose window began first are forgotten.
_MOST_CALLERS = 100_000
# An address of IPv6 is one of 2^64 that whoever has it can call from.
_NETWORK_OF_A_CALLER = 64


class RateLimitedError(CodedError):
    """The caller has sent more requests than the limit; told with what there is to know of it."""

    code = "rate_limited"

    def __init__(self, limit: object, seconds: int, fields: Mapping[str, str]) -> None:
        super().__init__(
            429,
            f"more than {limit}: ask again in {seconds} s",
            {**fields, "retry-after": str(seconds)},
        )


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


class RateLimit:
    """Answer 429 to a caller beyond the limit, and tell all others what is left."""

    def __init__(self, app: ASGIApp, limit: Limit) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = app_path(scope) if scope["type"] == "http" else None
        if path is None or is_open(path) or path == RELOAD_PATH:
            await self.app(scope, receive, send)
            return
        try:
            fields = self.limit.count(caller_of(scope))
        except RateLimitedError as error:
            status, code, headers = error.status_code, error.code, error.headers
            await problem(status, code, error.detail, headers=headers)(scope, receive, send)
            return

        async def send_with_fields(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(fields)
            await send(message)

        await self.app(scope, receive, send_with_fields)


def caller_of(scope: Scope) -> str:
    """The name of the caller's key, or else its address."""
    state, client = scope.get("state", {}), scope.get("client")
    if "caller" in state:
        return f"key {state['caller']}"
    if client is None:
        return "somebody"
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return f"host {client[0]}"
    # As proxies that listen for both write an address of IPv4; all these are in one network.
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 4:
        return f"address {address}"
    return f"network {ipaddress.ip_network((address, _NETWORK_OF_A_CALLER), strict=False)}"


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
