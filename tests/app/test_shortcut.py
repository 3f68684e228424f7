"""The shortcut answers what FastAPI would answer, byte for byte, and tells no fault of its own."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from app.main import create_app
from app.openapi import BATCH_EXAMPLES, SLOTS_EXAMPLES
from app.routes import SHORTCUTS
from app.settings import Settings
from app.shortcut import Shortcut
from tests.app.test_error_handlers import BAD_BODIES

TEXT = {"text": "leave Taipei on November 2nd"}
EXAMPLES = [
    *(("/slots", example["value"]) for example in SLOTS_EXAMPLES.values()),
    *(("/slots/batch", example["value"]) for example in BATCH_EXAMPLES.values()),
]


@pytest.fixture(scope="module")
def detour(toy_bundle: Path) -> Iterator[TestClient]:
    """The same service as `client`'s, where FastAPI has to do it all."""
    app = create_app(
        Settings(model_dir=toy_bundle, max_words=20, max_batch_size=5, max_body_bytes=5_000)
    )
    [shortcut] = [entry for entry in app.user_middleware if entry.kwargs.keys() == {"endpoints"}]
    app.user_middleware.remove(shortcut)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def told(client: TestClient, path: str, body: str | bytes, kind: str | None) -> tuple[Any, ...]:
    headers = {"x-request-id": "same"} | ({} if kind is None else {"content-type": kind})
    response = client.post(path, content=body, headers=headers)
    return response.status_code, sorted(response.headers.multi_items()), response.content


def assert_same(
    client: TestClient,
    detour: TestClient,
    path: str,
    body: str | bytes,
    kind: str | None = "application/json",
) -> None:
    assert told(client, path, body, kind) == told(detour, path, body, kind)


@pytest.mark.parametrize(("path", "question"), EXAMPLES)
def test_an_answer_is_the_same(
    client: TestClient, detour: TestClient, path: str, question: dict[str, Any]
) -> None:
    assert_same(client, detour, path, json.dumps(question))


@pytest.mark.parametrize("path", SHORTCUTS)
@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_refusal_is_the_same(
    client: TestClient, detour: TestClient, path: str, case: str
) -> None:
    assert_same(client, detour, path, BAD_BODIES[case][0])


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "application/json; charset=utf-8",
        "Application/JSON ;charset=latin-1",
        "application/problem+json",
        "application/jsonl",
        "text/plain",
        "application/json, text/plain",
    ],
)
def test_a_content_type_means_the_same(
    client: TestClient, detour: TestClient, kind: str | None
) -> None:
    assert_same(client, detour, "/slots", json.dumps(TEXT), kind)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le", "latin-1"])
def test_an_encoding_means_the_same(client: TestClient, detour: TestClient, encoding: str) -> None:
    body = json.dumps({"text": "leave Zürich"}, ensure_ascii=False).encode(encoding)
    assert_same(client, detour, "/slots", body)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(-1, 2)
    | st.sampled_from(["", "leave Taipei", "toy", "mine", "slots", "tokens", "byte", "codepoint"])
    | st.text(st.characters(codec=None), max_size=4),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values),
    max_leaves=4,
)
_FIELDS = ("text", "tokens", "texts", "model", "detail", "offset_unit", "min_confidence", "more")
_QUESTIONS = st.dictionaries(st.sampled_from(_FIELDS), _VALUES) | st.just(TEXT)


@given(path=st.sampled_from(sorted(SHORTCUTS)), question=_QUESTIONS, cut=st.integers(-9, 99))
def test_whatever_is_sent_is_answered_the_same(
    client: TestClient, detour: TestClient, path: str, question: dict[str, Any], cut: int
) -> None:
    body = json.dumps(question)
    assert_same(client, detour, path, body)
    assert_same(client, detour, path, body[:cut])
    assert_same(client, detour, path, body + body[:cut])


def asked(app: FastAPI, messages: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """What is sent to a client of such messages, and what FastAPI gets to hear of them."""
    heard: list[Message] = []
    sent: list[Message] = []
    coming = list(messages)

    async def fastapi(_scope: Scope, receive: Receive, _send: Send) -> None:
        heard.extend([await receive() for _ in messages])

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/slots",
        "headers": [(b"content-type", b"application/json")],
        "app": app,
        "state": {},
    }
    asyncio.run(Shortcut(fastapi, SHORTCUTS)(scope, receive, send))
    return sent, heard


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_right_question_never_reaches_fastapi(client: TestClient) -> None:
    assert isinstance(client.app, FastAPI)
    body = json.dumps(TEXT).encode()
    sent, heard = asked(client.app, [part(body[:9], more=True), part(body[9:], more=False)])
    assert heard == []
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert json.loads(sent[1]["body"])["slots"]


@pytest.mark.parametrize(
    "messages",
    [
        [part(b'{"text": ', more=True), part(b"5}", more=False), {"type": "http.disconnect"}],
        [part(json.dumps(TEXT).encode(), more=True), {"type": "http.disconnect"}],
    ],
)
def test_fastapi_hears_all_of_what_is_left_to_it(
    client: TestClient, messages: Sequence[Message]
) -> None:
    assert isinstance(client.app, FastAPI)
    assert asked(client.app, messages) == ([], messages)
