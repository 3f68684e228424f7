"""
How well and how fast values are resolved: `python -m benchmarks.values`.

Reads `sgd.jsonl` and `ms-en.jsonl` from `SLOTLINE_DATA`/values: right, null and wrong, weighted by
`count`; then the time per phrase, the time to import, and the memory that the package takes.
"""

import argparse
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.values import Context, SlotType, resolve

__all__ = ["Outcome", "is_held_out", "judged", "normalised"]

Outcome = Literal["right", "null", "wrong"]
DATA = Path(os.environ.get("SLOTLINE_DATA", "../shared/data")) / "values"
OFFSET = re.compile(r"(?<=:\d\d)(?:Z|[+-]\d\d:\d\d)$")
ROUNDS = 20


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


def timings(items: list[dict[str, Any]]) -> list[float]:
    """Microseconds of each phrase, the least of some rounds."""
    found = []
    for item in items:
        context = Context(datetime.fromisoformat(item["ref"]), ZoneInfo(item["tz"]), item["locale"])
        slot, text = SlotType(item["asked"], bare_duration="offset"), item["text"]
        best = float("inf")
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            resolve(text, 0, len(text), slot, context)
            best = min(best, time.perf_counter() - begun)
        found.append(best * 1e6)
    return found


def import_cost() -> tuple[float, float]:
    """Milliseconds and MB of importing the package, in a process that has the standard library."""
    program = (
        "import calendar, re, json, datetime, zoneinfo, dataclasses, typing, resource, time\n"
        "def rss():\n"
        "    pages = int(open('/proc/self/statm').read().split()[1])\n"
        "    return pages * resource.getpagesize() / 1e6\n"
        "memory, begun = rss(), time.process_time()\n"
        "import app.values\n"
        "print((time.process_time() - begun) * 1e3, rss() - memory)\n"
    )
    # As an installed package is imported: from compiled files, which a first run writes.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", program]
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        for _ in range(6)
    ]
    figures = [[float(part) for part in run.stdout.split()] for run in runs]
    return min(run[0] for run in figures), statistics.median(run[1] for run in figures)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", action="store_true", help="list what is not right, but the held-out"
    )
    parser.add_argument("--seen", action="store_true", help="leave the held-out phrases alone")
    arguments = parser.parse_args()
    sgd, microsoft = items_of("sgd.jsonl"), items_of("ms-en.jsonl")
    seen = [item for item in sgd if not is_held_out(item)]
    report("sgd, seen", seen, show=arguments.show)
    if not arguments.seen:
        report("sgd, held out", [item for item in sgd if is_held_out(item)], show=False)
        report("sgd", sgd, show=False)
    report("ms-en", microsoft, show=arguments.show)
    taken = sorted(timings(sgd + microsoft))
    last = taken[int(len(taken) * 0.99)]
    print(
        f"µs a phrase: median {statistics.median(taken):.1f}, p99 {last:.1f}, most {taken[-1]:.1f}"
    )
    milliseconds, megabytes = import_cost()
    print(f"import: {milliseconds:.1f} ms, {megabytes:.1f} MB")


if __name__ == "__main__":
    main()
