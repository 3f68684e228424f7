"""A folder to type commands in, and what is read of what they make."""

import json
import shutil
from pathlib import Path

import pytest

from app.tagging.bundle import Manifest, open_bundle
from tests.training.toy_corpus import write_recipe
from training.fitting.checkpoint import Checkpoint, read_checkpoint


@pytest.fixture(autouse=True)
def place(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the commands are typed in: an experiment file, and a folder of corpora."""
    shutil.copytree(corpus, tmp_path / "the data" / "toy-corpus")
    write_recipe(tmp_path / "toy.toml", epochs=1)
    monkeypatch.setenv("SLOTLINE_DATA", "the data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_lines(name: str, tag: str, count: int = 40) -> str:
    """Queries of one word, each with the same tag."""
    line = json.dumps({"tokens": ["paris"], "labels": [tag]}) + "\n"
    Path(name).write_text(line * count)
    return name


def manifest(folder: str) -> Manifest:
    return open_bundle(Path(folder)).manifest


def run_of(folder: str) -> Checkpoint:
    checkpoint = read_checkpoint(Path(folder))
    assert checkpoint is not None
    return checkpoint


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
