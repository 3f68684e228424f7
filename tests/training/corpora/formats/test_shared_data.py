"""
Public corpora, where they are at hand, are read as they were.

`python -m benchmarks.readers counts ../shared/data` writes what they are compared with.
"""

import json
from pathlib import Path

import pytest

from benchmarks.readers import counts
from training.paths import data_folder

COUNTS = json.loads((Path(__file__).parent / "shared_counts.json").read_text(encoding="utf-8"))


def test_public_corpora_are_read_as_they_were() -> None:
    folder = data_folder()
    if not folder.is_dir():
        pytest.skip("no corpora here")
    found = counts(folder)
    # Whoever has other corpora as well has no fewer.
    assert {name: found.get(name) for name in COUNTS} == COUNTS
