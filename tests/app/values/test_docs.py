"""What docs/values.md shows works as it stands."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.cli import main
from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "values.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_request_gets_the_answer_that_is_shown() -> None:
    question, shown = blocks("json")
    settings = Settings(model_dir=ROOT / "models" / "booking")
    with TestClient(create_app(settings)) as client:
        answer = client.post("/slots", json=json.loads(question)).json()
    expected = json.loads(shown)
    assert expected["model"].pop("version") == "…"
    del answer["model"]["version"]
    for slot in answer["slots"]:
        slot["confidence"] = pytest.approx(slot["confidence"], abs=0.02)
    assert expected == answer


def test_the_types_are_added_as_the_page_says(
    toy_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    declaration, recipe = blocks("toml")
    assert "[types]" in recipe
    [rows] = blocks("text")
    (tmp_path / "types.toml").write_text(declaration, encoding="utf-8")
    (tmp_path / "cities.tsv").write_text(rows, encoding="utf-8")
    shutil.copytree(toy_bundle, tmp_path / "my-bundles" / "mine")
    monkeypatch.chdir(tmp_path)
    commands = [line.partition("#")[0].split() for line in blocks("sh")[0].splitlines()]
    for program, *arguments in commands:
        assert program == "slotline"
        assert main(arguments) == 0
    assert "destination: type name, names cities" in capsys.readouterr().out
    with TestClient(create_app(Settings(model_dir=tmp_path / "my-bundles"))) as client:
        question: dict[str, Any] = {"text": "到达台北", "resolve": {}}
        [slot] = client.post("/slots", json=question).json()["slots"]
    assert slot["resolution"] == {"type": "name", "id": "TPE", "value": "Taipei"}
