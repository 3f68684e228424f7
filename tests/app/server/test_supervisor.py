"""Several workers on one port: `python -m app` with SLOTLINE_WORKERS, and HTTP over sockets."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2
import pytest

import app.server.supervisor
from app.observability.shared_gauges import FOLDER
from app.server.supervisor import Supervisor, WorkerError
from app.settings import Settings
from benchmarks.harness.service import ROOT, serving, settle, workers_of
from tests.app.observability.test_metrics import Samples, samples_of, value

QUESTION = {"text": "leave Taipei"}


@pytest.mark.linux
def test_the_process_that_keeps_the_workers_loads_no_onnxruntime(toy_bundle: Path) -> None:
    settings = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_WORKERS": "2",
        "SLOTLINE_METRICS_ACCESS": "off",
    }
    with serving(**settings) as (client, supervisor):
        workers = settle(supervisor, client, 2)
        mapped = {
            process: "onnxruntime" in Path(f"/proc/{process}/maps").read_text()
            for process in (supervisor.pid, *workers)
        }
        assert not mapped[supervisor.pid]
        assert any(mapped.values()), "the one that is ready has loaded it"


def test_a_killed_worker_is_replaced_and_the_others_go_on(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings) as (client, supervisor):
        before = settle(supervisor, client, 2)
        address = (client.base_url.host, client.base_url.port or 80)
        lost: list[int] = []
        answered: list[int] = []
        stop = threading.Event()

        def ask() -> None:
            # Each on a line of its own, so that the dead worker holds one of them at most.
            with httpx2.Client(base_url=client.base_url, timeout=60) as caller:
                while not stop.is_set():
                    try:
                        answered.append(caller.post("/slots", json=QUESTION).status_code)
                    except httpx2.TransportError:
                        lost.append(1)

        callers = [threading.Thread(target=ask) for _ in range(4)]
        for caller in callers:
            caller.start()
        time.sleep(0.5)
        os.kill(min(before), signal.SIGKILL)
        until = time.monotonic() + 60
        while len(workers_of(supervisor) - before) < 1 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)
        stop.set()
        for caller in callers:
            caller.join()
        after = settle(supervisor, client, 2)
        assert len(after & before) == 1
        assert set(answered) == {200}
        assert len(lost) <= len(callers), "nothing is lost but what the dead one held"
        with socket.create_connection(address):
            pass


@pytest.mark.linux  # which tells the environment of a process
def test_workers_count_together_and_what_a_dead_one_held_is_counted_apart(
    toy_bundle: Path,
) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings) as (client, supervisor):
        before = settle(supervisor, client, 2)
        shared = shared_folder(min(before))
        until = time.monotonic() + 60
        while processes(client) != {supervisor.pid, *before} and time.monotonic() < until:
            time.sleep(0.05)
        assert processes(client) == {supervisor.pid, *before}
        for _ in range(20):  # each on a line of its own, so that both get some
            assert httpx2.post(client.base_url.join("/slots"), json=QUESTION).status_code == 200
        # One worker may be read while the other is between two of its counts.
        await_value(client, 20, REQUESTS, **OF_SLOTS)
        await_value(client, 20, "slotline_http_request_duration_seconds_count", endpoint="/slots")
        await_value(client, 20, "slotline_slots_total", model="toy", slot="place_of_departure")
        address = client.base_url.host, client.base_url.port or 80
        head = b"POST /slots HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        with contextlib.ExitStack() as lines:
            for _ in range(8):
                line = lines.enter_context(socket.create_connection(address))
                line.sendall(head + b"Content-Length: 24\r\n\r\n")
            held = await_value(client, 9, "slotline_requests_in_flight")
            assert value(held, "slotline_requests_lost_total") == 0
            for worker in before:
                os.kill(worker, signal.SIGKILL)
        after = await_value(client, 2, "slotline_worker_restarts_total")
        assert not before & processes(client)
        assert value(after, "slotline_requests_lost_total") == 8
        assert value(after, REQUESTS, **OF_SLOTS) == 20, "counts survive"
        await_value(client, 1, "slotline_requests_in_flight")
        assert httpx2.post(client.base_url.join("/slots"), json=QUESTION).status_code == 200
        await_value(client, 21, REQUESTS, **OF_SLOTS)
        assert shared.exists()
        supervisor.terminate()
        supervisor.wait(timeout=60)
        assert not shared.exists()


REQUESTS = "slotline_requests_total"
OF_SLOTS = {"endpoint": "/slots", "status": "200", "model": "toy"}


def shared_folder(worker: int) -> Path:
    """Where the workers count together."""
    environment = Path(f"/proc/{worker}/environ").read_text().split("\0")
    [folder] = [entry.partition("=")[2] for entry in environment if entry.startswith(FOLDER)]
    return Path(folder)


def processes(client: httpx2.Client) -> set[int]:
    """Those whose figures are told."""
    samples = samples_of(httpx2.get(client.base_url.join("/metrics"), timeout=60).text)
    memory = "process_resident_memory_bytes"
    return {int(dict(labels)["pid"]) for name, labels in samples if name == memory}


def await_value(client: httpx2.Client, wanted: float, name: str, **labels: str) -> Samples:
    """All samples, once the one has the value."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        samples = samples_of(httpx2.get(client.base_url.join("/metrics"), timeout=60).text)
        if samples.get((name, frozenset(labels.items()))) == wanted:
            return samples
        time.sleep(0.05)
    raise AssertionError(f"{name} does not become {wanted}")


