"""The peers' figures as a table in Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.measures import told

_HEAD = (
    "",
    "dev slot F1",
    "one at a time, µs",
    "× slotline's",
    "at once, sentences/s",
    "× slotline's time",
    "memory, MB",
    "on disk, MB",
    "training, s",
)


def table(candidates: Sequence[Mapping[str, Any]]) -> str:
    """Medians, and of ratios the quartiles."""
    rows = [
        (
            each["candidate"],
            f"{each['slot_f1']:.2f}",
            f"{each['alone_us']['median']:,.0f}",
            told(each["alone_to_ours"], 2),
            f"{each['sentences_per_second']['median']:,.0f}",
            told(each["together_to_ours"], 2),
            f"{each['resident_megabytes']:.0f}",
            f"{each['megabytes_on_disk']:.1f}",
            f"{each['training_seconds']:.0f}",
        )
        for each in candidates
    ]
    lines = [_HEAD, ("---",) * len(_HEAD), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
