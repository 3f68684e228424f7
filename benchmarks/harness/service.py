"""The service as a user starts it, with a client of it."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[2]


def address_of(process: subprocess.Popen[str]) -> str:
    """Where a server that was just started listens, as it logs."""
    assert process.stderr, "its log is read"
    running = re.compile(r"running on (http://\S+)")
    found = next(filter(None, map(running.search, process.stderr)), None)
    assert found, "the server ended before it was running"
    return found[1]


@contextmanager
def serving(
    *command: str, **settings: str
) -> Iterator[tuple[httpx2.Client, subprocess.Popen[str]]]:
    """
    A client of a server of its own; the server says itself which port it was given.

    command: what starts it, as `python -m` takes it; none for `app`.
    """
    with subprocess.Popen(
        [sys.executable, "-m", *(command or ("app",))],
        cwd=ROOT,
        env=os.environ | {"PORT": "0"} | settings,
        stdin=subprocess.DEVNULL,  # in a terminal SIGHUP would mean another thing
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        # What it logs must be read to the end, or it would wait for a reader.
        reader = threading.Thread(target=process.stderr.read)
        try:
            address = address_of(process)
            reader.start()
            with httpx2.Client(base_url=address, timeout=60) as client:
                yield client, process
        finally:
            process.kill()
            if reader.is_alive():
                reader.join()


def workers_of(supervisor: subprocess.Popen[str]) -> set[int]:
    if sys.platform != "linux":  # where `ps` may not be installed
        listed = subprocess.check_output(["ps", "-A", "-o", "pid=,ppid="], text=True).splitlines()
        pairs = (map(int, line.split()) for line in listed)
        return {process for process, parent in pairs if parent == supervisor.pid}
    children: set[int] = set()
    for task in Path(f"/proc/{supervisor.pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # threads end meanwhile
            children.update(map(int, (task / "children").read_text().split()))
    return children


def settle(supervisor: subprocess.Popen[str], client: httpx2.Client, count: int) -> set[int]:
    """The workers, once there are so many and one is ready."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = workers_of(supervisor)
        if len(found) == count and client.get("/health/ready").status_code == 200:
            return found
        time.sleep(0.05)
    raise AssertionError(f"there are not {count} workers")
