"""What benchmarks of HTTP share: processes that serve on a core of their own, and who asks them."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measures import cores, pin, resident_megabytes

SENTENCES = (
    "show me the cheapest flights from boston to denver on monday morning",
    "which airlines fly nonstop from new york to san francisco next friday",
    "i would like to arrive in taipei on the second of november before noon",
    "is there a train from london to edinburgh that leaves after seven in the evening",
    "two seats to chicago tomorrow please",
    "what is the earliest flight on sunday from dallas to seattle with a meal",
)
# Of those that serve, and of those that ask, where there are two.
SERVER_CORES, CLIENT_CORES = (
    (found[:1], found[1:2]) if len(found := cores()) > 1 else (found, found)
)
_TICKS = os.sysconf("SC_CLK_TCK")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)  # nginx writes capitals


@dataclass(frozen=True, slots=True)
class Service:
    """A process that serves at a port of this machine."""

    process: int
    port: int

    @property
    def cpu_seconds(self) -> float:
        """The processor's time that it has taken, in itself and in the system."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def megabytes(self) -> float:
        """Its resident memory."""
        return resident_megabytes(self.process)


@contextmanager
def pinned_service(
    module: str, environment: Mapping[str, str], on: Sequence[int] = SERVER_CORES
) -> Iterator[Service]:
    """
    Start `python -m module` at a free port, on these cores.

    What it logs goes nowhere: benchmarks.harness.service reads it, which would take time of whoever
    measures.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        env={**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(port)},
        stdout=subprocess.DEVNULL,  # the access log
        stderr=subprocess.DEVNULL,
    )
    try:
        pin(on, process.pid)
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    sys.exit(f"it did not start: python -m {module} says why")
                time.sleep(0.05)
        yield Service(process.pid, port)
    finally:
        process.terminate()
        process.wait()


def request(path: str, question: Mapping[str, object]) -> bytes:
    """A POST as it goes over the wire."""
    body = json.dumps(question).encode()
    return (
        b"POST %s HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n%s" % (path.encode(), len(body), body)
    )


# What the service is asked, one sentence at a time.
QUESTIONS = [request("/slots", {"text": sentence}) for sentence in SENTENCES]


@dataclass
class Load:
    """What became of the requests of one load; latencies are milliseconds."""

    name: str
    connections: int = 0
    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def note(self, status: str, milliseconds: float) -> None:
        """Count an answer."""
        self.statuses[status] += 1
        if status == "200":
            self.accepted.append(milliseconds)
        else:
            self.refused.append(milliseconds)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.accepted) / self.seconds


class Caller(asyncio.Protocol):
    """A connection that asks one thing at a time; `answer` is the body of the last answer."""

    def __init__(self) -> None:
        self.answer = b""
        self._heard = b""
        self._done: Callable[[str], None] = lambda _: None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport), "TCP has two ways"
        self.transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        """Tell whoever waits."""
        self.transport = None
        done, self._done = self._done, lambda _: None
        done("lost")

    def ask(self, question: bytes, done: Callable[[str], None]) -> None:
        """Send a request; done: called with the status, or with `lost`."""
        self._heard, self._done = b"", done
        if self.transport is None:
            done("lost")
            return
        self.transport.write(question)

    def data_received(self, data: bytes) -> None:
        """Hear a part of the answer."""
        self._heard += data
        head, blank, body = self._heard.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if blank and length and len(body) >= int(length[1]):
            self.answer = body
            done, self._done = self._done, lambda _: None
            done(head[9:12].decode())


class Client:
    """Asks the service at a port, one request after the other in their turn."""

    def __init__(self, port: int, questions: Sequence[bytes]) -> None:
        self._port = port
        self._questions = questions
        self._asked = 0
        self._idle: list[Caller] = []

    def question(self) -> bytes:
        """The next one."""
        self._asked += 1
        return self._questions[self._asked % len(self._questions)]

    async def caller(self) -> Caller:
        """A connection that is free, or a new one."""
        while self._idle:
            caller = self._idle.pop()
            if caller.transport is not None:
                return caller
        loop = asyncio.get_running_loop()
        _, caller = await loop.create_connection(Caller, "127.0.0.1", self._port)
        return caller

    def release(self, caller: Caller) -> None:
        """Let others have a connection."""
        self._idle.append(caller)

    async def answer(self) -> bytes:
        """The body of one answer."""
        status: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        caller = await self.caller()
        caller.ask(self.question(), status.set_result)
        if await status != "200":
            sys.exit(f"the service answered {status.result()}: {caller.answer.decode()}")
        self.release(caller)
        return caller.answer

    async def closed_loop(self, load: Load, connections: int, seconds: float) -> None:
        """So many callers, each of whom asks again when it has an answer."""
        loop = asyncio.get_running_loop()
        callers = [await self.caller() for _ in range(connections)]
        load.connections = connections
        since = loop.time()
        until = since + seconds
        ended = asyncio.Event()
        left = connections

        def ask(caller: Caller) -> None:
            nonlocal left
            began = loop.time()
            if began >= until or caller.transport is None:
                left -= 1
                if not left:
                    ended.set()
                return

            def answered(status: str) -> None:
                load.note(status, (loop.time() - began) * 1e3)
                ask(caller)

            caller.ask(self.question(), answered)

        for caller in callers:
            ask(caller)
        await ended.wait()
        load.seconds += loop.time() - since
        self._idle += callers

    def hang_up(self) -> None:
        """Close what is open."""
        for caller in self._idle:
            if caller.transport is not None:
                caller.transport.close()
        self._idle.clear()


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The value that so many of a hundred do not exceed."""
    if not values:
        return None
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
