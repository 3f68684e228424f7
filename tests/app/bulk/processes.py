"""The worker processes of a run, as Linux lists them."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def workers_of(parent: int) -> list[int]:
    """The processes that a run has started to tag in."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            status = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            words = (folder / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if int(status[1]) == parent and status[0] != "Z" and b"spawn_main" in words:
            found.append(int(folder.name))
    return found


def wait_for(fact: Callable[[], object], seconds: float = 600) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.01)


def kill(process: int) -> None:
    """As the kernel does when memory is short."""
    os.kill(process, signal.SIGKILL)


def is_alive(process: int) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
