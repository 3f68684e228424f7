"""The figures of a network over all its seeds: one line of the table."""

from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np

from training.evaluation.bootstrap import f1
from training.studies.claims import Outcome


@dataclass(frozen=True, slots=True)
class Figures:
    """
    Means over seeds; F1 and accuracy are of dev, in per cent, unless they say otherwise.

    f1_seeds: of each seed; f1_deviation: the standard deviation, None of a single seed;
    memory_parameters: of the layers between embedding and output; seconds: the processor's, to
    train; epochs: until training ended; to_the_end: how many seeds took all the epochs allowed,
    so that F1 may not have stopped rising; late_rise: of the best F1 yet, over the last quarter
    of the epochs, in points; milliseconds: of one sentence in onnxruntime.
    """

    network: str
    slot_f1: float
    f1_deviation: float | None
    f1_seeds: list[float]
    sentence_accuracy: float
    train_f1: float
    parameters: int
    memory_parameters: int
    bundle_bytes: int
    seconds: float
    epochs: float
    to_the_end: int
    late_rise: float
    milliseconds: float


def figures_of(network: str, outcome: Outcome) -> Figures:
    """The figures of a network from the outcome of its seeds."""
    trainings = outcome.trainings
    f1_seeds: list[float] = f1(outcome.dev.sum(axis=1)).tolist()
    return Figures(
        network=network,
        slot_f1=fmean(f1_seeds),
        f1_deviation=stdev(f1_seeds) if len(f1_seeds) > 1 else None,
        f1_seeds=f1_seeds,
        sentence_accuracy=100 * float(np.mean(outcome.dev[..., 3])),
        train_f1=float(np.mean(f1(outcome.train.sum(axis=1)))),
        parameters=trainings[0].parameters,
        memory_parameters=trainings[0].memory_parameters,
        bundle_bytes=round(fmean(each.bundle_bytes for each in trainings)),
        seconds=fmean(each.seconds for each in trainings),
        epochs=fmean(len(each.dev_f1) for each in trainings),
        to_the_end=sum(len(each.dev_f1) >= outcome.most_epochs for each in trainings),
        late_rise=fmean(each.late_rise for each in trainings),
        milliseconds=outcome.milliseconds,
    )
