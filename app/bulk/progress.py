"""The progress of a run, on one line of a terminal."""

import time
from typing import TextIO

# Seconds between two lines.
_PACE = 0.25


class Progress:
    """
    Shows the number of rows, their rate, and if the total is known the share done and time left.

    total: the size of the input in any unit, None if it is unknown. done: how much of it an earlier
    run has done. Nothing is shown if the stream is no terminal, or if rows are written to the same
    one (`beside`).
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
        """Add rows, and the amount of the total that they are."""
        self._rows += rows
        self._done += amount
        now = time.monotonic()
        if self._shown and now - self._last >= _PACE:
            self._last = now
            self._show(self.line(now))

    def line(self, now: float) -> str:
        """The text to show at a time of time.monotonic."""
        seconds = max(now - self._began, 1e-9)
        parts = [f"{self._rows:,} rows", f"{self._rows / seconds:,.0f}/s"]
        if self._total:
            parts.insert(0, f"{min(self._done / self._total, 1):.0%}")
            if done := self._done - self._before:
                left = seconds * max(self._total - self._done, 0) / done
                parts.append(f"{duration(left)} left")
        return "  ".join(parts)

    def close(self) -> float:
        """Clear the line, and return the seconds that the run took."""
        if self._shown:
            self._show("")
        return time.monotonic() - self._began

    def _show(self, line: str) -> None:
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()


def duration(seconds: float) -> str:
    """Seconds as text, such as 0:09, 12:30 or 26:05:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
