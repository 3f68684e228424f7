"""A data folder with a small corpus."""

from pathlib import Path

import pytest

from tests.training.evaluation.test_evaluate import write_lines

CITIES = ["paris", "rome", "oslo"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a corpus, `cities`: three queries to train on, one of dev."""
    monkeypatch.setenv("SLOTLINE_DATA", str(tmp_path))
    (tmp_path / "cities").mkdir()
    train = [(f"fly to {city}", "O O B-city", "fly") for city in CITIES]
    write_lines(tmp_path / "cities" / "train.jsonl", *train)
    write_lines(tmp_path / "cities" / "dev.jsonl", ("leave lima", "B-act B-city", "go"))
    return tmp_path
