"""What happens to every request and answer, whichever endpoint it is for: plain ASGI classes."""

import asyncio
import re
import secrets
from collections.abc import Generator, Mapping
from types import coroutine
from typing import Any

import numpy as np
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import current_request
from app.paths import app_path
from app.problems import CodedError, problem
from app.queue import OverloadedError, TaggingQueue

REQUEST_ID = "x-request-id"
_REQUEST_ID = REQUEST_ID.encode()
SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_RESPONSES = ("http.response.start", "websocket.http.response.start")
_HEADS = (*_RESPONSES, "websocket.accept")
# What may go into a log line and a header as it came.
_FIT_FOR_LOGS = re.compile(r"[A-Za-z0-9._:-]{1,128}")
# What names a content coding, and may be repeated.
_CODING = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,40}")
# So many bytes tell UTF-16 and UTF-32 from UTF-8, which has no zeros in JSON.
_TELLING = 4
# To its end, or to the end of all: brackets within are letters.
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


def _header(scope: Scope, wanted: bytes) -> str:
    """The first of a name, or nothing; Starlette's Headers would copy and decode on the way."""
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value, "latin-1")
    return ""


def request_id_of(scope: Scope) -> str:
    """The caller's own id where it sent a decent one, or a new one."""
    request_id = _header(scope, _REQUEST_ID)
    return request_id if _FIT_FOR_LOGS.fullmatch(request_id) else secrets.token_hex(16)


