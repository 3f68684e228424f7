"""Cross-validation: a recipe is measured on each sentence by a network that never saw it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np

from training.corpora.loading import Data, read_data
from training.corpora.utterances import SpanCount, count_spans
from training.errors import ExperimentError
from training.evaluation.bootstrap import RESAMPLES, f1, interval, resampled_sums
from training.evaluation.metrics import span_counts
from training.evaluation.seen import unseen_spans, values_of
from training.experiment import Experiment, Holdout
from training.studies.ablation import recipe_of
from training.studies.plan import Plan, TrainingRun, seeded_fits
from training.studies.results import ANSWERS, Answers, read_result


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """
    Slot F1 of a recipe, in per cent, on sentences that it did not learn from.

    folds: the mean over seeds for each fold. slot_f1, interval: over all sentences together, and
    the middle 95 % of a bootstrap of them. unseen_f1, unseen_interval: the same for values that the
    rest of the corpus does not have.
    """

    sentences: int
    seeds: int
    folds: list[float]
    slot_f1: float
    interval: tuple[float, float]
    unseen_f1: float
    unseen_interval: tuple[float, float]
    changed: SpanCount

    @property
    def mean(self) -> float:
        """The mean of the folds."""
        return fmean(self.folds)

    @property
    def deviation(self) -> float:
        """The standard deviation among the folds."""
        return stdev(self.folds)

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON."""
        found = asdict(self) | {"mean": self.mean, "deviation": self.deviation}
        found["changed_spans"] = found.pop("changed")
        return found

    def __str__(self) -> str:
        low, high = self.interval
        unseen_low, unseen_high = self.unseen_interval
        folds = ", ".join(f"{each:.2f}" for each in self.folds)
        return "\n".join(
            (
                f"slot F1 of each fold: {folds}",
                f"mean {self.mean:.2f}, standard deviation {self.deviation:.2f}",
                (
                    f"all {self.sentences} sentences: slot F1 {self.slot_f1:.2f} "
                    f"(95 % interval {low:.2f} to {high:.2f})"
                ),
                (
                    f"values not in training: slot F1 {self.unseen_f1:.2f} "
                    f"({unseen_low:.2f} to {unseen_high:.2f})"
                ),
                f"spans changed: {self.changed}, counted as missed",
            )
        )


def cross_validation_plan(recipe: str, folds: int, seeds: int, runs: Path) -> Plan:
    """
    Plan a fit for each fold and seed; nothing is trained yet.

    `recipe` is an experiment or, for the default recipe, the path of a corpus. The last epoch
    counts, because no sentence is left to choose one by. Raises ExperimentError and CorpusError.
    """
    if folds < 2 or seeds < 1:
        raise ExperimentError("cross-validation takes 2 folds or more, and 1 seed or more")
    experiment = recipe_of(recipe)
    fits: dict[str, list[TrainingRun]] = {}
    data: Data | None = None
    for fold in range(1, folds + 1):
        held = _without(experiment, fold, folds)
        data = read_data(held)
        folder = runs / experiment.name
        fits[f"fold {fold}"] = seeded_fits(held, seeds, folder, data.digest(), experiment.seed)
    assert data is not None, "there are two folds or more"
    command = f"slotline cross-validate {recipe} --folds {folds} --seeds {seeds}"
    return Plan(experiment.name, command, experiment.corpora, data, fits, {}, {})


def cross_validation_of(plan: Plan) -> CrossValidation:
    """Combine the folds of a plan whose fits are done."""
    of_folds, of_unseen, of_seeds, utterances = [], [], [], 0
    counted = SpanCount(0, 0)
    for fits in plan.networks.values():
        data = read_data(replace(fits[0].experiment, seed=fits[0].data_seed))
        tags = [read_result(fit.folder / ANSWERS, Answers).held_out_tags for fit in fits]
        learnt = values_of(data.train)
        counts = np.stack([span_counts(data.held_out, each)[:, :3] for each in tags])
        of_seeds.append(fmean(f1(counts.sum(axis=1)).tolist()))
        of_folds.append(counts.sum(axis=0))
        of_unseen.append(sum(unseen_spans(learnt, data.held_out, each) for each in tags))
        utterances += len(data.held_out)
        spans = count_spans(data.held_out)
        counted = SpanCount(counted.spans + spans.spans, counted.changed + spans.changed)
    slot_f1, limits = _pooled(of_folds)
    unseen_f1, unseen_limits = _pooled(of_unseen)
    return CrossValidation(
        sentences=utterances,
        seeds=len(next(iter(plan.networks.values()))),
        folds=of_seeds,
        slot_f1=slot_f1,
        interval=limits,
        unseen_f1=unseen_f1,
        unseen_interval=unseen_limits,
        changed=counted,
    )


def _without(experiment: Experiment, fold: int, folds: int) -> Experiment:
    held = Holdout("fold", experiment.seed, fold=fold, folds=folds)
    # Networks without patience: there is no dev to lose it by.
    training = replace(experiment.training, patience=0)
    return replace(experiment, holdout=held, training=training)


def _pooled(counts: Sequence[Any]) -> tuple[float, tuple[float, float]]:
    whole = np.concatenate(counts)
    drawn = resampled_sums(whole, RESAMPLES, np.random.default_rng(0))
    return float(f1(whole.sum(axis=0))), interval(f1(drawn))
