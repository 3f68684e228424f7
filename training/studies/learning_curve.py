"""The learning curve: F1 against the number of sentences, to tell what more of them would bring."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from training.corpora.loading import Data, read_lists
from training.corpora.utterances import Utterance
from training.evaluation.evaluate import report_on
from training.evaluation.metrics import CurvePoint
from training.experiment import Experiment
from training.pipeline import train_once


def learning_curve(
    experiment: Experiment,
    train: Sequence[Utterance],
    dev: Sequence[Utterance],
    shares: Sequence[int],
    *,
    quiet: bool = False,
) -> Iterator[CurvePoint]:
    """
    Train the experiment on shares of `train`, in per cent; each share includes the smaller ones.

    Both the choice of the epoch and F1 are on `dev`, as for every figure on dev.
    """
    lists = read_lists(experiment)
    # Few sentences may lack a slot that has a type, and F1 is not of values.
    experiment = replace(experiment, types=None)
    order = np.random.default_rng(experiment.seed).permutation(len(train))
    for share in sorted(set(shares)):
        count = max(1, len(train) * share // 100)
        # In the order of the corpus: of all sentences comes just what the bundle was trained on.
        chosen = tuple(train[number] for number in sorted(order[:count]))
        data = Data(chosen, tuple(dev), Counter(), (), lists=lists)
        tagger = train_once(experiment, data, quiet=quiet)
        taggings = tagger.tag_tokens([utterance.tokens for utterance in dev])
        yield CurvePoint(count, report_on(tagger, dev, taggings).slot_f1)
