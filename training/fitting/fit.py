"""The training loop."""

import copy
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from tqdm import tqdm

from app.tagging.bundle import CorpusNote
from app.tagging.cores import usable_cores
from app.tagging.tokenizer import tokenize
from training.corpora.loading import Data, note_of
from training.corpora.slot_types import read_slot_types
from training.corpora.vocabularies import Vocabularies, vocabularies_of
from training.errors import ExperimentError
from training.evaluation.calibration import Calibration
from training.experiment import Experiment
from training.fitting.checkpoint import (
    FILE,
    Checkpoint,
    Epoch,
    read_checkpoint,
    run_lock,
    write_checkpoint,
)
from training.fitting.learner import Learner, new_learner
from training.fitting.samples import Samples, read_samples
from training.fitting.scoring import calibration_on, dev_f1, outside_bias_on
from training.fitting.threads import few_threads

if TYPE_CHECKING:
    from typing import Never

# A mean loss a word. Scores that are so far off have not the decimals any more to be compared by
# when they are exported.
_DIVERGED = 1000.0


def fit(
    experiment: Experiment,
    data: Data,
    run: Path,
    command: str,
    *,
    restart: bool = False,
    quiet: bool = False,
    on_epoch_end: Callable[[Checkpoint], None] = lambda _: None,
) -> Checkpoint:
    """
    Train a network, keep the epoch with the best slot F1 on dev, and continue what `run` holds.

    After every epoch the whole state, random generators included, is in `run`. So an interrupted
    run that is continued ends as if it had never stopped. `on_epoch_end` is called after each epoch
    is written. With `restart` the run begins anew. Raises ExperimentError if `run` belongs to
    another experiment or other data, if another fit is active in it, and if training diverges.
    """
    with run_lock(run), few_threads():
        if restart:
            (run / FILE).unlink(missing_ok=True)
        # torch counts the cores that there are, whatever quota there is.
        torch.set_num_threads(min(torch.get_num_threads(), usable_cores()))
        return _fit(experiment, data, run, command, quiet=quiet, on_epoch_end=on_epoch_end)


def _fit(
    experiment: Experiment,
    data: Data,
    run: Path,
    command: str,
    *,
    quiet: bool,
    on_epoch_end: Callable[[Checkpoint], None],
) -> Checkpoint:
    """As `fit`, within the lock of the run."""
    vocabularies, vectors = vocabularies_of(experiment, data.train)
    _check_examples(experiment, vocabularies)
    _check_calibration(experiment)
    # What is wrong with them is known before training.
    read_slot_types(experiment, vocabularies.slots)
    notes = data.notes + _notes_of_extras(experiment, vocabularies)
    checkpoint = _resume(run, Checkpoint(experiment, vocabularies, notes, data.digest(), command))
    samples = read_samples(experiment.training, data, vocabularies, vectors)
    learner = new_learner(experiment, vocabularies, vectors, samples.steps)
    if checkpoint.progress:
        learner.restore(checkpoint.progress)
    epochs, patience = experiment.training.epochs, experiment.training.patience
    with tqdm(
        total=epochs, initial=checkpoint.epoch, desc=experiment.name, unit="epoch", disable=quiet
    ) as bar:
        while checkpoint.epoch < epochs:
            if patience and checkpoint.epochs_without_improvement >= patience:
                break
            _run_epoch(checkpoint, learner, samples, bar)
            write_checkpoint(run, checkpoint)
            bar.set_postfix_str(_measured(checkpoint), refresh=False)
            bar.update(1)
            on_epoch_end(checkpoint)
    learner.network.load_state_dict(checkpoint.best)
    checkpoint.calibration = _calibration(experiment, learner, samples)
    write_checkpoint(run, checkpoint)
    return checkpoint


def _calibration(experiment: Experiment, learner: Learner, samples: Samples) -> Calibration:
    """Calibrate the learner's network on dev; an outside bias changes the network."""
    network, batches, dev = learner.network, samples.batches, samples.dev
    if not (experiment.calibration.outside_bias and dev):
        return calibration_on(network, batches, dev)
    bias = outside_bias_on(network, batches, dev, missed=samples.missed)
    network.raise_outside(bias)
    f1 = dev_f1(network, batches, dev, missed=samples.missed)
    return replace(calibration_on(network, batches, dev), outside_bias=bias, slot_f1=f1)


