"""A recipe without each of its ingredients, on tasks of few queries."""

import json
from pathlib import Path

from training.studies.few_shot_ablation import difference, write_few_shot_ablation
from training.studies.snips_benchmark import Measured


def measured(*macro_f1: float) -> list[Measured]:
    """Two draws of two intents."""
    names = [("Arrive", 0), ("Leave", 0), ("Arrive", 1), ("Leave", 1)]
    return [
        Measured(intent, draw, 70, 10, f1, f1)
        for (intent, draw), f1 in zip(names, macro_f1, strict=True)
    ]


WHOLE = measured(80, 90, 70, 80)


def test_a_difference_is_of_the_same_tasks_and_of_each_draw() -> None:
    brings = difference(WHOLE, measured(78, 87, 69, 74))
    assert brings.difference == 3
    assert brings.seeds == [2.5, 3.5]
    assert 1 <= brings.low < 3 < brings.high <= 6
    assert brings.p is not None
    assert brings.p < 0.05


def test_what_helps_one_task_and_harms_another_is_undecided(tmp_path: Path) -> None:
    results = {"the recipe": WHOLE, "without word dropout": measured(85, 84, 73, 77)}
    command = ["slotline", "snips-benchmark", "a folder", "--ablate"]
    report, figures = write_few_shot_ablation(results, tmp_path / "tables", "few", command)
    text = report.read_text()
    assert "As `slotline snips-benchmark 'a folder' --ablate` wrote it." in text
    assert "| the recipe | 80.00 | 7.07 |" in text
    assert "| without word dropout | 79.75 |" in text
    assert "**undecided**" in text
    content = json.loads(figures.read_text())
    assert content["differences"]["without word dropout"]["seeds"] == [0.5, 0.0]
