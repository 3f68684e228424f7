"""docs/bulk.md names what there is."""

import argparse
import ast
import re
import shlex
from pathlib import Path

import pytest

from app.bulk.command import add_arguments

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "bulk.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"slotline (tag [^|#\n]*)", "".join(re.findall(r"```sh\n.*?```", GUIDE, re.DOTALL))
)


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser


def test_every_option_is_described(parser: argparse.ArgumentParser) -> None:
    options = {name for action in parser._actions for name in action.option_strings}
    described = set(
        re.findall(r"--[a-z][a-z-]+", re.sub("python -m benchmarks.*|pip install.*", "", GUIDE))
    )
    assert options - {"-h", "--help"} - described == set()
    assert described - options == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(parser: argparse.ArgumentParser, command: str) -> None:
    name, *arguments = shlex.split(command)
    assert name == "tag"
    assert parser.parse_args(arguments).out


def test_every_code_of_a_row_is_described() -> None:
    source = "".join(path.read_text() for path in (ROOT / "app/bulk").glob("*.py"))
    codes = set(re.findall(r'"((?:invalid|internal)_[a-z]+)"', source)) | {"text_too_long"}
    assert codes == set(re.findall(r"^\| `([a-z_]+)` \| [A-Z]", GUIDE, re.MULTILINE))


def test_the_lines_for_engines_are_python_and_call_what_there_is() -> None:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    assert len(blocks) == 4
    for block in blocks:
        ast.parse(block)
        assert 'models/atis", column="question")' in block
    tested = (ROOT / "tests/app/bulk/ray_data.py").read_text()
    line = '.map_batches(tag, batch_format="pyarrow").write_parquet('
    assert line in blocks[1]
    assert line in tested
