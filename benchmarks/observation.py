"""
What metrics and logs cost a request, and metrics a scrape, in processor time.

    python -m benchmarks.observation [--bundles models] [--requests 20000] [--rounds 15]

Everything that is done for metrics and logs is done around an answer that is there already: the
tagging of one sentence, which a real bundle has given. Shown is the median of what is more than
the answer alone, over rounds in which all take turns.
"""

import argparse
import asyncio
import logging.config
import os
import statistics
import tempfile
import time
from pathlib import Path

from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.routes import router
from app.http.middleware.instrumentation import Instrumentation
from app.http.route_templates import RouteTemplates
from app.inference.batching import Batcher
from app.inference.loading import open_registry
from app.inference.registry import ModelRegistry
from app.observability.logs import log_config, log_request
from app.observability.metrics import Metrics
from app.observability.shared_gauges import FOLDER
from app.settings import Settings
from app.tagging.tagger import TaggedSentence

TEXT = "i would like to arrive Taipei on November 2nd"
OFF = "nothing"
NUMBERS = range(1, 5)


def answering(
    metrics: Metrics | None, registry: ModelRegistry, taggings: list[TaggedSentence]
) -> ASGIApp:
    """Answers, and tells what queue and tagger tell for one sentence alone."""
    tagger = registry.tagger()

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        scope["state"]["model"] = tagger.manifest.name
        if metrics and tagger.observer:
            metrics.on_dequeued(False, 0.001, 0.002)
            tagger.observer(taggings, 0.0005, 0.0001)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    return answer


async def ask(app: ASGIApp, requests: int) -> float:
    """Microseconds of the processor for a request."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    began = time.process_time()
    for _ in range(requests):
        scope = {"type": "http", "method": "POST", "path": "/slots", "state": {}}
        await app(scope, receive, send)
    return (time.process_time() - began) / requests * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--requests", type=int, default=20_000, help="of each in a round")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()

    config = log_config(Settings(log_format="json"))
    config["handlers"]["access"] = {
        "class": "logging.FileHandler",
        "filename": os.devnull,
        "formatter": "access",
    }
    logging.config.dictConfig(config)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        apps: dict[str, ASGIApp] = {}
        registry = open_registry(options.bundles)
        taggings = registry.tagger().tag_texts([TEXT])
        templates = RouteTemplates()
        templates.read(router.routes)
        apps[OFF] = answering(None, registry, taggings)
        apps["a line of JSON"] = Instrumentation(apps[OFF], templates, [log_request], [0])
        scraped = {}
        for worker, name in enumerate(
            ("metrics", *(f"metrics of worker {n} of 4" for n in NUMBERS))
        ):
            registry = open_registry(options.bundles)
            state = State({"registry": registry, "batcher": Batcher(64, 5)})
            metrics = scraped[name] = Metrics(state, worker, 1 + len(NUMBERS))
            metrics.observe_taggers(registry)
            answer = answering(metrics, registry, taggings)
            apps[name] = Instrumentation(
                answer, templates, [metrics.on_request_end], metrics.in_flight
            )
            os.environ[FOLDER] = folder  # for all but the first
        for number in range(options.rounds + 1):
            for name, app in apps.items():
                spent = asyncio.run(ask(app, options.requests))
                if number:  # the first warms up
                    found.setdefault(name, []).append(spent)
        scrapes = {name: [_scrape(metrics) for _ in range(20)] for name, metrics in scraped.items()}
    for name, times in found.items():
        if name != OFF:
            more = [time - without for time, without in zip(times, found[OFF], strict=True)]
            low, middle, high = statistics.quantiles(more, n=4)
            print(f"{name}: {middle:.1f} µs a request (quartiles {low:.1f} and {high:.1f})")
    for name, times in scrapes.items():
        print(f"{name}: {statistics.median(times):.1f} ms a scrape")


def _scrape(metrics: Metrics) -> float:
    """Milliseconds of the processor."""
    began = time.process_time()
    metrics.exposition("")
    return 1e3 * (time.process_time() - began)


if __name__ == "__main__":
    main()
