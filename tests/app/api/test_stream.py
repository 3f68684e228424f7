"""Slots of growing texts over a WebSocket, in the process and over a socket."""

import asyncio
import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from app.api.schemas import TextQuery
from app.api.stream import _ClientMessage, _LatestMailbox
from app.http.errors import MissingApiKeyError
from app.http.paths import STREAM_PATH
from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from benchmarks.harness.service import serving
from tests.app.http.test_error_handlers import PRIVATE

ROOT = Path(__file__).parents[3]
SENTENCE = "i would like to arrive taipei on november 2nd"


def ask(stream: WebSocketTestSession, **message: Any) -> Any:
    stream.send_json(message)
    return stream.receive_json()


def code(stream: WebSocketTestSession, **message: Any) -> str:
    found: str = ask(stream, **message)["problem"]["code"]
    return found


@pytest.fixture(scope="module")
def booking() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(model_dir=ROOT / "models" / "booking"))) as client:
        yield client


def test_the_lectures_sentence_is_understood_word_by_word(booking: TestClient) -> None:
    words = SENTENCE.split()
    said = {}
    with booking.websocket_connect(STREAM_PATH) as stream:
        for count in range(1, len(words)):
            text = f"{' '.join(words[:count])} "
            answer = ask(stream, text=text)
            assert (answer["text"], answer["final"]) == (text, False)
            said[words[count - 1]] = [
                (slot["name"], text[slot["start"] : slot["end"]]) for slot in answer["slots"]
            ]
        whole = ask(stream, text=SENTENCE, final=True)
    assert said["arrive"] == []
    assert said["taipei"] == [("destination", "taipei")]
    assert said["november"] == [("destination", "taipei"), ("time_of_arrival", "november")]
    assert (whole.pop("text"), whole.pop("final")) == (SENTENCE, True)
    assert whole == booking.post("/slots", json={"text": SENTENCE}).json()


def test_the_example_in_the_guide_is_answered_as_it_says(booking: TestClient) -> None:
    guide = (ROOT / "docs" / "how-to" / "stream.md").read_text(encoding="utf-8")
    [asked] = re.findall(r'^→ (\{.*"offset_unit": "utf16"\})$', guide, re.MULTILINE)
    [shown] = re.findall(r'^ +(\{"name": .*"stable": \w+\}), …\]\}$', guide, re.MULTILINE)
    with booking.websocket_connect(STREAM_PATH) as stream:
        slot = ask(stream, **json.loads(asked))["slots"][0]
    assert slot | {"confidence": round(slot["confidence"], 2)} == json.loads(shown)


@pytest.mark.parametrize(
    "words",
    [
        "from boston to denver on monday morning please",
        "從臺北到東京明天早上三點，請幫我訂兩張靠窗的票，謝謝",
    ],
)
def test_a_settled_slot_is_in_the_final_answer(booking: TestClient, words: str) -> None:
    settled = set()
    with booking.websocket_connect(STREAM_PATH) as stream:
        for end in range(1, len(words)):
            settled |= {
                (slot["name"], slot["value"], slot["start"])
                for slot in ask(stream, text=words[:end])["slots"]
                if slot["stable"]
            }
        whole = ask(stream, text=words, final=True)
    assert settled
    assert settled <= {(slot["name"], slot["value"], slot["start"]) for slot in whole["slots"]}


def test_words_are_taken_back(client: TestClient) -> None:
    with client.websocket_connect(STREAM_PATH) as stream:
        assert ask(stream, text="leave Taipei ")["slots"][0]["value"] == "Taipei"
        assert ask(stream, text="leave ")["slots"] == []
        [slot] = ask(stream, text="arrive Taipei", final=True)["slots"]
        assert slot["name"] == "destination"


def test_a_stream_goes_on_with_the_next_sentence_and_its_options(client: TestClient) -> None:
    with client.websocket_connect(STREAM_PATH) as stream:
        stream.send_json({"offset_unit": "utf16", "detail": "tokens"})
        for _ in range(2):
            partial = ask(stream, text="🎉 leave Taipei")
            assert partial["slots"][0]["start"] == 9
            whole = ask(stream, text="🎉 leave Taipei", final=True)
            assert whole["slots"][0]["start"] == 9
            assert [token["text"] for token in whole["tokens"]] == ["🎉", "leave", "Taipei"]
        assert ask(stream, text="leave Taipei", min_confidence=1.0)["slots"] == []
        assert ask(stream, text="leave Taipei", min_confidence=0.0)["slots"]


