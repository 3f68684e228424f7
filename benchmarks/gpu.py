"""
What a GPU brings: the service and its networks on CUDA beside the CPU.

    python -m benchmarks.gpu [--bundles models] [--model atis] [--json FILE]

It compares what every bundle and every kind of network answers on both; the time of `session.run`,
with and without IOBinding, and of the tagger, by sentences at once and words; the service over
HTTP, for single sentences and batches; and several workers that share the card. It ends within
five minutes: what there was no time for is named. It needs an NVIDIA card, onnxruntime-gpu in
place of onnxruntime, and torch for the kinds of networks. `--device cpu` puts the CPU in the card's
place, to try the command itself.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

from app.tagging.bundle import Bundle, open_bundle
from app.tagging.device import Device
from app.tagging.errors import ProviderUnavailableError
from benchmarks.gpu_sessions import (
    Parity,
    Timing,
    break_even,
    is_on,
    open_graph,
    parities_of_networks,
    parity_of_bundle,
    timings,
)
from benchmarks.load import (
    CLIENT_CORES,
    QUESTIONS,
    Client,
    Load,
    percentile,
    pinned_service,
    request,
)
from benchmarks.measures import cores, needs_linux, pin, resident_megabytes
from benchmarks.sentences import alike, mixed

# Of all that is measured: seconds after which nothing more is begun, and their share after which
# no more runs of networks are.
_ENOUGH = 200.0
_RUNS = 0.6
# Beyond it an output is wrong: the tolerance with which the service proves a bundle.
_TOLERANCE = 1e-3
_COMPARED = 256
# Callers of the service that send batches, and a queue that takes what all callers send.
_BATCHERS = 4
_QUEUE = "4096"
_NO_GPU = (
    "error: there is no GPU that onnxruntime can use: run this on a machine with an NVIDIA card "
    "and onnxruntime-gpu in place of onnxruntime"
)


@dataclass(frozen=True, slots=True)
class Served:
    """The service under one load; rate is sentences a second, latencies are milliseconds."""

    device: str
    workers: int
    lines: int
    batch: int
    rate: float
    p50: float
    p99: float
    cpu: float  # microseconds of the service's processors for a sentence
    client: float  # share of its time that the client was busy
    memory: float  # megabytes of the workers together
    card: float | None  # megabytes that were taken on the card


class Budget:
    """The time that there is; `skipped` names what there was none for."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._began = time.monotonic()
        self.skipped: list[str] = []

    def allows(self, what: str, share: float = 1.0) -> bool:
        """Whether there is time to begin with something that may use up so much of it all."""
        if time.monotonic() < self._began + share * self._seconds:
            return True
        self.skipped.append(what)
        return False


def main() -> None:
    """Measure and print."""
    options = _options()
    needs_linux()
    budget = Budget(options.enough)
    bundles = [open_bundle(path.parent) for path in sorted(options.bundles.glob("*/manifest.json"))]
    if not bundles:
        sys.exit(f"error: there is no bundle in {options.bundles}")
    _check_device(bundles[0], options.device)
    pin(CLIENT_CORES)
    found: dict[str, Any] = {"device": options.device, "card": _card("name,driver_version")}
    print(f"{options.device}: {found['card'] or 'no card that nvidia-smi knows'}\n")

    parities = list(_parities(bundles, options.device, budget))
    _print_parities(parities)
    runs = {
        bundle.manifest.name: _timings(bundle, options, budget, _RUNS * number / len(bundles))
        for number, bundle in enumerate(bundles, 1)
    }
    _print_timings(runs)
    served = list(_served(options, budget))
    _print_served(served)
    if budget.skipped:
        print(f"\nLeft out, mostly for want of time: {', '.join(budget.skipped)}.")

    found |= {
        "parity": [asdict(each) for each in parities],
        "runs": {name: [asdict(each) for each in rows] for name, rows in runs.items()},
        "break_even": {name: break_evens(rows) for name, rows in runs.items()},
        "http": [asdict(each) for each in served],
        "skipped": budget.skipped,
    }
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    if wrong := [each.name for each in parities if is_wrong(each)]:
        sys.exit(f"error: other answers than on the CPU: {'; '.join(wrong)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--model", default="atis", help="the one that is asked over HTTP")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 32, 64, 256, 1024])
    parser.add_argument("--words", type=int, nargs="+", default=[5, 12, 30])
    parser.add_argument("--lines", type=int, nargs="+", default=[1, 16, 64, 256])
    parser.add_argument("--texts", type=int, nargs="+", default=[8, 64, 256], help="of a batch")
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4, 8])
    parser.add_argument("--seconds", type=float, default=0.12, help="of each kind of call")
    parser.add_argument("--load", type=float, default=2.0, help="seconds of each load over HTTP")
    parser.add_argument("--enough", type=float, default=_ENOUGH, help="seconds of all together")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _check_device(bundle: Bundle, device: Device) -> None:
    """End with a sentence where the device cannot be had."""
    try:
        there = is_on(open_graph(bundle.contents.graph, device), device)
    except ProviderUnavailableError:
        there = False
    if not there:
        sys.exit(_NO_GPU)


