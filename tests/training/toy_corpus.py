"""A corpus and an experiment file so small that training takes a second."""

import json
from itertools import product
from pathlib import Path

CITIES = ("taipei", "new york", "paris", "st. gallen")
FRAMES = (
    ("i want to arrive in", "destination"),
    ("arrive", "destination"),
    ("please leave", "place_of_departure"),
    ("leave from", "place_of_departure"),
)
# The corpus is `toy-corpus` below the data folder.
RECIPE = """
name = "toy"
description = "Arrivals and departures"
languages = ["en"]
seed = 3
examples = ["arrive in Taipei", "leave New York"]

[[corpora]]
name = "toy"
path = "toy-corpus"
license = "Apache-2.0"
citation = "none"

[network]
hidden = 16
word_size = 12
trigram_size = 12
dropout = 0.1

[training]
epochs = 25
min_steps = 0
batch_size = 4
learning_rate = 0.03
"""


def write_corpus(folder: Path) -> Path:
    """Write tagged JSON lines that say where somebody arrives or leaves, as train and as dev."""
    folder.mkdir(parents=True)
    lines = []
    for (frame, slot), city in product(FRAMES, CITIES):
        words, place = frame.split(), city.split()
        labels = ["O"] * len(words) + [f"B-{slot}"] + [f"I-{slot}"] * (len(place) - 1)
        intent = "arrive" if slot == "destination" else "leave"
        lines.append(json.dumps({"tokens": words + place, "labels": labels, "intent": intent}))
    lines += [json.dumps({"tokens": ["thank", "you"], "labels": ["O", "O"], "intent": "chat"})] * 2
    for name in ("train", "dev"):
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def write_recipe(path: Path, **changes: object) -> Path:
    """Write the experiment file, with other values for lines that it has."""
    text = RECIPE
    for name, value in changes.items():
        lines = [line for line in text.splitlines() if line.startswith(f"{name} = ")]
        assert len(lines) == 1, f"the recipe says {name} once"
        text = text.replace(lines[0], f"{name} = {json.dumps(value)}")
    path.write_text(text)
    return path
