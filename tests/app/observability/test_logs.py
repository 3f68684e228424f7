"""What the log says, and what it does not say."""

import json
import logging
import logging.config
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.main import create_app
from app.observability.logs import JsonFormatter, TextFormatter, log_config
from app.settings import Settings
from benchmarks.harness.service import ROOT

SAID = "leave Taipei"


def environment(settings: dict[str, str]) -> dict[str, str]:
    return os.environ | settings


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    """Loggers are the process's."""
    names = ["", "app", "app.access", "uvicorn", "uvicorn.access", "uvicorn.error"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(found.handlers[:], found.level, found.propagate) for found in loggers]
    yield
    for found, (handlers, level, propagate) in zip(loggers, before, strict=True):
        found.handlers[:], found.propagate = handlers, propagate
        found.setLevel(level)


def logged(
    capsys: pytest.CaptureFixture[str], toy_bundle: Path, **settings: Any
) -> tuple[TestClient, Any]:
    """A client of a service that fails at /broken, and what reads the lines that it has logged."""
    chosen = Settings(model_dir=toy_bundle, access_log=True, **settings)
    logging.config.dictConfig(log_config(chosen))
    app = create_app(chosen)

    @app.get("/broken", include_in_schema=False)
    async def broken() -> None:
        try:
            [].index(SAID)  # type: ignore[arg-type]
        except ValueError as error:
            raise RuntimeError(SAID) from error

    def lines() -> list[str]:
        captured = capsys.readouterr()
        return (captured.out + captured.err).splitlines()

    return TestClient(app, raise_server_exceptions=False), lines


@pytest.mark.usefixtures("_logging_as_before")
def test_a_request_has_a_line_of_json(capsys: pytest.CaptureFixture[str], toy_bundle: Path) -> None:
    client, lines = logged(capsys, toy_bundle, log_format="json")
    with client:
        lines()
        client.post("/slots", json={"text": SAID}, headers={"x-request-id": "trip-7.2"})
        [line] = lines()
    told = json.loads(line)
    assert told.pop("milliseconds") > 0
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "info",
        "logger": "app.access",
        "message": "request",
        "request_id": "trip-7.2",
        "client": "testclient",
        "method": "POST",
        "route": "/slots",
        "status": 200,
        "model": "toy",
    }


@pytest.mark.usefixtures("_logging_as_before")
def test_a_refusal_says_why_and_who_made_it_no_id_gets_one(
    capsys: pytest.CaptureFixture[str], toy_bundle: Path
) -> None:
    client, lines = logged(capsys, toy_bundle, log_format="json")
    with client:
        lines()
        answer = client.get(f"/models/{SAID}")
        [line] = lines()
    told = json.loads(line)
    assert told["code"] == "model_not_found"
    assert told["route"] == "/models/{name}"
    assert told["request_id"] == answer.headers["x-request-id"]
    assert SAID not in line


@pytest.mark.usefixtures("_logging_as_before")
def test_a_stream_has_one_line_and_none_of_what_was_said(
    capsys: pytest.CaptureFixture[str], toy_bundle: Path
) -> None:
    client, lines = logged(capsys, toy_bundle, log_format="json", log_bodies=True)
    with client:
        lines()
        with client.websocket_connect("/slots/stream") as stream:
            for text in (SAID, 7):
                stream.send_json({"text": text})
                stream.receive_json()
        [line] = lines()
    told = json.loads(line)
    assert (told["method"], told["route"], told["status"]) == ("GET", "/slots/stream", 101)
    assert "code" not in told, "a text was refused, and not the stream"
    assert SAID not in line


@pytest.mark.usefixtures("_logging_as_before")
def test_people_get_a_line_they_can_read(
    capsys: pytest.CaptureFixture[str], toy_bundle: Path
) -> None:
    client, lines = logged(capsys, toy_bundle, log_bodies=True)
    with client:
        lines()
        client.post("/slots", json={"text": SAID}, headers={"x-request-id": "trip-7.2"})
        [line] = lines()
    moment, level, _ = line.split(maxsplit=2)
    assert datetime.now(UTC) - datetime.fromisoformat(moment) < timedelta(minutes=9)
    assert "INFO:" in level
    assert "request request_id=trip-7.2 client=testclient method=POST route=/slots" in line
    assert 'body="{\\"text\\":\\"leave Taipei\\"}"' in line


