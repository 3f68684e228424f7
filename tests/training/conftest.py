"""A corpus and an experiment so small that training takes a second."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import torch

from training.checkpoint import Checkpoint
from training.data import read_data
from training.experiment import Experiment, NetworkSettings, Source, TrainingSettings
from training.fit import fit

CITIES = ("taipei", "new york", "paris", "st. gallen")
FRAMES = (
    ("i want to arrive in", "destination"),
    ("arrive", "destination"),
    ("please leave", "place_of_departure"),
    ("leave from", "place_of_departure"),
)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small lose by being shared among threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tagged JSON lines that say where somebody arrives or leaves."""
    folder = tmp_path_factory.mktemp("toy-corpus")
    lines = []
    for (frame, slot), city in product(FRAMES, CITIES):
        words, place = frame.split(), city.split()
        labels = ["O"] * len(words) + [f"B-{slot}"] + [f"I-{slot}"] * (len(place) - 1)
        intent = "arrive" if slot == "destination" else "leave"
        lines.append(json.dumps({"tokens": words + place, "labels": labels, "intent": intent}))
    lines += [json.dumps({"tokens": ["thank", "you"], "labels": ["O", "O"], "intent": "chat"})] * 2
    for name in ("train", "dev"):
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def experiment(corpus: Path) -> Experiment:
    """A small bidirectional network on the toy corpus."""
    return Experiment(
        "toy",
        description="Arrivals and departures",
        languages=("en",),
        seed=3,
        corpora=(Source("toy", str(corpus), licence="Apache-2.0", citation="none"),),
        network=NetworkSettings(hidden=16, word_size=12, trigram_size=12, dropout=0.1),
        training=TrainingSettings(epochs=25, min_steps=0, batch_size=4, learning_rate=0.03),
        examples=("arrive in Taipei", "leave New York"),
    )


Fit = Callable[..., Checkpoint]


@pytest.fixture
def fitted(experiment: Experiment, tmp_path: Path) -> Fit:
    """Trains the experiment, changed in its training settings where asked for."""

    def run(folder: str = "run", *, of: Experiment = experiment, **changes: object) -> Checkpoint:
        changed = replace(of, training=replace(of.training, **changes))  # type: ignore[arg-type]
        return fit(changed, read_data(changed), tmp_path / folder, "a command", quiet=True)

    return run


@pytest.fixture(scope="session")
def trained(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of the experiment."""
    run = tmp_path_factory.mktemp("trained")
    fit(experiment, read_data(experiment), run, "python -m training fit toy.toml", quiet=True)
    return run
