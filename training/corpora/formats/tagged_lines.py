"""A JSON object a line with `tokens`, `labels` and, if known, `intent`."""

from collections import Counter
from pathlib import Path
from sys import intern

from training.corpora.formats.files import excerpt, intent_of, without_surrogates
from training.corpora.formats.json_values import read_records
from training.corpora.formats.labels import LabelledQuery, bio_utterances, check_label
from training.corpora.utterances import Utterance
from training.errors import CorpusError

LOOKS_LIKE = (
    '{"tokens": ["to", "Taipei"], "labels": ["O", "B-city"], "intent": "fly"}  on each line'
)


def read(path: Path, warnings: Counter[str]) -> list[Utterance]:
    """Read the file; labels may be of any scheme and the intent null."""
    queries = []
    for line, record in read_records(path, warnings):
        tokens, labels = record.get("tokens"), record.get("labels")
        if not (isinstance(tokens, list) and all(isinstance(token, str) for token in tokens)):
            raise CorpusError(path, line, '"tokens", a list of strings', excerpt(tokens))
        if not isinstance(labels, list):
            raise CorpusError(path, line, '"labels", a list of strings', excerpt(labels))
        if len(tokens) != len(labels):
            expected = f"{len(tokens)} labels, one for each token"
            raise CorpusError(path, line, expected, str(len(labels)))
        queries.append(
            LabelledQuery(
                tuple(intern(without_surrogates(token, warnings)) for token in tokens),
                tuple(check_label(label, path, line) for label in labels),
                intent_of(record, path, line),
            )
        )
    return bio_utterances(queries, warnings)
