"""How a connection ends that is not served any longer."""

import asyncio
from http import HTTPStatus
from typing import ClassVar

from app.http.problems import problem
from app.http.request_ids import REQUEST_ID, new_request_id

# Seconds that a refused connection is read on, lest what its client sends wipe out the answer
# (RFC 9112, 9.6), and how many are at a time.
_LINGER = 1.0
_LINGERING = 200


class Farewell(asyncio.Protocol):
    """
    The end of a connection: nothing more is sent, and what still comes is not heeded.

    It is read for a moment all the same: closed at once, the connection would be reset.
    """

    lingering: ClassVar[set[asyncio.Transport]] = set()

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport = transport
        if len(self.lingering) >= _LINGERING:
            transport.close()
            return
        transport.write_eof()
        self.lingering.add(transport)
        loop.call_later(_LINGER, transport.close)

    def connection_lost(self, _: Exception | None) -> None:
        self.lingering.discard(self.transport)


class Refusal(Farewell):
    """A connection beyond the limit: it gets 503 and is closed."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        detail = "too many connections: connect again later"
        transport.write(error_bytes(503, "too_many_connections", detail, {"retry-after": "1"}))
        super().__init__(transport, loop)


def error_bytes(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None
) -> bytes:
    """An error as it is written to a connection that ends with it."""
    more = (headers or {}) | {"connection": "close", REQUEST_ID: new_request_id()}
    answer = problem(status, code, detail, headers=more)
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
    lines = [b"%s: %s" % header for header in answer.raw_headers]
    return b"\r\n".join([head, *lines, b"", bytes(answer.body)])
