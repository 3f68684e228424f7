"""
How many pods a load needs.

    python -m benchmarks.capacity [--requests 10000] [--speakers 2000] [--p99 50] [--check]
    python -m benchmarks.capacity --cost 405 108 --stream-cost 405 300 --requests 10000

Measures what a turn of the queue costs here, in processor time, with one worker on a core of its
own; or takes that from the command line. Then simulates pods (benchmarks/simulation.py) under
random arrivals, under bursts and with people who speak, and prints how many are needed. `--check`
puts the model beside the process that was measured, at half of its capacity and more, and shows
the signals that an autoscaler could use. It asks with `--model`; measure with your own bundle.
"""

import argparse
import asyncio
import json
import math
import os
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.load import (
    CLIENT_CORES,
    QUESTIONS,
    Client,
    Load,
    Service,
    percentile,
    pinned_service,
)
from benchmarks.measures import needs_linux, pin
from benchmarks.overload import Crowd
from benchmarks.simulation import (
    TURN,
    Bursts,
    Cost,
    Outcome,
    fitted,
    pods_needed,
    requests_on,
    speakers_on,
    together,
)
from benchmarks.streaming import TEXTS, Speakers

# With the most of them turns are full and the loop never waits for the client.
LINES = (1, 4, 16, TURN + TURN // 2)
# Connections that ask for more than a queue has places.
TOO_MANY = 4 * TURN
# Shares of the most at which the model is put beside the process.
CHECKED = (0.3, 0.5, 0.75, 1.0, 1.2)
# The least load at which medians are compared: below, it is the client that they tell of.
FROM = 0.45
# Of a pod's most, what is planned for: the rest is for bursts until new pods are there, and for
# the others' load when one is lost.
PLANNED = 0.6
# What an autoscaler could go by: the CPU, and rates of these sums, which are what is in flight or
# waits in the mean (Little's law), and the sentences.
SIGNALS = {
    "cpu": "process_cpu_seconds_total",
    "in_flight": "slotline_http_request_duration_seconds_sum",
    "waiting": "slotline_queue_wait_seconds_sum",
    "sentences": "slotline_batch_size_sum",
}
REQUESTS = (1_000, 5_000, 10_000, 30_000)
SPEAKERS = (200, 500, 1_000, 2_000, 5_000)
SIMULATED = 20.0
SLICES = 2
SEED = 26


@dataclass(frozen=True, slots=True)
class Measured:
    """The same loops by the server's processor time, and by the client's clock."""

    cpu: Cost
    clock: Cost


def main() -> None:
    """Measure, simulate and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--model", default="atis", help="the one that is asked")
    parser.add_argument("--requests", type=_positive, action="append", help="requests a second")
    parser.add_argument("--speakers", type=_count, action="append", help="people speaking at once")
    parser.add_argument("--words", type=_positive, default=3.0, help="texts a second of a speaker")
    parser.add_argument("--p99", type=_positive, default=50.0, help="longest, in milliseconds")
    parser.add_argument("--rejected", type=float, default=0.1, help="most, of a hundred")
    microseconds: dict[str, Any] = {"type": _positive, "nargs": 2, "metavar": ("TURN", "SENTENCE")}
    parser.add_argument("--cost", help="microseconds of requests, as printed", **microseconds)
    parser.add_argument("--stream-cost", help="likewise of streams", **microseconds)
    parser.add_argument(
        "--seconds", type=_positive, default=0.3, help="of each loop that is measured"
    )
    parser.add_argument("--rounds", type=_count, default=2)
    parser.add_argument("--check", action="store_true", help="put the model beside the process")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if bool(options.cost) != bool(options.stream_cost) or (options.cost and options.check):
        parser.error("give --cost and --stream-cost together, and without --check, or neither")
    found: dict[str, Any] = {}
    if options.cost:
        requests, streams = (
            Cost(turn / 1e6, sentence / 1e6)
            for turn, sentence in (options.cost, options.stream_cost)
        )
    else:
        try:
            requests, streams = _measured(options, found)
        except ValueError as error:
            sys.exit(f"error: {error}")
    loads = options.requests or (() if options.speakers else REQUESTS)
    people = options.speakers or (() if options.requests else SPEAKERS)
    for cost, asked in ((requests, loads), (streams, people)):
        alone = 1e3 * (cost.turn + cost.sentence)
        if asked and options.p99 < 1.1 * alone:
            sys.exit(f"error: one request alone takes {alone:.2f} ms: give a longer --p99")
    bounds = {"p99": options.p99 / 1e3, "rejected_share": options.rejected / 100}
    found["plans"] = [
        *_plans_of_requests(requests, loads, bounds),
        *_plans_of_speakers(streams, people, options.words, bounds),
    ]
    _print_plans(requests, streams, found["plans"], options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _count(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return int(text)


def _measured(options: argparse.Namespace, found: dict[str, Any]) -> tuple[Cost, Cost]:
    """The costs of requests and of texts of streams; prints them, and the check if asked to."""
    needs_linux()
    pin(CLIENT_CORES)
    settings = {
        "SLOTLINE_MODEL_DIR": str(options.bundles),
        "SLOTLINE_DEFAULT_MODEL": options.model,
    }
    load_before = os.getloadavg()[0]
    with pinned_service("app", settings) as service:
        requests, streams = asyncio.run(_costs(service, options.rounds, options.seconds))
        _print_costs({"requests": requests, "streams": streams})
        found |= {"requests": asdict(requests), "streams": asdict(streams)}
        if options.check:
            found["check"] = asyncio.run(_check(service, requests.clock.rejection, options.seconds))
            print("\n" + _verdict(found["check"]))
    ours = requests.clock.most / requests.cpu.most
    print(
        f"\nnoise: load average {load_before:.1f} before; by the clock {ours:.0%} of what the "
        "processor time allows: the rest went to other programs and to waiting for the client\n"
    )
    found["noise"] = {"load_average": load_before, "clock_to_processor": ours}
    return requests.cpu, streams.cpu


def _print_costs(kinds: dict[str, Measured]) -> None:
    names = ("a turn", "a sentence", "a rejection", "most/s")
    print(f"{'microseconds':19} " + " ".join(f"{name:>11}" for name in names))
    for name, kind in kinds.items():
        for by, cost in (("processor", kind.cpu), ("clock", kind.clock)):
            times = (cost.turn, cost.sentence, cost.rejection)
            told = " ".join(f"{1e6 * seconds:11.0f}" for seconds in times)
            print(f"{name:9} {by:>9} {told} {cost.most:11.0f}")


async def _costs(service: Service, rounds: int, seconds: float) -> tuple[Measured, Measured]:
    measured, crowded = [], None
    for client in (Crowd(service.port, QUESTIONS), Speakers(service.port, TEXTS)):
        await client.closed_loop(Load("warm-up"), 4, seconds / 2)
        loops = [await _loop(service, client, n, seconds) for _ in range(rounds) for n in LINES]
        measured.append(
            Measured(
                cpu=fitted([(loop.size, loop.cpu / loop.turns) for loop in loops]),
                clock=fitted([(loop.size, loop.seconds / loop.turns) for loop in loops]),
            )
        )
        crowded = crowded or await _loop(service, client, TOO_MANY, 2 * seconds)
        client.hang_up()
    requests, streams = measured
    assert crowded is not None, "there were clients"
    return crowded.with_rejections(requests), streams


@dataclass(frozen=True, slots=True)
class _Loop:
    """What a closed loop came to; cpu: seconds of the service's processor."""

    seconds: float
    cpu: float
    turns: float
    sentences: float
    rejections: int

    @property
    def size(self) -> float:
        """Sentences of a turn, in the mean."""
        return self.sentences / self.turns

    def with_rejections(self, measured: Measured) -> Measured:
        """With the time that turns left as that of rejections."""

        def of(cost: Cost, busy: float) -> Cost:
            rest = busy - self.turns * cost.turn - self.sentences * cost.sentence
            return replace(cost, rejection=max(0.0, rest) / max(1, self.rejections))

        return Measured(of(measured.cpu, self.cpu), of(measured.clock, self.seconds))


async def _loop(service: Service, client: Client, lines: int, seconds: float) -> _Loop:
    """Raises ValueError where nothing was answered."""
    load, before = Load("loop"), _counters(service)
    await client.closed_loop(load, lines, seconds)
    after = _counters(service)
    cpu, turns, sentences = (
        after[metric] - before[metric]
        for metric in (SIGNALS["cpu"], "slotline_batch_size_count", SIGNALS["sentences"])
    )
    if not turns:
        raise ValueError(f"nothing was answered in {load.seconds:.1f} s: give more --seconds")
    return _Loop(load.seconds, cpu, turns, sentences, len(load.refused))


async def _check(service: Service, rejection: float, seconds: float) -> list[dict[str, float]]:
    """The process at shares of its most, beside the model of it by the clock."""
    client = Crowd(service.port, QUESTIONS)
    rows = []
    pairs = ("p50 ms, model", "p99 ms, model", "rejected %, model")
    print(f"\n{'load':>6} " + " ".join(f"{name:>{18}}" for name in pairs), end=" ")
    print(" ".join(f"{name:>11}" for name in ("CPU %", "in flight", "waiting", "sentences/s")))
    await client.open_loop(Load("warm-up"), 1.0, seconds / 10)
    for share in CHECKED:
        # The machine gets quicker and slower: what turns cost is measured in between.
        turns = await _turns(service, client, seconds / 2)
        load, seen = Load("open loop"), dict.fromkeys(SIGNALS, 0.0)
        for _ in range(SLICES):
            before = _counters(service)
            await client.open_loop(load, share * fitted(turns).most, 4 * seconds)
            after = _counters(service)
            for name, metric in SIGNALS.items():
                seen[name] += after[metric] - before[metric]
            turns += await _turns(service, client, seconds / 2)
        cost = replace(fitted(turns), rejection=rejection)
        rate = (len(load.refused) + len(load.accepted)) / load.seconds
        # As long as the slices are: a queue that overflows takes its time to fill.
        length = load.seconds / SLICES
        model = together([requests_on(1, cost, rate, length, seed) for seed in range(SEED)])
        signals = {name: total / load.seconds for name, total in seen.items()}
        row = {
            "load": rate / cost.most,
            "p50": percentile(load.accepted, 50) or math.inf,
            "p50_model": 1e3 * model.percentile(50),
            "p99": percentile(load.accepted, 99) or math.inf,
            "p99_model": 1e3 * model.percentile(99),
            "rejected": 100 * len(load.refused) / (rate * load.seconds),
            "rejected_model": 100 * model.rejected_share,
            **signals,
            "cpu": 100 * signals["cpu"],
        }
        rows.append(row)
        told = " ".join(
            f"{row[name]:10.1f}, {row[f'{name}_model']:6.1f}" for name in ("p50", "p99", "rejected")
        )
        print(f"{row['load']:6.0%} {told} " + " ".join(f"{row[name]:11.1f}" for name in SIGNALS))
    client.hang_up()
    return rows


def _verdict(rows: Sequence[dict[str, float]]) -> str:
    """How far the model is off, in a sentence."""
    ratios = [row["p50"] / row["p50_model"] for row in rows if row["load"] >= FROM]
    apart = [abs(row["rejected"] - row["rejected_model"]) for row in rows]
    return (
        f"from {FROM:.0%} of the most p50 is {min(ratios):.2f} to {max(ratios):.2f} times the "
        f"model's; rejections are {max(apart):.1f} points apart at most"
    )


async def _turns(service: Service, client: Client, seconds: float) -> list[tuple[float, float]]:
    """Sentences of a turn, and its seconds by the clock."""
    loops = [await _loop(service, client, n, seconds) for n in LINES]
    return [(loop.size, loop.seconds / loop.turns) for loop in loops]


def _counters(service: Service) -> Mapping[str, float]:
    """Each metric's sum over its labels."""
    url = f"http://127.0.0.1:{service.port}/metrics"
    text = urllib.request.urlopen(url, timeout=10).read().decode()
    sums: defaultdict[str, float] = defaultdict(float)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] += sample.value
    return sums