def test_a_long_text_is_answered_too(toy_bundle: Path) -> None:
    text = f"{'leave Taipei ' * 99}"
    with (
        TestClient(create_app(Settings(model_dir=toy_bundle))) as client,
        client.websocket_connect(STREAM_PATH) as stream,
    ):
        whole = ask(stream, text=text, final=True)
        assert whole["slots"] == client.post("/slots", json={"text": text}).json()["slots"]


BAD_MESSAGES: dict[str, tuple[str | bytes, int, str]] = {
    "half an object": ('{"text": "', 400, "invalid_json"),
    "no UTF-8": (b'{"text": "\xff"}', 400, "invalid_json"),
    "an endless number": ('{"text": ' + "1" * 4_500 + "}", 400, "invalid_json"),
    "an abyss": ("[" * 4_000, 400, "invalid_json"),
    "a list": ("[]", 422, "invalid_request"),
    "a number for a text": ('{"text": 5}', 422, "invalid_request"),
    "half a surrogate pair": (r'{"text": "a\ud800"}', 422, "invalid_request"),
    "an unknown field": ('{"text": "a", "modle": "toy"}', 422, "invalid_request"),
    "final without a text": ('{"final": true}', 422, "invalid_request"),
    "too many words": ('{"text": "' + "a " * 21 + '"}', 413, "text_too_long"),
    "too many bytes": ('{"text": "' + "a" * 5_000 + '"}', 413, "body_too_large"),
    "an unknown model": ('{"text": "a", "model": "mine"}', 404, "model_not_found"),
}


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_a_bad_message_is_told_and_the_stream_goes_on(client: TestClient, name: str) -> None:
    message, status, expected = BAD_MESSAGES[name]
    with client.websocket_connect(STREAM_PATH) as stream:
        if isinstance(message, bytes):
            stream.send_bytes(message)
        else:
            stream.send_text(message)
        told = stream.receive_json()["problem"]
        assert (told["status"], told["code"]) == (status, expected)
        assert ask(stream, text="leave Taipei", model=None)["slots"]


def test_a_message_deeper_than_python_reads_is_told_too(toy_bundle: Path) -> None:
    with (
        TestClient(create_app(Settings(model_dir=toy_bundle))) as client,
        client.websocket_connect(STREAM_PATH) as stream,
    ):
        stream.send_text("[" * 100_000)
        assert stream.receive_json()["problem"]["code"] == "invalid_json"
        assert ask(stream, text="leave Taipei")["slots"]


def test_a_problem_says_whether_the_whole_goes_unanswered_and_quotes_nothing(
    client: TestClient,
) -> None:
    with client.websocket_connect(STREAM_PATH) as stream:
        told = ask(stream, text=f"{PRIVATE} " * 21, final=True)
        assert told["final"] is True
        assert PRIVATE not in json.dumps(told)


def test_what_is_unexpected_is_told_to_the_log_alone(
    toy_bundle: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError(PRIVATE)

    with (
        TestClient(create_app(Settings(model_dir=toy_bundle))) as client,
        client.websocket_connect(STREAM_PATH) as stream,
    ):
        monkeypatch.setattr("app.api.stream.render_partial", fail)
        told = ask(stream, text="leave Taipei")["problem"]
        assert (told["status"], told["code"]) == (500, "internal_error")
        assert PRIVATE not in json.dumps(told)
        assert "ZeroDivisionError" in caplog.text
        assert ask(stream, text="leave Taipei", final=True)["slots"]


def test_a_full_queue_refuses(toy_bundle: Path) -> None:
    app = create_app(Settings(model_dir=toy_bundle))
    with TestClient(app) as client, client.websocket_connect(STREAM_PATH) as stream:
        app.state.batcher.places = 0
        assert code(stream, text="leave Taipei", final=True) == "overloaded"


def test_a_page_of_another_origin_may_call_only_if_the_settings_name_it(toy_bundle: Path) -> None:
    def status(client: TestClient, origin: str) -> int:
        try:
            with client.websocket_connect(STREAM_PATH, headers={"origin": origin}):
                return 101
        except WebSocketDenialResponse as refusal:
            return refusal.status_code

    with TestClient(create_app(Settings(model_dir=toy_bundle))) as client:
        assert status(client, "http://testserver") == 101
        assert status(client, "https://testserver") == 101  # TLS may end at a proxy
        for origin in ("https://example.org", "http://testserver:81", "null", "http://[", ""):
            assert status(client, origin) == 403, origin
    named = Settings(model_dir=toy_bundle, cors_origins=("https://example.org",))
    with TestClient(create_app(named)) as client:
        assert status(client, "https://example.org") == 101
        assert status(client, "https://example.com") == 403
    with TestClient(create_app(Settings(model_dir=toy_bundle, cors_origins=("*",)))) as client:
        assert status(client, "https://example.com") == 101


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, str]:
    return tmp_path / "keys", new_key(tmp_path / "keys", "dialogue")


