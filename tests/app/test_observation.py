"""Endpoints, and who is told of what has ended."""

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.observation import Endpoints, Observed


def endpoints() -> Endpoints:
    router = APIRouter()
    for path in ("/slots", "/models/{name}"):
        router.add_api_route(path, lambda: None)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router)
    app.mount("/files", FastAPI())
    found = Endpoints()
    found.read(app.routes)
    return found


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/slots", "/slots"),
        ("/models/mine", "/models/{name}"),
        ("/models/{name}", "/models/{name}"),
        ("/models/mine/more", "unknown"),
        ("/files/a.css", "/files"),
        ("/slots/", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_path_is_told_as_its_template(path: str, template: str) -> None:
    assert endpoints().of(path) == template


def watch(app: Any, **scope: Any) -> list[tuple[str, int, dict[str, Any]]]:
    """What is told of a request that the application gets."""
    told = []

    def tell(scope: Scope, endpoint: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        told.append((endpoint, status, scope["state"]))

    async def receive() -> Message:
        return {"type": "http.request", "body": b"0123456789" * 300, "more_body": True}

    async def send(_: Message) -> None:
        pass

    held = [0]
    observed = Observed(app, endpoints(), [tell], held, texts=True)
    try:
        asyncio.run(observed({"type": "http", "path": "/slots"} | scope, receive, send))
    finally:
        assert held == [0]
    return told


def test_an_answer_is_told_with_its_status() -> None:
    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    assert watch(application) == [("/slots", 204, {})]


def test_what_fails_is_told_as_unexpected_and_fails() -> None:
    state: dict[str, Any] = {}

    async def application(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # whatever the application raises
        watch(application, state=state)
    assert state == {"code": "internal_error"}


def test_the_beginning_of_a_body_is_kept() -> None:
    async def application(_scope: Scope, receive: Receive, _send: Send) -> None:
        for _ in range(3):
            assert len((await receive())["body"]) == 3_000

    [(_, _, state)] = watch(application)
    assert state["body"] == ("0123456789" * 900)[:4096]


def test_what_is_no_request_is_none_of_its_business() -> None:
    async def application(_scope: Scope, _receive: Receive, _send: Send) -> None:
        pass

    assert watch(application, type="lifespan") == []
