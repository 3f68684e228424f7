"""A run's state on disk."""

import os
import pickle
from dataclasses import fields
from pathlib import Path

import pytest
import torch

from training.corpora.vocabularies import Vocabularies
from training.errors import ExperimentError
from training.experiment import Experiment
from training.fitting.checkpoint import (
    FILE,
    Checkpoint,
    Epoch,
    read_checkpoint,
    run_lock,
    write_checkpoint,
)


def some_checkpoint(*f1: float, command: str = "a command") -> Checkpoint:
    vocabularies = Vocabularies(("to", "paris"), ("par",), ("city",), (), punctuation=False)
    history = [Epoch(0.5, each, seconds=1.0) for each in f1]
    return Checkpoint(Experiment("toy"), vocabularies, (), "digest", command, history=history)


def test_what_was_written_is_read(trained: Path, tmp_path: Path) -> None:
    written = read_checkpoint(trained)
    assert written is not None
    write_checkpoint(tmp_path, written)
    read = read_checkpoint(tmp_path)
    assert read is not None
    tensors = {"best", "progress"}
    for name in {field.name for field in fields(Checkpoint)} - tensors:
        assert getattr(read, name) == getattr(written, name), name
    assert read.best.keys() == written.best.keys()
    assert all(torch.equal(read.best[name], written.best[name]) for name in read.best)
    assert read.progress["numpy_random"] == written.progress["numpy_random"]
    assert torch.equal(read.progress["torch_random"], written.progress["torch_random"])


def test_it_is_found_by_its_folder_and_by_its_file(trained: Path) -> None:
    by_folder, by_file = read_checkpoint(trained), read_checkpoint(trained / FILE)
    assert by_folder is not None
    assert by_file is not None
    assert by_folder.data == by_file.data


def test_where_there_is_none_none_is_read(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path) is None
    assert read_checkpoint(tmp_path / "missing") is None


def test_one_that_cannot_be_written_leaves_the_one_before_it(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, some_checkpoint(command="the first"))
    unwritable = some_checkpoint(command="the second")
    unwritable.progress = {"network": lambda: None}
    with pytest.raises((pickle.PicklingError, AttributeError)):
        write_checkpoint(tmp_path, unwritable)
    read = read_checkpoint(tmp_path)
    assert read is not None
    assert read.command == "the first"


class Trap:
    """Unpickled without care, it makes a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.folder),)


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    torch.save({"experiment": Trap(tmp_path / "sprung")}, tmp_path / FILE)
    with pytest.raises(ExperimentError, match="is not a checkpoint of this release"):
        read_checkpoint(tmp_path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [torch.zeros(3), [1], {"epoch": 1}, {"experiment": {}}])
def test_what_torch_saved_for_others_is_refused(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / FILE)
    with pytest.raises(ExperimentError):
        read_checkpoint(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.99])
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    checkpoint = some_checkpoint()
    checkpoint.progress = {"weights": torch.zeros(20_000)}
    write_checkpoint(tmp_path, checkpoint)
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ExperimentError, match="remove it, or begin anew with --restart"):
        read_checkpoint(tmp_path)


def test_a_file_that_may_not_be_read_is_called_no_other_thing(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(IsADirectoryError):
        read_checkpoint(tmp_path)


def test_a_run_is_held_by_one_alone_and_given_back(tmp_path: Path) -> None:
    with run_lock(tmp_path / "run"):
        with (
            pytest.raises(ExperimentError, match="is in use by another fit: "),
            run_lock(tmp_path / "run"),
        ):
            pytest.fail("it was held twice")
        with run_lock(tmp_path / "run" / "other"):
            pass
    with run_lock(tmp_path / "run"):
        pass


@pytest.mark.parametrize(
    ("f1", "epochs_without_improvement"),
    [([], 0), ([50.0], 0), ([50.0, 60.0], 0), ([60.0, 50.0, 55.0], 2), ([50.0, 60.0, 60.0], 1)],
)
def test_epochs_are_counted_since_the_best_was_first_reached(
    f1: list[float], epochs_without_improvement: int
) -> None:
    assert some_checkpoint(*f1).epochs_without_improvement == epochs_without_improvement
