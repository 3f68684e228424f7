"""The blocks of the pages do what the pages say: `make test-docs` runs them."""

import argparse
import contextlib
import io
import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app import cli
from tests.docs.blocks import ROOT, Block, blocks_of, pages, script_of

PAGES = pages()
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
# What a page may use of the repository; the rest of its folder is its own.
LINKED = (
    *("app", "benchmarks", "deploy", "docs", "models", "tests", "training"),
    "pyproject.toml",
)


@pytest.mark.docs
@each_page
def test_its_blocks_run_and_answer_as_shown(page: Path, tmp_path: Path) -> None:
    blocks = blocks_of(page)
    if not any(block.is_run for block in blocks):
        pytest.skip("no block to run")
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    process = subprocess.run(
        ["bash"],
        input=script_of(page, blocks, _free_port()),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert process.returncode == 0, process.stderr[-4000:]
    for asked, shown in _answers(blocks):
        answer = (tmp_path / "out" / str(asked.line)).read_text(encoding="utf-8")
        assert_like(json.loads(shown.text), _last_json(answer), f"{page.name}:{shown.line}")


@each_page
def test_its_commands_have_these_options(page: Path) -> None:
    for block in blocks_of(page):
        if block.language == "sh":
            for arguments in _commands(block.text):
                assert_parses(arguments, f"{page.name}:{block.line}")


@each_page
def test_its_json_is_json(page: Path) -> None:
    for block in blocks_of(page):
        if block.language == "json":
            json.loads(block.text)


def test_few_blocks_are_not_run() -> None:
    blocks = [
        block for page in PAGES for block in blocks_of(page) if block.language in ("sh", "python")
    ]
    assert blocks
    assert sum(bool(block.not_run) for block in blocks) < len(blocks) / 2


@each_page
def test_its_commands_can_be_run_by_a_reader(page: Path) -> None:
    """A block of commands says so, and its commands are in .venv, as no reader's PATH has them."""
    for block in blocks_of(page):
        bare = re.findall(r"^ *(?:slotline|python3?|pip) .*", block.text, re.MULTILINE)
        if block.language in ("", "text", "console", "bash", "sh"):
            assert not bare, f"{page.name}:{block.line}: write .venv/bin/{bare[0].strip()}"
        if block.language != "sh":
            commands = re.findall(r"^ *(?:\$|curl|make|\.venv/\S+) .*", block.text, re.MULTILINE)
            assert not commands, f"{page.name}:{block.line}: a block of commands begins with ```sh"


def test_a_script_writes_the_files_of_a_page_and_runs_its_blocks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: a b.py -->\n```python\nprint('$HOME')\n```\n\n"
        "<!-- not run: never -->\n```sh\nexit 3\n```\n\n```sh\ncat 'a b.py'\n```\n",
        encoding="utf-8",
    )
    blocks = blocks_of(page)
    assert [block.is_run for block in blocks] == [False, False, True]
    script = script_of(page, blocks, 8000)
    subprocess.run(["bash"], input=script, cwd=tmp_path, text=True, check=True, timeout=60)
    assert (tmp_path / "out" / "11").read_text(encoding="utf-8") == "print('$HOME')\n"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _answers(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Blocks of JSON that follow one that is run: what this answers."""
    for asked, shown in pairwise(blocks):
        if asked.is_run and shown.language == "json":
            yield asked, shown


def _last_json(output: str) -> Any:
    """The last JSON object that a block has printed."""
    decoder = json.JSONDecoder()
    at, found = output.index("{"), None
    while at != -1:
        found, end = decoder.raw_decode(output, at)
        at = output.find("{", end)
    return found


def assert_like(shown: Any, found: Any, where: str) -> None:
    """`…` stands for any value, and as the last of several for any more; numbers are about."""
    if shown == "…":
        return
    if isinstance(shown, Mapping):
        keys = shown.keys() - {"…"}
        assert keys <= found.keys() if "…" in shown else keys == found.keys(), where
        for key in keys:
            assert_like(shown[key], found[key], where)
    elif isinstance(shown, list):
        exact = shown[:-1] if shown and shown[-1] == "…" else shown
        assert len(exact) == len(found) or exact is not shown, where
        for one, other in zip(exact, found, strict=False):
            assert_like(one, other, where)
    elif isinstance(shown, float):
        assert found == pytest.approx(shown, abs=0.15), where
    else:
        assert shown == found, where


def _commands(text: str) -> Iterator[list[str]]:
    """The arguments of each `slotline` in a block."""
    for line in text.replace("\\\n", " ").splitlines():
        if "bin/slotline" not in line:
            continue  # a line of a here-document or of JSON may be no command line at all
        words = shlex.split(line.replace("$(", " ").replace(")", " "), comments=True)
        for at, word in enumerate(words):
            if word.endswith("bin/slotline"):
                rest = words[at + 1 :]
                end = next(
                    (i for i, each in enumerate(rest) if re.match(r"[|&;<>]|2>", each)), None
                )
                yield rest[:end]


def assert_parses(arguments: Sequence[str], where: str) -> None:
    """Whether the command line knows the command and its options."""
    name, *rest = arguments
    if name.startswith("-"):
        return
    if name in cli.COMMANDS:
        parser = argparse.ArgumentParser()
        cli.COMMANDS[name].add_arguments(parser)
    else:
        pytest.importorskip("torch")
        from docs.generate import training_parser

        parser, rest = training_parser(), list(arguments)
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors):
        try:
            parser.parse_args(rest)
        except SystemExit:
            pytest.fail(f"{where}: {' '.join(arguments)}: {errors.getvalue()}")