def _run_epoch(
    checkpoint: Checkpoint, learner: Learner, samples: Samples, bar: "tqdm[Never]"
) -> None:
    """Train for an epoch, measure it on dev, and put both into the checkpoint."""
    began = time.process_time()
    before = f"{_measured(checkpoint)}, " if checkpoint.history else ""
    losses = []
    learner.network.train()
    for number, batch in enumerate(samples.of_epoch(checkpoint.epoch, learner.random), start=1):
        losses.append(learner.step(batch))
        bar.set_postfix_str(f"{before}batch {number}/{samples.steps_an_epoch}", refresh=False)
        bar.update(0)
    loss = float(torch.stack(losses).mean())
    _refuse_divergence(checkpoint, loss)
    f1 = dev_f1(learner.averaged.module, samples.batches, samples.dev, missed=samples.missed)
    checkpoint.epoch += 1
    # Of equals the later one: it has seen more, and its learning rate has settled.
    if f1 >= checkpoint.best_f1:
        checkpoint.best_f1, checkpoint.best_epoch = f1, checkpoint.epoch
        checkpoint.best = copy.deepcopy(learner.averaged.module.state_dict())
    checkpoint.history.append(Epoch(loss, f1, time.process_time() - began))
    checkpoint.progress = learner.state()


def _measured(checkpoint: Checkpoint) -> str:
    """The figures of the last epoch, for the progress bar."""
    last = checkpoint.history[-1]
    return f"loss {last.loss:.3f}, dev F1 {last.dev_f1:.2f}, best {checkpoint.best_f1:.2f}"


def _refuse_divergence(checkpoint: Checkpoint, loss: float) -> None:
    """Raise ExperimentError if the mean loss of an epoch is too high, or no number."""
    if not loss < _DIVERGED:  # NaN is not below it either
        experiment = checkpoint.experiment
        raise ExperimentError(
            f"experiment {experiment.name}: training diverged in epoch {checkpoint.epoch + 1}, its "
            f"loss is {loss}: lower learning_rate, which is {experiment.training.learning_rate:g}"
        )


def _notes_of_extras(experiment: Experiment, vocabularies: Vocabularies) -> tuple[CorpusNote, ...]:
    """The notes for the manifest on the vectors and the lexicon that the network reads."""
    vectors = experiment.vectors if vocabularies.vector_size else None
    lexicon = [source for source in experiment.lexicon if source.name == vocabularies.lexicon_name]
    return tuple(note_of(source) for source in (vectors, *lexicon) if source is not None)


def _check_examples(experiment: Experiment, vocabularies: Vocabularies) -> None:
    """Raise ExperimentError if an example sentence has no word that the network reads."""
    for text in experiment.examples:
        if not vocabularies.read([token.text for token in tokenize(text)]).words:
            raise ExperimentError(
                f"experiment {experiment.name}, examples: {text!r} has no word to read: "
                "write another sentence, or leave it out"
            )


def _check_calibration(experiment: Experiment) -> None:
    """Raise ExperimentError if the network cannot have the calibration that is set."""
    if experiment.calibration.outside_bias and experiment.network.cell == "jordan":
        raise ExperimentError(
            f"experiment {experiment.name}, [calibration]: a Jordan network reads its own answers "
            "and can have no outside_bias: leave it out, or take another cell"
        )


def _resume(run: Path, begun: Checkpoint) -> Checkpoint:
    """
    The checkpoint that `run` holds, or `begun` if it holds none.

    Raises ExperimentError if it belongs to another experiment or other data.
    """
    checkpoint = read_checkpoint(run)
    if checkpoint is None:
        return begun
    # These are the bundle's: training makes no use of them.
    experiment = replace(
        checkpoint.experiment,
        types=begun.experiment.types,
        stability=begun.experiment.stability,
        calibration=begun.experiment.calibration,
    )
    is_same = experiment == begun.experiment and checkpoint.vocabularies == begun.vocabularies
    if not is_same or checkpoint.data != begun.data:
        raise ExperimentError(
            f"{run} holds a run of another experiment or other data: "
            "choose another folder with --run, or begin anew with --restart"
        )
    checkpoint.experiment = begun.experiment
    checkpoint.command = begun.command  # the folder of the bundle may be another
    return checkpoint
