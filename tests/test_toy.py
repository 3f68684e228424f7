"""The toy bundle in the repository is the one that tests/toy.py makes."""

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from tests.toy import write_toy


def test_the_toy_bundle_is_what_its_program_makes(toy_bundle: Path, tmp_path: Path) -> None:
    write_toy(tmp_path)
    for path in toy_bundle.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
