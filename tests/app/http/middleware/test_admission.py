"""How large a body may be, and the refusal of what finds no place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.http.authentication import AccessControl
from app.http.middleware.admission import Admission
from app.http.middleware.instrumentation import Instrumentation
from app.inference.batching import SHORT, Batcher
from app.main import create_app
from app.settings import Settings
from tests.app.http.middleware.asgi import run
from tests.app.http.test_error_handlers import assert_is_problem
from tests.app.http.test_route_templates import templates


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


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_what_is_no_request_passes(kind: str) -> None:
    passed: list[str] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    admission = Admission(application, AccessControl(None, None), Batcher(0, 1))
    assert run(admission, {"type": kind, "path": "/slots"}) == []
    assert run(Instrumentation(application, templates(), [], [0]), {"type": "lifespan"}) == []
    assert passed == [kind, "lifespan"]


def test_the_answer_to_a_shed_request_may_be_sent_again_and_again() -> None:
    async def application(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("it is shed")

    admission = Admission(application, AccessControl(None, None), Batcher(0, 1))
    outer = Instrumentation(admission, templates(), [], [0])
    scope = {"type": "http", "method": "POST", "path": "/slots", "headers": []}
    first, second = (run(outer, dict(scope))[0]["headers"] for _ in range(2))
    assert len(first) == len(second) == len({name for name, _ in second})


@pytest.mark.parametrize(
    ("text", "short", "long", "status"),
    [
        # text: characters; short, long: whether there is room for such work
        (20, True, False, 200),
        (20, False, True, 429),
        (SHORT, True, False, 200),
        (SHORT, False, True, 429),
        (SHORT + 1, True, False, 429),
        (SHORT + 1, False, True, 200),
        (20_000, True, False, 429),
        (20_000, False, True, 200),
    ],
)
@pytest.mark.parametrize("letter", ["a", "é"])
def test_a_text_is_long_beyond_a_thousand_characters_and_belongs_to_the_queue_for_long_work(
    toy_bundle: Path, text: int, short: bool, long: bool, status: int, letter: str
) -> None:
    app = create_app(Settings(model_dir=toy_bundle))
    room = {False: short, True: long}
    with TestClient(app) as client:
        app.state.batcher.full = lambda *, long: not room[long]
        # é takes six bytes, as JSON is written here.
        answer = client.post("/slots", json={"text": letter * text})
        assert answer.status_code == status
        if status == 429:
            assert_is_problem(answer, 429, "overloaded")


@pytest.mark.parametrize("path", ["/slots", "/slots/batch"])
def test_a_full_queue_refuses_what_would_be_tagged_unread_and_nothing_else(
    toy_bundle: Path, path: str
) -> None:
    app = create_app(Settings(model_dir=toy_bundle, max_queue_size=2))
    with TestClient(app) as client:
        question: dict[str, Any] = {"text": "go"} if path == "/slots" else {"texts": ["go"]}
        app.state.batcher.places = 0
        for body in (question, {"text": 5}, {"text": "a" * 2_000_000}):
            response = client.post(path, json=body)
            assert response.status_code == 429
            assert response.headers["retry-after"] == "1"
            assert response.headers["x-request-id"]
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["code"] == "overloaded"
        assert client.get("/models").status_code == 200
        app.state.batcher.places = 2
        assert client.post(path, json=question).status_code == 200
