"""Several processes that serve on one port, and the supervisor that keeps them."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.address import address_error, bind, url_of
from app.server.fair_share import ConnectionTable
from app.server.signals import install_reload_handler, sighup_means_reload
from app.settings import Settings

if TYPE_CHECKING:
    from app.observability.worker_deaths import WorkerDeathCounters

# With which `serve` is a worker. The file descriptors of the listeners follow, with commas between
# them, those of the pipe to its supervisor and of the memory where connections are noted,
# and its number among the workers.
WORKER = "--worker"
READY = b"ready"
HEARTBEAT = b"heartbeat"
RELOADED = b"reloaded"
# Seconds without a message after which a worker hangs, and those until a start is tried again.
_HEARTBEAT_TIMEOUT = 30.0
_PAUSE = 1.0
# Seconds beyond the grace that a worker has to end by itself.
_MERCY = 2.0
# Connections that wait to be accepted.
_BACKLOG = 2048
# In memory, and there in containers that can write nowhere else.
_SHARED_MEMORY = Path("/dev/shm")

logger = logging.getLogger(__name__)

Listeners = Sequence[socket.socket]


class WorkerError(Exception):
    """The workers cannot serve; the message says why."""


class ControlPipe:
    """A worker's pipe to its supervisor; it breaks when the supervisor dies."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """So that a loop can wait for the pipe to break: nothing is ever sent to a worker."""
        return self._socket.fileno()

    def send(self, message: bytes) -> None:
        """Send a message to the supervisor, unless it does not listen."""
        with contextlib.suppress(OSError):
            self._socket.send(message + b"\n")


class Supervisor:
    """
    Starts the workers and replaces each that dies, until it is asked to stop.

    All workers accept connections from the same sockets, which outlive them: connections that a
    worker has not accepted when it dies go to the others.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = False
        self._reloads = 0
        self._lost: WorkerDeathCounters | None = None
        self._ready: set[Process] = set()
        self._workers: dict[Process, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def run(self) -> None:
        """
        Keep the workers.

        Raises WorkerError where the first does not start, AddressError where the port cannot
        be had.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        if sighup_means_reload():
            install_reload_handler(loop, self._reload)
        with self._listening() as listeners, self._counting(), self._noting_connections():
            try:
                first = await self._start(listeners, 0)
            except WorkerError:
                if self._stopping:
                    return
                raise
            keeping = [
                asyncio.ensure_future(self._keep(listeners, number, None if number else first))
                for number in range(self._settings.workers)
            ]
            logger.info("%d workers running on %s", len(keeping), url_of(listeners[0]))
            await asyncio.wait(keeping)

    @contextlib.contextmanager
    def _listening(self) -> Iterator[Listeners]:
        """Sockets that listen, which the workers share; raises AddressError."""
        host, port = self._settings.host, self._settings.port
        with contextlib.ExitStack() as stack:
            listeners = [stack.enter_context(listener) for listener in bind(host, port)]
            try:
                for listener in listeners:
                    listener.listen(_BACKLOG)
            except OSError as error:
                raise address_error(host, port, error) from error
            yield listeners

    @contextlib.contextmanager
    def _counting(self) -> Iterator[None]:
        """Have a place, while the workers serve, where they count together."""
        if self._settings.metrics_access == "off":
            yield
            return
        from app.observability.worker_deaths import WorkerDeathCounters

        parent = _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None
        try:
            folder = tempfile.TemporaryDirectory(prefix="slotline-", dir=parent)
        except OSError as error:
            raise WorkerError(
                "cannot create the folder for the metrics of several workers "
                f"({error.strerror}): make /tmp writable, or set SLOTLINE_METRICS_ACCESS=off"
            ) from error
        with folder as name:
            self._lost = WorkerDeathCounters(Path(name), self._settings.workers)
            yield

    @contextlib.contextmanager
    def _noting_connections(self) -> Iterator[None]:
        """Have memory, while the workers serve, where they note how many connections each has."""
        try:
            self._memory = ConnectionTable.create(self._settings.workers)
        except OSError as error:
            raise WorkerError(
                "several workers share memory, and none can be had "
                f"({error.strerror}): make /tmp writable, or set SLOTLINE_WORKERS=1"
            ) from error
        try:
            self._connections = ConnectionTable(self._memory, self._settings.workers)
            yield
        finally:
            os.close(self._memory)

    def _stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            late = self._settings.shutdown_timeout + _MERCY
            asyncio.get_running_loop().call_later(late, self._signal, signal.SIGKILL)
        self._signal(signal.SIGTERM)

    def _reload(self, but: Process | None = None) -> None:
        """Have the workers read their bundles again, `but` the one that has done so."""
        self._reloads += 1
        for process in self._ready - {but}:
            _signal(process, signal.SIGHUP)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._workers:
            _signal(process, number)

    async def _keep(self, listeners: Listeners, number: int, worker: Process | None) -> None:
        while not self._stopping:
            try:
                worker = worker or await self._start(listeners, number)
            except WorkerError as error:
                if self._stopping:  # which it was told before it was ready
                    return
                self._held_by(number)
                logger.error("a worker failed to start and is started again: %s", error)
                await asyncio.sleep(_PAUSE)
                continue
            status = await self._end(worker)
            if not self._stopping:
                logger.error(
                    "worker %d exited with status %d%s and is replaced",
                    *(worker.pid, status, self._held_by(number)),
                )
            worker = None

    def _held_by(self, number: int) -> str:
        """Count a worker as dead; gives words about the requests that it held, if that is known."""
        self._connections.end(number)
        held = self._lost.died(number) if self._lost else 0
        return f" and held {held} requests" if held else ""

    async def _start(self, listeners: Listeners, number: int) -> Process:
        reloads = self._reloads
        ours, theirs = socket.socketpair()
        with theirs:
            descriptors = [listener.fileno() for listener in listeners]
            shared = ",".join(map(str, descriptors))
            process = await asyncio.create_subprocess_exec(
                *_python(),
                *("serve", WORKER, shared, str(theirs.fileno()), str(self._memory), str(number)),
                pass_fds=[*descriptors, theirs.fileno(), self._memory],
            )
        self._workers[process] = words, _ = await asyncio.open_connection(sock=ours)
        if self._stopping:
            process.terminate()
        said = (await words.readline()).strip()
        if said != READY:
            status = await self._end(process)
            raise WorkerError(said.decode(errors="replace") or f"it ended with status {status}")
        self._ready.add(process)
        if reloads != self._reloads:  # while it read its bundles
            _signal(process, signal.SIGHUP)
        # What it has read may be newer than what the others have.
        self._reload(but=process)
        return process

    async def _end(self, process: Process) -> int:
        """The status with which it ends, by itself or because it hangs."""
        words, pipe = self._workers[process]
        try:
            while word := await asyncio.wait_for(words.readline(), _HEARTBEAT_TIMEOUT):
                if word.strip() == RELOADED:
                    self._reload(but=process)
        except TimeoutError:
            logger.error("worker %d hangs: killed", process.pid)
            process.kill()
        self._ready.discard(process)
        status = await process.wait()
        del self._workers[process]
        pipe.close()
        return status


def _python() -> list[str]:
    """
    The Python of a worker, which looks for modules where this process does.

    A script does not look into the current folder, where another program's `app` may be; `-m` does.
    """
    in_current_folder = sys.path[0] in ("", str(Path.cwd()))
    return [sys.executable, *([] if in_current_folder else ["-P"]), "-m", "app"]


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
