"""The machine gives no more files, no room for logs, or another time."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from app.security.api_keys import new_key
from benchmarks.harness.faults import REQUEST, idle_connections
from benchmarks.harness.service import ROOT, serving, settle
from tests.app.inference.test_live_reload import asked_all_the_time, version
from tests.app.server.test_limits import heard
from tests.app.server.test_supervisor import QUESTION
from tests.conftest import WriteVersion

DAY = 86_400


@pytest.mark.linux
def test_without_a_file_left_it_serves_who_is_connected_and_later_all(
    tmp_path: Path, write_version: WriteVersion
) -> None:
    bundles, key = tmp_path / "bundles", new_key(tmp_path / "admin-keys", "operator")
    first = write_version(bundles / "toy", "toy", 1)
    settings = {
        "SLOTLINE_MODEL_DIR": str(bundles),
        "SLOTLINE_ADMIN_KEYS_FILE": str(tmp_path / "admin-keys"),
    }
    with serving(**settings) as (client, process):
        client.headers["x-api-key"] = key
        assert client.get("/health/ready").status_code == 200
        second = write_version(bundles / "toy", "toy", 2)
        open_files = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (open_files + 2, 20_000))
        with idle_connections(client.base_url, 50) as lines:
            for _ in range(20):
                assert client.post("/slots", json=QUESTION).status_code == 200
                time.sleep(0.1)
            [fault] = client.post("/admin/reload").json()["errors"]
            assert "Too many open files" in fault["detail"]
            assert client.get("/models").json()["models"][0]["version"] == first
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (20_000, 20_000))
            for line in lines:
                line.sendall(REQUEST)
                assert heard(line)[0] == 200, "who had to wait is served"
        assert client.post("/admin/reload").json()["loaded"] == [{"name": "toy", "version": second}]
        assert version(client.base_url) == second


@pytest.mark.linux
def test_logs_that_find_no_room_stop_nothing(toy_bundle: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "PORT": str(port),
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_ACCESS_LOG": "true",
        "SLOTLINE_SHUTDOWN_DELAY": "0.1",
    }
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=full,
            stderr=full,
        )
    try:
        until = time.monotonic() + 60
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            while True:
                try:
                    assert client.get("/health/ready").status_code == 200
                    break
                except httpx2.TransportError:
                    assert time.monotonic() < until, "it does not start"
                    time.sleep(0.1)
            for _ in range(10):
                assert client.post("/slots", json=QUESTION).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()


def test_a_clock_that_jumps_is_no_matter(tmp_path: Path, toy_bundle: Path) -> None:
    seconds_off, keys = tmp_path / "seconds-off", tmp_path / "keys"
    seconds_off.write_text("0")
    key = new_key(keys, "first")
    settings = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_ADMIN_KEYS_FILE": str(keys),
        "SLOTLINE_RATE_LIMIT": "1000000/hour",
        "SLOTLINE_WORKERS": "2",
        "SECONDS_OFF": str(seconds_off),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent / "clock"), str(ROOT)]),
    }
    with serving(**settings) as (client, supervisor):
        settle(supervisor, client, 2)
        with asked_all_the_time(client.base_url):
            for days in (3_650, -3_650, 0, 1, -1):
                seconds_off.write_text(str(days * DAY))
                time.sleep(0.2)
                answer = client.post("/admin/reload", headers={"x-api-key": key})
                assert answer.json() == {"loaded": [], "unloaded": [], "errors": []}
