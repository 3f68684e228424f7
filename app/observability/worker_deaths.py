"""What the supervisor of several workers counts, without all that a worker loads to serve."""

import os
from pathlib import Path

from prometheus_client import Counter, values
from prometheus_client.multiprocess import mark_process_dead

from app.observability.shared_gauges import FOLDER, WorkerTable


class WorkerDeathCounters:
    """What the supervisor of several workers counts: their deaths, and what was lost with them."""

    def __init__(self, folder: Path, workers: int) -> None:
        os.environ[FOLDER] = str(folder)  # for the workers too
        set_process_id("supervisor")
        self._folder = folder
        self._table = WorkerTable(folder, workers)
        self._deaths = Counter(
            "slotline_worker_restarts", "Workers that were replaced.", registry=None
        )
        self._requests = Counter(
            "slotline_requests_lost",
            "Requests in flight on workers that died; no other metric counts them.",
            registry=None,
        )

    def died(self, worker: int) -> int:
        """Count a worker as dead; gives the requests that it held."""
        mark_process_dead(worker, self._folder)  # type: ignore[no-untyped-call]
        held = self._table.release(worker)
        self._requests.inc(held)
        self._deaths.inc()
        return held


def set_process_id(name: int | str) -> None:
    """
    Write counts to files under this name, and not under the process's number.

    Else each worker that takes the place of another would leave files behind, and no end of them
    where workers die again and again. prometheus_client has no setting for it.
    """
    values.ValueClass = values.MultiProcessValue(lambda: name)  # type: ignore[no-untyped-call]
