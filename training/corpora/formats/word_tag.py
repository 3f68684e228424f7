"""A query a line, `word:TAG` joined, then `<=>` and the intent (MTOD)."""

from collections import Counter
from itertools import islice
from pathlib import Path
from sys import intern

from training.corpora.formats.files import excerpt, lines_of, read_text, words_of
from training.corpora.formats.labels import (
    LONGEST,
    LabelledQuery,
    bio_utterances,
    check_label,
    is_label,
)
from training.corpora.utterances import Utterance
from training.errors import CorpusError

LOOKS_LIKE = "lines such as  alarm:O at:O 7am:B-time <=> set_alarm  , with : or | or / between"
_INTENT_FOLLOWS = "<=>"
_DIVIDERS = ":|/"
_LINES = 200  # lines that are looked at


def matches(head: str) -> bool:
    """Whether most of the words in the text carry a tag."""
    return _divider(head) is not None


def _divider(text: str) -> str | None:
    """What divides most of the words of a text's first lines from their tags."""
    words = [
        word
        for line in islice(lines_of(text), _LINES)
        for word in words_of(line.rpartition(_INTENT_FOLLOWS)[0] or line)
        if not line.startswith("#")
    ]
    for divider in _DIVIDERS:
        if 2 * sum(_divided(word, divider) is not None for word in words) > len(words):
            return divider
    return None


def read(path: Path, warnings: Counter[str]) -> list[Utterance]:
    """Read the file; words and the names of slots can hold colons."""
    queries = []
    text = read_text(path, warnings)
    divider = _divider(text) or ":"
    for number, line in enumerate(lines_of(text), 1):
        if not line.strip():
            warnings["blank line skipped"] += 1
            continue
        words_alone = words_of(line.rpartition(_INTENT_FOLLOWS)[0] or line)
        if line.startswith("#") and not all(_divided(each, divider) for each in words_alone):
            warnings["comment line skipped"] += 1
            continue
        sentence, arrow, intent = line.rpartition(_INTENT_FOLLOWS)
        if not arrow:
            sentence, intent = line, ""
        elif not intent.strip():
            raise CorpusError(path, number, f"an intent behind {_INTENT_FOLLOWS}", "nothing")
        pairs = [_word_and_label(each, divider, path, number) for each in words_of(sentence)]
        words, labels = (tuple(each) for each in zip(*pairs, strict=True)) if pairs else ((), ())
        queries.append(LabelledQuery(words, labels, intern(intent.strip()) or None))
    return bio_utterances(queries, warnings)


def _word_and_label(joined: str, divider: str, path: Path, line: int) -> tuple[str, str]:
    if found := _divided(joined, divider):
        word, label = found
        return intern(word), intern(label)
    word, colon, label = joined.rpartition(divider)
    if not (word and colon):
        raise CorpusError(path, line, f"word{divider}TAG", excerpt(joined))
    return word, check_label(label, path, line)


def _divided(joined: str, divider: str) -> tuple[str, str] | None:
    """A word and its label, which begins at the last divider that has a legal one behind it."""
    at = len(joined)
    least = max(1, at - LONGEST - len(divider))
    while (at := joined.rfind(divider, least, at)) > 0:
        if is_label(joined[at + 1 :]):
            return joined[:at], joined[at + 1 :]
    return None
