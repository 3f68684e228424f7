"""The body of a request: read whole, within limits of bytes and time, and only if it is JSON."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from types import coroutine
from typing import Any

from starlette.types import Message, Receive, Scope

from app.http.errors import (
    BodyTooLargeError,
    ContentCodingError,
    ReadTimeoutError,
    UnsupportedMediaTypeError,
)
from app.inference.errors import ClientDisconnectedError
from app.settings import Settings

# Of a body, what may get into the log where that is asked for.
_MOST_LOGGED = 4096


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Most bytes of a body, most seconds until it is there, and whether the log may quote it."""

    max_bytes: int
    timeout: float
    log_bodies: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "BodyLimits":
        """Those that the operator has set."""
        log_bodies = settings.access_log and settings.log_bodies
        return cls(settings.max_body_bytes, settings.read_timeout, log_bodies)


async def read_json(scope: Scope, receive: Receive, limits: BodyLimits) -> bytes:
    """
    The body of a request, which must be JSON; nothing is read beyond the limit of bytes.

    Raises ContentCodingError, BodyTooLargeError, ReadTimeoutError, ClientDisconnectedError, and
    last, unless there is no body, UnsupportedMediaTypeError.
    """
    check_coding(scope)
    if (declared := content_length(scope)) is not None and declared > limits.max_bytes:
        raise BodyTooLargeError(limits.max_bytes)
    chunks: list[bytes] = []
    size, until, more = 0, 0.0, True
    try:
        while more:
            # Most bodies have come with their heads. The clock is set only for one that must be
            # waited for: to set it costs twice what it costs to parse a query.
            step = receive().__await__()
            try:
                awaited = next(step)
            except StopIteration as end:
                message: Message = end.value
            else:
                until = until or asyncio.get_running_loop().time() + limits.timeout
                message = await _in_time(step, awaited, until, limits.timeout)
            if message["type"] == "http.disconnect":
                raise ClientDisconnectedError
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limits.max_bytes:
                raise BodyTooLargeError(limits.max_bytes)
            chunks.append(chunk)
            more = message.get("more_body", False)
    finally:
        if limits.log_bodies:
            scope["state"]["body"] = b"".join(chunks)[:_MOST_LOGGED].decode(errors="replace")
    body = b"".join(chunks)
    if body and not is_json(scope):
        raise UnsupportedMediaTypeError
    return body


def check_coding(scope: Scope) -> None:
    """Raises ContentCodingError where the headers name a content coding (RFC 9110, 8.4)."""
    for name, value in scope["headers"]:
        if name == b"content-encoding":
            for coding in str(value, "latin-1").lower().split(","):
                coding = coding.strip()
                if coding not in ("", "identity"):
                    raise ContentCodingError(coding)


def content_length(scope: Scope) -> int | None:
    """The bytes that a body is said to have; None where that is not said."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            # Servers refuse what is no number; a number of more digits than 18 is large enough.
            return int(value[:18]) if value.isdigit() else None
    return None


def is_json(scope: Scope) -> bool:
    """Whether the headers say that the body is JSON, or of a type built on it (RFC 6839)."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind: bytes = value.partition(b";")[0].strip().lower()
            if kind == b"application/json":
                return True
            return kind.startswith(b"application/") and kind.endswith(b"+json")
    return False


async def _in_time(
    step: Generator[Any, None, Message], awaited: Any, until: float, seconds: float
) -> Message:
    """What is received; raises ReadTimeoutError."""
    try:
        async with asyncio.timeout_at(until):
            return await _rest(step, awaited)
    except TimeoutError:
        raise ReadTimeoutError(seconds) from None


@coroutine
def _rest(step: Generator[Any, None, Message], awaited: Any) -> Generator[Any, None, Message]:
    yield awaited
    return (yield from step)
