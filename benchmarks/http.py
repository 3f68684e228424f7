"""
The service against the FastAPI it stands on, asked over HTTP.

    python -m benchmarks.http [--bundles models] [--model atis] [--rounds 7] [--json FILE]

The floor is a FastAPI endpoint of the same schemas under the same server, whose answer is always
the one that the service gave to the first sentence (benchmarks/floor.py). Both run at once and are
asked in turn, so that what else the machine does falls on both. Server and client have a core of
their own where there are two. Rates and latencies are the client's; processor time is what the
system counts for the server's process, and hardly minds a busy machine.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from benchmarks.floor import ANSWER
from benchmarks.load import (
    CLIENT_CORES,
    QUESTIONS,
    SENTENCES,
    Client,
    Load,
    Service,
    percentile,
    request,
    serving,
)
from benchmarks.measures import needs_linux, pin

CONNECTIONS = (1, 16, 64)
TEXTS = 64


@dataclass(frozen=True, slots=True)
class Figures:
    """One candidate in one round at some connections; of a batch, requests are not texts."""

    rate: float
    p50: float
    p99: float
    cpu: float  # microseconds of the server's processor for a request
    client: float  # share of its time that the client was busy


class Candidate:
    """A server that is asked, and what came of it at each number of connections."""

    def __init__(
        self,
        name: str,
        service: Service,
        questions: Sequence[bytes],
        connections: Sequence[int],
    ) -> None:
        self.name = name
        self.connections = connections
        self.rounds: dict[int, list[Figures]] = {}
        self._service = service
        self._client = Client(service.port, questions)

    async def measure(self, connections: int, seconds: float) -> None:
        """One round."""
        await self._client.closed_loop(Load("warm-up"), connections, 0.2)
        load = Load(self.name)
        cpu, client = self._service.cpu_seconds, time.process_time()
        await self._client.closed_loop(load, connections, seconds)
        cpu, client = self._service.cpu_seconds - cpu, time.process_time() - client
        assert not load.refused, f"{self.name} answered {dict(load.statuses)}"
        p50, p99 = percentile(load.accepted, 50), percentile(load.accepted, 99)
        assert p50 is not None, "somebody was answered"
        assert p99 is not None, "somebody was answered"
        figures = Figures(
            load.rate, p50, p99, 1e6 * cpu / len(load.accepted), client / load.seconds
        )
        self.rounds.setdefault(connections, []).append(figures)

    def hang_up(self) -> None:
        """Close what is open."""
        self._client.hang_up()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--model", default="atis", help="the one that is asked")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each candidate in a round")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    needs_linux()
    settings = {
        "SLOTLINE_MODEL_DIR": str(options.bundles),
        "SLOTLINE_DEFAULT_MODEL": options.model,
    }
    texts = [SENTENCES[number % len(SENTENCES)] for number in range(TEXTS)]
    batch = [request("/slots/batch", {"texts": texts})]
    pin(CLIENT_CORES)
    with serving("app", settings) as service:
        answer = asyncio.run(_answer(service, QUESTIONS[0]))
        with serving("benchmarks.floor", {ANSWER: answer.decode()}) as floor:
            candidates = [
                Candidate("floor", floor, QUESTIONS, CONNECTIONS),
                Candidate("service", service, QUESTIONS, CONNECTIONS),
                # Who sends batches waits for each: more lines would only be a queue.
                Candidate("floor, batches", floor, batch, (1,)),
                Candidate("service, batches", service, batch, (1,)),
            ]
            asyncio.run(_measure(candidates, options.rounds, options.seconds))
    found = _figures(candidates)
    _print(candidates, found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


async def _answer(service: Service, question: bytes) -> bytes:
    client = Client(service.port, [question])
    answer = await client.answer()
    client.hang_up()
    return answer


async def _measure(candidates: Sequence[Candidate], rounds: int, seconds: float) -> None:
    for number in range(rounds):
        # Who comes first has warmer or colder caches: they take turns in that too.
        order = candidates if number % 2 else candidates[::-1]
        for connections in CONNECTIONS:
            for candidate in order:
                if connections in candidate.connections:
                    await candidate.measure(connections, seconds)
    for candidate in candidates:
        candidate.hang_up()


def _figures(candidates: Sequence[Candidate]) -> dict[str, Any]:
    floor, service, _, batches = (candidate.rounds for candidate in candidates)
    texts = [TEXTS * many.rate / one.rate for many, one in zip(batches[1], service[1], strict=True)]
    return {
        "rounds": [
            {"candidate": candidate.name, "connections": connections, **asdict(figures)}
            for candidate in candidates
            for connections, rounds in candidate.rounds.items()
            for figures in rounds
        ],
        "service_to_floor": {
            connections: {
                name: _spread(
                    [
                        getattr(ours, name) / getattr(its, name)
                        for ours, its in zip(service[connections], floor[connections], strict=True)
                    ]
                )
                for name in ("rate", "p50", "p99", "cpu")
            }
            for connections in CONNECTIONS
        },
        "texts_of_batches_to_single": _spread(texts),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def _print(candidates: Sequence[Candidate], found: dict[str, Any]) -> None:
    print("medians of the rounds; cpu is the server's, for one request")
    columns = f"{'lines':>5} {'answers/s':>9} {'p50 ms':>7} {'p99 ms':>7} {'cpu µs':>7} {'busy':>6}"
    print(f"{'':18} {columns}")
    for candidate in candidates:
        for connections, rounds in candidate.rounds.items():
            rate, p50, p99, cpu, client = map(
                statistics.median, zip(*map(astuple, rounds), strict=True)
            )
            print(
                f"{candidate.name:18} {connections:5} {rate:9.0f} {p50:7.2f} {p99:7.2f} {cpu:7.0f} "
                f"{client:6.0%}"
            )
    print("\nservice to floor, median (least to most) of the rounds")
    for connections, ratios in found["service_to_floor"].items():
        told = ", ".join(f"{name} {_told(ratio)}" for name, ratio in ratios.items())
        print(f"{connections:5} lines: {told}")
    ratio = _told(found["texts_of_batches_to_single"])
    print(f"\ntexts a second in batches of {TEXTS} to single requests, one line: {ratio}")


def _told(ratio: dict[str, float]) -> str:
    return f"{ratio['median']:.2f} ({ratio['least']:.2f} to {ratio['most']:.2f})"


if __name__ == "__main__":
    main()
