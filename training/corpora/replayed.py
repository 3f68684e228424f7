"""Sentences that are replayed word by word, as they are spoken: training has none of them."""

from itertools import chain
from pathlib import Path

from training.corpora.loading import Data, grammar_sentences
from training.errors import CorpusError
from training.experiment import Experiment
from training.paths import folder_of


def spoken_texts(experiment: Experiment, data: Data) -> list[str]:
    """
    The sentences of dev, and those that the experiment names beside it.

    Those of the latter that training has are left out. Raises CorpusError where they cannot be
    read.
    """
    texts = [each.text or " ".join(each.tokens) for each in data.dev]
    if experiment.stability is not None:
        path = folder_of(experiment.stability.package) / experiment.stability.path
        learnt = {each.text for each in data.train}
        texts += [text for text in _read(path) if text not in learnt]
    return texts


def fresh_texts(experiment: Experiment, data: Data, count: int) -> list[str]:
    """
    So many sentences, or a few less, of the experiment's grammars that `data` does not have.

    There are none where no grammar makes any of its sentences.
    """
    known = {each.text for each in chain(data.train, data.dev)}
    return [
        each.text
        for source in experiment.corpora
        if source.grammar is not None
        # Those of training and dev are made with the seeds before.
        for each in grammar_sentences(count, experiment.seed + 2)
        if each.text and each.text not in known
    ]


def _read(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, None, "sentences in UTF-8, one a line", str(error)) from error
    return [line for line in lines if line.strip()]
