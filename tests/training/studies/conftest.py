"""A comparison so small that all its fits take seconds."""

from pathlib import Path
from queue import Queue
from threading import Event

import pytest

from training.studies.plan import ComparisonOptions, Plan, make_plan
from training.studies.run import run_plan, train_one

RECIPE = """
name = "{name}"

[network]
cell = "{cell}"
hidden = 6
bidirectional = false
word_size = 6
trigram_size = 6
dropout = 0.1
intents = false

[training]
epochs = 8
min_steps = 0
batch_size = 4
learning_rate = 0.03
"""


def write_recipes(folder: Path, *cells: str) -> list[str]:
    """Write an experiment file for each cell, called like it; returns their paths."""
    paths = [folder / f"{cell}.toml" for cell in cells]
    for path, cell in zip(paths, cells, strict=True):
        path.write_text(RECIPE.format(name=cell, cell=cell))
    return [str(path) for path in paths]


@pytest.fixture(scope="session")
def plan(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Four networks twice, and one of them in other widths and depths; every fit is done."""
    folder = tmp_path_factory.mktemp("comparison")
    networks = write_recipes(folder, "feedforward", "elman", "lstm", "gru")
    wishes = ComparisonOptions(
        networks, seeds=2, hidden_sizes=(6, 4), num_layers=(1, 2), sweep_networks=networks[2:3]
    )
    made = make_plan(str(corpus), wishes, folder / "runs")
    for fit in made.fits:
        train_one(fit, Queue(), Event())
    run_plan(made, quiet=True)  # finds nothing to do but to time them
    return made