def _parities(bundles: Sequence[Bundle], device: Device, budget: Budget) -> Iterator[Parity]:
    for bundle in bundles:
        if budget.allows(f"parity of {bundle.manifest.name}"):
            yield parity_of_bundle(bundle, device, mixed(_COMPARED))
    if find_spec("torch") is None:
        budget.skipped.append("parity of the kinds of networks (torch is not installed)")
    elif budget.allows("parity of the kinds of networks"):
        yield from parities_of_networks(device)


def is_wrong(parity: Parity) -> bool:
    """Whether the device answers otherwise than the CPU."""
    return parity.failure is not None or parity.deviation > _TOLERANCE


def _timings(
    bundle: Bundle, options: argparse.Namespace, budget: Budget, share: float
) -> list[Timing]:
    sizes = [(batch, words) for words in options.words for batch in options.batches]
    measure = timings(bundle, options.device, options.seconds)
    found = []
    for batch, words in sizes:
        name = f"{bundle.manifest.name}, {batch} sentences of {words} words"
        if budget.allows(name, share):
            found.append(measure(batch, words))
    return found


def break_evens(rows: Sequence[Timing]) -> dict[int, dict[str, int | None]]:
    """For each number of words the batch from which on the device is quicker, in each way."""
    found = {}
    for words, group in groupby(rows, key=lambda row: row.words):
        same = list(group)
        found[words] = {
            "run": break_even({row.batch: (row.cpu_run, row.run) for row in same}),
            "bound": break_even({row.batch: (row.cpu_run, row.bound) for row in same}),
            "tagger": break_even({row.batch: (row.cpu_tagger, row.tagger) for row in same}),
        }
    return found


def _served(options: argparse.Namespace, budget: Budget) -> Iterator[Served]:
    """Both devices with one worker under all loads, and then more workers on the device."""
    for device, share in (("cpu", _RUNS + 0.15), (options.device, _RUNS + 0.3)):
        if budget.allows(f"HTTP on {device}", share):
            loads = [(lines, 1) for lines in options.lines]
            loads += [(_BATCHERS, texts) for texts in options.texts]
            yield from _loads(options, device, 1, loads, budget)
    for workers in options.workers:
        if budget.allows(f"{workers} workers"):
            load = (workers * max(options.lines[:3]), 1)
            yield from _loads(options, options.device, workers, [load], budget)


