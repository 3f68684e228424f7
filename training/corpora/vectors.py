"""Word vectors in GloVe's text format: a word and its numbers a line, the most frequent first."""

import gzip
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.tagging.features import normalise
from app.tagging.tokenizer import tokenize
from training.corpora.formats.files import refuse_binary
from training.encodings import encoding_of
from training.errors import CorpusError

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Vectors of `words`, in their order: (words, size)."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]


def read_vectors(path: Path, most: int, wanted: Collection[str]) -> WordVectors:
    """
    Read the vectors of the `most` most frequent words, and of the wanted ones wherever they are.

    Only what the tokenizer takes for one word is kept, and of two that are one word to the
    networks the first. A first line of two whole numbers, as word2vec writes, is no vector.
    Raises CorpusError.
    """
    if not path.is_file():
        raise CorpusError(path, None, "word vectors in GloVe's text format", "no such file")
    found: dict[str, NDArray[np.float32]] = {}
    lines = _lines(path)
    begun = list(islice(lines, 3))
    header = len(begun) > 1 and _is_header(*begun[:2])
    size = _size(begun[header:])
    for number, line in enumerate(chain(begun, lines), start=1):
        if header and number == 1:
            continue
        word, values = _divided(path, number, line, size)
        if (number - header > most and word not in wanted) or len(tokenize(word)) != 1:
            continue
        try:
            with np.errstate(over="ignore"):
                vector = np.array(values, np.float32)
        except ValueError as error:
            raise CorpusError(path, number, "numbers behind the word", str(error)) from error
        if not np.isfinite(vector).all():
            bad = values[int(np.argmin(np.isfinite(vector)))]
            raise CorpusError(path, number, "finite numbers behind the word", bad)
        found.setdefault(normalise(word), vector)
    if not found:
        raise CorpusError(path, None, "a word and its numbers a line", "no line")
    return WordVectors(tuple(found), np.stack(list(found.values())))


def _is_header(first: str, second: str) -> bool:
    """Whether the first line says how many words there are, and how many numbers each has."""
    match = re.fullmatch(r"\d+ (\d+)", first)
    return match is not None and _numbers(second) == int(match[1])


def _size(lines: Sequence[str]) -> int:
    """How many numbers a word has: what the first lines agree on, for a word can hold blanks."""
    counts = {_numbers(line) for line in lines[:2]}
    [count] = counts if len(counts) == 1 else [0]
    return count or (len(lines[0].split(" ")) - 1 if lines else 0)


def _numbers(line: str) -> int:
    """How many numbers a line ends with, the first word not counted, which can be one."""
    cells = line.split(" ")[:0:-1]
    return sum(1 for _ in takewhile(_NUMBER.fullmatch, cells))


def _divided(path: Path, number: int, line: str, size: int) -> tuple[str, list[str]]:
    """A word and its numbers; a word can hold blanks, as some of GloVe's 840B do."""
    word, *values = line.rsplit(" ", size) if size else [line]
    if len(values) != size or not values:
        raise CorpusError(
            path, number, f"a word and {size or 'its'} numbers", f"{len(values)} numbers"
        )
    more = word.rpartition(" ")[2]
    if more != word and _NUMBER.fullmatch(more):
        count = len(line.split(" ")) - 1
        raise CorpusError(path, number, f"a word and {size} numbers", f"{count} numbers")
    return word.strip(" "), values


def _lines(path: Path) -> Iterator[str]:
    """
    The lines of a file, unzipped where its name ends in .gz; raises CorpusError.

    Only a line feed ends one: words hold other line ends.
    """
    zipped = path.suffix == ".gz"
    try:
        with gzip.open(path) if zipped else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number == 1:
                    refuse_binary(path, line)
                    line = line.removeprefix(BOM_UTF8)
                yield _decoded(path, number, line).rstrip(" \t\r\n").replace("\t", " ")
    except (OSError, EOFError, zlib.error) as error:
        expected = "a whole file that gzip made" if zipped else "a file to read"
        raise CorpusError(path, None, expected, str(error), "; fetch it anew") from error


def _decoded(path: Path, number: int, line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        pass
    if number == 2 and line.count(0):
        hint = "; save it as text, as gensim's save_word2vec_format does with binary=False"
        raise CorpusError(path, number, "UTF-8", "word2vec's binary format", hint)
    encoding = encoding_of(line) or "ENCODING"
    hint = f"; iconv -f {encoding} -t UTF-8 converts it"
    raise CorpusError(path, number, "UTF-8", "bytes that are not", hint)