def test_all_workers_end_when_told_to(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings, SLOTLINE_SHUTDOWN_DELAY="0.5") as (client, supervisor):
        workers = settle(supervisor, client, 2)
        supervisor.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        assert client.get("/health/ready").json()["code"] == "shutting_down"
        assert supervisor.wait(timeout=60) == 0
        assert not any(is_running(worker) for worker in workers)


def test_all_workers_read_their_bundles_again(
    toy_bundle: Path, toy_without_intents: Path, tmp_path: Path
) -> None:
    shutil.copytree(toy_bundle, tmp_path / "toy")
    settings = {"SLOTLINE_MODEL_DIR": str(tmp_path), "SLOTLINE_WORKERS": "3"}
    with serving(**settings) as (client, supervisor):
        settle(supervisor, client, 3)
        shutil.copytree(toy_without_intents, tmp_path / ".plain")
        (tmp_path / ".plain").rename(tmp_path / "plain")
        supervisor.send_signal(signal.SIGHUP)
        # So many in turn that none of three workers is likely to be missed, each on its own line.
        agreed, until = 0, time.monotonic() + 60
        while agreed < 30 and time.monotonic() < until:
            models = httpx2.get(client.base_url.join("/models"), timeout=60).json()["models"]
            names = [model["name"] for model in models]
            agreed = agreed + 1 if names == ["plain", "toy"] else 0
        assert agreed == 30


@pytest.mark.linux  # which tells the environment of a process
def test_workers_do_not_outlive_their_supervisor(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings, SLOTLINE_SHUTDOWN_DELAY="0.1") as (client, supervisor):
        workers = settle(supervisor, client, 2)
        shared = shared_folder(min(workers))
        assert shared.exists()
        supervisor.kill()
        until = time.monotonic() + 60
        while any(is_running(worker) for worker in workers):
            assert time.monotonic() < until, "they go on"
            time.sleep(0.05)
        assert not shared.exists()


def is_running(process: int) -> bool:
    """Whether it runs; what has ended may wait for somebody to ask how."""
    if sys.platform != "linux":
        command = ["ps", "-o", "stat=", "-p", str(process)]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        return asked.stdout.strip()[:1] not in ("", "Z")
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | {"SLOTLINE_WORKERS": "3"} | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_broken_bundle_stops_the_start_of_all_with_one_line(
    toy_bundle: Path, tmp_path: Path
) -> None:
    shutil.copytree(toy_bundle, tmp_path / "toy")
    (tmp_path / "toy" / "words.txt").write_text("hello\n")
    finished = start(SLOTLINE_MODEL_DIR=str(tmp_path), PORT="0")
    assert finished.returncode == 1
    [line] = finished.stderr.splitlines()
    assert line.startswith("slotline: ")
    assert "toy" in line
    assert "words.txt" in line


def test_a_port_in_use_stops_the_start_with_one_line(toy_bundle: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finished = start(SLOTLINE_MODEL_DIR=str(toy_bundle), PORT=str(port))
    assert finished.returncode == 1
    [line] = finished.stderr.splitlines()
    fault = f"slotline: PORT={port} is in use on HOST='127.0.0.1': stop what listens there"
    assert line.startswith(fault)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_variable_that_is_misspelt_is_told(toy_bundle: Path, workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "PORT": str(taken.getsockname()[1])}
        finished = start(**settings, SLOTLINE_WORKERS=workers, SLOTLINE_API_KEY_FILE="keys")
    told = (
        "SLOTLINE_API_KEY_FILE is not a setting and is ignored: "
        "did you mean SLOTLINE_API_KEYS_FILE?"
    )
    assert finished.stderr.count(told) == 1


def test_without_a_place_to_count_together_there_is_no_start(
    monkeypatch: pytest.MonkeyPatch, toy_bundle: Path
) -> None:
    monkeypatch.setattr(app.server.supervisor, "_SHARED_MEMORY", Path("/nowhere"))
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    monkeypatch.setenv("PORT", "0")
    settings = Settings(model_dir=toy_bundle, workers=2)
    with pytest.raises(WorkerError, match="set SLOTLINE_METRICS_ACCESS=off"):
        asyncio.run(Supervisor(settings).run())


def test_workers_need_not_count(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings, SLOTLINE_METRICS_ACCESS="off") as (client, supervisor):
        workers = settle(supervisor, client, 2)
        assert client.get("/metrics").status_code == 404
        os.kill(min(workers), signal.SIGKILL)
        until = time.monotonic() + 60
        while not workers_of(supervisor) - workers and time.monotonic() < until:
            time.sleep(0.05)
        assert workers_of(supervisor) - workers
        supervisor.terminate()
        assert supervisor.wait(timeout=60) == 0


def two_workers(toy_bundle: Path) -> subprocess.Popen[str]:
    """A start that nobody waits for."""
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2", "PORT": "0"}
    return subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | settings,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_start_can_be_broken_off(toy_bundle: Path, number: signal.Signals) -> None:
    with two_workers(toy_bundle) as process:
        while not workers_of(process):
            time.sleep(0.01)
        process.send_signal(number)
        assert process.wait(timeout=60) == 0


def test_a_worker_that_is_told_to_stop_before_it_is_ready_is_no_fault(toy_bundle: Path) -> None:
    with two_workers(toy_bundle) as supervisor:
        assert supervisor.stderr
        assert any("2 workers running" in line for line in supervisor.stderr)
        while len(workers_of(supervisor)) < 2:  # of which one has all of Python to read
            time.sleep(0.01)
        supervisor.terminate()
        said = supervisor.stderr.read()
        assert supervisor.wait(timeout=60) == 0
    assert "started again" not in said