class RequestId:
    """
    Give each request an id, the caller's own where it sent a decent one, and send it back.

    It is in `request.state.request_id`, and in whatever is logged meanwhile.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        sent = _REQUEST_ID, request_id.encode()
        scope.setdefault("state", {})["request_id"] = request_id
        current_request.set(request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] in _HEADS:
                message["headers"] = [*message.get("headers", ()), sent]
            await send(message)

        await self.app(scope, receive, send_with_id)


class SafeHeaders:
    """Keep browsers from guessing what an answer is, and from telling where a link was."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in _RESPONSES:
                message["headers"] = [*message.get("headers", ()), *SAFE_HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HeadAsGet:
    """
    Answer HEAD as GET, without the body (RFC 9110, 9.3.2): FastAPI's routes know no HEAD.

    It stands within the other middleware, which sees the request as it came.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not message.get("more_body", False):
                await send({"type": "http.response.body"})

        # Ranges are of GET alone (RFC 9110, 14.2). A copy: the server still has to see HEAD.
        headers = [header for header in scope["headers"] if header[0] != b"range"]
        await self.app({**scope, "method": "GET", "headers": headers}, receive, send_without_body)


class ContentCodingError(CodedError):
    """The body is compressed, or encoded in another way than the service reads."""

    code = "unsupported_content_coding"

    def __init__(self, coding: str) -> None:
        named = coding if _CODING.fullmatch(coding) else "unknown"
        super().__init__(
            415,
            f"the body has the content coding {named}, which is not read here: "
            "send it as it is, without Content-Encoding",
            {"accept-encoding": "identity"},
        )


def check_coding(scope: Scope) -> None:
    """Raises ContentCodingError where the headers name a content coding (RFC 9110, 8.4)."""
    for name, value in scope["headers"]:
        if name == b"content-encoding":
            for coding in str(value, "latin-1").lower().split(","):
                coding = coding.strip()
                if coding not in ("", "identity"):
                    raise ContentCodingError(coding)


class BodyTooLargeError(CodedError):
    """The body has more bytes than the service agrees to read."""

    code = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"the body is larger than the limit of {limit} bytes")


class BodyTooSlowError(CodedError):
    """The body has not come in time; the connection ends with the answer."""

    code = "read_timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            408, f"the body did not come within {seconds:g} seconds", {"connection": "close"}
        )


class BodyTooDeepError(CodedError):
    """The body has more brackets within each other than the service agrees to read."""

    code = "body_too_deep"

    def __init__(self, limit: int) -> None:
        super().__init__(
            400, f"the body's lists and objects are deeper within each other than {limit}"
        )


class NotUtf8Error(CodedError):
    """The body is in another encoding, which Python's reader of JSON would guess."""

    code = "invalid_json"

    def __init__(self) -> None:
        super().__init__(400, "the body is not JSON in UTF-8")


class BodyLimits:
    """
    Stop reading a body at the limit of bytes, whatever its Content-Length says or does not say,
    and at the limit of seconds; and refuse a body with a content coding, and JSON that is nested
    deeper than the limit of depth, or in UTF-16 or UTF-32, in which that cannot be seen.

    FastAPI's own max_body_size answers some requests before its error handlers, in plain text.
    """

    def __init__(self, app: ASGIApp, size: int, seconds: float, depth: int) -> None:
        self.app = app
        self.size = size
        self.seconds = seconds
        self.depth = depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Servers refuse what is no number; a number of more digits than 18 is large enough.
        declared = _header(scope, b"content-length")[:18] or "0"
        fits = not declared.isdecimal() or int(declared) <= self.size
        chunks: list[bytes] = []
        read, brackets, ended, until = 0, 0, False, 0.0

        async def receive_within_limits() -> Message:
            nonlocal read, brackets, ended, until
            if ended:
                return await receive()
            if not chunks:
                check_coding(scope)
            if not fits:
                raise BodyTooLargeError(self.size)
            until = until or asyncio.get_running_loop().time() + self.seconds
            try:
                message = await _in_time(receive, until)
            except TimeoutError:
                raise BodyTooSlowError(self.seconds) from None
            chunk = message.get("body", b"")
            read += len(chunk)
            if read > self.size:
                raise BodyTooLargeError(self.size)
            chunks.append(chunk)
            brackets += chunk.count(b"[") + chunk.count(b"{")
            ended = not message.get("more_body", False)
            if ended:
                body = b"".join(chunks)
                if b"\0" in body[:_TELLING]:
                    raise NotUtf8Error
                # Nearly every body has too few brackets to be deep, and needs no second look.
                if brackets > self.depth and depth_of(body) > self.depth:
                    raise BodyTooDeepError(self.depth)
            return message

        await self.app(scope, receive_within_limits, send)


async def _in_time(receive: Receive, until: float) -> Message:
    """
    What is received; raises TimeoutError.

    Most bodies have come with their heads. The clock is set only for one that must be waited for:
    to set it costs twice what it costs to read a question.
    """
    step = receive().__await__()
    try:
        awaited = next(step)
    except StopIteration as end:
        message: Message = end.value
        return message
    async with asyncio.timeout_at(until):
        return await _rest(step, awaited)


@coroutine
def _rest(step: Generator[Any, None, Message], awaited: Any) -> Generator[Any, None, Message]:
    yield awaited
    return (yield from step)


def depth_of(body: bytes) -> int:
    """How many of JSON's lists and objects are within each other at most."""
    letters = np.frombuffer(_JSON_STRING.sub(b"", body), np.uint8) | 0x20
    # The one bit makes [ of { and ] of }, or rather the other way round.
    steps = (letters == ord("{")).astype(np.int32) - (letters == ord("}"))
    return int(steps.cumsum().max(initial=0))


class Overload:
    """
    Refuse what would find no place in the queue, before anything of it is read.

    The queue itself refuses what comes when the last place has been taken meanwhile.
    """

    def __init__(self, app: ASGIApp, queue: TaggingQueue, paths: Mapping[str, bool]) -> None:
        """paths: those that lead to a tagger, and whether by long work."""
        self.app = app
        self.queue = queue
        self.paths = paths
        error = OverloadedError()
        retry = {"retry-after": str(error.retry_after)}
        self.refusal = problem(429, error.code, str(error), headers=retry)
        self.code = error.code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        long = self.paths.get(app_path(scope)) if scope["type"] == "http" else None
        if long is not None and self.queue.full(long=long):
            scope.setdefault("state", {})["code"] = self.code
            await self.queue.refusal()
            # A list of its own, for others add to it on the way.
            headers = list(self.refusal.raw_headers)
            await send({"type": "http.response.start", "status": 429, "headers": headers})
            await send({"type": "http.response.body", "body": self.refusal.body})
        else:
            await self.app(scope, receive, send)
