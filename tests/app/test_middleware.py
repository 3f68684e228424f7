"""Request ids, the limits of bodies, and the refusal of what finds no place."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.main import create_app
from app.middleware import (
    BodyLimits,
    BodyTooDeepError,
    BodyTooLargeError,
    BodyTooSlowError,
    RequestId,
    depth_of,
)
from app.settings import Settings


def test_a_request_gets_an_id(client: TestClient) -> None:
    first, second = (client.get("/health/live").headers["x-request-id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


def test_a_callers_id_comes_back(client: TestClient) -> None:
    response = client.get("/health/live", headers={"x-request-id": "trip-7.2"})
    assert response.headers["x-request-id"] == "trip-7.2"


@pytest.mark.parametrize("request_id", ["", "two words", "a" * 129, "<script>", "a\tb"])
def test_an_id_unfit_for_a_log_is_replaced(client: TestClient, request_id: str) -> None:
    response = client.get("/health/live", headers={"x-request-id": request_id})
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


@pytest.mark.parametrize("size", [5_000, 5_001])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_may_be_as_large_as_the_limit_and_no_larger(
    client: TestClient, size: int, chunked: bool
) -> None:
    body = b'{"text": "leave Taipei"}'.ljust(size)

    def chunks() -> Iterator[bytes]:
        yield body[:2_500]
        yield body[2_500:]

    response = client.post(
        "/slots",
        content=chunks() if chunked else body,
        headers={"content-type": "application/json"},
    )
    assert response.status_code == (200 if size == 5_000 else 413)
    if size > 5_000:
        assert response.json()["code"] == "body_too_large"
        assert "5000 bytes" in response.json()["detail"]


def chunks_read(length: str | None, chunks: int) -> int:
    """How many chunks of ten bytes are read, of a request under a limit of twenty-five."""
    read = 0

    async def application(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive())["more_body"]:
            pass

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"0123456789", "more_body": read < chunks}

    async def send(_message: Message) -> None:
        raise AssertionError("the application sends nothing")

    headers = [] if length is None else [(b"content-length", length.encode())]
    scope: Scope = {"type": "http", "headers": headers}
    try:
        limits = BodyLimits(application, size=25, seconds=5, depth=9)
        asyncio.run(limits(scope, receive, send))
    except BodyTooLargeError:
        assert read == 0 or read * 10 > 25
    return read


@pytest.mark.parametrize(
    ("length", "chunks", "read"),
    [
        ("20", 2, 2),
        (None, 2, 2),
        (None, 99, 3),
        ("20", 99, 3),
        ("990", 99, 0),
        ("9" * 5_000, 99, 0),
        ("many", 99, 3),
    ],
)
def test_nothing_is_read_beyond_the_limit(length: str | None, chunks: int, read: int) -> None:
    assert chunks_read(length, chunks) == read


def read_all(
    chunks: Sequence[bytes], pause: float = 0, stay: float = 0, seconds: float = 5, depth: int = 2
) -> str:
    """What is read of chunks that come after pauses, from a client who stays a while and leaves."""
    left = list(chunks)
    said: list[str] = []

    async def application(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive())["type"] == "http.request":
            said.append(message["body"].decode())

    async def receive() -> Message:
        await asyncio.sleep(pause if left else stay)
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(_message: Message) -> None:
        raise AssertionError("the application sends nothing")

    limits = BodyLimits(application, size=100, seconds=seconds, depth=depth)
    asyncio.run(limits({"type": "http", "headers": []}, receive, send))
    return "".join(said)


def test_a_body_may_come_as_slowly_as_the_limit_and_no_more_slowly() -> None:
    assert read_all([b"a", b"b", b"c"], pause=0.05, seconds=5) == "abc"
    with pytest.raises(BodyTooSlowError, match=r"0\.12 seconds") as error:
        read_all([b"a"] * 5, pause=0.05, seconds=0.12)
    assert error.value.status_code == 408
    assert error.value.headers == {"connection": "close"}


def test_after_the_body_a_client_may_wait_longer_than_the_body_may_take() -> None:
    assert read_all([b"a"], stay=1.5, seconds=1) == "a"


@pytest.mark.parametrize("chunk", [1, 3, 99])
@pytest.mark.parametrize(
    ("body", "deep"),
    [
        ("[[]]", False),
        ('{"a": [1, 2], "b": [], "c": {}}', False),
        (r'{"a": "[[[[", "b\"[[[[": "\\"}', False),
        ("[[[", True),
        ("[[[]]]", True),
        ('{"a": ["[", {}]}', True),
        (r'{"\\": [{}]}', True),
        ("[[]]]]]]]]] [[[", False),  # no JSON, which another finds
    ],
)
def test_a_body_may_be_as_deep_as_the_limit_and_no_deeper(
    body: str, deep: bool, chunk: int
) -> None:
    chunks = [body[start : start + chunk].encode() for start in range(0, len(body), chunk)]
    if deep:
        with pytest.raises(BodyTooDeepError):
            read_all(chunks, depth=2)
    else:
        assert read_all(chunks, depth=2) == body


@pytest.mark.parametrize(
    ("body", "depth"),
    [
        (b"[" * 10**6, 10**6),
        (b"[]," * 333_333, 1),
        (b'"' * 10**6, 0),
        (b'"' + b"\\" * 10**6, 0),
        (b'"[",' * 250_000, 0),
    ],
)
def test_the_depth_of_a_megabyte_is_known_without_going_back(body: bytes, depth: int) -> None:
    # Whoever read on from each quotation mark again would be at it for hours.
    assert depth_of(body) == depth


@pytest.mark.parametrize("path", ["/slots", "/slots/batch"])
def test_a_full_queue_refuses_what_would_be_tagged_unread_and_nothing_else(
    toy_bundle: Path, path: str
) -> None:
    app = create_app(Settings(model_dir=toy_bundle, max_queue_size=2))
    with TestClient(app) as client:
        question: dict[str, Any] = {"text": "go"} if path == "/slots" else {"texts": ["go"]}
        app.state.queue.places = 0
        for body in (question, {"text": 5}, {"text": "a" * 2_000_000}):
            response = client.post(path, json=body)
            assert response.status_code == 429
            assert response.headers["retry-after"] == "1"
            assert response.headers["x-request-id"]
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["code"] == "overloaded"
        assert client.get("/models").status_code == 200
        app.state.queue.places = 2
        assert client.post(path, json=question).status_code == 200


def lets_pass(middleware: Callable[[ASGIApp], ASGIApp], kind: str) -> bool:
    """Whether the application gets what is of this kind, and nothing is sent meanwhile."""
    passed: list[str] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    async def nothing() -> Message:
        return {}

    async def nowhere(_message: Message) -> None:
        raise AssertionError("the application sends nothing")

    async def run() -> None:
        await middleware(application)({"type": kind, "path": "/slots"}, nothing, nowhere)

    asyncio.run(run())
    return passed == [kind]


@pytest.mark.parametrize(
    "middleware", [RequestId, lambda app: BodyLimits(app, size=0, seconds=1, depth=1)]
)
def test_what_is_not_http_passes(middleware: Callable[[ASGIApp], ASGIApp]) -> None:
    assert lets_pass(middleware, "lifespan")
