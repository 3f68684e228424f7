"""Request ids, and who is told of what has ended."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.middleware.instrumentation import Instrumentation
from tests.app.http.middleware.asgi import run
from tests.app.http.test_route_templates import templates


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


def observe(app: ASGIApp, **scope: Any) -> list[tuple[str, int, dict[str, Any]]]:
    """What is told of a request that the application gets."""
    told = []

    def notify(scope: Scope, route: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        told.append((route, status, scope["state"]))

    in_flight = [0]
    instrumentation = Instrumentation(app, templates(), [notify], in_flight)
    try:
        run(instrumentation, {"type": "http", "path": "/slots", "headers": []} | scope)
    finally:
        assert in_flight == [0]
    return told


def test_an_answer_is_told_with_its_status() -> None:
    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    [(route, status, state)] = observe(application)
    assert (route, status, set(state)) == ("/slots", 204, {"request_id"})


def test_what_fails_is_told_as_unexpected_and_fails() -> None:
    state: dict[str, Any] = {}

    async def application(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # whatever the application raises
        observe(application, state=state)
    assert state["code"] == "internal_error"
