"""What a terminal shows of a run."""

import io

import pytest

from app.bulk.progress import Progress, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in its only entry."""
    now = [100.0]
    monkeypatch.setattr("app.bulk.progress.time.monotonic", lambda: now[0])
    return now


def test_it_shows_share_rate_and_time_left_and_clears_the_line(clock: list[float]) -> None:
    terminal = Terminal()
    progress = Progress(terminal, total=1_000, done=200)
    clock[0] += 10
    progress.add(rows=5_000, amount=200)
    # 200 of the 800 that were left took 10 seconds.
    assert terminal.getvalue() == "\r\x1b[K40%  5,000 rows  500/s  0:30 left"
    clock[0] += 0.01
    progress.add(rows=1, amount=1)
    assert terminal.getvalue().count("\r") == 1, "it does not flicker"
    clock[0] += 9.99
    assert progress.close() == 20
    assert terminal.getvalue().endswith("left\r\x1b[K")


def test_of_a_pipe_the_end_is_not_known(clock: list[float]) -> None:
    terminal = Terminal()
    progress = Progress(terminal, total=None)
    clock[0] += 2
    progress.add(rows=10, amount=7)
    assert terminal.getvalue() == "\r\x1b[K10 rows  5/s"


@pytest.mark.parametrize(("stream", "beside"), [(io.StringIO(), False), (Terminal(), True)])
def test_nothing_is_shown_where_there_is_no_terminal_or_rows_are_on_it(
    clock: list[float], stream: io.StringIO, beside: bool
) -> None:
    progress = Progress(stream, total=10, beside=beside)
    clock[0] += 10
    progress.add(1, 10)
    progress.close()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.4, "0:00"), (9, "0:09"), (750, "12:30"), (93_900, "26:05:00")]
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