@pytest.mark.usefixtures("_logging_as_before")
@pytest.mark.parametrize("asked_for", [False, True])
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_people_say_is_logged_only_where_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], toy_bundle: Path, log_format: str, asked_for: bool
) -> None:
    client, lines = logged(capsys, toy_bundle, log_format=log_format, log_bodies=asked_for)
    with client:
        client.post("/slots", json={"text": SAID, "detail": SAID})
        client.post("/slots/batch", json={"texts": [SAID]})
        client.get("/broken", headers={"x-request-id": SAID})
        client.get(f"/{SAID}")
        text = "\n".join(lines())
    assert (SAID in text) is asked_for


@pytest.mark.parametrize("texts", [False, True])
@pytest.mark.parametrize("formatter", [JsonFormatter, TextFormatter])
def test_a_traceback_says_where_and_what_and_quotes_nobody(formatter: Any, texts: bool) -> None:
    try:
        try:
            raise KeyError(SAID)
        except KeyError as error:
            raise RuntimeError(SAID) from error
    except RuntimeError:
        fault = sys.exc_info()
    record = logging.LogRecord("app", logging.ERROR, "", 0, "it %s", ("failed",), fault)
    more = {"fmt": "%(message)s"} if formatter is TextFormatter else {}
    line = formatter(texts=texts, **more).format(record)
    if formatter is JsonFormatter:
        line = json.loads(line)["traceback"]
    assert line.index("KeyError") < line.index("RuntimeError")
    assert "test_logs.py" in line
    assert (f"RuntimeError: {SAID}" in line) is texts
    assert (f"KeyError: '{SAID}'" in line) is texts


def test_no_error_is_no_traceback() -> None:
    nothing = (None, None, None)
    record = logging.LogRecord("app", logging.ERROR, "", 0, "it failed", None, nothing)
    assert "NoneType: None" in JsonFormatter(texts=False).format(record)


@contextmanager
def running(log: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A service that logs to a file, and is told to stop in the end."""
    with (
        log.open("w") as lines,
        subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
        assert process.wait(timeout=60) == 0


def told_of(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> re.Match[str]:
    """What the log has of a pattern, once it has it."""
    while not (found := re.search(pattern, log.read_text())):
        assert process.poll() is None
        time.sleep(0.05)
    return found


def test_every_line_of_a_running_service_is_json(toy_bundle: Path, tmp_path: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_LOG_FORMAT": "json"}
    settings |= {"SLOTLINE_SHUTDOWN_DELAY": "0.1", "SLOTLINE_WORKERS": "2", "PORT": "0"}
    log = tmp_path / "log"
    with running(log, settings) as process:
        told_of(log, "workers running", process)
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["logger"] for line in told} >= {"uvicorn.error", "app.server.supervisor"}


def test_of_streams_no_path_is_logged_and_no_refusal_is_a_fault(
    toy_bundle: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with running(log, {"SLOTLINE_MODEL_DIR": str(toy_bundle), "PORT": "0"}) as process:
        address = "ws" + told_of(log, r"running on http(://\S+)", process)[1]
        with connect(f"{address}/slots/stream?key=secret", legacy=True) as stream:
            stream.send('{"text": "leave Taipei"}')
            stream.recv()
        with pytest.raises(InvalidStatus):
            connect(f"{address}/secret", legacy=True)
    assert "secret" not in log.read_text()
    assert "ERROR" not in log.read_text()


def test_a_start_that_fails_says_so_in_json(tmp_path: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(tmp_path), "SLOTLINE_LOG_FORMAT": "json"}
    finished = subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    line = json.loads(finished.stderr)
    assert line["level"] == "critical"
    assert "holds no bundle" in line["message"]
