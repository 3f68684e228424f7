"""
One peer in a process of its own: in training, or answering whoever asks by lines of JSON.

    python -m benchmarks.peers.worker train PEER CORPUS FOLDER
    python -m benchmarks.peers.worker answer PEER FOLDER

What it is told first is the texts. Then it measures as often as it is told how, `alone` or
`together`, and tells the seconds of CPU time for a sentence.
"""

import json
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.measures import resident_megabytes
from benchmarks.peers import Candidate

ALONE = 100  # texts that are asked one at a time, spread over all


def main() -> None:
    """Do what the arguments say."""
    match sys.argv[1:]:
        case ["train", peer, corpus, folder]:
            _train(peer, corpus, Path(folder))
        case ["answer", peer, folder]:
            _answer(import_module(f"benchmarks.peers.{peer}").open_candidate(Path(folder)))
        case _:
            sys.exit(__doc__)


def _train(peer: str, corpus: str, folder: Path) -> None:
    from benchmarks.peers.kept import data_of, note_training

    data = data_of(corpus)
    module = import_module(f"benchmarks.peers.{peer}")
    began = time.process_time()
    module.train(data, folder)
    note_training(folder, data, time.process_time() - began)


def _answer(candidate: Candidate) -> None:
    texts = json.loads(sys.stdin.readline())
    for text in texts:
        candidate.answers([text])
    tags = [
        candidate.tags(text, answer)
        for text, answer in zip(texts, candidate.answers(texts), strict=True)
    ]
    _tell({"tags": tags, "megabytes": resident_megabytes()})
    for line in sys.stdin:
        if json.loads(line) == "alone":
            _tell(_seconds(candidate, [[text] for text in texts[:: max(1, len(texts) // ALONE)]]))
        else:
            _tell(_seconds(candidate, [texts]))


def _tell(what: Any) -> None:
    print(json.dumps(what), flush=True)


def _seconds(candidate: Candidate, batches: Sequence[Sequence[str]]) -> float:
    began = time.process_time()
    for texts in batches:
        candidate.answers(texts)
    return (time.process_time() - began) / sum(map(len, batches))


if __name__ == "__main__":
    main()
