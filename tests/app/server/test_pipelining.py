"""Requests that come before others are answered, on the server's protocol without a network."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from uvicorn.server import ServerState

from app.main import create_app
from app.server.lifecycle import Server
from app.settings import Settings

TEXT = {"text": "leave Taipei on November 2nd"}


class Wire(asyncio.Transport):
    """What has been written to a client, write by write, and whether it is read on."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 5), "sockname": ("192.0.2.2", 80)})
        self.written: list[bytes] = []
        self.closed = self.paused = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Line:
    """A connection to the service."""

    def __init__(self, app: FastAPI) -> None:
        config = Server(app, app.state.settings).config
        config.load()
        protocol: Any = config.http_protocol_class
        self.wire = Wire()
        self.protocol = protocol(config, ServerState(), {})
        self.protocol.connection_made(self.wire)

    async def answers(self, count: int) -> list[bytes]:
        """All that is written, once there are so many answers."""
        while b"".join(self.wire.written).count(b"HTTP/1.1 ") < count:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        return self.wire.written


def request(body: dict[str, Any] = TEXT, *more: str, line: str = "POST /slots") -> bytes:
    content = json.dumps(body).encode()
    lines = ["host: here", "content-type: application/json", *more]
    head = "\r\n".join([f"{line} HTTP/1.1", *lines, f"content-length: {len(content)}", "", ""])
    return head.encode() + content


def within(folder: Path, ask: Callable[[FastAPI], Awaitable[Any]]) -> Any:
    """What comes of asking a service."""

    async def run() -> Any:
        app = create_app(Settings(model_dir=folder))
        async with app.router.lifespan_context(app):
            return await ask(app)

    return asyncio.run(run())


def test_requests_that_come_at_once_are_answered_in_order(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> list[str]:
        line = Line(app)
        asked = [request({"text": f"leave Taipei {n}", "detail": "tokens"}) for n in "123"]
        line.protocol.data_received(b"".join(asked))
        answers = await line.answers(3)
        return [json.loads(one.split(b"\r\n\r\n")[1])["tokens"][-1]["text"] for one in answers]

    assert within(toy_bundle, ask) == ["1", "2", "3"]


def test_nothing_is_read_while_what_came_ahead_waits(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> None:
        line = Line(app)
        whole = request()
        # The last one is not whole yet: the rest of it must be read to answer it.
        line.protocol.data_received(whole * 4 + whole[:-5])
        waiting = set()
        while b"".join(line.wire.written).count(b"HTTP/1.1 200") < 4:
            waiting.add((len(line.protocol.pipeline), line.wire.paused))
            await asyncio.sleep(0)
        assert (4, True) in waiting
        assert all(paused for number, paused in waiting if number)
        await asyncio.sleep(0.01)
        assert not line.wire.paused
        line.protocol.data_received(whole[-5:])
        await line.answers(5)
        assert not line.wire.paused

    within(toy_bundle, ask)


@pytest.mark.parametrize(
    ("sent", "writes"),
    [
        (request(), 1),
        (request({"text": 5}), 1),
        (request(line="HEAD /models"), 1),
        (request(line="GET /nothing"), 1),
        (request(TEXT, "expect: 100-continue"), 2),
        (request(TEXT, "connection: close"), 1),
        (b"\r\nno HTTP\r\n\r\n", 1),
    ],
    ids=["an answer", "an error", "HEAD", "no endpoint", "100", "the last", "no HTTP"],
)
def test_an_answer_goes_out_in_one_piece(toy_bundle: Path, sent: bytes, writes: int) -> None:
    async def ask(app: FastAPI) -> list[bytes]:
        line = Line(app)
        line.protocol.data_received(sent)
        return await line.answers(writes)

    written = within(toy_bundle, ask)
    assert len(written) == writes
    assert b"\r\n\r\n" in written[-1]


def test_a_client_that_does_not_read_gets_no_more(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> None:
        line = Line(app)
        line.protocol.pause_writing()
        line.protocol.data_received(request())
        await asyncio.sleep(0.01)
        assert line.wire.written == []
        line.protocol.resume_writing()
        assert b"Taipei" in (await line.answers(1))[0]

    within(toy_bundle, ask)


def test_a_client_that_has_left_is_not_answered_and_is_counted(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> None:
        line = Line(app)
        line.protocol.data_received(request())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        line.protocol.connection_lost(None)
        await asyncio.sleep(0.05)
        assert line.wire.written == []
        assert app.state.metrics.in_flight[0] == 0

    within(toy_bundle, ask)
