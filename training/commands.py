"""
The commands of training for `slotline`, which finds this module through its entry point.

Importing it loads neither torch nor anything else of training, so that `slotline --help` is quick
and works where the extra is not installed.
"""

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeGuard

TITLE = "Train and evaluate"
EXTRA = "training"


@cache
def summaries() -> Mapping[str, str]:
    """
    Each command's name and help, in the order in which they are defined.

    They are read from the source of the parser, as setuptools reads a version: the parser itself
    cannot be made without torch.
    """
    source = Path(__file__).with_name("__main__.py").read_text(encoding="utf-8")
    commands = [node for node in ast.walk(ast.parse(source)) if _adds_a_command(node)]
    commands.sort(key=lambda call: call.lineno)
    return {
        ast.literal_eval(call.args[0]): next(
            ast.literal_eval(keyword.value) for keyword in call.keywords if keyword.arg == "help"
        )
        for call in commands
    }


def _adds_a_command(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "add_parser"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "commands"
    )


def run(arguments: Sequence[str]) -> int:
    """Run a command, whose name comes first; returns the exit status."""
    from training.__main__ import run

    return run(arguments)
