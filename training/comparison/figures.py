"""A network's line in the table, over all its seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from training.comparison.claims import Outcome
from training.comparison.evidence import Counts, f1, sentence_accuracy


@dataclass(frozen=True, slots=True)
class Figures:
    """
    Means over seeds; F1 and sentence accuracy of dev in per cent.

    f1_seeds: of each seed; f1_deviation: their standard deviation, None of a single one;
    train_f1: of the sentences trained on; memory_parameters: of those between embedding and
    output; seconds: the processor's, to train; epochs: until training ended; milliseconds: of
    one sentence in onnxruntime; stopped_rising: by how many seeds F1 had.
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
    milliseconds: float
    stopped_rising: int


def figures_of(network: str, outcome: Outcome) -> Figures:
    """Put a network's seeds together."""
    trainings = outcome.trainings
    f1_seeds = seed_f1(outcome.dev)
    return Figures(
        network,
        fmean(f1_seeds),
        stdev(f1_seeds) if len(f1_seeds) > 1 else None,
        f1_seeds,
        float(sentence_accuracy(outcome.dev.sum(axis=1), outcome.dev.shape[1]).mean()),
        fmean(seed_f1(outcome.train)),
        trainings[0].parameters,
        trainings[0].memory_parameters,
        round(fmean(each.bundle_bytes for each in trainings)),
        fmean(each.seconds for each in trainings),
        fmean(each.epoch for each in trainings),
        outcome.milliseconds,
        sum(each.stopped_rising for each in trainings),
    )
