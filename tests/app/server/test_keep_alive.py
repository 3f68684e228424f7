"""Connections that are kept for another request: how long, and what becomes of the last one."""

import re
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx2
import pytest

from app.settings import Settings
from benchmarks.harness.service import serving
from tests.app.server.test_limits import BODY, connect, heard, with_body

REQUEST = with_body(BODY)
NGINX = Path(__file__).parents[3] / "deploy" / "nginx.conf"


@pytest.fixture(scope="module")
def server(toy_bundle: Path) -> Iterator[httpx2.Client]:
    """Keeps connections for a second."""
    settings = {"SLOTLINE_KEEP_ALIVE_TIMEOUT": "1", "SLOTLINE_READ_TIMEOUT": "3"}
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (client, _):
        yield client


def ask(line: socket.socket) -> int:
    line.sendall(REQUEST)
    return heard(line)[0]


def ends_cleanly(line: socket.socket) -> bool:
    """Whether the connection ends, and by no reset."""
    line.settimeout(20)
    return line.recv(1) == b""


def test_a_connection_is_kept_longer_than_proxies_and_load_balancers_keep_theirs() -> None:
    assert Settings().keep_alive_timeout > 75


def test_the_example_of_a_proxy_closes_connections_before_the_service_does() -> None:
    conf = NGINX.read_text(encoding="utf-8")
    upstream = re.search(r"upstream slotline \{(.*?)\n    \}", conf, re.DOTALL)
    assert upstream
    kept = re.search(r"keepalive_timeout (\d+)s;", upstream[1])
    assert kept
    assert int(kept[1]) < Settings().keep_alive_timeout
    # What has waited as long as a request may is not begun again elsewhere.
    bounds = re.findall(r"proxy_next_upstream_timeout (\d+)s;", conf)
    assert bounds
    assert all(int(bound) < Settings().request_timeout for bound in bounds)


def test_a_connection_outlives_the_time_for_a_head_where_it_is_kept_longer(
    toy_bundle: Path,
) -> None:
    settings = {"SLOTLINE_KEEP_ALIVE_TIMEOUT": "60", "SLOTLINE_READ_TIMEOUT": "1"}
    with (
        serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (server, _),
        connect(server) as line,
        connect(server) as slow,
        connect(server) as silent,
    ):
        assert ask(line) == ask(slow) == 200
        slow.sendall(REQUEST[:10])  # a head has begun, and has its time from then on
        time.sleep(2.5)
        assert ends_cleanly(slow)
        assert ends_cleanly(silent)
        assert ask(line) == 200


def test_a_connection_ends_cleanly_when_its_time_is_over(server: httpx2.Client) -> None:
    with connect(server) as line:
        assert ask(line) == 200
        since = time.monotonic()
        assert ends_cleanly(line)
        assert 0.8 < time.monotonic() - since < 10


def test_empty_lines_do_not_keep_a_connection(server: httpx2.Client) -> None:
    with connect(server) as line:
        assert ask(line) == 200
        line.sendall(b"\r\n")
        assert ends_cleanly(line)


def test_every_request_has_the_time_anew(server: httpx2.Client) -> None:
    with connect(server) as line:
        for _ in range(4):
            assert ask(line) == 200
            time.sleep(0.6)


def test_who_asks_as_the_time_runs_out_is_answered_or_hears_a_clean_end(
    server: httpx2.Client,
) -> None:
    outcomes: Counter[str] = Counter()
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(connect(server))) for _ in range(100)]
        due: list[tuple[float, float, socket.socket]] = []
        for number, line in enumerate(lines):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            assert ask(line) == 200
            offset = (number - 50) / 2500  # from 20 ms before the time is over to 20 ms after it
            due.append((time.monotonic() + 1 + offset, offset, line))
        for moment, _, line in sorted(due, key=lambda entry: entry[0]):
            time.sleep(max(0.0, moment - time.monotonic()))
            line.sendall(REQUEST)
        for _, _, line in due:
            line.settimeout(20)
            try:
                answer = line.recv(65_536)
            except ConnectionResetError:
                outcomes["reset"] += 1
            else:
                outcomes[answer[9:12].decode() or "end"] += 1
    assert set(outcomes) <= {"200", "end"}, outcomes
    assert outcomes["200"] > 0, outcomes


def test_a_request_that_has_come_before_the_time_is_over_is_answered(toy_bundle: Path) -> None:
    # Stopped, the process wakes up when the time is over and the request has long been there.
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_KEEP_ALIVE_TIMEOUT": "0.5"}
    with serving(**settings) as (server, process), ExitStack() as stack:
        lines = [stack.enter_context(closing(connect(server))) for _ in range(20)]
        assert {ask(line) for line in lines} == {200}
        process.send_signal(signal.SIGSTOP)
        for line in lines:
            line.sendall(REQUEST)
        time.sleep(1)
        process.send_signal(signal.SIGCONT)
        assert [heard(line)[0] for line in lines] == [200] * len(lines)


def test_a_request_that_comes_after_the_end_meets_no_reset(server: httpx2.Client) -> None:
    with connect(server) as line:
        assert ask(line) == 200
        time.sleep(1.2)  # the end is there, unread
        line.sendall(REQUEST)
        time.sleep(0.1)
        assert ends_cleanly(line)


def test_idle_connections_make_room_for_new_ones(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_MAX_CONNECTIONS": "4"}
    with serving(**settings) as (server, _), ExitStack() as stack:
        first, *others = [stack.enter_context(closing(connect(server))) for _ in range(4)]
        assert {ask(line) for line in (first, *others)} == {200}
        time.sleep(1.2)
        for line in others:  # so that the first is idle for longest
            assert ask(line) == 200
        with connect(server) as fifth, connect(server) as sixth:
            assert ask(fifth) == 200
            assert ends_cleanly(first)
            assert heard(sixth)[0] == 503, "the others have been used just now"
        assert [ask(line) for line in others] == [200] * 3


def test_connections_in_use_make_no_room(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_MAX_CONNECTIONS": "2"}
    with (
        serving(**settings) as (server, _),
        connect(server) as late,
        connect(server) as never,
    ):
        assert ask(late) == 200
        late.sendall(REQUEST[:-5])  # a request that is being sent
        time.sleep(1.5)
        with connect(server) as third:
            assert heard(third)[0] == 503
        late.sendall(REQUEST[-5:])
        assert heard(late)[0] == 200
        assert ask(never) == 200


def test_a_stop_ends_idle_connections_at_once(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_SHUTDOWN_DELAY": "0.1", "SLOTLINE_SHUTDOWN_TIMEOUT": "60"}
    with (
        serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (server, process),
        connect(server) as line,
    ):
        assert ask(line) == 200
        since = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert ends_cleanly(line)
        assert process.wait(timeout=60) == 0
        assert time.monotonic() - since < 30


def test_a_request_that_comes_as_the_service_stops_is_answered(toy_bundle: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_SHUTDOWN_TIMEOUT": "60"}
    with serving(**settings) as (server, process), connect(server) as line:
        assert ask(line) == 200
        process.send_signal(signal.SIGSTOP)
        process.send_signal(signal.SIGINT)
        line.sendall(REQUEST)
        process.send_signal(signal.SIGCONT)
        assert heard(line)[0] == 200
        assert process.wait(timeout=60) == 0
