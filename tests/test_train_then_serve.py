"""From annotated text to an answer over HTTP, by the commands that a user types."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

pytest.importorskip("torch")

from benchmarks.harness.service import serving
from tests.training.toy_corpus import write_corpus, write_recipe

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def server(toy_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A service with a bundle of the user's own beside another."""
    folder = tmp_path_factory.mktemp("user")
    write_corpus(folder / "corpus")
    write_recipe(folder / "small.toml")
    subprocess.run(
        [
            *(sys.executable, "-m", "training", "fit", "small.toml"),
            *("--corpus", "corpus", "--out", "bundles/mine"),
        ],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        check=True,
        timeout=120,
    )
    shutil.copytree(toy_bundle, folder / "bundles" / "toy")
    bundles = str(folder / "bundles")
    with serving(SLOTLINE_MODEL_DIR=bundles, SLOTLINE_DEFAULT_MODEL="toy") as (client, _):
        yield client


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Arrive in Taipei!", "destination", "Taipei"),
        ("Please, LEAVE New York!", "place_of_departure", "New York"),
    ],
)
def test_a_bundle_of_ones_own_answers_by_its_name(
    server: httpx2.Client, text: str, name: str, value: str
) -> None:
    answer = server.post("/slots", json={"text": text, "model": "mine"}).json()
    assert answer["model"]["name"] == "mine"
    [slot] = answer["slots"]
    assert slot.pop("confidence") > 0.5
    start = text.index(value)
    assert slot == {"name": name, "value": value, "start": start, "end": start + len(value)}


def test_the_service_says_what_it_was_trained_on(server: httpx2.Client) -> None:
    mine = server.get("/models/mine").json()
    assert mine["slots"] == ["destination", "place_of_departure"]
    assert [corpus["name"] for corpus in mine["corpora"]] == ["corpus"]
    assert mine["metrics"]["dev_slot_f1"] == 100.0
