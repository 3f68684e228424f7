"""Heads of answers that wait for their bodies: one system call and one packet in place of two."""

import asyncio
from typing import Any

_HEAD = b"HTTP/1.1 "
_CONTINUE = b"HTTP/1.1 100 "


class JoinedWrites(asyncio.Transport):
    """
    A transport that sends the head of an answer together with the first part of its body.

    uvicorn writes the two one after another. ASGI has a server send nothing before the first part
    of the body is there, so nobody waits for the head; `flush` sends one that no body follows.
    """

    __slots__ = ("_head", "is_closing", "wrapped")

    def __init__(self, wrapped: asyncio.Transport) -> None:
        self.wrapped = wrapped
        self._head = b""
        # It is asked for several times a request.
        self.is_closing = wrapped.is_closing  # type: ignore[method-assign]

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, unless it is a head."""
        if self._head:
            head, self._head = self._head, b""
            self.wrapped.write(head + data)
        elif data[:9] == _HEAD and data[:13] != _CONTINUE:
            self._head = bytes(data)
        else:
            self.wrapped.write(data)

    def flush(self) -> None:
        """Send a head that waits."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """Send what there is, and close."""
        self.flush()
        self.wrapped.close()

    def abort(self) -> None:
        """Close at once."""
        self.wrapped.abort()

    def write_eof(self) -> None:
        """Send what there is, and end this direction."""
        self.flush()
        self.wrapped.write_eof()

    def get_write_buffer_size(self) -> int:
        """Bytes that are not sent yet."""
        return len(self._head) + self.wrapped.get_write_buffer_size()

    def pause_reading(self) -> None:
        """Read no more for a while."""
        self.wrapped.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self.wrapped.resume_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection over."""
        self.wrapped.set_protocol(protocol)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self.wrapped.get_extra_info(name, default)
