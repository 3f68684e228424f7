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
import gc
import json
import random
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import (
    CLIENT_CORES,
    QUESTIONS,
    Caller,
    Client,
    Load,
    Service,
    percentile,
    pinned_service,
)
from benchmarks.measures import needs_linux, pin

SWEEP = (1, 2, 4, 8, 16, 32, 64)
# Connections that the open loop may have at a time; the service allows 2,000.
MOST = 1_900


@dataclass
class Outcome(Load):
    """What became of a load and of the service that bore it."""

    megabytes: float = 0.0
    recovery: float | None = None

    def figures(self) -> dict[str, Any]:
        """For the file."""
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


class Crowd(Client):
    """Asks the service without a care for what it can bear."""

    async def open_loop(self, load: Load, rate: float, seconds: float) -> None:
        """
        So many questions a second, at random times, whatever becomes of them.

        A latency counts from the time at which the question was due; connections are open before,
        as those of a proxy are.
        """
        loop = asyncio.get_running_loop()
        self._idle += [await self.caller() for _ in range(MOST)]
        ended = asyncio.Event()
        since = due = loop.time()
        busy = 0

        def ask(due: float, caller: Caller) -> None:
            nonlocal busy
            busy += 1
            load.connections = max(load.connections, busy)

            def answered(status: str) -> None:
                nonlocal busy
                busy -= 1
                load.note(status, (loop.time() - due) * 1e3)
                self.release(caller)
                if not busy:
                    ended.set()

            caller.ask(self.question(), answered)

        while due < since + seconds:
            # No task for a question, nor a timer for each: this client has one core, too.
            await asyncio.sleep(max(0.0, due - loop.time()))
            now = loop.time()
            while due <= now:
                if busy < MOST:
                    ask(due, await self.caller())
                else:
                    load.note("not asked", 0.0)
                due += random.expovariate(rate)
        ended.clear()
        if busy:
            await ended.wait()
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
    needs_linux()
    pin(CLIENT_CORES)
    gc.disable()  # the client would stop for tens of milliseconds, and count them as the service's
    with pinned_service("app", {"SLOTLINE_MODEL_DIR": str(options.bundles)}) as service:
        loads = asyncio.run(_measure(service, options.seconds, options.rounds))
    _print(loads)
    if options.json:
        options.json.write_text(json.dumps([load.figures() for load in loads], indent=2) + "\n")


async def _measure(service: Service, seconds: float, rounds: int) -> list[Outcome]:
    client = Crowd(service.port, QUESTIONS)
    await client.closed_loop(Load("warm-up"), 4, 0.5)
    loads: list[Outcome] = []
    for connections in SWEEP:
        load = Outcome("closed loop")
        await client.closed_loop(load, connections, seconds / 2)
        load.megabytes = service.megabytes
        loads.append(load)
    usual = statistics.median(loads[0].accepted)
    loads[-1].name = "saturated"
    for _ in range(rounds):
        many = Outcome("ten times the connections")
        fast = Outcome("open loop, three times the rate")
        await client.closed_loop(many, 10 * SWEEP[-1], seconds)
        many.megabytes = service.megabytes
        many.recovery = await client.recovery(usual)
        await client.open_loop(fast, 3 * loads[len(SWEEP) - 1].rate, seconds)
        fast.megabytes = service.megabytes
        fast.recovery = await client.recovery(usual)
        loads += [many, fast]
    client.hang_up()
    return loads


def _percentiles(values: list[float]) -> dict[str, float | None]:
    return {f"p{percent}_ms": percentile(values, percent) for percent in (50, 99)}


def _print(loads: list[Outcome]) -> None:
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
