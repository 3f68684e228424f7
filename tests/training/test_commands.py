"""What `slotline` knows of training's commands without importing them."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from training.__main__ import _parser
from training.commands import summaries

ROOT = Path(__file__).parents[2]


def test_every_command_of_the_parser_is_known_with_its_help() -> None:
    [commands] = [each for each in _parser()._actions if each.metavar == "COMMAND"]
    assert isinstance(commands, argparse._SubParsersAction)
    helps = {action.dest: action.help for action in commands._get_subactions()}
    assert list(summaries().items()) == list(helps.items())
    assert list(summaries()) == list(commands.choices)


@pytest.mark.parametrize("name", summaries())
def test_the_line_about_a_command_is_short_and_starts_with_a_verb(name: str) -> None:
    summary = summaries()[name]
    assert summary[0].islower()
    assert not summary.endswith(".")
    assert len(f"  {name:17}{summary}") <= 80


@pytest.mark.parametrize("command", [["-m", "training"], ["-m", "app"]])
def test_the_modules_run_the_same_commands(command: list[str]) -> None:
    shown = subprocess.check_output(
        [sys.executable, *command, "fit", "--help"], cwd=ROOT, text=True
    )
    assert shown.startswith("usage: slotline fit ")
