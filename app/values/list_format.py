"""
Lists of values as files: what training, serving and declarations of names read.

    value       canonical    id
    new york    New York     NYC
    big apple   New York     NYC

UTF-8, tabs between, and a header that names the columns: `value` and, in any order, `canonical`,
`id` and `weight`. Empty lines count for nothing.
"""

import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

VALUE = "value"
COLUMNS = (VALUE, "canonical", "id", "weight")


class InvalidListError(ValueError):
    """
    The content is not a list of values.

    `expected` and `found` describe what the line must be and what it is. `line` is its number,
    counted from 1, or None if no single line is wrong.
    """

    def __init__(self, line: int | None, expected: str, found: str) -> None:
        where = "" if line is None else f"line {line}: "
        super().__init__(f"{where}expected {expected}, found {found}")
        self.line = line
        self.expected = expected
        self.found = found


class Entry(NamedTuple):
    """
    A line of a list.

    `value` is what people write. `canonical` and `id` are the name and identifier of what that
    means, empty if the line leaves them out. `weight` is how likely the entry is beside the others.
    """

    value: str
    canonical: str = ""
    id: str = ""
    weight: float = 1.0


def parse_list(content: bytes) -> list[Entry]:
    """Parse the content of a list file into its entries; raises InvalidListError."""
    lines = text_of(content).split("\n")
    columns = _columns(lines[0].rstrip("\r"))
    column_numbers = [columns.index(name) if name in columns else None for name in COLUMNS]
    value_column, *optional_columns = column_numbers
    assert value_column is not None, "a header names it"
    entries: list[Entry] = []
    for number, line in enumerate(lines[1:], start=2):
        fields = line.rstrip("\r").split("\t")
        if len(fields) != len(columns):
            if not line.strip():
                continue
            expected = f"{len(columns)} columns"
            raise InvalidListError(number, expected, str(len(fields)))
        value = fields[value_column].strip()
        if not value:
            if not line.strip():
                continue
            raise InvalidListError(number, "a value", "none")
        canonical, identifier, weight = (
            "" if column is None else fields[column].strip() for column in optional_columns
        )
        entries.append(Entry(value, canonical, identifier, _weight(number, weight)))
    return entries


def write_list(path: Path, entries: Iterable[Entry], columns: Sequence[str]) -> None:
    """
    Write a list file in one step, with these columns; raises OSError.

    A process that reads the path meanwhile finds the previous file.
    """
    lines = ["\t".join(columns)]
    for entry in entries:
        fields = entry._asdict() | {"weight": f"{entry.weight:g}"}
        lines.append("\t".join(fields[column] for column in columns))
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        new = Path(name)
        new.chmod(mode)
        new.replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def columns_of(content: bytes) -> tuple[str, ...]:
    """The columns that the header of a list file names; raises InvalidListError."""
    return tuple(_columns(text_of(content).split("\n", 1)[0].rstrip("\r")))


def text_of(content: bytes) -> str:
    """Decode the content of a list file from UTF-8; raises InvalidListError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidListError(line, "UTF-8", f"the byte {content[error.start]:#04x}") from error


def _columns(header: str) -> list[str]:
    """Split a header into its columns; raises InvalidListError unless it is a header."""
    columns = header.split("\t")
    if VALUE not in columns or len(set(columns)) < len(columns) or set(columns) - set(COLUMNS):
        optional = ", ".join(COLUMNS[1:])
        expected = f"a header of {VALUE} and optionally {optional}, with tabs between"
        raise InvalidListError(1, expected, header[:80] or "an empty line")
    return columns


def _weight(line: int, text: str) -> float:
    """Parse the weight of a line, 1 if it is empty; raises InvalidListError."""
    if not text:
        return 1.0
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise InvalidListError(line, "a weight that is a number, 0 or more", text[:80])
    return weight
