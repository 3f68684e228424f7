"""What Prometheus is told that nobody counts: it is looked at when it is asked for."""

import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client import ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import State

from app import __version__
from app.observability.shared_gauges import WorkerTable

if TYPE_CHECKING:
    from app.inference.registry import ModelRegistry


class Bundles(Collector):
    """What is served, as this worker knows it: the others agree within seconds."""

    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterable[Metric]:
        service = GaugeMetricFamily(
            "slotline_build_info", "Version of the service.", labels=["version"]
        )
        service.add_metric([__version__], 1)
        yield service
        registry: ModelRegistry | None = self._state.registry
        if registry is None:
            return
        labels = ["model", "version", "default"]
        info = GaugeMetricFamily("slotline_model_info", "Models that are loaded.", labels=labels)
        for tagger in registry:
            name, version = tagger.manifest.name, tagger.manifest.version
            info.add_metric([name, version, str(name == registry.default).lower()], 1)
        yield info
        about = "Bundles on disk that cannot be loaded."
        yield GaugeMetricFamily(
            "slotline_model_load_errors", about, value=len(registry.load_errors)
        )


class Processes(Collector):
    """The figures of every worker and of their supervisor, each under its `pid`."""

    def __init__(self, table: WorkerTable) -> None:
        self._table = table

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for process in (os.getppid(), *self._table.processes):
            collector = ProcessCollector(pid=partial(int, process), registry=None)
            for family in collector.collect():
                samples = [
                    sample._replace(labels={"pid": str(process)}) for sample in family.samples
                ]
                family.samples = []
                families.setdefault(family.name, family).samples += samples
        return families.values()
