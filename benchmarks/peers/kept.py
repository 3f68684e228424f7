"""What was trained, and is kept for the next run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.measures import ONE_THREAD
from training.corpora.loading import Data, read_data
from training.experiment import RECIPES, read_experiment

_NOTE = "trained.json"


def data_of(corpus: str) -> Data:
    """What the corpus's bundle is trained on; raises SlotFillingError where there is none."""
    return read_data(read_experiment(RECIPES / f"{corpus}.toml"))


def train_once(peer: str, corpus: str, data: Data, folder: Path) -> float:
    """
    Train a peer where it was not trained on these data before.

    Returns the seconds of CPU time that it took, then or now. What it prints is in a log beside.
    """
    note = folder / _NOTE
    if not note.exists() or json.loads(note.read_text())["data"] != data.digest():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"training {peer}, which takes minutes and is kept in {folder}", file=sys.stderr)
        command = [sys.executable, "-m", "benchmarks.peers.worker", "train", peer, corpus]
        with (folder / "log").open("w") as log:
            trained = subprocess.run(
                [*command, str(folder)],
                env=os.environ | ONE_THREAD,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if trained.returncode:
            sys.exit(f"{peer} could not be trained: {folder / 'log'} says why")
    return float(json.loads(note.read_text())["seconds"])


def note_training(folder: Path, data: Data, seconds: float) -> None:
    """Remember a training that has come to its end."""
    note = {"data": data.digest(), "seconds": seconds}
    (folder / _NOTE).write_text(json.dumps(note) + "\n")
