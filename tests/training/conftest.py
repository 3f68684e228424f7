"""A corpus and an experiment so small that training takes a second."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.toy_corpus import write_corpus, write_recipe
from training.corpora.loading import read_data
from training.experiment import Experiment, read_experiment
from training.exporting.export import export
from training.fitting.checkpoint import Checkpoint, read_checkpoint
from training.fitting.fit import fit


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
    return write_corpus(tmp_path_factory.mktemp("data") / "toy-corpus")


@pytest.fixture(scope="session")
def experiment(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    """A small bidirectional network on the toy corpus."""
    found = read_experiment(write_recipe(tmp_path_factory.mktemp("recipe") / "toy.toml"))
    return replace(found, corpora=(replace(found.corpora[0], path=str(corpus)),))


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
    fit(experiment, read_data(experiment), run, "slotline fit toy.toml", quiet=True)
    return run


@pytest.fixture(scope="session")
def trained_bundle(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of that run; not to be written to."""
    folder = tmp_path_factory.mktemp("bundles") / "toy"
    checkpoint = read_checkpoint(trained)
    assert checkpoint is not None
    export(checkpoint, folder)
    return folder
