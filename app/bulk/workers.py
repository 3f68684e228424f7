"""Processes that tag pieces: one for each core, in order, and again where one of them dies."""

import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Generic, TypeVar

from app.bulk.errors import BulkError

Task = TypeVar("Task")
Result = TypeVar("Result")

# Times that a piece may be at work when a process dies; then it is taken to be why it dies.
_ATTEMPTS = 4
# Pieces for each process, waiting, at work, or done while one before them is not.
_AHEAD = 3


@dataclass(slots=True)
class _Pending(Generic[Task, Result]):
    task: Task
    future: Future[Result]
    attempts: int = 1


class Workers(Generic[Task, Result]):
    """
    Runs `work` on tasks in so many processes; a context manager.

    When a process dies, as by the kernel for want of memory, all are started again and what they
    had not finished is done again.
    """

    def __init__(self, work: Callable[[Task], Result], processes: int) -> None:
        self._work = work
        self._processes = processes
        self._executor = self._start()
        self._lock = threading.Lock()
        self._window = threading.Semaphore(_AHEAD * processes)
        self._submitted: queue.SimpleQueue[_Pending[Task, Result] | BaseException | None]
        self._submitted = queue.SimpleQueue()

    def __enter__(self) -> "Workers[Task, Result]":
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """
        Each task with its result, in the order of the tasks.

        Tasks are taken in a thread, a bounded number ahead, so that a slow pipe holds back no
        result. Raises what `work` raises, and BulkError where processes die again and again.
        """
        threading.Thread(target=self._submit_all, args=(tasks,), daemon=True).start()
        pending: deque[_Pending[Task, Result]] = deque()
        while pending or self._take(pending, block=True):
            head = pending[0]
            try:
                result = head.future.result()
            except BrokenProcessPool:
                while self._take(pending, block=False):
                    pass
                self._restart(pending)
                continue
            pending.popleft()
            self._window.release()
            yield head.task, result

    def _start(self) -> ProcessPoolExecutor:
        # Spawned, not forked: onnxruntime's threads do not survive a fork.
        return ProcessPoolExecutor(
            self._processes, multiprocessing.get_context("spawn"), initializer=_begin
        )

    def _submit_all(self, tasks: Iterable[Task]) -> None:
        try:
            for task in tasks:
                self._window.acquire()
                self._submitted.put(_Pending(task, self._submit(task)))
        except BaseException as error:
            self._submitted.put(error)
        else:
            self._submitted.put(None)

    def _submit(self, task: Task) -> Future[Result]:
        with self._lock:
            try:
                return self._executor.submit(self._work, task)
            except BrokenProcessPool as error:
                broken: Future[Result] = Future()
                broken.set_exception(error)
                return broken

    def _take(self, pending: deque[_Pending[Task, Result]], *, block: bool) -> bool:
        """Move one that was submitted; tells whether there was one. Raises what taking raised."""
        try:
            item = self._submitted.get(block=block)
        except queue.Empty:
            return False
        if isinstance(item, _Pending):
            pending.append(item)
            return True
        self._submitted.put(item)  # for whoever asks next: there is nothing behind it
        if item is not None and not pending:
            raise item
        return False

    def _restart(self, pending: Iterable[_Pending[Task, Result]]) -> None:
        with self._lock:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = self._start()
        for job in pending:
            future = job.future
            if future.cancelled() or isinstance(future.exception(), BrokenProcessPool):
                if job.attempts == _ATTEMPTS:
                    raise BulkError(
                        f"{_ATTEMPTS} times a process died while it tagged the same rows; it may "
                        "lack memory: try fewer --workers"
                    )
                job.attempts += 1
                job.future = self._submit(job.task)


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it, even where it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
