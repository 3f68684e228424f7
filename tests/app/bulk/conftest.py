"""Tagging files with the toy bundle: in this process, or by the command."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.bulk.rows import Format, Shape
from app.bulk.source import open_source
from app.bulk.tagging import TaggingOptions
from app.bulk.writing import Counts, Job, Writer, tag_piece

SLOTLINE = Path(sys.executable).with_name("slotline")
Convert = Callable[..., Counts]
Tag = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def tagging(toy_bundle: Path) -> TaggingOptions:
    """What tags, with texts of at most 20 words."""
    return TaggingOptions(toy_bundle, max_words=20)


@pytest.fixture(scope="session")
def convert(tagging: TaggingOptions) -> Convert:
    """Tags a file in this process, in pieces of so many rows or bytes."""

    def convert(
        source: Path,
        to: Format,
        out: Path,
        shape: Shape,
        *,
        size: int = 50,
        escape: bool = True,
        options: TaggingOptions = tagging,
    ) -> Counts:
        opened = open_source(str(source), shape, size, size)
        schema = None
        if to == "parquet":
            from app.bulk.arrow import schema_of

            schema = schema_of(opened.shape, opened.schema)
        job = Job(options, opened.shape, to, escape, schema)
        counts = Counts()
        with out.open("wb") as file:
            writer = Writer(job, file)
            for numbered in opened.pieces():
                for chunk in tag_piece(job, numbered.piece, counts):
                    writer.write(chunk)
            writer.close()
        return counts

    return convert


@pytest.fixture
def tag(toy_bundle: Path, tmp_path: Path) -> Tag:
    """Runs `slotline tag` in the test's folder."""

    def tag(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command(toy_bundle, arguments),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=900,  # of machines that are busy
            check=False,
            **options,
        )
        return done

    return tag


def command(bundle: Path, arguments: Sequence[str]) -> list[str]:
    """The command with the toy bundle and two processes."""
    assert not any(name.startswith("SLOTLINE_MODEL") for name in os.environ)
    options = ["--model-dir", str(bundle), "--workers", "2"]
    return [str(SLOTLINE), "tag", *options, *arguments]
