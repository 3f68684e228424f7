"""What a worker writes down where its death does not reach: memory shared with the supervisor."""

import mmap
import os
from pathlib import Path

# The variable by which prometheus_client knows where processes count together.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Of a worker its process, and the requests that it holds.
_COLUMNS = 2
_NAME = "workers"


class WorkerTable:
    """
    A row for each worker, by its number; a worker writes its own, the supervisor releases it.

    `in_flight[0]` counts the requests that the worker of this row holds. It costs what an item of a
    list costs, and outlives a SIGKILL.
    """

    def __init__(self, folder: Path, workers: int) -> None:
        size = workers * _COLUMNS * 8
        descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < size:
                os.ftruncate(descriptor, size)
            self._rows = memoryview(mmap.mmap(descriptor, size)).cast("q")
        finally:
            os.close(descriptor)

    def register(self, worker: int) -> memoryview:
        """Be the worker of this number; gives its `in_flight`."""
        row = self._rows[worker * _COLUMNS : (worker + 1) * _COLUMNS]
        row[0], row[1] = os.getpid(), 0
        return row[1:]

    def release(self, worker: int) -> int:
        """The worker is dead: how many requests it held."""
        at = worker * _COLUMNS
        in_flight, self._rows[at], self._rows[at + 1] = self._rows[at + 1], 0, 0
        return in_flight

    @property
    def processes(self) -> list[int]:
        """Of the workers that are alive."""
        return [process for process in self._rows[::_COLUMNS].tolist() if process]
