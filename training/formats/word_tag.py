"""A query a line, `word:TAG` joined, then `<=>` and the intent (MTOD)."""

from collections import Counter
from pathlib import Path

from training.errors import CorpusError
from training.formats.files import excerpt, read_lines, words_of
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
    tagged = sum(":" in word and is_label(word.rpartition(":")[2]) for word in words)
    return tagged > len(words) / 2


def read(path: Path, remarks: Counter[str]) -> list[Utterance]:
    """Read the file; a word can hold colons, so the tag follows the last one."""
    queries = []
    for number, line in enumerate(read_lines(path, remarks), 1):
        if not line.strip():
            remarks["blank line skipped"] += 1
            continue
        sentence, arrow, intent = line.rpartition(_INTENT_FOLLOWS)
        if not arrow:
            sentence, intent = line, ""
        elif not intent.strip():
            raise CorpusError(path, number, f"an intent behind {_INTENT_FOLLOWS}", "nothing")
        words, labels = [], []
        for joined in words_of(sentence):
            word, colon, label = joined.rpartition(":")
            if not (word and colon):
                raise CorpusError(path, number, "word:TAG", excerpt(joined))
            words.append(word)
            labels.append(check_label(label, path, number))
        queries.append(LabelledQuery(words, labels, intent.strip() or None))
    return bio_utterances(queries, remarks)
