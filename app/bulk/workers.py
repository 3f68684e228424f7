"""Worker processes that tag pieces, in order; a task of a process that dies is done again."""

import multiprocessing
import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from app.bulk.errors import BulkError

Task = TypeVar("Task")
Result = TypeVar("Result")

# Processes that may die of a piece; then it is taken to be why they die.
_ATTEMPTS = 4
# Pieces for each process, waiting, at work, or done while one before them is not.
_AHEAD = 3
# Spawned, not forked: onnxruntime's threads do not survive a fork.
_SPAWN = multiprocessing.get_context("spawn")


class Workers(Generic[Task, Result]):
    """
    Runs `work` on tasks in several processes; a context manager.

    If a process dies, for example because the kernel kills it for its memory, another one does its
    task again.
    """

    # Each process has a thread and a pipe of its own. Those of concurrent.futures share a pipe: one
    # that dies while half of a result is in it leaves the other half to be waited for without end.

    def __init__(self, work: Callable[[Task], Result], processes: int) -> None:
        self._processes = [_Process(work) for _ in range(processes)]
        self._idle: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        for process in self._processes:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(processes)
        self._window = threading.Semaphore(_AHEAD * processes)
        self._submitted: queue.SimpleQueue[tuple[Task, Future[Result]] | BaseException | None]
        self._submitted = queue.SimpleQueue()
        self._lock = threading.Lock()  # of starting and of ending processes
        self._closed = False

    def __enter__(self) -> "Workers[Task, Result]":
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        with self._lock:
            self._closed = True
            if error is not None:  # what they are at is of no use to anyone
                for process in self._processes:
                    process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.close()
        self._window.release()  # the thread that takes tasks may wait for it

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """
        Each task with its result, in the order of the tasks.

        A thread takes tasks a bounded number ahead, so that a slow input delays no result. Raises
        what `work` raises, and BulkError if processes die again and again.
        """
        threading.Thread(target=self._submit_all, args=(tasks,), daemon=True).start()
        while (submitted := self._submitted.get()) is not None:
            if isinstance(submitted, BaseException):
                raise submitted
            task, future = submitted
            result = future.result()
            self._window.release()
            yield task, result

    def _submit_all(self, tasks: Iterable[Task]) -> None:
        try:
            for task in tasks:
                self._window.acquire()
                if self._closed:
                    return
                self._submitted.put((task, self._threads.submit(self._do, task)))
        except BaseException as error:
            self._submitted.put(error)
        else:
            self._submitted.put(None)

    def _do(self, task: Task) -> Result:
        process = self._idle.get()
        try:
            for _ in range(_ATTEMPTS):
                try:
                    result: Result = process.do(task)
                except _DiedError:
                    with self._lock:
                        if self._closed:
                            raise
                        process.restart()
                else:
                    return result
        finally:
            self._idle.put(process)
        raise BulkError(
            f"{_ATTEMPTS} times a process died while it tagged the same rows; it may lack memory: "
            "try fewer --workers"
        )


class _DiedError(Exception):
    """The worker process has died."""


class _Process:
    """A worker process, which does one task at a time and can be restarted."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._start()

    def _start(self) -> None:
        self._connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(self._work, theirs))
        self._process.start()
        theirs.close()

    def do(self, task: object) -> Any:
        """Do a task; raises what the work raises, and _DiedError."""
        try:
            self._connection.send(task)
            succeeded, answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise _DiedError from error
        if succeeded:
            return answer
        raise answer

    def restart(self) -> None:
        self.kill()
        self.close()
        self._start()

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """Let the process end, and wait for it."""
        self._connection.close()
        self._process.join()


def _serve(work: Callable[[Any], Any], connection: Connection) -> None:
    """Do tasks until the connection closes; the process also ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        try:
            answer = True, work(task)
        except Exception as error:  # it is raised where the result is waited for
            error.add_note(traceback.format_exc())
            answer = False, error
        connection.send(answer)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
