"""Connections that come together, and over which of several workers they are spread."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from benchmarks.harness.service import serving, settle

pytestmark = pytest.mark.linux  # which tells whose a connection is
TOGETHER = 64
MOST = 48
REQUEST = b"GET /health/ready HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


@contextlib.contextmanager
def connected_at_once(address: tuple[str, int], count: int) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(socket.socket()) for _ in range(count)]
        for line in lines:
            line.setblocking(False)
            line.connect_ex(address)
        for line in lines:
            line.settimeout(60)
        yield lines


def held(workers: set[int], port: int) -> dict[int, int]:
    """Of each worker how many connections to the port it has accepted."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    established = {row[9] for row in table if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    return {worker: len(established & inodes(worker)) for worker in workers}


def inodes(process: int) -> set[str]:
    """Those of the sockets that a process has."""
    found = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):  # it is closed meanwhile
            found.add(str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]"))
    return found


def await_all(workers: set[int], port: int, count: int) -> dict[int, int]:
    """What each worker holds, once they hold so many together."""
    until = time.monotonic() + 60
    while sum((spread := held(workers, port)).values()) != count:
        assert time.monotonic() < until, f"of {count} connections {spread} are accepted"
        time.sleep(0.01)
    return spread


def await_workers(
    supervisor: subprocess.Popen[str], url: httpx2.URL, count: int, kept: int = 0
) -> tuple[set[int], tuple[str, int]]:
    """The workers once all of them accept, and the address, to which so many are connected."""
    address = url.host, url.port or 80
    until = time.monotonic() + 60
    while True:
        with httpx2.Client(base_url=url, timeout=60) as client:
            workers = settle(supervisor, client, count)
        with connected_at_once(address, 8 * count):
            time.sleep(0.2)
            if all(held(workers, address[1]).values()):
                break
        assert time.monotonic() < until, "they do not all accept"
    await_all(workers, address[1], kept)
    return workers, address


@pytest.mark.parametrize("count", [2, 3])
def test_connections_that_come_together_are_spread_over_the_workers(
    toy_bundle: Path, count: int
) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": str(count)}
    with serving(**settings) as (client, supervisor):
        workers, address = await_workers(supervisor, client.base_url, count)
        for _ in range(6):
            with connected_at_once(address, TOGETHER):
                spread = await_all(workers, address[1], TOGETHER)
                assert max(spread.values()) <= MOST, spread
            await_all(workers, address[1], 0)


def test_what_a_killed_worker_held_goes_to_the_one_in_its_place(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings) as (client, supervisor):
        workers, address = await_workers(supervisor, client.base_url, 2)
        with connected_at_once(address, TOGETHER):
            kept = await_all(workers, address[1], TOGETHER)
            os.kill(min(workers), signal.SIGKILL)
            left = TOGETHER - kept[min(workers)]
            after, _ = await_workers(supervisor, client.base_url, 2, kept=left)
            with connected_at_once(address, TOGETHER - left):
                spread = await_all(after, address[1], TOGETHER)
                assert max(spread.values()) <= MOST, spread


def test_a_worker_that_hangs_or_was_killed_keeps_nobody_waiting(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings) as (client, supervisor):
        workers, address = await_workers(supervisor, client.base_url, 2)
        hanging = min(workers)
        os.kill(hanging, signal.SIGSTOP)
        try:
            with connected_at_once(address, TOGETHER) as lines:
                since = time.monotonic()
                for line in lines:
                    line.sendall(REQUEST)
                for line in lines:
                    assert line.recv(65_536).startswith(b"HTTP/1.1 200 ")
                assert time.monotonic() - since < 10
        finally:
            os.kill(hanging, signal.SIGKILL)
        with connected_at_once(address, TOGETHER) as lines:
            for line in lines:
                line.sendall(REQUEST)
            for line in lines:
                assert line.recv(65_536).startswith(b"HTTP/1.1 200 ")
