"""Bundles and keys that change under a running service, of one process and of several."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from app.security.api_keys import new_key
from benchmarks.harness.service import serving, settle, workers_of
from tests.conftest import WriteVersion

# Seconds within which all workers agree, and answers in a row that show that they do.
AGREEMENT = 5.0
PROOF = 20


@pytest.fixture
def bundles(tmp_path: Path, write_version: WriteVersion) -> Path:
    write_version(tmp_path / "bundles" / "toy", "toy", 1)
    return tmp_path / "bundles"


def version(address: httpx2.URL) -> str:
    """The version that answers on a new connection, which any of the workers may accept."""
    response = httpx2.post(address.join("/slots"), json={"text": "leave Taipei"}, timeout=30)
    assert response.status_code == 200, response.text
    found: str = response.json()["model"]["version"]
    return found


def agree(address: httpx2.URL, wanted: str) -> float:
    """Seconds until nothing but the version answers."""
    since, agreed = time.monotonic(), 0.0
    for _ in range(1_000):
        if version(address) != wanted:
            agreed = time.monotonic() - since
            continue
        if time.monotonic() - since > agreed + 0.5:
            break
    assert all(version(address) == wanted for _ in range(PROOF))
    return agreed


@contextmanager
def asked_all_the_time(address: httpx2.URL) -> Iterator[set[str]]:
    """The versions that answer meanwhile; every request must be answered."""
    seen: set[str] = set()
    faults: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        with httpx2.Client(base_url=address, timeout=30) as client:
            while not stop.is_set():
                response = client.post("/slots", json={"text": "leave Taipei"})
                if response.status_code == 200:
                    seen.add(response.json()["model"]["version"])
                else:
                    faults.append(response.text)

    callers = [threading.Thread(target=ask) for _ in range(4)]
    for caller in callers:
        caller.start()
    try:
        yield seen
    finally:
        stop.set()
        for caller in callers:
            caller.join()
    assert faults == []


def test_all_workers_change_to_the_new_version_and_no_request_fails(
    tmp_path: Path, bundles: Path, write_version: WriteVersion
) -> None:
    key = new_key(tmp_path / "admin-keys", "operator")
    settings = {
        "SLOTLINE_MODEL_DIR": str(bundles),
        "SLOTLINE_WORKERS": "2",
        "SLOTLINE_ADMIN_KEYS_FILE": str(tmp_path / "admin-keys"),
    }
    with serving(**settings) as (client, supervisor):
        settle(supervisor, client, 2)
        address = client.base_url
        first = version(address)
        with asked_all_the_time(address) as seen:
            while not seen:
                time.sleep(0.01)
            second = write_version(bundles / "toy", "toy", 2)
            answer = client.post("/admin/reload", headers={"x-api-key": key}).json()
            assert answer["loaded"] == [{"name": "toy", "version": second}]
            assert agree(address, second) < AGREEMENT
        assert seen == {first, second}

        third = write_version(bundles / "toy", "toy", 3)
        supervisor.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert agree(address, third) < AGREEMENT

        # One that starts anew reads what is there: the others follow it.
        fourth = write_version(bundles / "toy", "toy", 4)
        killed = min(workers_of(supervisor))
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + 30
        while (killed in workers_of(supervisor) or version(address) != fourth) and (
            time.monotonic() < until
        ):
            time.sleep(0.1)
        assert agree(address, fourth) < AGREEMENT


def test_a_hangup_makes_a_single_process_read_again(
    bundles: Path, write_version: WriteVersion
) -> None:
    with serving(SLOTLINE_MODEL_DIR=str(bundles)) as (client, process):
        second = write_version(bundles / "toy", "toy", 2)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert agree(client.base_url, second) < AGREEMENT


def test_a_key_opens_and_closes_as_the_file_says(tmp_path: Path, bundles: Path) -> None:
    path = tmp_path / "keys"
    first = new_key(path, "first")
    settings = {
        "SLOTLINE_MODEL_DIR": str(bundles),
        "SLOTLINE_API_KEYS_FILE": str(path),
        "SLOTLINE_RATE_LIMIT": "1000/minute",
    }
    with serving(**settings) as (client, _):
        assert client.get("/models").status_code == 401
        answer = client.get("/models", headers={"authorization": f"Bearer {first}"})
        assert answer.status_code == 200
        assert answer.headers["ratelimit"].startswith('"default";r=999;')
        path.unlink()
        second = new_key(path, "second")
        until = time.monotonic() + AGREEMENT
        while client.get("/models", headers={"x-api-key": second}).status_code != 200:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert client.get("/models", headers={"x-api-key": first}).status_code == 401
        assert client.get("/health/ready").status_code == 200