def _loads(
    options: argparse.Namespace,
    device: str,
    workers: int,
    loads: Sequence[tuple[int, int]],
    budget: Budget,
) -> Iterator[Served]:
    """Workers are instances with a core of their own, where there are so many."""
    settings = {
        "SLOTLINE_MODEL_DIR": str(options.bundles),
        "SLOTLINE_DEFAULT_MODEL": options.model,
        "SLOTLINE_DEVICE": device,
        "SLOTLINE_MAX_QUEUE_SIZE": _QUEUE,
        "SLOTLINE_MAX_BATCH_SIZE": str(max(options.texts)),
    }
    free = [core for core in cores() if core not in CLIENT_CORES] or cores()
    before = _card_megabytes()
    with ExitStack() as stack:
        services = [
            stack.enter_context(pinned_service("app", settings, free[at % len(free) :][:1]))
            for at in range(workers)
        ]
        for lines, batch in loads:
            name = f"{device}, {workers} workers, {lines} lines, {batch} texts"
            if not budget.allows(name):
                continue
            cpu, client = sum(each.cpu_seconds for each in services), time.process_time()
            load = asyncio.run(_ask([each.port for each in services], lines, batch, options.load))
            cpu = sum(each.cpu_seconds for each in services) - cpu
            client = time.process_time() - client
            sentences = len(load.accepted) * batch
            after = _card_megabytes()
            yield Served(
                device,
                workers,
                lines,
                batch,
                sentences / load.seconds,
                percentile(load.accepted, 50) or 0.0,
                percentile(load.accepted, 99) or 0.0,
                1e6 * cpu / sentences,
                client / load.seconds,
                sum(resident_megabytes(each.process) for each in services),
                None if before is None or after is None else after - before,
            )


async def _ask(ports: Sequence[int], lines: int, batch: int, seconds: float) -> Load:
    """What came of a closed loop over so many lines, spread over the ports."""
    questions = QUESTIONS
    if batch > 1:
        questions = [request("/slots/batch", {"texts": alike(batch)})]
    clients = [Client(port, questions) for port in ports]
    loads = [Load(str(port)) for port in ports]
    each = max(1, lines // len(ports))
    await asyncio.gather(*(one.closed_loop(Load("warm-up"), each, 0.2) for one in clients))
    began = time.monotonic()
    await asyncio.gather(
        *(one.closed_loop(load, each, seconds) for one, load in zip(clients, loads, strict=True))
    )
    together = Load("all", lines, time.monotonic() - began)
    for client, load in zip(clients, loads, strict=True):
        if load.refused:
            sys.exit(f"error: the service answered {dict(load.statuses)}")
        together.accepted += load.accepted
        client.hang_up()
    return together


def _card(what: str) -> str | None:
    """What nvidia-smi says of the first card."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    command = [program, f"--query-gpu={what}", "--format=csv,noheader,nounits"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return asked.stdout.splitlines()[0].strip() if asked.returncode == 0 and asked.stdout else None


def _card_megabytes() -> float | None:
    used = _card("memory.used")
    return float(used) * 1.048576 if used and used.isdecimal() else None


def _print_parities(parities: Sequence[Parity]) -> None:
    print(f"{'beside the CPU':37} sentences  other slots  greatest deviation")
    for each in parities:
        told = each.failure or f"{each.sentences:9} {each.other_slots:12} {each.deviation:19.1e}"
        print(f"{each.name:37} {told}{'  WRONG' if is_wrong(each) else ''}")


def _print_timings(runs: dict[str, list[Timing]]) -> None:
    for name, rows in runs.items():
        print(f"\n{name}: µs a call{'':5}------ network ------    -- text to slots --")
        print("words  batch       CPU    device     bound       CPU    device")
        for row in rows:
            times = (row.cpu_run, row.run, row.bound, row.cpu_tagger, row.tagger)
            print(f"{row.words:5} {row.batch:6} " + "".join(f"{each:10,.0f}" for each in times))
        for words, ways in break_evens(rows).items():
            told = ", ".join(f"{way} {batch or 'never'}" for way, batch in ways.items())
            print(f"quicker than one core with {words} words from a batch of: {told}")


def _print_served(served: Sequence[Served]) -> None:
    if not served:
        return
    print(
        "\nover HTTP\ndevice workers lines batch  sentences/s  p50 ms  p99 ms  CPU µs"
        "  client    MB  card MB"
    )
    for each in served:
        card = "–" if each.card is None else f"{each.card:,.0f}"
        print(
            f"{each.device:6} {each.workers:7} {each.lines:5} {each.batch:5} {each.rate:12,.0f} "
            f"{each.p50:7.1f} {each.p99:7.1f} {each.cpu:7.0f} {each.client:6.0%} "
            f"{each.memory:6,.0f} {card:>8}"
        )


if __name__ == "__main__":
    main()
