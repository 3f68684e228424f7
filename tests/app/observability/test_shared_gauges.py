"""What outlives a worker."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from app.observability.shared_gauges import WorkerTable

ROOT = Path(__file__).parents[3]


def test_a_supervisor_sees_what_its_workers_hold(tmp_path: Path) -> None:
    supervisor, worker = WorkerTable(tmp_path, 3), WorkerTable(tmp_path, 3)
    held = worker.register(1)
    held[0] += 2
    assert supervisor.processes == [os.getpid()]
    assert supervisor.release(1) == 2
    assert supervisor.processes == []
    assert worker.release(1) == 0


def test_who_takes_a_place_begins_with_nothing(tmp_path: Path) -> None:
    table = WorkerTable(tmp_path, 2)
    table.register(0)[0] = 5
    assert table.register(0)[0] == 0


def test_it_outlives_a_worker_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal; from app.observability.shared_gauges import WorkerTable; "
        f"WorkerTable(pathlib.Path({str(tmp_path)!r}), 2).register(1)[0] += 4; "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert WorkerTable(tmp_path, 2).release(1) == 4
