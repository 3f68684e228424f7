"""
The service against the FastAPI it stands on, asked over HTTP.

    python -m benchmarks.http [--bundles models] [--model atis] [--rounds 7] [--json FILE]

The floor is a FastAPI endpoint of the same schemas under the same server, whose answer is always
the one that the service gave to the first sentence (benchmarks/floor.py). Both are asked bare, and
behind nginx as deploy/nginx.conf sets it up, there with the service's access log on. All run at
once and are asked in turn, so that what else the machine does falls on all. Server and client have
a core of their own where there are two. Rates and latencies are the client's; processor time is
what the system counts for the server's process alone, without nginx, and hardly minds a busy
machine.

Where the form `trip` is offered, sentences with `resolve` and turns of that form are measured too,
with the model `booking`; what they cost is told beside the same sentences without values.
"""

import argparse
import asyncio
import json
import re
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
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
    pinned_service,
    request,
)
from benchmarks.measures import needs_linux, pin
from benchmarks.proxy import NGINX, proxied

CONNECTIONS = (1, 16, 64)
BEHIND = (16, 64)
TEXTS = 64
# What the turns and the values are of: with words that are relative to the present.
RESOLVE = {
    "reference_time": "2026-11-29T09:00:00Z",
    "time_zone": "Europe/London",
    "locale": "en-GB",
}
OPENING = "two tickets from Boston to Denver on Friday"
ANSWERS = (
    "Sunday",
    "come back on Monday the 7th",
    "one way",
    "no, from Chicago",
    "make that three",
)
PLAIN, RESOLVED, TURNS = "booking", "booking, resolved", "turns of a form"


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
        port: int | None = None,
    ) -> None:
        """port: of what is asked in the service's place."""
        self.name = name
        self.connections = connections
        self.rounds: dict[int, list[Figures]] = {}
        self._service = service
        self._client = Client(port or service.port, questions)

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
    with ExitStack() as stack:
        service = stack.enter_context(pinned_service("app", settings))
        answer = asyncio.run(_answer(service, QUESTIONS[0]))
        floor = stack.enter_context(pinned_service("benchmarks.floor", {ANSWER: answer.decode()}))
        candidates = [
            Candidate("floor", floor, QUESTIONS, CONNECTIONS),
            Candidate("service", service, QUESTIONS, CONNECTIONS),
            # Who sends batches waits for each: more lines would only be a queue.
            Candidate("floor, batches", floor, batch, (1,)),
            Candidate("service, batches", service, batch, (1,)),
        ]
        candidates += asyncio.run(_of_booking(service))
        logging = None
        if NGINX:
            logging = stack.enter_context(
                pinned_service("app", settings | {"SLOTLINE_ACCESS_LOG": "1"})
            )
            for name, server in (("floor", floor), ("service", logging)):
                port = stack.enter_context(proxied(server.port))
                behind = Candidate(f"{name}, behind nginx", server, QUESTIONS, BEHIND, port)
                candidates.append(behind)
        else:
            print("nginx is not installed: what is behind it is not measured")
        asyncio.run(_measure(candidates, options.rounds, options.seconds))
        found = _figures(candidates)
        found["on_the_fast_path"] = {
            name: asyncio.run(_on_the_fast_path(server))
            for name, server in (("bare", service), ("behind nginx", logging))
            if server
        }
    _print(candidates, found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


async def _of_booking(service: Service) -> list[Candidate]:
    """Sentences without and with values, and turns of a form; none where there is no such form."""
    opening = request("/forms/trip", {"text": OPENING, "resolve": RESOLVE})
    answer = json.loads(await _answer(service, opening))
    if "state" not in answer:
        return []
    texts = [OPENING, *ANSWERS]
    common = {"model": answer["model"]["name"]}
    plain = [request("/slots", {"text": text} | common) for text in texts]
    resolved = [request("/slots", {"text": text, "resolve": RESOLVE} | common) for text in texts]
    turn = {"state": answer["state"], "resolve": RESOLVE}
    turns = [opening, *(request("/forms/trip", {"text": text} | turn) for text in ANSWERS)]
    return [
        Candidate(name, service, questions, BEHIND)
        for name, questions in ((PLAIN, plain), (RESOLVED, resolved), (TURNS, turns))
    ]


async def _answer(service: Service, question: bytes) -> bytes:
    client = Client(service.port, [question])
    answer = await client.answer()
    client.hang_up()
    return answer


async def _on_the_fast_path(service: Service) -> float:
    """The share of single requests that took the fast path."""
    client = Client(service.port, [b"GET /metrics HTTP/1.1\r\nhost: here\r\n\r\n"])
    metrics = (await client.answer()).decode()
    client.hang_up()
    fast = re.search(r"^slotline_fast_path_total (\S+)", metrics, re.MULTILINE)
    every = re.findall(
        r'^slotline_requests_total\{endpoint="/slots",.*\} (\S+)', metrics, re.MULTILINE
    )
    return (float(fast[1]) if fast else 0.0) / sum(map(float, every))


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
    by_name = {candidate.name: candidate.rounds for candidate in candidates}
    service, batches = by_name["service"], by_name["service, batches"]
    texts = [TEXTS * many.rate / one.rate for many, one in zip(batches[1], service[1], strict=True)]
    return {
        "rounds": [
            {"candidate": candidate.name, "connections": connections, **asdict(figures)}
            for candidate in candidates
            for connections, rounds in candidate.rounds.items()
            for figures in rounds
        ],
        "service_to_floor": ratios(service, by_name["floor"]),
        "behind_nginx": ratios(
            by_name.get("service, behind nginx", {}), by_name.get("floor, behind nginx", {})
        ),
        "resolved_to_plain": ratios(by_name.get(RESOLVED, {}), by_name.get(PLAIN, {})),
        "turns_to_plain": ratios(by_name.get(TURNS, {}), by_name.get(PLAIN, {})),
        "texts_of_batches_to_single": _spread(texts),
    }


def ratios(
    ours: Mapping[int, Sequence[Figures]], others: Mapping[int, Sequence[Figures]]
) -> dict[int, dict[str, dict[str, float]]]:
    """By connections and figure, how ours are to the others of the same round."""
    return {
        connections: {
            name: _spread(
                [
                    getattr(one, name) / getattr(other, name)
                    for one, other in zip(rounds, others[connections], strict=True)
                ]
            )
            for name in ("rate", "p50", "p99", "cpu")
        }
        for connections, rounds in ours.items()
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def _print(candidates: Sequence[Candidate], found: dict[str, Any]) -> None:
    print("medians of the rounds; cpu is the server's, for one request")
    columns = f"{'lines':>5} {'answers/s':>9} {'p50 ms':>7} {'p99 ms':>7} {'cpu µs':>7} {'busy':>6}"
    print(f"{'':22} {columns}")
    for candidate in candidates:
        for connections, rounds in candidate.rounds.items():
            rate, p50, p99, cpu, client = map(
                statistics.median, zip(*map(astuple, rounds), strict=True)
            )
            print(
                f"{candidate.name:22} {connections:5} {rate:9.0f} {p50:7.2f} {p99:7.2f} {cpu:7.0f} "
                f"{client:6.0%}"
            )
    print("\nservice to floor, median (least to most) of the rounds")
    for place in ("service_to_floor", "behind_nginx"):
        for connections, figures in found[place].items():
            parts = ", ".join(f"{name} {told(ratio)}" for name, ratio in figures.items())
            behind = " behind nginx" if place == "behind_nginx" else ""
            print(f"{connections:5} lines{behind}: {parts}")
    for place, title in (("resolved_to_plain", RESOLVED), ("turns_to_plain", TURNS)):
        for connections, figures in found[place].items():
            parts = ", ".join(f"{name} {told(ratio)}" for name, ratio in figures.items())
            print(f"{connections:5} lines, {title} to the same sentences: {parts}")
    for name, share in found["on_the_fast_path"].items():
        print(f"{name}, {share:.0%} of single requests took the fast path")
    ratio = told(found["texts_of_batches_to_single"])
    print(f"\ntexts a second in batches of {TEXTS} to single requests, one line: {ratio}")


def told(ratio: Mapping[str, float]) -> str:
    """The median, and the least and most."""
    return f"{ratio['median']:.2f} ({ratio['least']:.2f} to {ratio['most']:.2f})"


if __name__ == "__main__":
    main()
