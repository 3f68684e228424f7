"""A token a line, its tag in a column behind, blank lines between queries (CoNLL, CAIS)."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from sys import intern

from training.corpora.formats.files import excerpt, intent_name, lines_of, read_lines, read_text
from training.corpora.formats.labels import LabelledQuery, bio_utterances, check_label, is_label
from training.corpora.formats.layout import DOCUMENT, Choice, Layout, layout_of, looks_tagged
from training.corpora.formats.numbering import id_of
from training.corpora.utterances import Utterance
from training.errors import CorpusError

LOOKS_LIKE = (
    "a token, a tab or blank and its tag on each line, such as  Taipei B-city  , other columns "
    "allowed, a blank line between queries; intents, if any, in train.txt.intent beside train.txt"
)
INTENTS = ".intent"
# Nobody says more at once: what has more words has no blank lines.
_LONGEST = 2_000
_INTENT = re.compile(r"#\s*intent\s*[:=]\s*(\S.*)")

_Row = tuple[int, list[str]]  # a line's number and its cells


def matches(head: str) -> bool:
    """Whether most lines have a tag in one column, and not all their columns are tags."""
    return looks_tagged(head.split("\n"))


class _Lines:
    """The lines of a text, as often as they are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __iter__(self) -> Iterator[str]:
        return lines_of(self._text)


def read(path: Path, warnings: Counter[str], choice: Choice | None = None) -> list[Utterance]:
    """
    Read the file, and the file of intents beside it.

    Which columns are the words and the tags is found by what they hold, unless `choice` says.
    """
    lines = _Lines(read_text(path, warnings))
    layout = layout_of(path, lines, choice or Choice(), warnings)
    queries: list[LabelledQuery] = []
    rows: list[_Row] = []
    intent = None
    header = layout.header

    def end() -> None:
        nonlocal intent
        if rows:
            queries.append(_query(path, layout, rows, intent, warnings))
            rows.clear()
            intent = None

    for number, line in enumerate(lines, 1):
        if not line.strip():
            end()
        elif line.startswith(DOCUMENT):
            warnings[f"{DOCUMENT} line skipped"] += 1
            end()
        elif layout.is_comment(line):
            warnings["comment line skipped"] += 1
            if match := _INTENT.fullmatch(line.strip()):
                intent = intent_name(match[1], path, number)
        elif header:
            header = False
        else:
            cells = layout.cells(line)
            if cells is None:
                raise _malformed(path, number, line, layout)
            if rows and _begins_anew(layout, rows, cells):
                warnings["query that no blank line divides from the one before"] += 1
                end()
            rows.append((number, cells))
    end()
    del lines
    longest = max((len(query.tokens) for query in queries), default=0)
    if longest > _LONGEST:
        raise CorpusError(path, None, "a blank line between queries", f"{longest} tokens in one")
    queries = _with_intents(path, queries, warnings)
    return bio_utterances(queries, warnings)


def _malformed(path: Path, number: int, line: str, layout: Layout) -> CorpusError:
    divider = "tabs" if layout.tabs else "blanks"
    expected = f"a token and its tag, {layout.width} columns between {divider}"
    hint = ""
    if not layout.tabs and is_label(" ".join(line.split()[layout.tag :])):
        hint = "; names of slots with blanks need tabs between the columns"
    return CorpusError(path, number, expected, excerpt(line), hint)


def _begins_anew(layout: Layout, rows: list[_Row], cells: list[str]) -> bool:
    """Whether a line's numbers say that it begins a query."""
    _, before = rows[-1]
    if layout.sentences is not None:
        now, then = cells[layout.sentences], before[layout.sentences]
        return id_of(now)[0] != id_of(then)[0] if layout.numbered else now not in {then, ""}
    if layout.ids is None:
        return False
    return id_of(cells[layout.ids])[0] < id_of(before[layout.ids])[0]


def _query(
    path: Path, layout: Layout, rows: list[_Row], intent: str | None, warnings: Counter[str]
) -> LabelledQuery:
    if layout.ids is not None:
        rows = _whole_words(layout, layout.ids, rows, warnings)
    tokens = tuple(intern(cells[layout.word]) for _, cells in rows)
    if not layout.tabs and layout.width == 2:
        _check_blanks(path, layout, rows, warnings)
    labels = tuple(check_label(layout.label(cells), path, number) for number, cells in rows)
    for (number, cells), token in zip(rows, tokens, strict=True):
        if not token:
            raise _malformed(path, number, "\t".join(cells), layout)
    return LabelledQuery(tokens, labels, intent)


def _check_blanks(path: Path, layout: Layout, rows: list[_Row], warnings: Counter[str]) -> None:
    """Blanks within a token are its own, or a name of a slot holds one, or a column is too many."""
    for number, cells in rows:
        before, blank, last = cells[layout.word].rpartition(" ")
        if not (blank and before.strip()):
            continue
        label = layout.label(cells)
        if not is_label(label) and is_label(f"{last} {label}"):
            raise _malformed(path, number, " ".join(cells), layout)
        warnings["token that has a blank in it"] += 1


def _whole_words(layout: Layout, ids: int, rows: list[_Row], warnings: Counter[str]) -> list[_Row]:
    """
    Without empty nodes, and of a range and the words it is made of only those with the tags.

    A range whose words do not follow is a word itself.
    """
    kept: list[_Row] = []
    at = 0
    while at < len(rows):
        first, last, is_empty = id_of(rows[at][1][ids])
        at += 1
        if is_empty:
            warnings["empty node (such as 5.1) left out"] += 1
            continue
        parts = []
        if last is not None:
            for row in rows[at:]:
                number, further, _ = id_of(row[1][ids])
                if further is not None or not first <= number <= last:
                    break
                parts.append(row)
        if not parts:
            kept.append(rows[at - 1])
        elif _has_tags(layout, [rows[at - 1]]) and not _has_tags(layout, parts):
            warnings["words of a range (such as 3-4) that has the tag itself, left out"] += len(
                parts
            )
            kept.append(rows[at - 1])
            at += len(parts)
        else:
            warnings["range of words (such as 3-4) left out, whose words follow"] += 1
    return kept


def _has_tags(layout: Layout, rows: list[_Row]) -> bool:
    labels = [layout.label(cells) for _, cells in rows]
    return all(map(is_label, labels)) and any(len(label) > 1 for label in labels)


def _with_intents(
    path: Path, queries: list[LabelledQuery], warnings: Counter[str]
) -> list[LabelledQuery]:
    beside = path.with_name(path.name + INTENTS)
    if not beside.exists():
        beside = path.with_suffix(INTENTS)
    if not beside.exists():
        return queries
    intents = read_lines(beside, warnings)
    if len(intents) != len(queries):
        expected = f"{len(queries)} intents, one for each query of {path.name}"
        raise CorpusError(beside, None, expected, str(len(intents)))
    for number, intent in enumerate(intents, 1):
        if not intent.strip():
            raise CorpusError(beside, number, "an intent", "a blank line")
    return [
        LabelledQuery(query.tokens, query.labels, intern(intent.strip()))
        for query, intent in zip(queries, intents, strict=True)
    ]
