import subprocess
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.peers.kept import note_training, train_once
from training.corpora.loading import Data
from training.corpora.splits import Utterance


def data_of(*words: str) -> Data:
    return Data((Utterance(words, ("O",) * len(words)),), (), Counter(), ())


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The peers that were trained, in 42 seconds each, in place of their training."""
    found: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        peer, folder = command[-3], command[-1]
        found.append(peer)
        note_training(Path(folder), data_of("hello"), 42.0)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_what_was_trained_is_kept_with_its_time(trainings: list[str], tmp_path: Path) -> None:
    times = [train_once("crf", "toy", data_of("hello"), tmp_path / "crf") for _ in range(2)]
    assert times == [42.0, 42.0]
    assert trainings == ["crf"]


def test_other_data_train_again(trainings: list[str], tmp_path: Path) -> None:
    note_training(tmp_path, data_of("goodbye"), 1.0)
    (tmp_path / "model").touch()
    assert train_once("crf", "toy", data_of("hello"), tmp_path) == 42.0
    assert trainings == ["crf"]
    assert not (tmp_path / "model").exists()


def test_a_training_that_fails_names_its_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failed = subprocess.CompletedProcess[str]([], 1)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SystemExit, match=r"crf could not be trained: .*log says why"):
        train_once("crf", "toy", data_of("hello"), tmp_path / "crf")
