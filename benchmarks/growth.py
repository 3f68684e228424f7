"""
How times grow: with words, batch, vocabulary, slots, bundles, workers and connections.

    python -m benchmarks.growth [--bundles models] [--bundle atis] [--json FILE]

In process all times are CPU time of one core. Vocabulary and slots grow in bundles that are made
for it, whose network is a table, so that what is seen is the tagger's share. Workers and
connections are those of the service as it ships, asked from this machine's other cores.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from app.tagging.bundle import Contents, Example, open_bundle, write_bundle
from app.tagging.slots import tag_names
from app.tagging.tagger import Tagger
from benchmarks.load import SENTENCES, Client, Load, Service, percentile, pinned_service, request
from benchmarks.measures import cores, needs_linux, pin, resident_megabytes
from benchmarks.sentences import alike, of_length

WORDS = (1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 400, 500)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
VOCABULARIES = (1_000, 5_000, 20_000, 50_000, 100_000, 200_000)
SLOTS = (1, 5, 10, 20, 40, 80, 120, 160)
BUNDLES = (1, 2, 4, 8)
CONNECTIONS = (1, 4, 16, 64)

Points = list[tuple[float, float]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--bundle", default="atis", help="the one that is timed in process")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each load over HTTP")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    needs_linux()
    rounds, folder = options.rounds, options.bundles / options.bundle
    all_cores = cores()
    pin(all_cores[-1:])
    tagger = Tagger(open_bundle(folder))
    found: dict[str, Any] = {
        "words": _milliseconds(tagger, WORDS, lambda words: [of_length(words)], rounds),
        "batch": _milliseconds(tagger, BATCHES, alike, rounds),
        "vocabulary": _grown(VOCABULARIES, lambda size: (size, 8), rounds),
        "slots": _grown(SLOTS, lambda slots: (1_000, slots), rounds),
        "bundles": _together(folder, rounds),
    }
    pin(all_cores)
    found["workers"] = {
        str(workers): _served(options.bundles, workers, options.seconds, all_cores)
        for workers in (1, 2)
    }
    _print(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _milliseconds(
    tagger: Tagger, sizes: Sequence[int], texts: Callable[[int], list[str]], rounds: int
) -> Points:
    """The sizes in turns, so that what disturbs disturbs all."""
    asked = [texts(size) for size in sizes]
    for each in asked:
        tagger.tag_texts(each)
    times: list[list[float]] = [[] for _ in sizes]
    for _ in range(rounds):
        for own, each in zip(times, asked, strict=True):
            own.append(_seconds(partial(tagger.tag_texts, each)))
    return [(size, 1e3 * median(own)) for size, own in zip(sizes, times, strict=True)]


def _seconds(task: Callable[[], object]) -> float:
    """Of CPU time, each, over at least 20 ms."""
    began, done = time.process_time(), 0
    while time.process_time() - began < 0.02:
        task()
        done += 1
    return (time.process_time() - began) / done


def _grown(sizes: Sequence[int], shape: Callable[[int], tuple[int, int]], rounds: int) -> Points:
    """Of a sentence of twelve words, with bundles of so many words and slots."""
    taggers = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _write_table(Path(folder), *shape(size))
            taggers.append(Tagger(open_bundle(Path(folder))))
    [text] = alike(1)
    times = [[_seconds(partial(own.tag_texts, [text])) for own in taggers] for _ in range(rounds)]
    return [
        (size, 1e3 * median(own)) for size, own in zip(sizes, zip(*times, strict=True), strict=True)
    ]


def _write_table(folder: Path, words: int, slots: int) -> None:
    """A bundle whose network gives each word the scores of its row."""
    known = list(dict.fromkeys([*alike(1)[0].split(), *(f"w{number}" for number in range(words))]))
    names = [f"slot{number}" for number in range(slots)]
    tags = tag_names(names)
    # Few rows, which many words share: the table is not what is measured.
    rows = np.random.default_rng(0).normal(0, 2, (64, len(tags))).astype(np.float32)
    rows[:, 2::2] -= 8.0
    ids = (np.arange(len(known) + 2) % len(rows)).astype(np.int32)
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["ids", "words"], ["of_words"]),
            helper.make_node("Gather", ["rows", "of_words"], ["tag_scores"]),
        ],
        "table",
        [
            info("words", TensorProto.INT32, ["batch", "words"]),
            info("trigrams", TensorProto.INT32, ["batch", "words", "trigrams"]),
            info("lengths", TensorProto.INT32, ["batch"]),
        ],
        [info("tag_scores", TensorProto.FLOAT, ["batch", "words", len(tags)])],
        [numpy_helper.from_array(ids, "ids"), numpy_helper.from_array(rows, "rows")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    about = {
        "name": "table",
        "description": "",
        "languages": [],
        "punctuation": "read",
        "corpora": [],
        "metrics": {},
        "seed": 0,
        "training_config": {},
        "packages": {},
        "command": "",
    }
    example = Example([known[0]], [tags[rows[2].argmax()]], [rows[2].tolist()])  # ids begin with 2
    contents = Contents(model.SerializeToString(), known, ["the"], names, examples=[example])
    write_bundle(folder, contents, about)


def _together(folder: Path, rounds: int) -> list[dict[str, float]]:
    """Sentences a second where each asks the next bundle, and what each more holds."""
    found = []
    taggers: list[Tagger] = []
    texts = alike(64)
    for bundles in BUNDLES:
        before = resident_megabytes()
        added = bundles - len(taggers)
        taggers += [Tagger(open_bundle(folder)) for _ in range(added)]
        more = (resident_megabytes() - before) / added

        def ask(taggers: Sequence[Tagger] = tuple(taggers)) -> None:
            for text, tagger in zip(texts, cycle(taggers), strict=False):
                tagger.tag_texts([text])

        ask()
        rate = len(texts) / median(_seconds(ask) for _ in range(rounds))
        found.append({"bundles": bundles, "sentences_per_second": rate, "megabytes_each": more})
    return found


async def _loads(service: Service, seconds: float) -> list[dict[str, float]]:
    """Answers a second, by connections."""
    client = Client(service.port, [request("/slots", {"text": text}) for text in SENTENCES])
    await client.closed_loop(Load("warm-up"), 4, 1.0)
    found = []
    for connections in CONNECTIONS:
        load = Load("closed loop")
        await client.closed_loop(load, connections, seconds)
        found.append(
            {
                "connections": connections,
                "answers_per_second": load.rate,
                "p50_ms": percentile(load.accepted, 50) or 0.0,
                "p99_ms": percentile(load.accepted, 99) or 0.0,
            }
        )
    client.hang_up()
    return found


def _served(
    bundles: Path, workers: int, seconds: float, chosen: list[int]
) -> list[dict[str, float]]:
    """Of the service with so many workers, on all of the cores."""
    environment = {"SLOTLINE_MODEL_DIR": str(bundles), "SLOTLINE_WORKERS": str(workers)}
    with pinned_service("app", environment) as service:
        pin(chosen, service.process)
        return asyncio.run(_loads(service, seconds))


def straightness(points: Points) -> tuple[float, float, float]:
    """The straight line through the points, by least squares: slope, start, R²."""
    x, y = np.array(points).T
    slope, start = np.polyfit(x, y, 1)
    left = float(((y - slope * x - start) ** 2).sum())
    return float(slope), float(start), 1.0 - left / (float(((y - y.mean()) ** 2).sum()) or 1.0)


def _print(found: dict[str, Any]) -> None:
    for name in ("words", "batch", "vocabulary", "slots"):
        slope, start, share = straightness(found[name])
        print(f"{name}: {start:.3f} ms + {slope:.6f} ms for each, R² {share:.4f}")
        print("  " + ", ".join(f"{size:g}: {each:.3f}" for size, each in found[name]))
    for each in found["bundles"]:
        print("  ".join(f"{name} {value:.1f}" for name, value in each.items()))
    for workers, loads in found["workers"].items():
        for each in loads:
            told = "  ".join(f"{name} {value:.1f}" for name, value in each.items())
            print(f"workers {workers}  {told}")


if __name__ == "__main__":
    main()
