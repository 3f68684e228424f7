"""
Histograms that take many values at a time.

prometheus_client's take one at a time, and look for the bucket of each. These count in counters,
one for each bucket and one for the sum, which take any number at once and are shared among workers
as all counters are; when metrics are asked for, each set of counters is told as a histogram.
"""

import math
from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

_BUCKET, _SUM = "_bucket", "_sum"
_BOUND = "le"  # as Prometheus names the label of a bucket's upper bound
_LAST = "+Inf"

_Labels = tuple[tuple[str, str], ...]


class BatchedHistogram:
    """A histogram as counters in `registry`, or in none; BucketsAsHistograms tells of it."""

    def __init__(
        self,
        name: str,
        about: str,
        labels: Sequence[str] = (),
        *,
        buckets: Sequence[float],
        registry: CollectorRegistry | None,
    ) -> None:
        """buckets: their upper bounds, ascending; that of all others, +Inf, is added."""
        self._bounds = (*buckets, math.inf)
        self._written = [floatToGoString(le) for le in self._bounds]  # type: ignore[no-untyped-call]
        self._counts = Counter(name + _BUCKET, about, (*labels, _BOUND), registry=registry)
        self._sum = Counter(name + _SUM, about, labels, registry=registry)
        self._children: dict[tuple[str, ...], HistogramChild] = {}
        if not labels:
            self.labels()

    def labels(self, *values: str) -> "HistogramChild":
        """The histogram of these values of the labels; from now on it is told, if only as zeros."""
        child = self._children.get(values)
        if child is None:
            # In the order in which whoever tells of it meanwhile can do without the rest.
            total = self._sum.labels(*values) if values else self._sum
            counts = [self._counts.labels(*values, le) for le in self._written]
            child = self._children[values] = HistogramChild(self._bounds, counts, total)
        return child


@dataclass(frozen=True, slots=True)
class HistogramChild:
    """The counters of one histogram; counts: one for each bound, of values up to it alone."""

    bounds: Sequence[float]
    counts: Sequence[Counter]
    sum: Counter

    def observe(self, amounts: Sequence[float]) -> None:
        """Count each; raises ValueError where they are negative."""
        if not amounts:
            return
        self.sum.inc(sum(amounts))
        tally = Tally([bisect_left(self.bounds, amount) for amount in amounts])
        for bucket, count in tally.items():
            self.counts[bucket].inc(count)


class BucketsAsHistograms(Collector):
    """What a registry has, the counters of each histogram told as that histogram."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        """The families, in the order of the registry."""
        families = {family.name: family for family in self._registry.collect()}
        sums = {name.removesuffix(_BUCKET) + _SUM for name in families if name.endswith(_BUCKET)}
        for name, family in families.items():
            if name.endswith(_BUCKET):
                histogram = name.removesuffix(_BUCKET)
                yield _histogram(histogram, family, families[histogram + _SUM])
            elif name not in sums:
                yield family


def _histogram(name: str, counts: Metric, sums: Metric) -> HistogramMetricFamily:
    buckets_of: dict[_Labels, dict[str, float]] = {}
    for sample in counts.samples:
        labels = _labels({key: of for key, of in sample.labels.items() if key != _BOUND})
        buckets_of.setdefault(labels, {})[sample.labels[_BOUND]] = sample.value
    total_of = {_labels(sample.labels): sample.value for sample in sums.samples}
    names = [key for key, _ in next(iter(buckets_of), ())]
    family = HistogramMetricFamily(name, counts.documentation, labels=names)
    for labels, buckets in buckets_of.items():
        if _LAST not in buckets:
            continue  # a thread is just making it
        bounds = sorted(buckets, key=float)
        up_to = accumulate(buckets[bound] for bound in bounds)
        cumulative = list(zip(bounds, up_to, strict=True))
        family.add_metric([of for _, of in labels], cumulative, total_of[labels])
    return family


def _labels(labels: Mapping[str, str]) -> _Labels:
    return tuple(sorted(labels.items()))
