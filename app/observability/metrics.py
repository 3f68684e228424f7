"""
What Prometheus is told.

What happens is noted as it is, which takes well under a microsecond, and soon after counted, many
at a time: counting each by itself would take as long as a tenth of an answer. With several workers
prometheus_client shares the counts through files, in the folder of PROMETHEUS_MULTIPROC_DIR.
"""

import asyncio
import logging
import multiprocessing
import os
import shutil
import sys
import time
from collections import Counter as Tally
from collections.abc import Iterable, MutableSequence, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector
from starlette.datastructures import State
from starlette.types import Scope

from app.inference.registry import ModelRegistry
from app.observability.collectors import Bundles, Processes
from app.observability.histograms import BatchedHistogram, BucketsAsHistograms, HistogramChild
from app.observability.shared_gauges import FOLDER, WorkerTable
from app.observability.worker_deaths import set_process_id
from app.tagging.tagger import TaggedSentence, Tagger

# Seconds until what was noted is counted, and how much is never left waiting: a killed worker
# takes no more along.
_SOON = 0.1
_AT_ONCE = 100
# A sentence takes a fraction of a millisecond, and who waits too long gets no answer.
_SECONDS = (
    *(0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.005),
    *(0.0075, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)
_SENTENCES = (1, 2, 3, 4, 6, 8, 16, 32, 64, 128, 256)

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _OfModel:
    """What is counted for each model, looked up once."""

    name: str
    batches: HistogramChild
    tagging: HistogramChild
    decoding: HistogramChild
    words: Counter
    slots: Counter


class _Tagged(NamedTuple):
    """What was tagged together; slots: their names; tagging and decoding: seconds."""

    model: _OfModel
    sentences: int
    words: int
    slots: list[str]
    tagging: float
    decoding: float


class Metrics:
    """
    The metrics of one process.

    `worker` is its number among several, which the one that takes its place gets too and counts
    on from. Belongs to one event loop; what has to do with taggers may come from other threads.
    """

    def __init__(self, state: State, worker: int | None = None, workers: int = 1) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._state = state
        shared = os.environ.get(FOLDER)
        # Where counts are shared, those of all are read from the files.
        counts = CollectorRegistry()
        mine = None if shared else counts
        self.registry = CollectorRegistry()
        self.registry.register(BucketsAsHistograms(counts))
        self.in_flight: MutableSequence[int] | memoryview = [0]
        processes: Collector = ProcessCollector(registry=None)
        if shared:
            if worker is not None:
                set_process_id(worker)
                table = WorkerTable(Path(shared), workers)
                self.in_flight = table.register(worker)
                processes = Processes(table)
            MultiProcessCollector(counts)  # type: ignore[no-untyped-call]
        elif _is_one_of_several():
            logger.warning(
                "GET /metrics counts this process alone, and others may answer beside it: for "
                "figures of all start slotline serve with SLOTLINE_WORKERS"
            )
        self.registry.register(processes)
        self.registry.register(Bundles(state))

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(f"slotline_{name}", about, labels, registry=mine)

        def histogram(
            name: str, about: str, *labels: str, buckets: tuple[float, ...] = _SECONDS
        ) -> BatchedHistogram:
            name, about = f"slotline_{name}", f"{about}."
            return BatchedHistogram(name, about, labels, registry=mine, buckets=buckets)

        def gauge(name: str, about: str, *labels: str) -> Gauge:
            name = f"slotline_{name}"
            return Gauge(name, about, labels, registry=mine, multiprocess_mode="livesum")

        self._requests = counter(
            "requests", "Requests that have ended, streams included.", "endpoint", "status", "model"
        )
        self._fast_path = counter("fast_path", "Requests that took the fast path.")
        self._seconds = histogram(
            "http_request_duration_seconds",
            "From the headers of a request to the end of its response",
            "endpoint",
        )
        self._rejected = counter(
            "errors",
            "Error responses to requests and connections.",
            "code",
        )
        self._waits = histogram(
            "queue_wait_seconds",
            "Time that a sentence or batch waits in the queue",
            "kind",
        )
        self._waiting = gauge("queue_length", "Sentences that wait in the queue.")
        self._working = gauge(
            "long_queue_places", "Places taken in the queue for batches and long texts."
        )
        self._in_flight = gauge("requests_in_flight", "Requests in flight and open streams.")
        self._texts = counter(
            "stream_messages",
            "Messages of streams, by the status that a request would have had.",
            "status",
        )
        self._text_seconds = histogram(
            "stream_message_duration_seconds", "From the turn of a stream's message to its response"
        )
        self._tagging = histogram(
            "inference_duration_seconds",
            "Tokenizer, features and network, for sentences that are tagged together",
            "model",
        )
        self._decoding = histogram(
            "decode_duration_seconds",
            "From scores to slots, for sentences that are tagged together",
            "model",
        )
        self._batches = histogram(
            "batch_size", "Sentences that are tagged together", "model", buckets=_SENTENCES
        )
        self._words = counter("tokens", "Tokens that were tagged.", "model")
        self._slots = counter("slots", "Slots that were found.", "model", "slot")

        self._turns = counter(
            "form_turns", "Turns of forms, by what they came to.", "form", "status"
        )
        self._changes = counter("form_changes", "What turns did to slots.", "form", "kind")

        self._children: dict[tuple[str, int, str], Counter] = {}
        self._codes: dict[str, Counter] = {}
        self._models: dict[str, _OfModel] = {}
        self._fast = 0  # requests of the fast path, to be counted
        self._ended: list[tuple[tuple[str, int, str], float]] = []
        self._waited: list[tuple[bool, float]] = []
        self._tagged: list[_Tagged] = []

    def on_request_end(self, scope: Scope, endpoint: str, status: int, seconds: float) -> None:
        """Note a request."""
        state = scope["state"]
        self._ended.append(((endpoint, status, state.get("model", "")), seconds))
        if "code" in state:
            self.rejected(state["code"])
        if "fast_path" in state:
            self._fast += 1
        if len(self._ended) >= _AT_ONCE:
            self.settle()

    def answered(self, status: int, code: str | None, seconds: float) -> None:
        """Count a text of a stream; code: of the error that it got in place of an answer."""
        self._texts.labels(status).inc()
        self._text_seconds.labels().observe([seconds])
        if code is not None:
            self.rejected(code)

    def turned(self, form: str, status: str, changes: Iterable[str]) -> None:
        """Count a turn of a form, and what it did; none of what was said."""
        self._turns.labels(form, status).inc()
        for kind in changes:
            self._changes.labels(form, kind).inc()

    def rejected(self, code: str) -> None:
        """Count a request or a connection that was refused."""
        child = self._codes.get(code)
        if child is None:
            child = self._codes[code] = self._rejected.labels(code)
        child.inc()

    def on_dequeued(self, long: bool, since: float, began: float | None) -> None:
        """Note what a request waited for its turn, or without one."""
        self._waited.append((long, (began or time.monotonic()) - since))

    def observe_taggers(self, registry: ModelRegistry) -> None:
        """Note what the taggers do."""
        for entry in registry.served:
            for model in entry.versions.values():
                self._observe(model.tagger)

    def _observe(self, tagger: Tagger) -> None:
        name = tagger.manifest.name
        model = self._models.get(name)
        if model is None:
            model = self._models[name] = _OfModel(
                name=name,
                batches=self._batches.labels(name),
                tagging=self._tagging.labels(name),
                decoding=self._decoding.labels(name),
                words=self._words.labels(name),
                slots=self._slots,
            )

        def note(taggings: list[TaggedSentence], tagging: float, decoding: float) -> None:
            # Not the taggings themselves: they hold on to what would be used again at once.
            slots = [slot.name for sentence in taggings for slot in sentence.slots]
            words = sum(sentence.size for sentence in taggings)
            self._tagged.append(_Tagged(model, len(taggings), words, slots, tagging, decoding))

        tagger.observer = note

    async def keep(self) -> None:
        """Count what was noted, again and again."""
        while True:
            self.settle()
            await asyncio.sleep(_SOON)

    def settle(self) -> None:
        """Count what was noted."""
        ended, waited, tagged = _taken(self._ended), _taken(self._waited), _taken(self._tagged)
        by_endpoint: dict[str, list[float]] = {}
        for (endpoint, _, _), seconds in ended:
            by_endpoint.setdefault(endpoint, []).append(seconds)
        for endpoint, times in by_endpoint.items():
            self._seconds.labels(endpoint).observe(times)
        for labels, count in Tally(labels for labels, _ in ended).items():
            child = self._children.get(labels)
            if child is None:
                child = self._children[labels] = self._requests.labels(*labels)
            child.inc(count)
        for long, kind in ((False, "short"), (True, "long")):
            times = [time for is_long, time in waited if is_long is long]
            self._waits.labels(kind).observe(times)
        fast, self._fast = self._fast, 0
        self._fast_path.inc(fast)
        by_model: dict[int, list[_Tagged]] = {}
        for entry in tagged:
            by_model.setdefault(id(entry.model), []).append(entry)
        for entries in by_model.values():
            _count(entries)
        self._waiting.set(self._state.batcher.waiting)
        self._working.set(self._state.batcher.working)
        self._in_flight.set(self.in_flight[0])

    def abandon(self) -> None:
        """Remove what is shared, for the supervisor is no more and cannot."""
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All metrics, and their media type, as the Accept header has it."""
        self.settle()
        if "application/openmetrics-text" in accept:
            content = openmetrics.generate_latest(self.registry)  # type: ignore[no-untyped-call]
            return content, openmetrics.CONTENT_TYPE_LATEST
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def _is_one_of_several() -> bool:
    """Whether another's program, such as uvicorn --workers 2, may have started several of these."""
    return multiprocessing.parent_process() is not None or "gunicorn" in sys.argv[0]


def _taken(notes: list[T]) -> list[T]:
    """What is in a list, taken out; a thread that appends meanwhile loses nothing."""
    taken = notes[:]
    del notes[: len(taken)]
    return taken


def _count(entries: Sequence[_Tagged]) -> None:
    """Count what one model has tagged."""
    model = entries[0].model
    model.batches.observe([entry.sentences for entry in entries])
    model.tagging.observe([entry.tagging for entry in entries])
    model.decoding.observe([entry.decoding for entry in entries])
    model.words.inc(sum(entry.words for entry in entries))
    tally = Tally(chain.from_iterable(entry.slots for entry in entries))
    for slot, count in tally.items():
        model.slots.labels(model.name, slot).inc(count)
