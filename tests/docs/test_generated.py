"""The pages that docs/generate.py writes are those of the code."""

from pathlib import Path

import pytest

pytest.importorskip("torch")  # of the commands that train
pytestmark = pytest.mark.linux  # where alone there are metrics of processes

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def test_the_generated_pages_are_current() -> None:
    from docs.generate import pages

    stale = [
        name
        for name, text in pages().items()
        if (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run python -m docs.generate"