def test_a_key_is_shown_in_a_header_or_in_the_first_message(
    toy_bundle: Path, keys: tuple[Path, str]
) -> None:
    path, key = keys
    settings = Settings(model_dir=toy_bundle, api_keys_file=path)
    with TestClient(create_app(settings)) as client:
        for headers in ({"x-api-key": key}, {"authorization": f"Bearer {key}"}):
            with client.websocket_connect(STREAM_PATH, headers=headers) as stream:
                assert ask(stream, text="leave Taipei")["slots"]
        with client.websocket_connect(STREAM_PATH) as stream:
            assert ask(stream, text="leave Taipei", key=key)["slots"]
            assert ask(stream, text="leave Taipei")["slots"]
        with pytest.raises(WebSocketDenialResponse) as refusal:
            client.websocket_connect(STREAM_PATH, headers={"x-api-key": "mine"}).__enter__()
        assert (refusal.value.status_code, refusal.value.json()["code"]) == (401, "invalid_api_key")
        for message, expected in (
            ({"text": "a"}, "missing_api_key"),
            ({"text": "a", "key": "mine"}, "invalid_api_key"),
        ):
            with client.websocket_connect(STREAM_PATH) as stream:
                assert code(stream, **message) == expected
                with pytest.raises(WebSocketDisconnect) as end:
                    stream.receive_json()
                assert end.value.code == 1008


def test_a_key_is_not_waited_for_for_ever(toy_bundle: Path, keys: tuple[Path, str]) -> None:
    settings = Settings(model_dir=toy_bundle, api_keys_file=keys[0], read_timeout=0.05)
    with (
        TestClient(create_app(settings)) as client,
        client.websocket_connect(STREAM_PATH) as stream,
    ):
        assert stream.receive_json()["problem"]["code"] == "missing_api_key"
        with pytest.raises(WebSocketDisconnect) as end:
            stream.receive_json()
        assert end.value.code == 1008


def test_every_text_counts_as_a_request(toy_bundle: Path) -> None:
    settings = Settings(model_dir=toy_bundle, rate_limit="2/hour")
    with (
        TestClient(create_app(settings)) as client,
        client.websocket_connect(STREAM_PATH) as stream,
    ):
        assert ask(stream, text="leave")["slots"] == []
        assert ask(stream, text="leave Taipei")["slots"]
        assert code(stream, text="leave Taipei", final=True) == "rate_limited"
    assert client.get("/models").status_code == 429


def test_who_says_nothing_for_too_long_is_told_and_left(toy_bundle: Path) -> None:
    settings = Settings(model_dir=toy_bundle, stream_idle_timeout=0.2)
    with (
        TestClient(create_app(settings)) as client,
        client.websocket_connect(STREAM_PATH) as stream,
    ):
        assert ask(stream, text="leave Taipei")["slots"]
        assert stream.receive_json()["problem"]["code"] == "stream_idle_timeout"
        with pytest.raises(WebSocketDisconnect) as end:
            stream.receive_json()
        assert end.value.code == 1001


@pytest.mark.parametrize(
    ("state", "expected"), [("stopping", "shutting_down"), ("registry", "not_ready")]
)
def test_a_service_that_is_not_ready_takes_no_stream(
    toy_bundle: Path, state: str, expected: str
) -> None:
    app = create_app(Settings(model_dir=toy_bundle))
    with TestClient(app) as client, client.websocket_connect(STREAM_PATH) as stream:
        setattr(app.state, state, True if state == "stopping" else None)
        with pytest.raises(WebSocketDenialResponse) as refusal:
            client.websocket_connect(STREAM_PATH).__enter__()
        assert (refusal.value.status_code, refusal.value.json()["code"]) == (503, expected)
        if state == "registry":
            assert code(stream, text="leave Taipei") == "not_ready"
            return
        assert ask(stream, text="leave Taipei")["slots"]
        assert ask(stream, text="leave Taipei", final=True)["slots"]
        with pytest.raises(WebSocketDisconnect) as end:
            stream.receive_json()
        assert end.value.code == 1012


def test_no_other_path_speaks_websocket(client: TestClient) -> None:
    for path in ("/slots", "/docs/files/swagger-ui.css", "/nowhere"):
        with pytest.raises(WebSocketDenialResponse) as refusal:
            client.websocket_connect(path).__enter__()
        assert (refusal.value.status_code, refusal.value.json()["code"]) == (404, "not_found")


