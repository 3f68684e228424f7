"""How far a run is, on one line of a terminal."""

import time
from typing import TextIO

# Seconds between two lines.
_PACE = 0.25


class Progress:
    """
    Shows rows, their rate, and where the end is known the share that is done and the time left.

    total: what there is to do, in any unit, None where that is not known; done: what an earlier
    run has done of it. Shows nothing where the stream is no terminal, or where rows are written
    `beside` it to one.
    """

    def __init__(
        self, stream: TextIO, total: int | None, done: int = 0, *, beside: bool = False
    ) -> None:
        self._stream = stream
        self._shown = stream.isatty() and not beside
        self._total = total
        self._before = self._done = done
        self._rows = 0
        self._began = self._last = time.monotonic()

    def add(self, rows: int, amount: int) -> None:
        """So many more rows, which are so much of the total."""
        self._rows += rows
        self._done += amount
        now = time.monotonic()
        if self._shown and now - self._last >= _PACE:
            self._last = now
            self._show(self.line(now))

    def line(self, now: float) -> str:
        """What is shown at a time of time.monotonic."""
        seconds = max(now - self._began, 1e-9)
        parts = [f"{self._rows:,} rows", f"{self._rows / seconds:,.0f}/s"]
        if self._total:
            parts.insert(0, f"{min(self._done / self._total, 1):.0%}")
            if done := self._done - self._before:
                left = seconds * max(self._total - self._done, 0) / done
                parts.append(f"{duration(left)} left")
        return "  ".join(parts)

    def close(self) -> float:
        """Clear the line; gives the seconds that the run took."""
        if self._shown:
            self._show("")
        return time.monotonic() - self._began

    def _show(self, line: str) -> None:
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()


def duration(seconds: float) -> str:
    """Such as 0:09, 12:30 or 26:05:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
