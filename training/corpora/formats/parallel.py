"""Three parallel files in a folder: seq.in, seq.out and label, a query a line (ATIS, SNIPS)."""

from collections import Counter
from pathlib import Path
from sys import intern

from training.corpora.formats.files import read_lines, words_of
from training.corpora.formats.labels import LabelledQuery, bio_utterances, check_label
from training.corpora.utterances import Utterance
from training.errors import CorpusError

LOOKS_LIKE = "a folder with seq.in (words), seq.out (tags) and label (intents), one query a line"
_WORDS, _TAGS, _INTENTS = "seq.in", "seq.out", "label"


def matches(path: Path) -> bool:
    """Whether the folder, or the folder of the file, has the parallel files."""
    return (path / _WORDS).is_file() or path.name in {_WORDS, _TAGS}


def read(path: Path, warnings: Counter[str]) -> list[Utterance]:
    """Read the folder; without a file `label` there are no intents."""
    folder = path if path.is_dir() else path.parent
    sentences = read_lines(folder / _WORDS, warnings)
    tags = _parallel(folder / _TAGS, len(sentences), warnings)
    intents: list[str | None] = [None] * len(sentences)
    if (folder / _INTENTS).exists():
        intents = [*_parallel(folder / _INTENTS, len(sentences), warnings)]
    else:
        warnings["no file of intents (label)"] += 1
    queries = []
    for line, (sentence, labels, intent) in enumerate(
        zip(sentences, tags, intents, strict=True), 1
    ):
        words = tuple(map(intern, words_of(sentence)))
        of_words = tuple(check_label(each, folder / _TAGS, line) for each in words_of(labels))
        if len(of_words) != len(words):
            expected = f"{len(words)} tags, one for each word of {_WORDS}"
            raise CorpusError(folder / _TAGS, line, expected, str(len(of_words)))
        if words and intent is not None and not intent.strip():
            raise CorpusError(folder / _INTENTS, line, "an intent", "a blank line")
        queries.append(LabelledQuery(words, of_words, intent and intern(intent.strip())))
    return bio_utterances(queries, warnings)


def _parallel(path: Path, length: int, warnings: Counter[str]) -> list[str]:
    lines = read_lines(path, warnings)
    if len(lines) != length:
        raise CorpusError(path, None, f"{length} lines, as {_WORDS} has", str(len(lines)))
    return lines