PARTIAL, LATER = (
    _ClientMessage(TextQuery(text="leave")),
    _ClientMessage(TextQuery(text="leave Taipei")),
)
WHOLE, FAULT = (
    _ClientMessage(TextQuery(text="leave"), final=True),
    _ClientMessage(error=MissingApiKeyError()),
)


def test_a_partial_gives_way_to_what_comes_after_it() -> None:
    async def run() -> list[_ClientMessage]:
        place = _LatestMailbox()
        found = []
        for latest in (LATER, WHOLE, FAULT):
            await place.put(PARTIAL)
            await place.put(latest)
            found.append(await place.take())
        return found

    assert asyncio.run(run()) == [LATER, WHOLE, FAULT]


@pytest.mark.parametrize("first", [WHOLE, FAULT])
def test_a_whole_text_is_waited_for(first: _ClientMessage) -> None:
    async def run() -> tuple[bool, list[_ClientMessage]]:
        place = _LatestMailbox()
        await place.put(first)
        later = asyncio.ensure_future(place.put(PARTIAL))
        await asyncio.sleep(0)
        waits = not later.done()
        found = [await place.take(), await place.take()]
        return waits, found

    assert asyncio.run(run()) == (True, [first, PARTIAL])


@pytest.fixture(scope="module")
def server(toy_bundle: Path) -> Iterator[httpx2.Client]:
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), SLOTLINE_MAX_BODY_BYTES="100000") as (
        client,
        _,
    ):
        yield client


def opened(server: httpx2.Client) -> ClientConnection:
    address = str(server.base_url).replace("http", "ws", 1).rstrip("/")
    return connect(f"{address}{STREAM_PATH}", legacy=True)


def say(stream: ClientConnection, **message: Any) -> None:
    stream.send(json.dumps(message))


def test_many_streams_at_once_each_get_their_own_answers(server: httpx2.Client) -> None:
    with ExitStack() as stack:
        streams = [stack.enter_context(opened(server)) for _ in range(40)]
        for text in ("leave ", "leave Taipei "):
            for number, stream in enumerate(streams):
                say(stream, text=f"{text}{number}")
            for number, stream in enumerate(streams):
                assert json.loads(stream.recv())["text"] == f"{text}{number}"
        for number, stream in enumerate(streams):
            say(stream, text=f"leave Taipei {number}", final=True)
        for number, stream in enumerate(streams):
            answer = json.loads(stream.recv())
            assert (answer["text"], answer["final"]) == (f"leave Taipei {number}", True)
            assert answer["slots"][0]["value"] == "Taipei"


def test_whoever_does_not_read_gets_the_whole_and_not_every_partial(
    server: httpx2.Client,
) -> None:
    blanks, count = " " * 20_000, 300
    with opened(server) as stream:
        # Far more than the buffers on the way hold.
        for number in range(count):
            say(stream, text=f"leave {number}{blanks}")
        say(stream, text="leave Taipei", final=True)
        answers = [json.loads(stream.recv())]
        while not answers[-1]["final"]:
            answers.append(json.loads(stream.recv()))
    assert answers[-1]["slots"][0]["value"] == "Taipei"
    said = [int(answer["text"].split()[1]) for answer in answers[:-1]]
    assert said == sorted(set(said))


def test_a_client_that_vanishes_takes_nothing_with_it(server: httpx2.Client) -> None:
    for _ in range(20):
        stream = opened(server)
        say(stream, text="leave Taipei", final=True)
        line = stream.socket
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.shutdown(socket.SHUT_RDWR)
        line.close()
    with opened(server) as stream:
        say(stream, text="leave Taipei", final=True)
        assert json.loads(stream.recv())["slots"]
    assert server.get("/health/ready").status_code == 200


def test_a_message_above_the_limit_ends_the_stream(server: httpx2.Client) -> None:
    with opened(server) as stream:
        say(stream, text="a" * 100_001)
        with pytest.raises(ConnectionClosed) as end:
            stream.recv()
    assert end.value.rcvd
    assert end.value.rcvd.code == 1009


def test_a_stop_answers_what_was_said_and_tells_to_connect_anew(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_SHUTDOWN_DELAY": "0.3"}
    with serving(**settings) as (server, process), opened(server) as stream:
        say(stream, text="leave ")
        stream.recv()
        process.send_signal(signal.SIGTERM)
        say(stream, text="leave Taipei")
        assert json.loads(stream.recv())["slots"]
        with pytest.raises(ConnectionClosed) as end:
            stream.recv()
        assert end.value.rcvd
        assert end.value.rcvd.code == 1012
        assert process.wait(60) == 0
