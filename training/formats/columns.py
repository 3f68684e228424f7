"""A token a line, its tag in the last column, blank lines between queries (CoNLL, CAIS)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training.errors import CorpusError
from training.formats.files import excerpt, read_lines, words_of
from training.formats.labels import LabelledQuery, bio_utterances, check_label, is_label
from training.utterances import Utterance

LOOKS_LIKE = (
    "a token, a tab or blank and its tag on each line, such as  Taipei B-city  , columns between "
    "allowed, a blank line between queries; intents, if any, in train.txt.intent beside train.txt"
)
INTENTS = ".intent"
# Nobody says more at once: what has more words has no blank lines.
_LONGEST = 2_000
_DOCUMENT = "-DOCSTART-"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a file divide: at tabs or at blanks, into how many columns."""

    tabs: bool
    columns: int

    def token_and_label(self, line: str) -> tuple[str, str] | None:
        """None where the line has another number of columns."""
        if self.tabs:
            columns = line.rstrip().split("\t")
            if len(columns) != self.columns:
                return None
            token, label = columns[0], columns[-1]
        elif self.columns > 2:
            columns = words_of(line)
            if len(columns) != self.columns:
                return None
            token, label = columns[0], columns[-1]
        else:
            # The token can be a blank itself, or hold one: only the last blank divides.
            token, _, label = line.rstrip(" ").rpartition(" ")
        return (token.strip(" ") or token, label) if token else None


def matches(head: str) -> bool:
    """Whether most lines end in a tag and not all their columns are tags, as in seq.out."""
    lines = [words for line in head.split("\n") if (words := words_of(line))]
    tagged = sum(len(words) > 1 and is_label(words[-1]) for words in lines)
    only_tags = sum(all(map(is_label, words)) for words in lines)
    return tagged > len(lines) / 2 > only_tags


def read(path: Path, remarks: Counter[str]) -> list[Utterance]:
    """Read the file, and the file of intents beside it."""
    lines = read_lines(path, remarks)
    layout = _layout(lines)
    queries: list[LabelledQuery] = []
    tokens: list[str] = []
    labels: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        is_document = line.startswith(_DOCUMENT)
        remarks.update([f"{_DOCUMENT} line skipped"] if is_document else [])
        if not line.strip() or is_document:
            if tokens:
                queries.append(LabelledQuery(tokens, labels, None))
                tokens, labels = [], []
            continue
        columns = layout.token_and_label(line)
        if columns is None:
            divider = "tabs" if layout.tabs else "blanks"
            expected = f"a token and its tag, {layout.columns} columns between {divider}"
            raise CorpusError(path, number, expected, excerpt(line))
        tokens.append(columns[0])
        labels.append(check_label(columns[1], path, number))
    # Of the token in its query or in the file, or of its query.
    if layout.columns > 2 and all(token.isdecimal() for each in queries for token in each.tokens):
        hint = "; leave that column out"
        raise CorpusError(path, None, "a token in the first column", "numbers alone", hint)
    longest = max((len(query.tokens) for query in queries), default=0)
    if longest > _LONGEST:
        raise CorpusError(path, None, "a blank line between queries", f"{longest} tokens in one")
    return bio_utterances(_with_intents(path, queries, remarks), remarks)


def _layout(lines: Iterable[str]) -> _Layout:
    """What most lines of the file agree on."""
    filled = [line for line in lines if line.strip() and not line.startswith(_DOCUMENT)]
    tabs = sum("\t" in line for line in filled) > len(filled) / 2
    widths = Counter(len(line.rstrip().split("\t") if tabs else words_of(line)) for line in filled)
    # A line of a blank, a blank and a tag counts one column.
    return _Layout(tabs, max(2, widths.most_common(1)[0][0]) if widths else 2)


def _with_intents(
    path: Path, queries: list[LabelledQuery], remarks: Counter[str]
) -> list[LabelledQuery]:
    beside = path.with_name(path.name + INTENTS)
    if not beside.exists():
        beside = path.with_suffix(INTENTS)
    if not beside.exists():
        return queries
    intents = read_lines(beside, remarks)
    if len(intents) != len(queries):
        expected = f"{len(queries)} intents, one for each query of {path.name}"
        raise CorpusError(beside, None, expected, str(len(intents)))
    for number, intent in enumerate(intents, 1):
        if not intent.strip():
            raise CorpusError(beside, number, "an intent", "a blank line")
    return [
        LabelledQuery(query.tokens, query.labels, intent.strip())
        for query, intent in zip(queries, intents, strict=True)
    ]
