"""Accepts the connections that wait at the sockets of the service."""

import asyncio
import logging
import select
import socket
from collections.abc import Callable, Sequence, Sized

from app.server.fair_share import FairShare

# What is accepted before the loop does something else.
_TURN = 64
# Seconds until a worker that lets others accept looks again.
_YIELD = 0.002
# Seconds until it tries again where the system has no file, or no memory, for another connection.
_BACKOFF = 0.5

logger = logging.getLogger("app")


class Acceptor:
    """
    Accepts connections and gives each a protocol, until it is closed.

    asyncio's own servers accept all connections that wait in one go. Then the first of several
    workers to wake would take all that arrive together. And where no file is left for another
    connection, asyncio would try, and log, once for each place in the backlog.
    """

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        protocol: Callable[[], asyncio.Protocol],
        connections: Sized,
        share: FairShare | None = None,
    ) -> None:
        """connections: all that the process has; share: what it may accept of them, if not all."""
        self._listeners = listeners
        self._protocol = protocol
        self._connections = connections
        self._share = share
        self._loop = asyncio.get_running_loop()
        # Accepted, and without a protocol yet.
        self._pending: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        for listener in listeners:
            listener.setblocking(False)
        self._begin()
        if share:
            share.begin()

    def close(self) -> None:
        """Accept no more."""
        if self._share:
            self._share.end()
        if self._timer:
            self._timer.cancel()
        self._end()

    def note_connections(self) -> None:
        """Let other workers know how many connections there are."""
        if self._share:
            self._share.note(len(self._connections) + len(self._pending))

    def _begin(self) -> None:
        for listener in self._listeners:
            self._loop.add_reader(listener, self._accept, listener)

    def _end(self) -> None:
        for listener in self._listeners:
            self._loop.remove_reader(listener)

    def _accept(self, listener: socket.socket) -> None:
        allowance = _TURN
        if self._share:
            allowance = self._share.allowance(len(self._connections) + len(self._pending))
            if not allowance:
                self._pause(_YIELD)
                return
        for _ in range(allowance):
            try:
                connection, _ = listener.accept()
            except ConnectionAbortedError:  # its client has gone
                continue
            except BlockingIOError:
                if self._share:
                    self._share.forget()
                return
            except OSError as error:  # there is no file left, or no memory
                logger.warning("new connections wait: %s", error.strerror)
                self._pause(_BACKOFF)
                return
            task = self._loop.create_task(self._connect(connection))
            self._pending.add(task)
            task.add_done_callback(self._pending.discard)

    async def _connect(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:  # its client has gone
            connection.close()

    def _pause(self, seconds: float) -> None:
        self._end()
        self._timer = self._loop.call_later(seconds, self._resume)

    def _resume(self) -> None:
        if self._share and not _is_readable(self._listeners):
            self._share.forget()
        self._begin()


def _is_readable(listeners: Sequence[socket.socket]) -> bool:
    """Whether connections wait."""
    asked = select.poll()
    for listener in listeners:
        asked.register(listener, select.POLLIN)
    return bool(asked.poll(0))
