"""
Which column of a file has the words, and which the tags: by what they hold.

Formats put numbers, parts of speech, lemmas, names of annotators and second layers of tags
beside them, in any order; where two columns could be meant, whoever trains is asked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.tagging.slots import OUTSIDE
from training.corpora.formats.files import words_of
from training.corpora.formats.labels import is_label
from training.corpora.formats.numbering import ID, Numbering
from training.errors import CorpusError

DOCUMENT = "-DOCSTART-"
# A line that begins so, and is no token with its tag, is a comment; of one word it is a token
# that has lost its tag.
_COMMENT = re.compile(r"(?:#|//|%|;;)\S*[ \t]*\S")
# CoNLL-U Plus names its columns in a comment.
_COLUMNS = re.compile(r"#\s*global\.columns\s*=\s*(\S.*)")
_MOST_COLUMNS = 1_000
_MOST_DISTINCT = 100_000  # values of a column that are held
# A column of other values than these is no column of parts of speech.
_PART_OF_SPEECH = re.compile(r"[A-Z]{1,8}[$*]?|[^\w\s]{1,5}|-[LR][A-Z]B-")
# Those of Universal Dependencies, which some write in lower case.
_UNIVERSAL = {
    "adj", "adp", "adv", "aux", "cconj", "conj", "det", "intj", "noun", "num", "part", "pron",
    "propn", "punct", "sconj", "sym", "verb", "x",
}  # fmt: skip
_CHUNKS = {"NP", "VP", "PP", "ADJP", "ADVP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP"}
_WORD_NAMES = {"token", "tokens", "word", "words", "form", "text", "tok"}
_NAMES = _WORD_NAMES | {
    "tag", "tags", "label", "labels", "ner", "ner_tag", "ner_tags", "slot", "slots", "pos", "upos",
    "xpos", "lemma", "chunk", "id", "index", "misc", "bio", "iob", "ne", "entity", "sentence",
    "sentence #", "sentence_id", "sent_id", "deprel", "head", "feats",
}  # fmt: skip
# So many lines a sentence id has at least, where only that divides a file.
_LINES_AN_ID = 1.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns that are asked for, each by its number, from 1, or its name in a header line."""

    word: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """
    How the lines of a file divide, and what is where.

    key: of a column of KEY=VALUE, that of the tags; ids: the column that numbers the tokens of a
    query; sentences: the column whose change ends a query, where no blank line does, and numbered:
    whether only the number in front does (4 of 4.1); header: whether the first line names the
    columns.
    """

    tabs: bool
    width: int
    word: int = 0
    tag: int = 1
    key: str | None = None
    ids: int | None = None
    sentences: int | None = None
    numbered: bool = False
    header: bool = False

    def cells(self, line: str) -> list[str] | None:
        """None where the line has another number of columns."""
        if self.tabs:
            cells = line.rstrip().split("\t")
            if len(cells) != self.width:
                cells = line.split("\t")
                while len(cells) > self.width and not cells[-1].strip():
                    cells.pop()
            # A token can be a blank itself.
            cells = [cell.strip(" ") or cell for cell in cells]
        elif self.width > 2:
            cells = words_of(line)
        else:
            # The token can be a blank itself, or hold one: only the last blank divides.
            token, _, label = line.rstrip(" \t").rpartition(" ")
            cells = [token.strip(" ") or token, label] if token else []
        return cells if len(cells) == self.width else None

    def label(self, cells: Sequence[str]) -> str:
        """The label in a line's cells."""
        cell = cells[self.tag]
        if self.key is None:
            return cell
        return _pairs(cell).get(self.key, OUTSIDE)

    def is_comment(self, line: str) -> bool:
        """Whether it is none of a token with its tag, and begins as comments do."""
        if not _COMMENT.match(line):
            return False
        cells = self.cells(line)
        if not self.tabs and self.width == 2 and len(words_of(line)) != 2:
            return True
        return cells is None or not is_label(self.label(cells))


