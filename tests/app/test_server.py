"""The service as a user starts it: `python -m app`, and HTTP over a socket."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

import app.__main__

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(**settings: str) -> Iterator[tuple[httpx2.Client, subprocess.Popen[str]]]:
    """A client of a server of its own; the server says itself which port it was given."""
    with subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | {"PORT": "0"} | settings,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        # What it logs must be read to the end, or it would wait for a reader.
        reader = threading.Thread(target=process.stderr.read)
        try:
            running = re.compile(r"running on (http://\S+)")
            address = next(filter(None, map(running.search, process.stderr)), None)
            assert address, "the server ended before it was running"
            reader.start()
            with httpx2.Client(base_url=address.group(1)) as client:
                yield client, process
        finally:
            process.kill()
            if reader.is_alive():
                reader.join()


@pytest.fixture(scope="module")
def server(toy_bundle: Path) -> Iterator[httpx2.Client]:
    with serving(SLOTLINE_BUNDLES=str(toy_bundle), SLOTLINE_MAX_BODY="2000") as (client, _):
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
    with serving(SLOTLINE_BUNDLES=str(toy_bundle), PORT=str(port)) as (client, process):
        assert client.base_url.port == port
        assert client.get("/health/ready").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_start_that_fails_says_why_in_one_line(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | {"SLOTLINE_BUNDLES": str(tmp_path)},
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
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals")
@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("SLOTLINE_BUNDLES", "/nowhere", "folder /nowhere cannot be read"),
        ("SLOTLINE_DEFAULT_MODEL", "mine", "'mine' is not among the bundles"),
        ("SLOTLINE_PROVIDER", "cuda", "cuda"),
        ("SLOTLINE_MAX_WORDS", "many", "SLOTLINE_MAX_WORDS: input should be a valid integer"),
        ("PORT", "65536", "PORT: input should be less than or equal to 65535"),
    ],
)
def test_every_fault_of_the_operators_is_one_line(
    monkeypatch: pytest.MonkeyPatch, toy_bundle: Path, variable: str, value: str, line: str
) -> None:
    monkeypatch.setenv("SLOTLINE_BUNDLES", str(toy_bundle))
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as stop:
        app.__main__.main()
    said = str(stop.value.code)
    assert said.startswith("slotline: ")
    assert line in said
    assert "\n" not in said
