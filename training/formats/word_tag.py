"""A query a line, `word:TAG` joined, then `<=>` and the intent (MTOD)."""

from collections import Counter
from pathlib import Path
from sys import intern

from training.errors import CorpusError
from training.formats.files import excerpt, lines_of, read_text, words_of
from training.formats.labels import LabelledQuery, bio_utterances, check_label, is_label
from training.utterances import Utterance

LOOKS_LIKE = "lines such as  alarm:O at:O 7am:B-time <=> set_alarm"
_INTENT_FOLLOWS = "<=>"


def matches(head: str) -> bool:
    """Whether most of the words in the text carry a tag."""
    words = [
        word
        for line in head.split("\n")
        for word in words_of(line.rpartition(_INTENT_FOLLOWS)[0] or line)
    ]
    tagged = sum(_divided(word) is not None for word in words)
    return tagged > len(words) / 2


def read(path: Path, remarks: Counter[str]) -> list[Utterance]:
    """Read the file; words and the names of slots can hold colons."""
    queries = []
    for number, line in enumerate(lines_of(read_text(path, remarks)), 1):
        if not line.strip():
            remarks["blank line skipped"] += 1
            continue
        if line.startswith("#") and not all(
            map(_divided, words_of(line.partition(_INTENT_FOLLOWS)[0]))
        ):
            remarks["comment line skipped"] += 1
            continue
        sentence, arrow, intent = line.rpartition(_INTENT_FOLLOWS)
        if not arrow:
            sentence, intent = line, ""
        elif not intent.strip():
            raise CorpusError(path, number, f"an intent behind {_INTENT_FOLLOWS}", "nothing")
        pairs = [_word_and_label(joined, path, number) for joined in words_of(sentence)]
        words, labels = (tuple(each) for each in zip(*pairs, strict=True)) if pairs else ((), ())
        queries.append(LabelledQuery(words, labels, intern(intent.strip()) or None))
    return bio_utterances(queries, remarks)


def _word_and_label(joined: str, path: Path, line: int) -> tuple[str, str]:
    if found := _divided(joined):
        word, label = found
        return intern(word), intern(label)
    word, colon, label = joined.rpartition(":")
    if not (word and colon):
        raise CorpusError(path, line, "word:TAG", excerpt(joined))
    return word, check_label(label, path, line)


def _divided(joined: str) -> tuple[str, str] | None:
    """A word and its label, which begins at the last colon that has a legal one behind it."""
    at = len(joined)
    while (at := joined.rfind(":", 0, at)) > 0:
        if is_label(joined[at + 1 :]):
            return joined[:at], joined[at + 1 :]
    return None
