"""The service as a user starts it: `python -m app`, and HTTP over a socket."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

import app.serve
from benchmarks.harness.service import ROOT, serving


@pytest.fixture(scope="module")
def server(toy_bundle: Path) -> Iterator[httpx2.Client]:
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), SLOTLINE_MAX_BODY_BYTES="2000") as (client, _):
        yield client


def test_a_running_service_is_ready(server: httpx2.Client) -> None:
    assert server.get("/health/live").json() == {"status": "alive"}
    assert server.get("/health/ready").json() == {"status": "ready"}


def test_a_sentence_gets_its_slots(server: httpx2.Client) -> None:
    answer = server.post("/slots", json={"text": "leave Taipei"}).json()
    [slot] = answer["slots"]
    assert slot.pop("confidence") > 0.9
    assert slot == {"name": "place_of_departure", "value": "Taipei", "start": 6, "end": 12}


def test_the_page_and_the_document_are_there(server: httpx2.Client) -> None:
    assert server.get("/docs").status_code == 200
    assert server.get("/docs/files/swagger-ui-bundle.js").status_code == 200
    assert "/slots" in server.get("/openapi.json").json()["paths"]


def speak(server: httpx2.Client, request: bytes) -> bytes:
    """What a server says to bytes that no client library would send."""
    with socket.create_connection((server.base_url.host, server.base_url.port or 80)) as line:
        line.settimeout(10)
        line.sendall(request)
        return line.recv(65_536)


HEAD = b"POST /slots HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 2000000\r\n\r\n",
        HEAD + b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n7d1\r\n" + b" " * 0x7D1 + b"\r\n",
    ],
    ids=["declared", "announced", "chunked"],
)
def test_too_large_a_body_is_refused_before_it_has_come(
    server: httpx2.Client, request_: bytes
) -> None:
    answer = speak(server, request_)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in answer


def test_the_port_is_honoured_and_a_request_to_stop_obeyed(toy_bundle: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), PORT=str(port)) as (client, process):
        assert client.base_url.port == port
        assert client.get("/health/ready").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_who_is_told_to_stop_says_so_answers_what_it_has_accepted_and_ends(
    toy_bundle: Path,
) -> None:
    settings = {"SLOTLINE_SHUTDOWN_DELAY": "0.7", "SLOTLINE_SHUTDOWN_TIMEOUT": "20"}
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (client, process):
        address = client.base_url.host, client.base_url.port or 80
        body = b'{"text": "leave Taipei"}'
        with socket.create_connection(address) as slow, socket.create_connection(address) as idle:
            slow.settimeout(60)
            slow.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
            assert client.get("/health/ready").status_code == 200
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            ready = client.get("/health/ready")
            assert (ready.status_code, ready.json()["code"]) == (503, "shutting_down")
            assert ready.headers["connection"] == "close"
            assert client.post("/slots", json={"text": "leave Taipei"}).status_code == 200
            until = time.monotonic() + 60
            while is_listening(address):
                assert time.monotonic() < until, "it goes on to accept"
                time.sleep(0.05)
            assert idle.recv(1) == b"", "who has asked nothing is let go"
            slow.sendall(body)
            assert slow.recv(65_536).startswith(b"HTTP/1.1 200 ")
        assert process.wait(timeout=60) == 0


def is_listening(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address).close()
    except ConnectionRefusedError:
        return False
    return True


def test_what_is_not_answered_within_the_grace_is_broken_off(toy_bundle: Path) -> None:
    settings = {
        "SLOTLINE_SHUTDOWN_DELAY": "0.1",
        "SLOTLINE_SHUTDOWN_TIMEOUT": "1",
        "SLOTLINE_READ_TIMEOUT": "300",
    }
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (client, process):
        address = client.base_url.host, client.base_url.port or 80
        with socket.create_connection(address) as line:
            line.sendall(HEAD + b"Content-Length: 100\r\n\r\n")
            time.sleep(0.1)
            since = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        assert time.monotonic() - since > 0.8


def test_a_thread_that_goes_on_does_not_outlast_the_grace(toy_bundle: Path) -> None:
    # A batch that is as long as batches can be where the limits are raised.
    service = "import sys, time, app.inference.service, app.serve\n"
    service += "tag = lambda *_: (print('begun', file=sys.stderr, flush=True), time.sleep(300))\n"
    service += "app.inference.service.check_length = tag\n"
    service += "app.serve.serve()"
    settings = {"SLOTLINE_SHUTDOWN_DELAY": "0.1", "SLOTLINE_SHUTDOWN_TIMEOUT": "0.5", "PORT": "0"}
    with subprocess.Popen(
        [sys.executable, "-c", service],
        cwd=ROOT,
        env=os.environ | {"SLOTLINE_MODEL_DIR": str(toy_bundle)} | settings,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        running = re.compile(r"running on http://127\.0\.0\.1:(\d+)")
        [port] = next(filter(None, map(running.search, process.stderr))).groups()
        with socket.create_connection(("127.0.0.1", int(port))) as line:
            body = b'{"texts": ["leave Taipei"]}'
            head = HEAD.replace(b"/slots", b"/slots/batch")
            line.sendall(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            assert any("begun" in line for line in process.stderr)
            process.terminate()
            try:
                assert process.wait(timeout=60) == 0
            finally:
                process.kill()


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]])
def test_who_is_told_so_stops_at_once(toy_bundle: Path, signals: list[signal.Signals]) -> None:
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), SLOTLINE_SHUTDOWN_DELAY="300") as (_, process):
        for number in signals:
            process.send_signal(number)
            time.sleep(0.2)
        assert process.wait(timeout=60) == 0


def test_a_deadline_is_kept(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_REQUEST_TIMEOUT": "0.000001"}
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (client, _):
        for path, question in [("/slots", {"text": "go"}), ("/slots/batch", {"texts": ["go"]})]:
            answer = client.post(path, json=question)
            assert (answer.status_code, answer.json()["code"]) == (503, "deadline_exceeded")
            assert answer.headers["retry-after"] == "1"


def test_beyond_the_queue_batches_and_long_texts_are_refused_and_sentences_go_on(
    toy_bundle: Path,
) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_MAX_QUEUE_SIZE": "1"}
    long = {"text": "go " * 190 + "a" * 5_000}
    with serving(**settings, SLOTLINE_REQUEST_TIMEOUT="60") as (client, _):
        batch = {"texts": ["go " * 200] * 256, "detail": "distributions"}
        large = threading.Thread(target=client.post, args=("/slots/batch",), kwargs={"json": batch})
        large.start()
        refused: list[httpx2.Response] = []
        with httpx2.Client(base_url=client.base_url, timeout=60) as other:
            while large.is_alive() and not refused:
                answer = other.post("/slots/batch", json={"texts": ["go"]})
                if answer.status_code == 429:
                    assert other.post("/slots", json={"text": "go"}).status_code == 200
                    refused = [answer, other.post("/slots", json=long)]
        large.join()
        for answer in refused:
            assert answer.json()["code"] == "overloaded"
            assert answer.headers["retry-after"] == "1"
        assert refused
        assert client.post("/slots", json=long).status_code == 200


def test_a_broken_bundle_can_be_left_out(toy_bundle: Path, tmp_path: Path) -> None:
    for name in ("broken", "toy"):
        shutil.copytree(toy_bundle, tmp_path / name)
    (tmp_path / "broken" / "words.txt").write_text("hello\n")
    settings = {"SLOTLINE_MODEL_DIR": str(tmp_path), "SLOTLINE_SKIP_INVALID_MODELS": "true"}
    with serving(**settings, SLOTLINE_DEFAULT_MODEL="toy") as (client, _):
        ready = client.get("/health/ready")
        assert ready.json() == {"status": "ready", "skipped_models": ["broken"]}
        assert [model["name"] for model in client.get("/models").json()["models"]] == ["toy"]


def test_a_start_that_fails_says_why_in_one_line(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | {"SLOTLINE_MODEL_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 1
    [line] = finished.stderr.splitlines()
    assert str(tmp_path) in line
    assert "holds no bundle" in line


@pytest.fixture
def _signals() -> Iterator[None]:
    """`main` is for a process of its own, and sets how it ends."""
    numbers = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals")
@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("SLOTLINE_MODEL_DIR", "/nowhere", "folder /nowhere cannot be read"),
        ("SLOTLINE_DEFAULT_MODEL", "mine", "'mine' is not among the bundles"),
        ("SLOTLINE_DEVICE", "cuda", "cuda"),
        (
            "SLOTLINE_MAX_WORDS",
            "many",
            "SLOTLINE_MAX_WORDS: input should be a valid integer, not 'many'",
        ),
        ("SLOTLINE_API_KEYS_FILE", "/nowhere", "/nowhere cannot be read"),
        ("SLOTLINE_ADMIN_KEYS_FILE", "/dev/null", "/dev/null holds no key: create a key"),
        (
            "SLOTLINE_RATE_LIMIT",
            "fast",
            "SLOTLINE_RATE_LIMIT: 'fast' is not a limit; give a number",
        ),
        ("SLOTLINE_CORS_ORIGINS", "here", "SLOTLINE_CORS_ORIGINS: 'here' is not an origin"),
        ("SLOTLINE_TRUSTED_KEYS", "/nowhere", "SLOTLINE_TRUSTED_KEYS=/nowhere: "),
        ("SLOTLINE_MAX_MODEL_FILE_BYTES", "100", "manifest.json has more than 100 bytes"),
        (
            "SLOTLINE_METRICS_ACCESS",
            "api_key",
            "SLOTLINE_METRICS_ACCESS: `api_key` needs the file of API keys",
        ),
        ("OTEL_TRACES_EXPORTER", "zipkin", "OTEL_TRACES_EXPORTER: 'zipkin' is none of otlp"),
        ("PORT", "65536", "PORT: '65536' is no port: unset PORT, or set it"),
    ],
)
def test_every_fault_of_the_operators_is_one_line(
    monkeypatch: pytest.MonkeyPatch, toy_bundle: Path, variable: str, value: str, line: str
) -> None:
    monkeypatch.setenv("SLOTLINE_MODEL_DIR", str(toy_bundle))
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as stop:
        app.serve.serve()
    said = str(stop.value.code)
    assert said.startswith("slotline: ")
    assert line in said
    assert "\n" not in said