def _plans_of_requests(
    cost: Cost, loads: Sequence[float], bounds: dict[str, float]
) -> list[dict[str, Any]]:
    bursts = Bursts()
    plans = []
    for load in loads:
        run = partial(requests_on, cost=cost, rate=load, seconds=SIMULATED, seed=SEED)
        random = _needed(run, load / cost.most, bounds)
        bursting = _needed(partial(run, bursts=bursts), load / cost.most, bounds)
        plans.append(
            {
                "load": f"{load:,.0f} requests/s",
                "random": random,
                "bursts": bursting,
                "deploy": max(random, bursting, _deploy(bursts.peak(load), cost)),
            }
        )
    return plans


def _plans_of_speakers(
    cost: Cost, people: Sequence[int], words: float, bounds: dict[str, float]
) -> list[dict[str, Any]]:
    plans = []
    for count in people:
        run = partial(
            speakers_on, cost=cost, speakers=count, rate=words, seconds=SIMULATED, seed=SEED
        )
        texts = count * words
        random = _needed(run, texts / cost.most, bounds)
        plans.append(
            {
                "load": f"{count:,} people speaking",
                "random": random,
                "bursts": None,
                "deploy": max(random, _deploy(texts, cost)),
            }
        )
    return plans


def _needed(run: Callable[[int], Outcome], least: float, bounds: dict[str, float]) -> int:
    return pods_needed(run, math.ceil(least), **bounds)


def _deploy(peak: float, cost: Cost) -> int:
    """The peak at the planned share of each pod, and one that may be lost."""
    return max(2, math.ceil(peak / (PLANNED * cost.most)))


def _print_plans(
    requests: Cost, streams: Cost, plans: Sequence[dict[str, Any]], options: argparse.Namespace
) -> None:
    print(
        f"pods for a p99 of {options.p99:g} ms and {options.rejected:g} % rejected at most; in "
        "bursts the rate is 3 times as high for 2 s of 10"
    )
    print(f"{'':22} {'random':>7} {'bursts':>7} {'to deploy':>10}")
    for plan in plans:
        bursts = "" if plan["bursts"] is None else plan["bursts"]
        print(f"{plan['load']:22} {plan['random']:7} {bursts:>7} {plan['deploy']:10}")
    shares = [f"{PLANNED * cost.most:,.0f}" for cost in (requests, streams)]
    print(
        f"\nto deploy: the peak at {PLANNED:.0%} of a pod's most, which is {shares[0]} requests/s "
        f"or {shares[1]} texts of streams/s, and at least two; the lower of those that you serve "
        "is the threshold of the component keda"
    )


if __name__ == "__main__":
    main()
