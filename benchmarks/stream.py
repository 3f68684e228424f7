"""
How soon partial transcripts are answered while many people speak at once.

    python -m benchmarks.stream [--bundles models] [--streams 200] [--rate 3] [--seconds 20]

Starts the service with one worker. Every stream says a sentence word by word, so many words a
second, each at times of its own, and then the next. Server and client have a core of their own
where there are two; a latency is from sending a text to having its answer.
"""

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from pathlib import Path

from websockets.asyncio.client import connect

from benchmarks.load import CLIENT_CORES, SENTENCES, percentile, pinned_service
from benchmarks.measures import needs_linux, pin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--rate", type=float, default=3.0, help="words a second of each")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    needs_linux()
    pin(CLIENT_CORES)
    problems: Counter[str] = Counter()
    with pinned_service("app", {"SLOTLINE_MODEL_DIR": str(options.bundles)}) as service:
        began = service.cpu_seconds
        latencies = asyncio.run(
            _speak(service.port, options.streams, options.rate, options.seconds, problems)
        )
        used = service.cpu_seconds - began
    p50, p95, p99 = (percentile(latencies, percent) or 0.0 for percent in (50, 95, 99))
    print(f"{options.streams} streams, {len(latencies)} texts answered, not: {dict(problems)}")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, longest {max(latencies):.1f} ms")
    print(f"{1e3 * used / len(latencies):.2f} ms of the service's processor time a text")


async def _speak(
    port: int, streams: int, rate: float, seconds: float, problems: Counter[str]
) -> list[float]:
    until = time.monotonic() + seconds
    found = await asyncio.gather(
        *(_one(port, number, rate, until, problems) for number in range(streams))
    )
    return [latency for latencies in found for latency in latencies]


async def _one(
    port: int, number: int, rate: float, until: float, problems: Counter[str]
) -> list[float]:
    chance = random.Random(number)
    latencies = []
    async with connect(f"ws://127.0.0.1:{port}/slots/stream", compression=None) as stream:
        await asyncio.sleep(chance.random() / rate)
        while time.monotonic() < until:
            words = chance.choice(SENTENCES).split()
            for count in range(1, len(words) + 1):
                final = count == len(words)
                text = " ".join(words[:count]) + ("" if final else " ")
                since = time.perf_counter()
                await stream.send(json.dumps({"text": text, "final": final}))
                answer = json.loads(await stream.recv())
                took = time.perf_counter() - since
                if problem := answer.get("problem"):
                    problems[problem["code"]] += 1
                else:
                    assert answer["text"] == text, "answers come in order"
                    latencies.append(1e3 * took)
                await asyncio.sleep(max(0.0, chance.uniform(0.8, 1.2) / rate - took))
    return latencies


if __name__ == "__main__":
    main()
