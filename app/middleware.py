"""What happens to every request and answer, whichever endpoint it is for: plain ASGI classes."""

import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "x-request-id"
# What may go into a log line and a header as it came.
_FIT_FOR_LOGS = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class RequestId:
    """
    Give each request an id, the caller's own where it sent a decent one, and send it back.

    It is in `request.state.request_id`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = Headers(scope=scope).get(REQUEST_ID, "")
        if not _FIT_FOR_LOGS.fullmatch(request_id):
            request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)


class BodyTooLargeError(HTTPException):
    """
    The body has more bytes than the service agrees to read.

    An HTTPException, for FastAPI turns any other that it meets while it reads a body into a 400.
    """

    code = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"the body is larger than the limit of {limit} bytes")


class BodyLimit:
    """
    Stop reading a body at the limit, whatever its Content-Length says or does not say.

    FastAPI's own max_body_size answers some requests before its error handlers, in plain text.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Servers refuse what is no number; a number of more digits than 18 is large enough.
        declared = Headers(scope=scope).get("content-length", "0")[:18]
        fits = not declared.isdecimal() or int(declared) <= self.limit
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            if not fits:
                raise BodyTooLargeError(self.limit)
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.limit:
                raise BodyTooLargeError(self.limit)
            return message

        await self.app(scope, receive_within_limit, send)
