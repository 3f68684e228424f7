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

    Raises CorpusError where it names what cannot be read, or what training has.
    """
    texts = [each.text or " ".join(each.tokens) for each in data.dev]
    if experiment.stability is not None:
        path = folder_of(experiment.stability.package) / experiment.stability.path
        texts += _read(path, {each.text for each in data.train})
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


def _read(path: Path, learnt: set[str | None]) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, None, "sentences in UTF-8, one a line", str(error)) from error
    for number, line in enumerate(lines, start=1):
        if line in learnt:
            raise CorpusError(path, number, "a sentence that training has not", repr(line))
    return [line for line in lines if line.strip()]
