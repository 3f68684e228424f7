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
    *("app", "benchmarks", "deploy", "docs", "harness", "models", "tests", "training"),
    "pyproject.toml",
)


@pytest.mark.docs
@each_page
def test_its_blocks_run_and_answer_as_shown(page: Path, tmp_path: Path) -> None:
    blocks = blocks_of(page)
    if not any(block.language in ("sh", "python") and not block.not_run for block in blocks):
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


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _answers(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Blocks of JSON that follow one that is run: what this answers."""
    for asked, shown in pairwise(blocks):
        if asked.language in ("sh", "python") and not asked.not_run and shown.language == "json":
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
