"""Word vectors in GloVe's text format: a word and its numbers a line, the most frequent first."""

import gzip
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.tagging.features import normalise
from app.tagging.tokenizer import tokenize
from training.errors import CorpusError


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Vectors of `words`, in their order: (words, size)."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]


def read_vectors(path: Path, most: int, wanted: Collection[str]) -> WordVectors:
    """
    Read the vectors of the `most` most frequent words, and of the wanted ones wherever they are.

    Only what the tokenizer takes for one word is kept, and of two that are one word to the
    networks the first. Raises CorpusError.
    """
    if not path.is_file():
        raise CorpusError(path, None, "word vectors in GloVe's text format", "no such file")
    found: dict[str, NDArray[np.float32]] = {}
    size = None
    for number, line in enumerate(_lines(path), start=1):
        word, *values = line.rstrip().split(" ")
        size = size or len(values)
        if len(values) != size or not values:
            expected = f"a word and {size or 'its'} numbers"
            raise CorpusError(path, number, expected, f"{len(values)} numbers")
        if (number > most and word not in wanted) or len(tokenize(word)) != 1:
            continue
        try:
            found.setdefault(normalise(word), np.array(values, np.float32))
        except ValueError as error:
            raise CorpusError(path, number, "numbers behind the word", str(error)) from error
    if not found:
        raise CorpusError(path, None, "a word and its numbers a line", "no line")
    return WordVectors(tuple(found), np.stack(list(found.values())))


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file, unzipped where its name ends in .gz; raises CorpusError."""
    zipped = path.suffix == ".gz"
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if zipped
            else path.open(encoding="utf-8") as lines
        ):
            yield from lines
    except UnicodeDecodeError as error:
        hint = "; iconv -f ENCODING -t UTF-8 converts it"
        raise CorpusError(path, None, "UTF-8", str(error), hint) from error
    except (OSError, EOFError, zlib.error) as error:
        expected = "a whole file that gzip made" if zipped else "a file to read"
        raise CorpusError(path, None, expected, str(error), "; fetch it anew") from error
