"""Request ids and the body limit."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app.middleware import BodyLimit, BodyTooLargeError, RequestId


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
        asyncio.run(BodyLimit(application, limit=25)(scope, receive, send))
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


@pytest.mark.parametrize("middleware", [RequestId, lambda app: BodyLimit(app, limit=0)])
def test_what_is_not_http_passes(middleware: type[RequestId]) -> None:
    passed: list[str] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    async def nothing() -> Message:
        return {}

    async def nowhere(_message: Message) -> None:
        raise AssertionError("the application sends nothing")

    asyncio.run(middleware(application)({"type": "lifespan"}, nothing, nowhere))
    assert passed == ["lifespan"]
