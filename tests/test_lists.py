"""From a corpus and a list to an answer, and to another when the list changes: docs/lists.md."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

pytest.importorskip("torch")

from app.security.api_keys import new_key
from benchmarks.harness.service import serving

ROOT = Path(__file__).parent.parent
HOTELS = ("ritz", "savoy", "plaza", "grand central", "four seasons", "old mill")
OTHERS = (
    *("menu", "weather", "news", "map", "prices", "photos", "songs", "films", "recipes", "trains"),
    *("flights", "buses", "shops", "museums", "parks", "rules", "games", "books", "shoes", "bikes"),
)
FRAMES = ("show me the {}", "how far is {} from here", "i want {} please", "{}")
RECIPE = """
name = "hotels"
languages = ["en"]
seed = 1
examples = ["show me the ritz", "show me the news"]

[network]
hidden = 32
word_size = 24
trigram_size = 24
dropout = 0.2
intents = false

[training]
epochs = 30
min_steps = 600
batch_size = 16
learning_rate = 0.01
mention_replacement = 0.2
"""


def write_corpus(folder: Path) -> None:
    folder.mkdir()
    lines = []
    for name, is_hotel in [(each, True) for each in HOTELS] + [(each, False) for each in OTHERS]:
        for frame in FRAMES:
            before, after = (part.split() for part in frame.split("{}"))
            value = name.split()
            tags = ["B-hotel", *["I-hotel"] * (len(value) - 1)] if is_hotel else ["O"] * len(value)
            labels = ["O"] * len(before) + tags + ["O"] * len(after)
            lines.append(json.dumps({"tokens": [*before, *value, *after], "labels": labels}))
    for part in ("train", "dev"):
        (folder / f"{part}.jsonl").write_text("\n".join(lines) + "\n")


def slotline(folder: Path, command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "app", *shlex.split(command)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        check=True,
        timeout=500,
    )


def hotels(client: httpx2.Client, text: str) -> list[str]:
    answer = client.post("/slots", json={"text": text}).json()
    return [slot["value"] for slot in answer["slots"]]


def test_a_hotel_that_opens_tomorrow_is_found_tomorrow(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus")
    (tmp_path / "hotels.toml").write_text(RECIPE)
    slotline(tmp_path, "fit hotels.toml --corpus corpus --out bundles/hotels")
    slotline(tmp_path, "lists add hotels hotel 'sunset inn' --lists-dir lists")
    key = new_key(tmp_path / "admin-keys", "operator")
    settings = {
        "SLOTLINE_MODEL_DIR": str(tmp_path / "bundles"),
        "SLOTLINE_LISTS_DIR": str(tmp_path / "lists"),
        "SLOTLINE_ADMIN_KEYS_FILE": str(tmp_path / "admin-keys"),
    }
    with serving(**settings) as (client, _):
        assert hotels(client, "how far is Sunset Inn from here") == ["Sunset Inn"]
        assert hotels(client, "show me the sunset") == []
        assert hotels(client, "show me the qwertz palace") == []
        assert hotels(client, "i want news please") == []
        assert hotels(client, "i want grand central please") == ["grand central"]
        slotline(tmp_path, "lists add hotels hotel 'Qwertz Palace' --lists-dir lists")
        answer = client.post("/admin/reload", headers={"authorization": f"Bearer {key}"}).json()
        assert [model["name"] for model in answer["loaded"]] == ["hotels"]
        assert hotels(client, "show me the qwertz palace") == ["qwertz palace"]
        slotline(tmp_path, "lists remove hotels hotel 'sunset inn' --lists-dir lists")
        client.post("/admin/reload", headers={"authorization": f"Bearer {key}"})
        assert hotels(client, "how far is Sunset Inn from here") == []
