"""Lists of values below the data folder, from which training draws values for slots."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.tagging.slots import read_spans
from app.tagging.tokenizer import tokenize
from training.batches import Sentence
from training.errors import CorpusError
from training.experiment import ListSource

VALUE = "value"
_COLUMNS = (VALUE, "canonical", "id", "weight")
# Of a copy's values; the others keep company with the values of the corpus.
_REPLACED = 0.7
_TRIES = 5


@dataclass(frozen=True, slots=True)
class ValueList:
    """What may be said in any of the slots, as it is written."""

    slots: tuple[str, ...]
    values: tuple[str, ...]


def read_value_list(source: ListSource, path: Path) -> ValueList:
    """
    Read a list in UTF-8, each value once.

    A .tsv file begins with a line that names its columns: value and, in any order, canonical, id
    and weight, of which training takes the values alone. Another file has a value a line, and what
    follows a tab is left out. Raises CorpusError where the file is absent or malformed.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, None, f"the list {source.name} in UTF-8", str(error)) from error
    plain = (line.split("\t")[0] for line in lines)
    found = _with_header(path, lines) if path.suffix == ".tsv" else plain
    values = tuple(dict.fromkeys(value.strip() for value in found if value.strip()))
    if not values:
        raise CorpusError(path, None, "a value a line", "none")
    return ValueList(source.slots, values)


def _with_header(path: Path, lines: Sequence[str]) -> Iterator[str]:
    columns = lines[0].split("\t") if lines else []
    if VALUE not in columns or not set(columns) <= set(_COLUMNS):
        expected = f"a header of {VALUE} and optionally {', '.join(_COLUMNS[1:])}, tabs between"
        raise CorpusError(path, 1, expected, "\t".join(columns))
    at = columns.index(VALUE)
    for number, line in enumerate(lines[1:], start=2):
        fields = line.split("\t")
        if len(fields) != len(columns):
            raise CorpusError(path, number, f"{len(columns)} columns", str(len(fields)))
        yield fields[at]


class ListedValues:
    """
    Gives a sentence's slots values from lists: names that no sentence of the corpus has.

    Of the lists of a slot each is as likely as the others, however long, and so is each of its
    values.
    """

    def __init__(
        self, lists: Iterable[ValueList], read: Callable[[Sequence[str]], tuple[str, ...]]
    ) -> None:
        """`read` makes of the tokens of a value the words that the network reads."""
        self._lists: defaultdict[str, list[ValueList]] = defaultdict(list)
        for each in lists:
            for slot in each.slots:
                self._lists[slot].append(each)
        self._read = read

    def has_values_for(self, sentence: Sentence) -> bool:
        """Whether one of the sentence's slots has a list."""
        return any(span.name in self._lists for span in read_spans(sentence.tags))

    def __call__(self, sentence: Sentence, random: np.random.Generator) -> Sentence:
        """A sentence with the same slots in the same order."""
        words: list[str] = []
        tags: list[str] = []
        at = 0
        for span in read_spans(sentence.tags):
            value = sentence.words[span.start : span.end]
            if span.name in self._lists and random.random() < _REPLACED:
                value = self._draw(span.name, random) or value
            words += (*sentence.words[at : span.start], *value)
            tags += sentence.tags[at : span.start]
            tags += [f"B-{span.name}"] + [f"I-{span.name}"] * (len(value) - 1)
            at = span.end
        return replace(
            sentence,
            words=(*words, *sentence.words[at:]),
            tags=(*tags, *sentence.tags[at:]),
        )

    def _draw(self, slot: str, random: np.random.Generator) -> tuple[str, ...]:
        """The words of a value; none where several in a row were nothing that is read."""
        for _ in range(_TRIES):
            lists = self._lists[slot]
            values = lists[int(random.integers(len(lists)))].values
            text = values[int(random.integers(len(values)))]
            if words := self._read([token.text for token in tokenize(text)]):
                return words
        return ()
