"""What outlives a worker."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from app.observability.shared_gauges import Roster

ROOT = Path(__file__).parents[3]


def test_a_keeper_sees_what_its_workers_hold(tmp_path: Path) -> None:
    keeper, worker = Roster(tmp_path, 3), Roster(tmp_path, 3)
    held = worker.sign(1)
    held[0] += 2
    assert keeper.processes == [os.getpid()]
    assert keeper.wipe(1) == 2
    assert keeper.processes == []
    assert worker.wipe(1) == 0


def test_who_takes_a_place_begins_with_nothing(tmp_path: Path) -> None:
    roster = Roster(tmp_path, 2)
    roster.sign(0)[0] = 5
    assert roster.sign(0)[0] == 0


def test_it_outlives_a_worker_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal; from app.observability.shared_gauges import Roster; "
        f"Roster(pathlib.Path({str(tmp_path)!r}), 2).sign(1)[0] += 4; "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert Roster(tmp_path, 2).wipe(1) == 4
