"""What a worker may accept beside others, with a clock and workers of the test's own."""

import os
from collections.abc import Callable, Iterator

import pytest

from app.server.fair_share import ConnectionTable, FairShare

WORKERS = 3


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory() -> Iterator[int]:
    descriptor = ConnectionTable.create(WORKERS)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def share(memory: int, clock: Clock) -> Callable[[int], FairShare]:
    """Of a worker by its number; each maps the memory for itself, as a process of its own would."""

    def begun(worker: int) -> FairShare:
        share = FairShare(ConnectionTable(memory, WORKERS), worker, clock)
        share.begin()
        return share

    return begun


Share = Callable[[int], FairShare]


def test_a_worker_alone_accepts_whatever_it_has(share: Share) -> None:
    one = share(0)
    assert all(one.allowance(connections) for connections in (0, 100, 100_000))


@pytest.mark.parametrize("workers", [2, 3])
def test_whoever_wakes_first_lets_the_others_come_level(share: Share, workers: int) -> None:
    shares = [share(number) for number in range(workers)]
    held = [0] * workers
    waiting = 64
    # The first looks ten times as often as the others.
    order = [0] * 10 + list(range(1, workers))
    while waiting:
        for number in order:
            accepted = min(waiting, shares[number].allowance(held[number]))
            held[number] += accepted
            waiting -= accepted
    assert max(held) - min(held) <= 12


def test_a_worker_that_has_looked_and_left_connections_waits_no_longer_for(share: Share) -> None:
    ahead, behind = share(0), share(1)
    assert not ahead.allowance(1_000)
    assert not ahead.allowance(1_000), "the other has not looked yet"
    assert behind.allowance(0)
    assert ahead.allowance(1_000)
    assert not ahead.allowance(1_000), "and again it is the other's turn"


def test_of_a_worker_that_is_busy_the_others_take_one_connection_at_a_time(
    share: Share, clock: Clock
) -> None:
    ahead, _ = share(0), share(1)
    accepted = 0
    for _ in range(200):  # 0.4 seconds
        accepted += ahead.allowance(10 + accepted)
        clock.seconds += 0.002
    assert 5 <= accepted <= 8


def test_a_worker_that_hangs_is_given_up_until_it_looks_again(share: Share, clock: Clock) -> None:
    ahead, hanging = share(0), share(1)
    while not ahead.allowance(10):
        clock.seconds += 0.02
    clock.seconds += 0.6
    assert ahead.allowance(10) > 1
    assert ahead.allowance(50) > 1, "nothing waits for it any more"
    hanging.allowance(0)
    assert not ahead.allowance(50)


def test_a_worker_that_takes_the_place_of_one_that_hung_is_not_given_up(
    share: Share, clock: Clock
) -> None:
    ahead, _ = share(0), share(1)
    ahead.allowance(10)
    clock.seconds += 0.6
    assert ahead.allowance(10) > 1
    share(1)
    assert not ahead.allowance(50)


def test_where_nothing_waits_any_more_nobody_is_given_up(share: Share, clock: Clock) -> None:
    ahead, _ = share(0), share(1)
    assert not ahead.allowance(10)
    ahead.forget()
    clock.seconds += 60
    assert not ahead.allowance(10)


def test_a_worker_that_ended_or_was_ended_is_not_waited_for(share: Share, memory: int) -> None:
    ahead, stopping, _ = share(0), share(1), share(2)
    assert not ahead.allowance(10)
    stopping.end()
    assert not ahead.allowance(10)
    ConnectionTable(memory, WORKERS).end(2)  # by the supervisor
    assert ahead.allowance(10)


def test_what_a_worker_notes_between_its_looks_counts(share: Share) -> None:
    one, other = share(0), share(1)
    assert not one.allowance(50)
    one.forget()
    other.note(48)
    assert one.allowance(50)


def test_without_anonymous_memory_a_file_serves(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)  # as on macOS
    descriptor = ConnectionTable.create(2)
    one, other = (FairShare(ConnectionTable(descriptor, 2), number, clock) for number in (0, 1))
    os.close(descriptor)
    one.begin()
    other.begin()
    other.allowance(7)
    assert not one.allowance(12)
    assert one.allowance(11)
