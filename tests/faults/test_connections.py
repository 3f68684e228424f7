"""Connections that do what no decent client does, beside others that must be served."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from benchmarks.harness.faults import (
    REQUEST,
    break_off_everywhere,
    connect,
    idle_connections,
    reset,
)
from benchmarks.harness.service import serving
from tests.app.inference.test_live_reload import asked_all_the_time
from tests.app.server.test_limits import heard

IDLE = 1_000


@pytest.fixture(scope="module")
def address(toy_bundle: Path) -> Iterator[httpx2.URL]:
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), SLOTLINE_READ_TIMEOUT="300") as (client, _):
        yield client.base_url


def test_a_thousand_idle_connections_keep_nobody_out(address: httpx2.URL) -> None:
    with idle_connections(address, IDLE) as lines:
        with asked_all_the_time(address):
            time.sleep(0.5)
        for line in lines[:: IDLE // 10]:
            line.sendall(REQUEST)
            assert heard(line)[0] == 200, "they are still connected themselves"


def test_whoever_breaks_off_or_closes_half_harms_nobody_else(address: httpx2.URL) -> None:
    with asked_all_the_time(address):
        assert break_off_everywhere(address) > 50


def test_one_who_asks_and_never_listens_harms_nobody_else(address: httpx2.URL) -> None:
    deaf = [connect(address) for _ in range(3)]
    for line in deaf:
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):  # noqa: PT012 how much it takes is not known
            while True:
                line.sendall(REQUEST * 10)
    with asked_all_the_time(address):
        time.sleep(0.5)
    for line in deaf:
        reset(line)
    assert httpx2.get(address.join("/health/ready")).status_code == 200
