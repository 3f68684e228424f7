"""
What the service does when more is asked of it than it can answer.

    python -m benchmarks.overload [--bundles models] [--seconds 3] [--json FILE]

Starts it and asks with more and more connections, up to those of which its queue refuses none;
then with ten times as many, each asking again as soon as it has an answer, however it is; and
then in an open loop at three times the answers a second that it could give, where nobody waits
for anybody. After each it sees when one who asks alone is answered as quickly as before.
Everything stays on this machine; server and client have a core of their own where there are two.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SENTENCES = (
    "show me the cheapest flights from boston to denver on monday morning",
    "which airlines fly nonstop from new york to san francisco next friday",
    "i would like to arrive in taipei on the second of november before noon",
    "is there a train from london to edinburgh that leaves after seven in the evening",
    "two seats to chicago tomorrow please",
    "what is the earliest flight on sunday from dallas to seattle with a meal",
)
SWEEP = (1, 2, 4, 8, 16, 32, 64)
# Connections that the open loop may have at a time; the service allows 2,000.
MOST = 1_900


@dataclass
class Load:
    """What became of the requests of one load; latencies are milliseconds."""

    name: str
    connections: int = 0
    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    recovery: float | None = None

    def note(self, status: str, milliseconds: float) -> None:
        self.statuses[status] += 1
        if status == "200":
            self.accepted.append(milliseconds)
        else:
            self.refused.append(milliseconds)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.accepted) / self.seconds

    def figures(self) -> dict[str, Any]:
        return {
            "load": self.name,
            "connections": self.connections,
            "seconds": self.seconds,
            "statuses": self.statuses,
            "accepted": _percentiles(self.accepted),
            "refused": _percentiles(self.refused),
            "megabytes": self.megabytes,
            "recovery_seconds": self.recovery,
        }


class Caller(asyncio.Protocol):
    """A connection that asks one thing at a time."""

    def __init__(self) -> None:
        self._heard = b""
        self._done: Callable[[str], None] = lambda _: None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport), "TCP has two ways"
        self.transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self.transport = None
        done, self._done = self._done, lambda _: None
        done("lost")

    def ask(self, done: Callable[[str], None]) -> None:
        """Send a question; done: called with the status, or with `lost`."""
        self._heard, self._done = b"", done
        if self.transport is None:
            done("lost")
            return
        body = json.dumps({"text": random.choice(SENTENCES)}).encode()
        self.transport.write(
            b"POST /slots HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(body), body)
        )

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, blank, body = self._heard.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        if blank and length and len(body) >= int(length[1]):
            done, self._done = self._done, lambda _: None
            done(head[9:12].decode())


class Client:
    """Asks the service at a port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Caller] = []

    async def caller(self) -> Caller:
        """A connection that is free, or a new one."""
        while self._idle:
            caller = self._idle.pop()
            if caller.transport is not None:
                return caller
        loop = asyncio.get_running_loop()
        _, caller = await loop.create_connection(Caller, "127.0.0.1", self._port)
        return caller

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

            caller.ask(answered)

        for caller in callers:
            ask(caller)
        await ended.wait()
        load.seconds += loop.time() - since
        self._idle += callers

    async def open_loop(self, load: Load, rate: float, seconds: float) -> None:
        """
        So many questions a second, at random times, whatever becomes of them.

        A latency counts from the time at which the question was due.
        """
        loop = asyncio.get_running_loop()
        since = due = loop.time()
        busy = 0

        async def ask(due: float) -> None:
            nonlocal busy
            busy += 1
            load.connections = max(load.connections, busy)
            answered: asyncio.Future[str] = loop.create_future()
            try:
                caller = await self.caller()
                caller.ask(answered.set_result)
                status = await answered
                self._idle.append(caller)
            except OSError:
                status = "lost"
            busy -= 1
            load.note(status, (loop.time() - due) * 1e3)

        asked = set()
        while due < since + seconds:
            due += random.expovariate(rate)
            await asyncio.sleep(max(0.0, due - loop.time()))
            if busy >= MOST:
                load.note("not asked", 0.0)
                continue
            asked.add(asyncio.ensure_future(ask(due)))
        await asyncio.gather(*asked)
        load.seconds += loop.time() - since

    async def recovery(self, usual: float) -> float | None:
        """Seconds until ten answers in turn are as quick as usual, in their median."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while loop.time() < since + 5:
            began = loop.time()
            probe = Load("probe")
            await self.closed_loop(probe, 1, 0.001)
            for _ in range(9):
                await self.closed_loop(probe, 1, 0.001)
            if len(probe.accepted) >= 10 and statistics.median(probe.accepted) <= 1.5 * usual:
                return began - since
        return None

    def hang_up(self) -> None:
        """Close what is open."""
        for caller in self._idle:
            if caller.transport is not None:
                caller.transport.close()
        self._idle.clear()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--seconds", type=float, default=3.0, help="of each load")
    parser.add_argument("--rounds", type=int, default=1, help="of the two loads that are too much")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "SLOTLINE_BUNDLES": str(options.bundles)}
    process = subprocess.Popen(
        [sys.executable, "-m", "app"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        os.sched_setaffinity(process.pid, cores[:1])
        os.sched_setaffinity(0, cores[1:2] or cores)
        _await_service(process, port)
        loads = asyncio.run(_measure(process.pid, port, options.seconds, options.rounds))
    finally:
        process.terminate()
        process.wait()
    _print(loads)
    if options.json:
        options.json.write_text(json.dumps([load.figures() for load in loads], indent=2) + "\n")


def _await_service(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("the service did not start: python -m app says why")


async def _measure(server: int, port: int, seconds: float, rounds: int) -> list[Load]:
    client = Client(port)
    await client.closed_loop(Load("warm-up"), 4, 0.5)
    loads: list[Load] = []
    for connections in SWEEP:
        load = Load("closed loop")
        await client.closed_loop(load, connections, seconds / 2)
        load.megabytes = _megabytes(server)
        loads.append(load)
    usual = statistics.median(loads[0].accepted)
    loads[-1].name = "saturated"
    for _ in range(rounds):
        many, fast = Load("ten times the connections"), Load("open loop, three times the rate")
        await client.closed_loop(many, 10 * SWEEP[-1], seconds)
        many.megabytes = _megabytes(server)
        many.recovery = await client.recovery(usual)
        await client.open_loop(fast, 3 * loads[len(SWEEP) - 1].rate, seconds)
        fast.megabytes = _megabytes(server)
        fast.recovery = await client.recovery(usual)
        loads += [many, fast]
    client.hang_up()
    return loads


def _megabytes(process: int) -> float:
    """Its resident memory."""
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert resident is not None, "Linux tells a process's memory"
    return int(resident[1]) / 1000


def _percentiles(values: list[float]) -> dict[str, float | None]:
    return {f"p{percent}_ms": percentile(values, percent) for percent in (50, 99)}


def percentile(values: list[float], percent: int) -> float | None:
    """The value that so many of a hundred do not exceed."""
    if not values:
        return None
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _print(loads: list[Load]) -> None:
    [saturated] = [load for load in loads if load.name == "saturated"]
    usual = percentile(saturated.accepted, 99) or 0.0
    print(
        f"{'load':32} {'lines':>5} {'answers/s':>9} {'refused/s':>9} {'p50 ms':>7} {'p99 ms':>7} "
        f"{'x':>5} {'no p99':>7} {'MB':>5} {'back s':>6}  other"
    )
    for load in loads:
        p50, p99 = percentile(load.accepted, 50) or 0.0, percentile(load.accepted, 99) or 0.0
        refused = percentile(load.refused, 99)
        others = {
            name: count for name, count in load.statuses.items() if name not in ("200", "429")
        }
        print(
            f"{load.name:32} {load.connections:5} {load.rate:9.0f} "
            f"{load.statuses['429'] / load.seconds:9.0f} {p50:7.1f} {p99:7.1f} {p99 / usual:5.2f} "
            f"{'' if refused is None else f'{refused:.0f}':>7} {load.megabytes:5.0f} "
            f"{'' if load.recovery is None else f'{load.recovery:.2f}':>6}  {others or ''}"
        )


if __name__ == "__main__":
    main()
