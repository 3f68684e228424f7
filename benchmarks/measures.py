"""What repeated measurements come to, and what processes hold."""

import os
import re
import statistics
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TypedDict

# What libraries of linear algebra ask for when they are imported.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Spread(TypedDict):
    """The median, and the quartiles about it."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Of at least two values."""
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def told(values: Spread, places: int = 0) -> str:
    """For people, with so many digits after the point."""
    return (
        f"{values['median']:.{places}f} ({values['low']:.{places}f} to {values['high']:.{places}f})"
    )


def cores() -> list[int]:
    """The cores that this process may be pinned to; none where the system pins nothing (macOS)."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def pin(chosen: Collection[int], process: int = 0) -> None:
    """Have a process, this one where it is 0, run on these cores alone, if there are any."""
    if chosen:
        os.sched_setaffinity(process, chosen)


def needs_linux() -> None:
    """End with a sentence where there is no /proc to measure processes by."""
    if sys.platform != "linux":
        sys.exit("error: this benchmark reads /proc, which only Linux has: run it there")


def resident_megabytes(process: int | None = None) -> float:
    """Memory that a process holds; without a number this one. Only Linux tells."""
    status = Path(f"/proc/{process or 'self'}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None, "Linux tells a process's memory"
    return int(found[1]) / 1000
