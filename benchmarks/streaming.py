"""A client of `/slots/stream` that costs so little that the service is what is measured."""

import asyncio
import json
import struct
import sys

from benchmarks.load import SENTENCES, Caller, Client


class StreamCaller(Caller):
    """
    A connection to `/slots/stream` that sends a text and waits for its answer.

    It knows no pings, which the service sends after 20 seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self._opened = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        super().connection_made(transport)
        self.opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.ask(
            b"GET /slots/stream HTTP/1.1\r\nhost: here\r\nupgrade: websocket\r\n"
            b"connection: upgrade\r\nsec-websocket-version: 13\r\n"
            b"sec-websocket-key: c2xvdGxpbmUgY2FwYWNpdA==\r\n\r\n",
            self._open,
        )

    def data_received(self, data: bytes) -> None:
        """Read a part of a frame, or of the head of the answer to the handshake."""
        self._heard += data
        if not self._opened:
            if self._heard.endswith(b"\r\n\r\n"):
                self._finish(self._heard[9:12].decode())
            return
        if len(self._heard) < 4:
            return
        length, start = self._heard[1], 2
        if length == 126:
            [length], start = struct.unpack(">H", self._heard[2:4]), 4
        if len(self._heard) >= start + length:
            self.answer = self._heard[start : start + length]
            self._finish("429" if b'"problem"' in self.answer else "200")

    def _open(self, status: str) -> None:
        self._opened = status == "101"
        self.opened.set_result(status)

    def _finish(self, status: str) -> None:
        done, self._done = self._done, lambda _: None
        done(status)


class Speakers(Client):
    """Asks through streams."""

    async def caller(self) -> Caller:
        """A stream that is free, or a new one."""
        if self._idle:
            return self._idle.pop()
        loop = asyncio.get_running_loop()
        _, caller = await loop.create_connection(StreamCaller, "127.0.0.1", self._port)
        if (status := await caller.opened) != "101":
            sys.exit(f"the service answered {status} to a WebSocket")
        return caller


def frame(text: str, *, final: bool) -> bytes:
    """A message of a client, masked with zeros."""
    payload = json.dumps({"text": text, "final": final}).encode()
    length = (
        bytes([0x80 | len(payload)])
        if len(payload) < 126
        else b"\xfe" + struct.pack(">H", len(payload))
    )
    return b"\x81" + length + bytes(4) + payload


def spoken(sentence: str) -> list[bytes]:
    """A sentence as it grows, word by word."""
    words = sentence.split()
    return [
        frame(" ".join(words[:count]), final=count == len(words))
        for count in range(1, len(words) + 1)
    ]


TEXTS = [message for sentence in SENTENCES for message in spoken(sentence)]
