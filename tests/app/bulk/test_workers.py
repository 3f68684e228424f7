"""Tasks in processes: results in order, few ahead, and again where a process dies."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from app.bulk.errors import BulkError
from app.bulk.workers import Workers
from tests.app.bulk.processes import is_alive, wait_for, workers_of

pytestmark = pytest.mark.linux
ROOT = Path(__file__).parents[3]


def squared(number: int) -> int:
    time.sleep(0.05 if number % 3 == 0 else 0)  # a task that later ones overtake
    return number * number


def dies_once(folder: Path, number: int) -> int:
    if number == 5:
        try:
            (folder / "died").mkdir()
        except FileExistsError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    with (folder / str(number)).open("a") as file:
        file.write("done\n")
    return number


def dies_in_its_answer(folder: Path, number: int) -> int:
    if number == 5 and not (folder / "died").exists():
        (folder / "died").mkdir()
        for descriptor in Path("/proc/self/fd").iterdir():
            if descriptor.is_socket():  # the pipe to the parent: a length, and less than that
                os.write(int(descriptor.name), b"\0\0\x10\0half of it")
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dies(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fails(number: int) -> int:
    if number == 2:
        raise BulkError("the third is bad")
    return number


def test_results_come_in_the_order_of_the_tasks() -> None:
    with Workers(squared, 2) as workers:
        assert list(workers.results(range(20))) == [(each, each * each) for each in range(20)]


def test_few_tasks_are_taken_ahead_of_the_results() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(50):
            taken += 1
            yield number

    with Workers(squared, 2) as workers:
        for done, _ in enumerate(workers.results(tasks()), 1):
            assert taken <= done + 2 * 3 + 1
    assert taken == 50


@pytest.mark.parametrize("work", [dies_once, dies_in_its_answer])
def test_what_a_process_had_that_died_is_done_again(
    work: Callable[[Path, int], int], tmp_path: Path
) -> None:
    with Workers(partial(work, tmp_path), 2) as workers:
        assert [result for _, result in workers.results(range(12))] == list(range(12))
    assert (tmp_path / "died").exists()


def test_a_task_that_kills_each_process_ends_the_run() -> None:
    with Workers(dies, 1) as workers:
        results = workers.results(range(4))
        assert [next(results)[1], next(results)[1]] == [0, 1]
        with pytest.raises(BulkError, match="4 times a process died"):
            next(results)


def test_what_a_task_raises_is_raised_in_its_turn() -> None:
    with Workers(fails, 2) as workers:
        results = workers.results(range(4))
        assert [next(results)[1], next(results)[1]] == [0, 1]
        with pytest.raises(BulkError, match="the third is bad"):
            next(results)


def test_what_giving_tasks_raises_comes_after_the_results() -> None:
    def tasks() -> Iterator[int]:
        yield 1
        raise BulkError("no more can be read")

    with Workers(squared, 1) as workers:
        results = workers.results(tasks())
        assert next(results) == (1, 1)
        with pytest.raises(BulkError, match="no more can be read"):
            next(results)


@pytest.mark.parametrize("work", [squared, fails])
def test_nothing_of_it_is_at_work_afterwards(work: Callable[[int], int]) -> None:
    before = set(threading.enumerate())
    with suppress(BulkError), Workers(work, 2) as workers:
        for _ in workers.results(range(9)):
            pass
    assert not multiprocessing.active_children()
    wait_for(lambda: set(threading.enumerate()) <= before, seconds=10)


def test_processes_end_with_the_one_that_started_them() -> None:
    program = (
        "import time\n"
        "from app.bulk.workers import Workers\n"
        "from tests.app.bulk.test_workers import squared\n"
        "if __name__ == '__main__':\n"
        "    with Workers(squared, 2) as workers:\n"
        "        print(len(list(workers.results(range(9)))), flush=True)\n"
        "        time.sleep(300)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"9\n"
            workers = workers_of(process.pid)
            assert workers
        finally:
            process.kill()
    wait_for(lambda: not any(map(is_alive, workers)), 120)
