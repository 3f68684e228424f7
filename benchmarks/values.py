"""
How well and how fast values are resolved: `python -m benchmarks.values`.

Reads `sgd.jsonl` and `ms-en.jsonl` from `SLOTLINE_DATA`/values: right, null and wrong, weighted by
`count`; then the time per phrase, and what types add to a start: time and memory.

    python -m benchmarks.values --requests [--rounds 9]

measures instead what `resolve` adds to a request with two typed slots, over HTTP: with a few
sentences, whose values the service remembers; with the phrases of `sgd.jsonl` and a reference time
of an hour; and with these where each request has a reference time of its own, on 200 days, so that
hardly any value is remembered. The service is asked with it and without it in turn, so that what
else the machine does falls on both.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.values import Context, SlotType, resolve
from app.values.resolution import TIME_VALUES, read_time
from benchmarks.http import Candidate, ratios, told
from benchmarks.load import CLIENT_CORES, pinned_service, request
from benchmarks.measures import needs_linux, pin

__all__ = ["Outcome", "is_held_out", "judged", "normalised"]

Outcome = Literal["right", "null", "wrong"]
DATA = Path(os.environ.get("SLOTLINE_DATA", "../shared/data")) / "values"
OFFSET = re.compile(r"(?<=:\d\d)(?:Z|[+-]\d\d:\d\d)$")
ROUNDS = 20
BUNDLE = Path("models/booking")
# Two typed slots each, in the languages that values are read in.
SENTENCES = (
    "i would like to arrive Taipei on November 2nd",
    "fly to Denver next Friday after 5 pm",
    "two adults and one child leave tomorrow morning",
    "我想在11月2日到达台北",
    "下周三下午三点去东京",
)
RESOLVE = {
    "reference_time": "2026-11-29T09:00:00Z",
    "time_zone": "Europe/London",
    "locale": "en-GB",
}
CONNECTIONS = (1, 16, 64)
CITIES = ("Boston", "Denver", "Taipei", "London", "Paris", "Madrid", "Chicago", "Seattle")


def is_held_out(item: dict[str, Any]) -> bool:
    """Whether an item belongs to the third that nobody looks at while writing rules."""
    return int(hashlib.sha256(item["id"].encode()).hexdigest(), 16) % 3 == 0


def normalised(value: str) -> str:
    """A value without zone, `T` in front, or seconds that are none."""
    value = OFFSET.sub("", value).removeprefix("T")
    return value[:-3] if re.search(r"\d\d:\d\d:00$", value) else value


def resolution_of(item: dict[str, Any]) -> dict[str, Any]:
    """The resolution of an item, as the service gives it."""
    context = Context(datetime.fromisoformat(item["ref"]), ZoneInfo(item["tz"]), item["locale"])
    slot = SlotType(item["asked"], bare_duration="offset")
    return resolve(item["text"], 0, len(item["text"]), slot, context)


def judged(item: dict[str, Any]) -> Outcome:
    """A value is right if it is one of those expected; a range never is where a point is."""
    resolution = resolution_of(item)
    if "unresolved" in resolution:
        return "null"
    value = resolution.get("value")
    expected = {normalised(text) for text in item["expect"]}
    return "right" if value is not None and normalised(value) in expected else "wrong"


def items_of(name: str) -> list[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def report(name: str, items: list[dict[str, Any]], *, show: bool) -> None:
    """Print the shares; with `show` also what is not right."""
    shares = dict.fromkeys(("right", "null", "wrong"), 0)
    for item in items:
        outcome = judged(item)
        shares[outcome] += item.get("count", 1)
        if show and outcome != "right":
            print(f"  {outcome:5} {item['text']!r} expected {item['expect']} {resolution_of(item)}")
    total = sum(shares.values())
    figures = "  ".join(f"{share} {100 * n / total:.2f} %" for share, n in shares.items())
    print(f"{name:24} {len(items):4} phrases  {figures}")


Before = Literal["nothing", "words", "value"]


def timings(items: list[dict[str, Any]], remembered: Before) -> list[float]:
    """Microseconds of each phrase, the least of some rounds; what is remembered of it."""
    found = []
    for item in items:
        context = Context(datetime.fromisoformat(item["ref"]), ZoneInfo(item["tz"]), item["locale"])
        slot, text = SlotType(item["asked"], bare_duration="offset"), item["text"]
        best = float("inf")
        for _ in range(ROUNDS):
            if remembered != "value":
                TIME_VALUES.clear()
            if remembered == "nothing":
                read_time.cache_clear()
            begun = time.perf_counter()
            resolve(text, 0, len(text), slot, context)
            best = min(best, time.perf_counter() - begun)
        found.append(best * 1e6)
    return found


def start_cost() -> list[tuple[float, float]]:
    """
    Milliseconds and MB that types add to a start: of the rules, and of the list of places.

    In a process that has imported what else the service needs.
    """
    program = (
        "import hashlib, resource, sys, time\n"
        "import fastapi, uvicorn, app.tagging.tagger\n"
        "def rss():\n"
        "    pages = int(open('/proc/self/statm').read().split()[1])\n"
        "    return pages * resource.getpagesize() / 1e6\n"
        "def told(what):\n"
        "    memory, begun = rss(), time.process_time()\n"
        "    kept = what()\n"
        "    print((time.process_time() - begun) * 1e3, rss() - memory)\n"
        "    return kept\n"
        "def names():\n"
        "    content = open(sys.argv[1], 'rb').read()\n"
        "    hashlib.sha256(content).hexdigest()\n"
        "    return app.values.NameList(content)\n"
        "told(lambda: __import__('app.values'))\n"
        "import app.values\n"
        "kept = told(names)\n"
    )
    # As an installed package is imported: from compiled files, which a first run writes.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", program, str(BUNDLE / "places.tsv")]
    runs = []
    for _ in range(6):
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        runs.append([[float(part) for part in line.split()] for line in run.stdout.splitlines()])
    return [
        (min(each[0] for each in part), statistics.median(each[1] for each in part))
        for part in zip(*runs, strict=True)
    ]


async def measure_requests(candidates: list[Candidate], rounds: int) -> None:
    """Ask each in turn."""
    for number in range(rounds):
        for connections in CONNECTIONS:
            for candidate in candidates if number % 2 else candidates[::-1]:
                await candidate.measure(connections, 1.0)
    for candidate in candidates:
        candidate.hang_up()


def questions() -> dict[str, list[bytes]]:
    """Requests by what is varied in them, and the same without `resolve`."""
    phrases = [item["text"] for item in items_of("sgd.jsonl")]
    varied = [f"fly to {CITIES[n % len(CITIES)]} {phrase}" for n, phrase in enumerate(phrases)]
    begin = datetime.fromisoformat(RESOLVE["reference_time"])
    times = [begin + n * timedelta(days=0.4, seconds=1) for n in range(len(varied))]
    return {
        "few": [request("/slots", {"text": text}) for text in SENTENCES],
        "few, resolved": [
            request("/slots", {"text": text, "resolve": RESOLVE}) for text in SENTENCES
        ],
        "varied": [request("/slots", {"text": text}) for text in varied],
        "varied, resolved": [
            request("/slots", {"text": text, "resolve": RESOLVE}) for text in varied
        ],
        "varied, resolved, each at a time of its own": [
            request(
                "/slots",
                {"text": text, "resolve": RESOLVE | {"reference_time": moment.isoformat()}},
            )
            for text, moment in zip(varied, times, strict=True)
        ],
    }


def report_requests(rounds: int) -> None:
    """Print what `resolve` adds to a request, as ratios of time with it to time without."""
    needs_linux()
    pin(CLIENT_CORES)
    with pinned_service("app", {"SLOTLINE_MODEL_DIR": str(BUNDLE)}) as service:
        candidates = {
            name: Candidate(name, service, asked, CONNECTIONS)
            for name, asked in questions().items()
        }
        asyncio.run(measure_requests(list(candidates.values()), rounds))
    print("time with resolve to time without, median (least to most) of the rounds")
    for name, candidate in candidates.items():
        plain = candidates[name.partition(",")[0]]
        if candidate is plain:
            continue
        for connections, figures in ratios(candidate.rounds, plain.rounds).items():
            parts = ", ".join(f"{figure} {told(figures[figure])}" for figure in ("p50", "cpu"))
            print(f"{name}: {connections:5} lines: {parts}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", action="store_true", help="list what is not right, but the held-out"
    )
    parser.add_argument("--seen", action="store_true", help="leave the held-out phrases alone")
    parser.add_argument("--requests", action="store_true", help="what it adds to a request")
    parser.add_argument("--rounds", type=int, default=9, help="of requests (%(default)s)")
    arguments = parser.parse_args()
    if arguments.requests:
        report_requests(arguments.rounds)
        return
    sgd, microsoft = items_of("sgd.jsonl"), items_of("ms-en.jsonl")
    seen = [item for item in sgd if not is_held_out(item)]
    report("sgd, seen", seen, show=arguments.show)
    if not arguments.seen:
        report("sgd, held out", [item for item in sgd if is_held_out(item)], show=False)
        report("sgd", sgd, show=False)
    report("ms-en", microsoft, show=arguments.show)
    kinds: tuple[tuple[str, Before], ...] = (
        ("first", "nothing"),
        ("again, at another time", "words"),
        ("again", "value"),
    )
    for name, remembered in kinds:
        taken = sorted(timings(sgd + microsoft, remembered))
        print(
            f"µs a phrase, {name}: median {statistics.median(taken):.1f}, "
            f"p99 {taken[int(len(taken) * 0.99)]:.1f}, most {taken[-1]:.1f}"
        )
    for name, (milliseconds, megabytes) in zip(("rules", "places"), start_cost(), strict=True):
        print(f"start, {name}: {milliseconds:.1f} ms, {megabytes:.1f} MB")


if __name__ == "__main__":
    main()
