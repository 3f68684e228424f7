"""How several workers that accept from the same sockets share the connections evenly."""

import mmap
import os
import tempfile
import time
from collections.abc import Callable

# Connections that a worker accepts before its loop does something else.
_TURN = 4
# Connections that it may be ahead of another worker before it lets that one accept.
_LEAD = 4
# Seconds after which it accepts one connection although the other has not looked, and seconds after
# which it no longer waits for the other.
_PATIENCE = 0.05
_GIVEN_UP = 0.5
# A row: whether the worker accepts, its connections, and how often it has looked for new ones.
_COLUMNS = 3
_ACCEPTS, _CONNECTIONS, _LOOKS = range(_COLUMNS)


class ConnectionTable:
    """
    A row for each worker, in memory that all of them and their supervisor share.

    Each worker writes its own row; the supervisor ends that of a worker that died.
    """

    def __init__(self, descriptor: int, workers: int) -> None:
        size = workers * _COLUMNS * 8
        cells = memoryview(mmap.mmap(descriptor, size)).cast("q")
        self._rows = [cells[at : at + _COLUMNS] for at in range(0, len(cells), _COLUMNS)]

    @staticmethod
    def create(workers: int) -> int:
        """A file descriptor of such memory, zeroed; raises OSError where there is none."""
        try:
            descriptor = os.memfd_create("slotline-connections")
        except (AttributeError, OSError):  # macOS has none, and a sandbox may forbid it
            with tempfile.TemporaryFile() as file:
                descriptor = os.dup(file.fileno())
        os.ftruncate(descriptor, workers * _COLUMNS * 8)
        return descriptor

    def begin(self, worker: int) -> None:
        """The worker accepts from now on."""
        row = self._rows[worker]
        row[_CONNECTIONS] = 0
        row[_LOOKS] += 1  # another look than that at which its predecessor was given up
        row[_ACCEPTS] = 1

    def end(self, worker: int) -> None:
        """The worker accepts no more."""
        self._rows[worker][_ACCEPTS] = 0

    def note(self, worker: int, connections: int) -> None:
        """How many connections the worker has."""
        self._rows[worker][_CONNECTIONS] = connections

    def look(self, worker: int, connections: int) -> None:
        """The worker looks for new connections, and has so many."""
        self.note(worker, connections)
        self._rows[worker][_LOOKS] += 1

    def others(self, worker: int) -> dict[int, tuple[int, int]]:
        """Of the others that accept, by their number, the connections and the looks."""
        return {
            number: (row[_CONNECTIONS], row[_LOOKS])
            for number, row in enumerate(self._rows)
            if row[_ACCEPTS] and number != worker
        }


class FairShare:
    """
    How many connections one worker may accept, next to the others.

    A worker that is ahead lets the one with the fewest connections accept first. That one has had
    its chance once it has looked at the sockets. A worker that does not look is busy or hangs: the
    others accept one connection at a time for it, and all of them once they have given it up.
    """

    def __init__(
        self, table: ConnectionTable, worker: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._table = table
        self.worker = worker
        self._now = now
        # Those that were given up, with the looks that they had.
        self._given_up: dict[int, int] = {}
        # While it waits: the looks of the others, since when, and when it accepted last.
        self._looks: dict[int, int] = {}
        self._since = self._accepted = 0.0

    def begin(self) -> None:
        """The worker accepts from now on."""
        self._table.begin(self.worker)

    def end(self) -> None:
        """The worker accepts no more."""
        self._table.end(self.worker)

    def note(self, connections: int) -> None:
        """How many connections the worker has."""
        self._table.note(self.worker, connections)

    def allowance(self, connections: int) -> int:
        """How many to accept now that some wait; where it is 0, ask again in a moment."""
        self._table.look(self.worker, connections)
        others = self._table.others(self.worker)
        now = self._now()
        if self._looks and now - self._since > _GIVEN_UP:
            self._given_up |= {
                other: looks
                for other, (_, looks) in others.items()
                if self._looks.get(other) == looks
            }
        able = [
            (held, other)
            for other, (held, looks) in others.items()
            if self._given_up.get(other) != looks
        ]
        if not able or connections <= min(able)[0] + _LEAD:
            self.forget()
            return _TURN
        first = min(able)[1]
        if not self._looks:
            self._looks = {other: looks for other, (_, looks) in others.items()}
            self._since = self._accepted = now
            return 0
        if self._looks.get(first) != others[first][1]:
            self.forget()
            return _TURN
        if now - self._accepted < _PATIENCE:
            return 0
        self._accepted = now
        return 1

    def forget(self) -> None:
        """Nothing waits to be accepted any more, or it is this worker's turn."""
        self._looks = {}
