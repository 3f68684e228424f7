"""The formats of annotated text: one reader a module, and which of them a file is in."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from training.corpora.formats import (
    columns,
    parallel,
    snips_json,
    span_lines,
    tagged_lines,
    word_tag,
)
from training.corpora.formats.files import refuse_binary, with_line_feeds
from training.corpora.formats.foreign import foreign_json, foreign_text, key_paths
from training.corpora.formats.layout import Choice
from training.corpora.utterances import Utterance
from training.errors import CorpusError

_HEAD = 1 << 16  # bytes that are looked at, and the rest of a longer first line
_LINES = 200  # lines that are looked at
_SNIPS = re.compile(r"(?:[^\[\]]+\[\]|intents\..+\.utterances\[\])\.data\[\]\.text")
# What spans of other tools have that ours have not.
_OTHERS_SPANS = {"_input_hash", "_task_hash", "answer", "spans[].label", "spans[].token_start"}


@dataclass(frozen=True, slots=True)
class Format:
    """A format's reader and, in a line, what the format looks like; warnings are counted up."""

    looks_like: str
    read: Callable[[Path, Counter[str]], list[Utterance]]


FORMATS = {
    "parallel": Format(parallel.LOOKS_LIKE, parallel.read),
    "snips-json": Format(snips_json.LOOKS_LIKE, snips_json.read),
    "word-tag": Format(word_tag.LOOKS_LIKE, word_tag.read),
    "columns": Format(columns.LOOKS_LIKE, columns.read),
    "span-lines": Format(span_lines.LOOKS_LIKE, span_lines.read),
    "tagged-lines": Format(tagged_lines.LOOKS_LIKE, tagged_lines.read),
}


def format_of(path: Path) -> Format:
    """
    The format of a file, or of a folder of parallel files, by its content.

    Raises CorpusError where it is none that is read, and says what it is if that is known.
    """
    if parallel.matches(path):
        return FORMATS["parallel"]
    head = _head(path)
    is_json = head.lstrip().startswith(("{", "["))
    name = _json_format(head) if is_json else None
    foreign = foreign_json(head) if is_json and name is None else None
    # A bracket can be the first word of a file, and quotes of Python are not JSON's.
    if name is None and foreign is None:
        name, foreign = _line_format(head), foreign_text(head)
    if name is not None:
        return FORMATS[name]
    if foreign is not None:
        raise CorpusError(path, None, "a format that is read", foreign.name, foreign.hint)
    raise CorpusError(path, None, "annotated text", _found(head), _listing())


def format_named(name: str) -> Format:
    """
    The format that has this name; `columns:word=2,tag=NER` says which columns are meant, too.

    Raises CorpusError where no format has it.
    """
    plain, colon, columns_wanted = name.partition(":")
    if plain not in FORMATS:
        raise CorpusError(None, None, "the name of a format", repr(name), _listing())
    found = FORMATS[plain]
    if not colon:
        return found
    wanted = dict(part.partition("=")[::2] for part in columns_wanted.split(","))
    if plain != "columns" or not wanted.keys() <= {"word", "tag"} or not all(wanted.values()):
        expected = "columns:word=COLUMN,tag=COLUMN, or one of the two"
        raise CorpusError(None, None, expected, repr(name))
    return Format(found.looks_like, partial(columns.read, choice=Choice(**wanted)))


def format_name(name: str | None, word: str | None, tag: str | None) -> str | None:
    """The name of a format with the columns that are asked for, as `format_named` takes it."""
    wanted = {"word": word, "tag": tag}
    shown = ",".join(f"{what}={column}" for what, column in wanted.items() if column is not None)
    return f"{name or 'columns'}:{shown}" if shown else name


def _json_format(head: str) -> str | None:
    """By the keys and where they stand; what is malformed is for its reader to report."""
    paths = set(key_paths(head))
    if {"tokens", "labels"} <= paths:
        return "tagged-lines"
    if {"text", "spans"} <= paths and ("spans[].slot" in paths or not paths & _OTHERS_SPANS):
        return "span-lines"
    is_snips = any(map(_SNIPS.fullmatch, paths)) and not head.lstrip().startswith("[")
    return "snips-json" if is_snips and "userSays" not in paths else None


def _line_format(head: str) -> str | None:
    if word_tag.matches(head):
        return "word-tag"
    return "columns" if columns.matches(head) else None


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_HEAD)
            if b"\n" not in content:
                content += file.readline()
    except OSError as error:
        raise CorpusError(path, None, "a file to read", str(error.strerror)) from error
    refuse_binary(path, content)
    head = content.decode("utf-8", "replace")
    lines = with_line_feeds(head.lstrip("\ufeff")).split("\n")
    # The last line may have been cut short.
    return "\n".join(lines[: min(_LINES, max(1, len(lines) - 1))])


def _listing() -> str:
    lines = [f"\n  {name:<14}{each.looks_like}" for name, each in FORMATS.items()]
    return f"; the formats are:{''.join(lines)}"


def _found(head: str) -> str:
    first = next((line for line in head.split("\n") if line.strip()), "")
    return f"a file that begins {first[:60]!r}" if first else "no text"