@dataclass(slots=True)
class _Column:
    """What a column holds."""

    values: Counter[str]
    lines: int = 0
    runs: int = 0
    several: bool = False  # whether a query has several lines
    constant: bool = True  # within each query
    order: int = 0  # of the values, which tells columns of the same values apart
    last: str | None = None
    numbering: Numbering = field(default_factory=Numbering)

    def add(self, cells: Sequence[str]) -> None:
        """Add those of a query."""
        self.lines += len(cells)
        if len(self.values) < _MOST_DISTINCT:
            self.values.update(cells)
        if len(cells) > 1:
            self.several = True
            self.constant = self.constant and len(set(cells)) == 1
        self.order = hash((self.order, *cells))
        self.numbering.add(cells)
        for cell in cells:
            self.runs += cell != self.last
            self.last = cell

    @property
    def tagged(self) -> float:
        """The share of legal labels."""
        return sum(n for value, n in self.values.items() if is_label(value)) / max(
            1, self.values.total()
        )

    @property
    def slots(self) -> set[str]:
        """The names in its labels."""
        return {value[2:] for value in self.values if value != OUTSIDE and is_label(value)}

    @property
    def counts(self) -> bool:
        """Whether it numbers something: by numbers that rise, or by codes that hold one."""
        if self.numbering.rising:
            return self.several or self.numbering.rising_on
        if any(map(str.isdecimal, self.values)):
            return False
        codes = {re.sub(r"\d+", "0", value) for value in self.values}
        return len(codes) <= 3 and all("0" in code for code in codes)

    @property
    def is_filled(self) -> bool:
        return "" not in self.values

    @property
    def is_part_of_speech(self) -> bool:
        some = any(len(value) > 1 and value.isalpha() for value in self.values)
        return some and (
            all(map(_PART_OF_SPEECH.fullmatch, self.values))
            or all(value.lower() in _UNIVERSAL for value in self.values)
        )


def layout_of(path: Path, lines: Iterable[str], choice: Choice, warnings: Counter[str]) -> Layout:
    """
    The layout that most lines of a file agree on.

    `lines` is gone through several times. Raises CorpusError where two columns could be the words
    or the tags, or none could.
    """
    basis = _basis(lines)
    header = _header(lines, basis)
    names = header or _named(lines, basis)
    blocks = _blocks(lines, basis, has_header=bool(header))
    columns: list[_Column] = [_Column(Counter()) for _ in range(basis.width)]
    number = 0
    for block in blocks:
        number += 1
        for column, cells in zip(columns, zip(*block, strict=True), strict=True):
            column.add(cells)
    finder = _Finder(path, columns, names)
    tag, key = finder.tag(choice.tag, warnings)
    word = finder.word(choice.word, tag)
    ids = next(
        (at for at, each in enumerate(columns) if _numbers_tokens(each, at, word, tag)), None
    )
    numbered = next(
        (
            at
            for at, each in enumerate(columns)
            if at not in {word, tag} and each.numbering.of_sentences
        ),
        None,
    )
    sentences = finder.sentences(word, tag) if number == 1 and numbered is None else numbered
    return Layout(
        basis.tabs,
        basis.width,
        word,
        tag,
        key,
        ids,
        sentences,
        numbered=numbered is not None,
        header=bool(header),
    )


def looks_tagged(lines: Sequence[str]) -> bool:
    """Whether most lines have a tag in one column, and not all their columns are tags."""
    basis = _basis(lines)
    filled = [line for line in lines if line.strip() and not _COMMENT.match(line)]
    # Words with their tags joined, or tags alone, as in seq.out, are no columns.
    rows = [cells for line in filled if (cells := basis.cells(line))]
    if basis.width > _MOST_COLUMNS or len(rows) <= len(filled) / 2:
        return False
    only_tags = sum(all(map(is_label, words_of(line))) for line in filled)
    columns = [_Column(Counter(cells)) for cells in zip(*rows, strict=True)]
    tagged = any(column.tagged > 0.5 for column in columns) or any(_keys(each) for each in columns)
    return tagged and only_tags <= len(filled) / 2


