"""The bot of docs/forms.md books a journey at the real service."""

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.harness.service import serving
from tests.app.forms.talk import ROOT

DOCUMENT = ROOT / "docs" / "forms.md"


def bot() -> str:
    [program] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return str(program)


def test_the_bot_has_forty_lines() -> None:
    assert len([line for line in bot().splitlines() if line.strip()]) <= 40


def test_the_bot_books_a_journey(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(bot(), encoding="utf-8")
    said = ["two tickets to Denver", "Boston", "Austin", "on the 1st of June", "one way"]
    with serving(SLOTLINE_MODEL_DIR=str(ROOT / "models" / "booking")) as (client, _):
        address = str(client.base_url).rstrip("/")
        command = [sys.executable, str(tmp_path / "bot.py"), address]
        finished = subprocess.run(
            command, input="\n".join(said), capture_output=True, text=True, check=True
        )
    lines = [line.removeprefix("> ") for line in finished.stdout.splitlines()]
    assert lines[0] == "Where are you leaving from?"
    assert "* place of departure: Boston (filled)" in lines
    assert "Austin: place_of_departure or destination ?" in lines
    assert "complete" in lines
    assert 'passengers = {"type": "count", "value": 2}' in lines
    assert not finished.stderr
