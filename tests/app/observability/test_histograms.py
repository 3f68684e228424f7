"""Histograms that are counted many values at a time are told as prometheus_client's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics import exposition as openmetrics

from app.observability.histograms import BatchedHistogram, BucketsAsHistograms
from app.observability.shared_gauges import FOLDER

BUCKETS = (0.0001, 0.5, 1, 2, 256)
# Halves and quarters, so that sums are the same in any order.
AMOUNTS = st.lists(st.integers(0, 1200).map(lambda number: number / 4))


def told(registry: CollectorRegistry) -> list[bytes]:
    """Both expositions, without the times at which theirs were made."""
    texts = [generate_latest(registry), openmetrics.generate_latest(registry)]  # type: ignore[no-untyped-call]
    return [
        b"\n".join(line for line in text.split(b"\n") if b"_created" not in line) for text in texts
    ]


def pair(
    labels: tuple[str, ...] = (),
) -> tuple[Histogram, BatchedHistogram, Callable[[], list[list[bytes]]]]:
    """A histogram of prometheus_client, one of ours, and what both tell."""
    theirs, counts, ours = CollectorRegistry(), CollectorRegistry(), CollectorRegistry()
    ours.register(BucketsAsHistograms(counts))
    slow = Histogram("waits_seconds", "As it is.", labels, registry=theirs, buckets=BUCKETS)
    quick = BatchedHistogram("waits_seconds", "As it is.", labels, registry=counts, buckets=BUCKETS)
    return slow, quick, lambda: [told(theirs), told(ours)]


@given(st.lists(AMOUNTS, max_size=3))
def test_many_values_at_once_are_told_as_one_by_one(batches: list[list[float]]) -> None:
    slow, quick, texts = pair()
    for amounts in batches:
        for amount in amounts:
            slow.observe(amount)
        quick.labels().observe(amounts)
    theirs, ours = texts()
    assert ours == theirs


@given(st.dictionaries(st.tuples(st.sampled_from("ab"), st.text(max_size=3)), AMOUNTS))
def test_each_value_of_labels_has_its_own_buckets(
    amounts_of: dict[tuple[str, str], list[float]],
) -> None:
    slow, quick, texts = pair(("kind", "endpoint"))
    for labels, amounts in amounts_of.items():
        child = slow.labels(*labels)
        for amount in amounts:
            child.observe(amount)
        quick.labels(*labels).observe(amounts)
    theirs, ours = texts()
    assert [sorted(text.split(b"\n")) for text in ours] == [
        sorted(text.split(b"\n")) for text in theirs
    ]


def test_what_is_no_histogram_is_told_as_it_is() -> None:
    counts, ours = CollectorRegistry(), CollectorRegistry()
    ours.register(BucketsAsHistograms(counts))
    Counter("lonely_sum", "No buckets beside it.", registry=counts).inc(3)
    assert ours.get_sample_value("lonely_sum_total") == 3


def test_workers_are_added_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    for process in (1, 2):
        shared = values.MultiProcessValue(lambda process=process: process)  # type: ignore[no-untyped-call]
        monkeypatch.setattr(values, "ValueClass", shared)
        waits = BatchedHistogram("waits", "Of all.", ["kind"], registry=None, buckets=(1, 2))
        waits.labels("long").observe([0.5, 1.5, 1.5, 9])
    counts, all_of_them = CollectorRegistry(), CollectorRegistry()
    MultiProcessCollector(counts)  # type: ignore[no-untyped-call]
    all_of_them.register(BucketsAsHistograms(counts))
    found = [
        all_of_them.get_sample_value("waits_bucket", {"kind": "long", "le": le})
        for le in ("1.0", "2.0", "+Inf")
    ]
    assert found == [2, 6, 8]
    assert all_of_them.get_sample_value("waits_count", {"kind": "long"}) == 8
    assert all_of_them.get_sample_value("waits_sum", {"kind": "long"}) == 25


def test_one_that_is_being_made_is_not_told_yet() -> None:
    counts, ours = CollectorRegistry(), CollectorRegistry()
    ours.register(BucketsAsHistograms(counts))
    Counter("waits_bucket", "Half.", ["kind", "le"], registry=counts).labels("long", "1.0")
    Counter("waits_sum", "Half.", ["kind"], registry=counts).labels("long")
    assert ours.get_sample_value("waits_bucket", {"kind": "long", "le": "1.0"}) is None