def _basis(lines: Iterable[str]) -> Layout:
    """At tabs or at blanks, into how many columns most lines divide."""
    tabbed = filled = 0
    by_tabs: Counter[int] = Counter()
    by_blanks: Counter[int] = Counter()
    for line in lines:
        if not line.strip() or line.startswith(DOCUMENT) or _COMMENT.match(line):
            continue
        filled += 1
        tabbed += "\t" in line.rstrip()
        by_tabs[line.rstrip().count("\t") + 1] += 1
        by_blanks[len(words_of(line))] += 1
    tabs = tabbed > filled / 2
    widths = by_tabs if tabs else by_blanks
    # A line of a blank, a blank and a tag counts one column.
    return Layout(tabs, max(2, widths.most_common(1)[0][0]) if widths else 2)


def _header(lines: Iterable[str], basis: Layout) -> Sequence[str]:
    """The names of the columns, where the first line has them."""
    first = next((line for line in lines if line.strip() and not _COMMENT.match(line)), "")
    cells = basis.cells(first) or []
    named = any(cell.strip().lower() in _NAMES for cell in cells)
    return cells if named and not any(map(is_label, cells)) else []


def _named(lines: Iterable[str], basis: Layout) -> Sequence[str]:
    """The names of the columns, where a comment in front has them."""
    for line in lines:
        if line.strip() and not _COMMENT.match(line):
            break
        if match := _COLUMNS.fullmatch(line.strip()):
            names = match[1].split()
            return names if len(names) == basis.width else []
    return []


def _blocks(lines: Iterable[str], basis: Layout, *, has_header: bool) -> Iterator[list[list[str]]]:
    """The cells of each query."""
    block: list[list[str]] = []
    is_first = has_header
    for line in lines:
        if not line.strip() or line.startswith(DOCUMENT):
            if block:
                yield block
                block = []
        elif _COMMENT.match(line) and not (basis.width == 2 and is_label(words_of(line)[-1])):
            continue
        elif is_first:
            is_first = False
        elif cells := basis.cells(line):
            block.append(cells)
    if block:
        yield block


