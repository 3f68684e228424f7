"""The lane answers what ASGI would answer, and leaves to ASGI what is unusual."""

import asyncio
import gc
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.server import ServerState

from app.access import KEY_HEADER
from app.keys import new_key
from app.lane import LaneProtocol
from app.main import create_app
from app.openapi import SLOTS_EXAMPLES
from app.queue import Waiting
from app.routes import slots_answer
from app.settings import Settings
from app.tagging.tagger import Tagging
from tests.app.test_error_handlers import BAD_BODIES

TEXT = {"text": "leave Taipei on November 2nd"}
LIMITS: dict[str, Any] = {"max_words": 20, "max_body_bytes": 5_000}


class Wire(asyncio.Transport):
    """What has been written to a client, and whether it may be written to."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 5), "sockname": ("192.0.2.2", 80)})
        self.written: list[bytes] = []
        self.closed = self.paused = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Line:
    """A connection to an application; `left_to_asgi` counts what does not take the lane."""

    def __init__(self, app: FastAPI, *, lane: bool = True, root: str = "") -> None:
        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            self.left_to_asgi += 1
            await app(scope, receive, send)

        self.left_to_asgi = 0
        self.wire = Wire()
        self.state = ServerState()
        protocol = type("Protocol", (LaneProtocol,), {"lane": app.state.lane if lane else None})
        config = uvicorn.Config(
            counted, http=protocol, lifespan="off", log_config=None, root_path=root
        )
        self.protocol: LaneProtocol = protocol(config, self.state, {})
        self.protocol.connection_made(self.wire)

    async def told(self, *pieces: bytes) -> bytes:
        """What is answered to what comes in pieces."""
        for piece in pieces:
            self.protocol.data_received(piece)
            await asyncio.sleep(0)
        while self.state.tasks or not self.protocol.cycle.response_complete:
            await asyncio.sleep(0.001)
        answer, self.wire.written = b"".join(self.wire.written), []
        return answer


def question(body: str | bytes | dict[str, Any] = TEXT, *more: str, kind: str = "json") -> bytes:
    """A request as it is sent."""
    body = json.dumps(body) if isinstance(body, dict) else body
    body = body.encode() if isinstance(body, str) else body
    lines = ["host: here", "x-request-id: same", f"content-type: application/{kind}", *more]
    head = "\r\n".join(["POST /slots HTTP/1.1", *lines, f"content-length: {len(body)}", "", ""])
    return head.encode() + body


def read(answer: bytes) -> tuple[bytes, list[bytes], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = head.split(b"\r\n")
    return status, sorted(headers), body


def within(folder: Path, ask: Callable[[FastAPI], Any], **settings: Any) -> Any:
    """What comes of asking a service of these settings."""

    async def run() -> Any:
        app = create_app(Settings(model_dir=folder, **LIMITS | settings))
        async with app.router.lifespan_context(app):
            return await ask(app)

    return asyncio.run(run())


def both(folder: Path, *pieces: bytes, **settings: Any) -> int:
    """Ask on the lane and without one, for the same answer; how much of it was left to ASGI."""

    async def ask(app: FastAPI) -> int:
        line = Line(app)
        told = read(await line.told(*pieces))
        assert told == read(await Line(app, lane=False).told(*pieces))
        return line.left_to_asgi

    left: int = within(folder, ask, **settings)
    return left


@pytest.mark.parametrize("root", ["", "/nlu", "/page", "/slots"])
def test_the_lane_goes_by_the_path_within_the_app(
    toy_bundle: Path, tmp_path: Path, root: str
) -> None:
    key = f"{KEY_HEADER}: {new_key(tmp_path / 'keys', 'ours')}"

    async def ask(app: FastAPI) -> None:
        for asked, status, left in [
            (question(TEXT, key), b"200", 0),
            (question(TEXT), b"401", 1),
            (question(TEXT, key).replace(b"/slots", b"/nlu/slots"), b"404", 1),
            (question(TEXT).replace(b"/slots", b"/page/../slots"), b"405", 1),
        ]:
            line = Line(app, root=root)
            assert read(await line.told(asked))[0].split()[1] == status
            assert line.left_to_asgi == left

    within(toy_bundle, ask, api_keys_file=tmp_path / "keys")


@pytest.mark.parametrize("coding", ["gzip", "identity", "identity, br"])
def test_a_content_coding_is_left_to_asgi(toy_bundle: Path, coding: str) -> None:
    assert both(toy_bundle, question(TEXT, f"content-encoding: {coding}")) == 1


@pytest.mark.parametrize("example", SLOTS_EXAMPLES)
def test_an_answer_is_the_same_past_asgi(toy_bundle: Path, example: str) -> None:
    asked: Any = SLOTS_EXAMPLES[example]["value"]
    assert both(toy_bundle, question(asked)) == 0


@pytest.mark.parametrize("case", BAD_BODIES)
def test_what_is_wrong_is_told_by_asgi(toy_bundle: Path, case: str) -> None:
    assert both(toy_bundle, question(BAD_BODIES[case][0])) == 1


@pytest.mark.parametrize(
    "pieces",
    [
        [question(kind="problem+json")],
        [question(TEXT | {"model": "nobody"})],
        [question({"text": "go " * 21})],
        [question({"text": "g" * 1_001})],
        [question({"text": " " * 6_000})],
        [question(TEXT, "x-request-id: another")],
        [question()[:-9], question()[-9:]],
        [question(TEXT, "expect: 100-continue")],
        [question().replace(b"POST", b"PUT")],
        [question().replace(b"/slots", b"/models")],
    ],
    ids=[
        "no JSON",
        "an unknown model",
        "too many words",
        "a long text",
        "too large a body",
        "a header twice",
        "two pieces",
        "a question first",
        "another method",
        "another path",
    ],
)
def test_what_is_unusual_is_left_to_asgi(toy_bundle: Path, pieces: Sequence[bytes]) -> None:
    assert both(toy_bundle, *pieces) == 1


@pytest.mark.parametrize(
    ("settings", "header", "left"),
    [
        ({}, "origin: https://here.example", 0),
        ({"cors_origins": "https://here.example"}, "origin: https://here.example", 1),
        ({"cors_origins": "https://here.example"}, "accept: */*", 0),
        ({}, "x-forwarded-for: 192.0.2.7", 0),
        ({"access_log": True}, "x-forwarded-for: 192.0.2.7", 1),
        ({"access_log": True}, "accept: */*", 0),
        ({"access_log": True, "log_bodies": True}, "accept: */*", 1),
        ({"rate_limit": "9/hour"}, "accept: */*", 1),
    ],
)
def test_what_needs_a_middleware_is_left_to_asgi(
    toy_bundle: Path, settings: dict[str, Any], header: str, left: int
) -> None:
    async def ask(app: FastAPI) -> int:
        line = Line(app)
        assert b"Taipei" in await line.told(question(TEXT, header))
        return line.left_to_asgi

    assert within(toy_bundle, ask, **settings) == left


def test_a_key_is_asked_for(toy_bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    key = new_key(file, "ours")
    for shown, left in ((key, 0), ("wrong", 1)):
        asked = question(TEXT, f"{KEY_HEADER}: {shown}")
        assert both(toy_bundle, asked, api_keys_file=file) == left
    assert both(toy_bundle, question(), api_keys_file=file) == 1


def test_requests_are_counted(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> str:
        line = Line(app)
        await line.told(question())
        app.state.queue.timeout = -1
        await line.told(question())
        assert line.left_to_asgi == 0
        assert app.state.metrics.held == [0]
        content, _ = app.state.metrics.exposition("")
        return str(content, "utf-8")

    told = within(toy_bundle, ask)
    for status in (200, 503):
        wanted = f'requests_total{{endpoint="/slots",model="toy",status="{status}"}} 1.0'
        assert wanted in told
    assert 'slotline_errors_total{code="deadline_exceeded"} 1.0' in told
    assert 'slotline_queue_wait_seconds_count{kind="short"} 2.0' in told


def test_the_deadline_is_told_as_asgi_tells_it(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> None:
        app.state.queue.timeout = -1
        told = read(await Line(app).told(question()))
        assert told[0] == b"HTTP/1.1 503 Service Unavailable"
        assert told == read(await Line(app, lane=False).told(question()))

    within(toy_bundle, ask)


def test_an_unexpected_fault_is_told_by_asgi(
    toy_bundle: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Sequence[str]) -> list[Tagging]:
        raise ValueError("unbearable")

    async def ask(app: FastAPI) -> None:
        app.state.catalogue.tagger().tag_texts = fail
        told = read(await Line(app).told(question()))
        assert told[0] == b"HTTP/1.1 500 Internal Server Error"
        assert told == read(await Line(app, lane=False).told(question()))
        assert app.state.metrics.held == [0]

    within(toy_bundle, ask)
    assert "unbearable" in caplog.text


def test_an_answer_that_cannot_be_written_leaves_the_others_of_its_turn_theirs(
    toy_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_once(*_: Any) -> Any:
        monkeypatch.setattr("app.lane.slots_answer", slots_answer)
        raise ValueError("unbearable")

    async def ask(app: FastAPI) -> list[bytes]:
        monkeypatch.setattr("app.lane.slots_answer", fail_once)
        lines = [Line(app), Line(app)]
        return await asyncio.gather(*(line.told(question()) for line in lines))

    for answer in within(toy_bundle, ask):
        assert read(answer)[0] == b"HTTP/1.1 200 OK"


def test_a_full_queue_refuses_what_comes_at_once_as_asgi_refuses_one(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> None:
        app.state.queue.places = 0
        line = Line(app)
        line.protocol.data_received(question() * 10)
        while len(line.wire.written) < 10:
            await asyncio.sleep(0.01)
        assert line.left_to_asgi == 0
        [told] = set(line.wire.written)
        assert told.startswith(b"HTTP/1.1 429 ")
        assert read(told) == read(await Line(app, lane=False).told(question()))
        assert app.state.metrics.held == [0]

    within(toy_bundle, ask)


def test_who_shows_no_key_is_told_nothing_of_the_queue(toy_bundle: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "keys", "ours")

    async def ask(app: FastAPI) -> bytes:
        app.state.queue.places = 0
        return await Line(app).told(question())

    told = within(toy_bundle, ask, api_keys_file=tmp_path / "keys")
    assert told.startswith(b"HTTP/1.1 401 ")


def test_who_has_left_is_not_answered(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> None:
        line = Line(app)
        line.protocol.data_received(question())
        line.protocol.connection_lost(None)
        await asyncio.sleep(0.01)
        assert line.wire.written == []
        assert app.state.metrics.held == [0]
        content, _ = app.state.metrics.exposition("")
        assert b'code="client_gone"} 1.0' in content

    within(toy_bundle, ask)


def test_a_question_leaves_nothing_to_the_garbage_collector(toy_bundle: Path) -> None:
    def there() -> list[object]:
        # Not isinstance: it asks objects for their class, and some of torch's warn of that.
        return [each for each in gc.get_objects() if type(each) in (Waiting, Tagging)]

    async def ask(app: FastAPI) -> list[object]:
        line = Line(app)
        gc.disable()
        try:
            before = there()  # other tests' affair
            await line.told(question())
            return [each for each in there() if not any(each is other for other in before)]
        finally:
            gc.enable()

    assert within(toy_bundle, ask) == []


def test_questions_that_come_at_once_are_answered_in_order(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> list[str]:
        line = Line(app)
        asked = [
            question({"text": f"leave Taipei {number}", "detail": "tokens"}) for number in "123"
        ]
        line.protocol.data_received(b"".join(asked))
        while len(line.wire.written) < 3:
            await asyncio.sleep(0.001)
        assert line.left_to_asgi == 0
        return [json.loads(read(answer)[2])["tokens"][-1]["text"] for answer in line.wire.written]

    assert within(toy_bundle, ask) == ["1", "2", "3"]


@pytest.mark.parametrize("lane", [True, False])
def test_nothing_is_read_while_what_came_ahead_waits(toy_bundle: Path, lane: bool) -> None:
    async def ask(app: FastAPI) -> None:
        line = Line(app, lane=lane)
        whole = question()
        # The last one is not whole yet: the rest of it must be read to answer it.
        line.protocol.data_received(whole * 4 + whole[:-5])
        waiting = set()
        while len(b"".join(line.wire.written).split(b"HTTP/1.1 200")) < 5:
            waiting.add((len(line.protocol.pipeline), line.wire.paused))
            await asyncio.sleep(0)
        assert (4, True) in waiting
        assert all(paused for number, paused in waiting if number)
        await asyncio.sleep(0.01)
        assert not line.wire.paused
        assert (await line.told(whole[-5:])).count(b"HTTP/1.1 200") == 5
        assert not line.wire.paused

    within(toy_bundle, ask)


def test_who_does_not_read_is_left_to_asgi(toy_bundle: Path) -> None:
    async def ask(app: FastAPI) -> int:
        line = Line(app)
        line.protocol.pause_writing()
        line.protocol.data_received(question())
        await asyncio.sleep(0.01)
        assert line.wire.written == []
        line.protocol.resume_writing()
        assert b"Taipei" in await line.told()
        return line.left_to_asgi

    assert within(toy_bundle, ask) == 1


@pytest.mark.parametrize("at_the_servers", [False, True])
def test_a_connection_may_end_with_its_answer(toy_bundle: Path, at_the_servers: bool) -> None:
    async def ask(app: FastAPI) -> None:
        for lane in (True, False):
            line = Line(app, lane=lane)
            if at_the_servers:
                line.state.default_headers = [(b"connection", b"close")]
            told = await line.told(
                question(TEXT, *([] if at_the_servers else ["connection: close"]))
            )
            assert told.count(b"connection: close") == 1
            assert line.wire.closed

    within(toy_bundle, ask)


def test_a_large_body_is_read_no_further_than_asgi_does(toy_bundle: Path) -> None:
    asked = question({"text": "g" * 2 * HIGH_WATER_LIMIT})
    assert both(toy_bundle, asked[:HIGH_WATER_LIMIT], asked[HIGH_WATER_LIMIT:]) == 1
