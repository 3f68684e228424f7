"""
Slotline beside other ways to fill slots, all trained on the same sentences.

    python -m benchmarks.peers [--peers crf spacy minilm] [--corpus atis] [--kept build/peers]
                               [--rounds 7] [--json FILE]

A linear-chain CRF (sklearn-crfsuite), spaCy's named entities and a fine-tuned MiniLM (onnxruntime,
fp32 and dynamic int8): pip install -e '.[peers]' brings them, and what is absent is left out. What
has been trained is kept, with the time that it took, until its folder is deleted. Each candidate
answers in a process of its own, all on the same core, in turns; from text to whatever form its
answers have. Slot F1 is that of dev, as this repository counts it. Times are CPU time, which other
programs disturb less; of training too, and with one thread.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app.tagging.errors import SlotFillingError
from benchmarks.measures import ONE_THREAD, cores, needs_linux, pin, spread
from benchmarks.peers import PEERS
from benchmarks.peers.kept import data_of, train_once
from benchmarks.peers.table import table
from training.evaluation.metrics import slot_f1

OURS = "slotline"


class Asked:
    """A candidate in its process, and what came of it."""

    def __init__(
        self, name: str, process: subprocess.Popen[str], folder: Path, seconds: float
    ) -> None:
        self.name = name
        self._process = process
        self.megabytes_on_disk = _size(folder)
        self.training_seconds = seconds
        self.alone: list[float] = []
        self.together: list[float] = []

    def ask(self, what: Any) -> Any:
        """Write a line and wait for one."""
        assert self._process.stdin is not None, "it listens"
        assert self._process.stdout is not None, "it speaks"
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} does not answer any more")
        return json.loads(line)


def main() -> None:
    """Train what is not trained, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", nargs="+", choices=sorted(PEERS), default=list(PEERS))
    # Not that of booking, whose sentences are annotated in part.
    parser.add_argument("--corpus", choices=("atis", "snips"), default="atis")
    parser.add_argument("--kept", type=Path, default=Path("build/peers"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    needs_linux()
    try:
        data = data_of(options.corpus)
    except SlotFillingError as error:
        sys.exit(f"error: {error}")
    folders = {}
    for peer in dict.fromkeys([OURS, *options.peers]):
        if not PEERS[peer].is_installed:
            print(f"{peer} is left out: pip install -e '.[peers]' brings it", file=sys.stderr)
            continue
        folder = options.kept / options.corpus / peer
        folders[peer] = folder, train_once(peer, options.corpus, data, folder)
    pin(cores()[-1:])
    texts = [" ".join(utterance.tokens) for utterance in data.dev]
    gold = [utterance.tags for utterance in data.dev]
    with ExitStack() as processes:
        asked = [
            Asked(name, processes.enter_context(_started(peer, folder / part)), folder / part, took)
            for peer, (folder, took) in folders.items()
            for name, part in PEERS[peer].candidates.items()
        ]
        answers = [each.ask(texts) for each in asked]
        for number in range(options.rounds):
            for each in asked if number % 2 else asked[::-1]:
                each.alone.append(each.ask("alone"))
                each.together.append(each.ask("together"))
    found = {
        "corpus": options.corpus,
        "dev_sentences": len(texts),
        "candidates": [
            _figures(each, answer, slot_f1(gold, answer["tags"]), asked[0])
            for each, answer in zip(asked, answers, strict=True)
        ],
    }
    print(table(found["candidates"]))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _started(peer: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peers.worker", "answer", peer, str(folder)],
        env=os.environ | ONE_THREAD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _figures(each: Asked, answer: dict[str, Any], f1: float, ours: Asked) -> dict[str, Any]:
    return {
        "candidate": each.name,
        "slot_f1": f1,
        "alone_us": spread([1e6 * seconds for seconds in each.alone]),
        "alone_to_ours": spread(_ratios(each.alone, ours.alone)),
        "sentences_per_second": spread([1 / seconds for seconds in each.together]),
        "together_to_ours": spread(_ratios(each.together, ours.together)),
        "resident_megabytes": answer["megabytes"],
        "megabytes_on_disk": each.megabytes_on_disk,
        "training_seconds": each.training_seconds,
    }


def _ratios(times: Sequence[float], others: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(times, others, strict=True)]


def _size(folder: Path) -> float:
    """Megabytes of the files in it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
