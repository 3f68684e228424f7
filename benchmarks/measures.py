"""What repeated measurements come to."""

import statistics
from collections.abc import Sequence
from typing import TypedDict


class Spread(TypedDict):
    """The median, and the quartiles about it."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Of at least two values."""
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}