class _Finder:
    """Finds the columns of a file, or what to ask."""

    def __init__(self, path: Path, columns: Sequence[_Column], names: Sequence[str]) -> None:
        self._path = path
        self._columns = columns
        self._names = names

    def tag(self, wanted: str | None, warnings: Counter[str]) -> tuple[int, str | None]:
        """The column of the tags, and the key before each where its cells are KEY=VALUE."""
        keys: dict[tuple[int, str | None], set[str]] = {}
        for at, each in enumerate(self._columns):
            keys |= {(at, key): slots for key, slots in _keys(each).items()}
        if wanted is not None:
            for at, key in keys:
                if wanted == key:
                    return at, key
            return self._asked(wanted, "--tag-column"), None
        found: dict[tuple[int, str | None], set[str]] = {
            (at, None): each.slots for at, each in enumerate(self._columns) if each.tagged > 0.5
        }
        found |= keys
        if len(self._columns) == 2 and (1, None) in found:
            return 1, None
        # What has no slot at all has nothing to say, if others have.
        telling = {place: slots for place, slots in found.items() if slots} or found
        others = {place: slots for place, slots in telling.items() if not slots <= _CHUNKS}
        if others and len(others) < len(telling):
            for at, _ in telling.keys() - others.keys():
                warnings[f"column of chunks ({self._name(at)}) not read"] += 1
            telling = others
        if not telling:
            hint = "; name it with --tag-column" if self._columns else ""
            raise CorpusError(self._path, None, "a column of tags", "none", hint)
        different = {self._columns[at].order for at, _ in telling}
        if len(different) > 1 or len({key for _, key in telling}) > 1:
            self._ask("tags", "--tag-column", [key or self._name(at) for at, key in telling])
        return list(telling)[-1]

    def word(self, wanted: str | None, tag: int) -> int:
        """The column of the words."""
        if wanted is not None:
            if (word := self._asked(wanted, "--word-column")) != tag:
                return word
            expected = "words and tags in two columns"
            raise CorpusError(self._path, None, expected, f"{self._name(word)} for both")
        if len(self._columns) == 2:
            return 1 - tag
        found = [
            at
            for at, each in enumerate(self._columns)
            if at != tag
            and each.tagged <= 0.5
            and each.is_filled
            and not each.counts
            and not (each.several and each.constant)
            and not _keys(each)
        ]
        named = [at for at in found if self._names and self._names[at].lower() in _WORD_NAMES]
        found = named or found
        if not found:
            holding = "numbers alone, or the same in every line"
            hint = "; name it with --word-column"
            raise CorpusError(self._path, None, "a column of words", holding, hint)
        words = [at for at in found if not self._columns[at].is_part_of_speech] or found
        # Lemmas and the like come behind the words, and are fewer.
        most = max(len(self._columns[at].values) for at in words)
        if len(self._columns[words[0]].values) < most:
            self._ask("words", "--word-column", [self._name(at) for at in words])
        # Numbers that count nothing are words of somebody who spells them, or ids in disorder.
        numbers = [at for at in words if all(map(ID.fullmatch, self._columns[at].values))]
        if numbers and len(numbers) < len(words):
            self._ask("words", "--word-column", [self._name(at) for at in words])
        return words[0]

    def sentences(self, word: int, tag: int) -> int | None:
        """The column that tells the sentences of a file without blank lines, if one does."""
        for at, each in enumerate(self._columns):
            values = [value for value in each.values if value]
            if at in {word, tag} or len(values) < 2 or not all(map(_has_digit, values)):
                continue
            once = each.runs == len(each.values) and each.lines >= _LINES_AN_ID * len(values)
            if once or (not each.is_filled and max(each.values[value] for value in values) == 1):
                return at
        return None

    def _asked(self, wanted: str, option: str) -> int:
        for at in range(len(self._columns)):
            if wanted in {str(at + 1), self._names[at] if self._names else ""}:
                return at
        found = ", ".join(self._name(at) for at in range(len(self._columns)))
        expected = f"a column that {option} names"
        raise CorpusError(self._path, None, expected, f"{wanted!r}", f"; there are {found}")

    def _ask(self, what: str, option: str, names: Sequence[str]) -> None:
        found = f"{', '.join(names[:-1])} and {names[-1]}, which all hold some"
        raise CorpusError(
            self._path, None, f"one column of {what}", found, f"; choose with {option}"
        )

    def _name(self, at: int) -> str:
        return self._names[at] if self._names else str(at + 1)


def _numbers_tokens(column: _Column, at: int, word: int, tag: int) -> bool:
    return (
        at not in {word, tag}
        and column.numbering.of_tokens
        and not (column.several and column.constant)
    )


def _keys(column: _Column) -> dict[str, set[str]]:
    """The keys of a column of KEY=VALUE|KEY=VALUE whose values are labels, with their slots."""
    values: dict[str, set[str]] = {}
    for cell in column.values:
        if cell in {"_", "-", ""}:
            continue
        pairs = _pairs(cell)
        if not pairs:
            return {}
        for key, value in pairs.items():
            values.setdefault(key, set()).add(value)
    return {
        key: {value[2:] for value in found} - {""}
        for key, found in values.items()
        if found != {OUTSIDE} and all(map(is_label, found))
    }


def _pairs(cell: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in cell.split("|"))
    return {key: value for key, equals, value in pairs if equals and key}


def _has_digit(value: str) -> bool:
    return any(map(str.isdigit, value))
