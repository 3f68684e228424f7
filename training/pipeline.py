"""From an experiment and its data to a bundle, and to the tagger that serves it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.tagging.bundle import add_metrics, open_bundle
from app.tagging.tagger import Tagger
from training.corpora.loading import Data
from training.corpora.utterances import count_spans
from training.evaluation.bootstrap import f1
from training.evaluation.metrics import slot_f1
from training.evaluation.seen import unseen_spans, values_of
from training.experiment import Experiment
from training.exporting.export import export
from training.exporting.stability import tune_stability
from training.fitting.checkpoint import Checkpoint, write_checkpoint
from training.fitting.fit import fit


@dataclass(frozen=True, slots=True)
class Trained:
    """A run that has ended, and its bundle as it serves."""

    checkpoint: Checkpoint
    tagger: Tagger


def train(
    experiment: Experiment,
    data: Data,
    run: Path,
    bundle: Path,
    command: str = "",
    *,
    restart: bool = False,
    quiet: bool = False,
    on_epoch_end: Callable[[Checkpoint], None] = lambda _: None,
) -> Trained:
    """
    Fit, export, open: train in the folder `run`, as `fit` does, and write the folder `bundle`.

    Raises what `fit` and `export` raise.
    """
    checkpoint = fit(
        experiment, data, run, command, restart=restart, quiet=quiet, on_epoch_end=on_epoch_end
    )
    checkpoint.settled = {}  # where the run was exported before, they are found anew
    export(checkpoint, bundle)
    return Trained(checkpoint, Tagger(open_bundle(bundle)))


def train_once(experiment: Experiment, data: Data, *, quiet: bool = False) -> Tagger:
    """Train in a folder that is removed; the tagger is all that is left."""
    with TemporaryDirectory() as folder:
        return train(experiment, data, Path(folder), Path(folder) / "bundle", quiet=quiet).tagger


def make_bundle(
    experiment: Experiment,
    data: Data,
    run: Path,
    bundle: Path,
    command: str,
    *,
    restart: bool = False,
    quiet: bool = False,
) -> Trained:
    """Train, and write into the manifest and the checkpoint what is then measured on the bundle."""
    trained = train(experiment, data, run, bundle, command, restart=restart, quiet=quiet)
    tune_stability(bundle, experiment, data)
    changed = round(count_spans(data.dev).share, 4)
    add_metrics(bundle, {"dev_changed_spans": changed, **_held_out_figures(trained.tagger, data)})
    tagger = Tagger(open_bundle(bundle))
    exported, measured = trained.tagger.manifest.metrics, tagger.manifest.metrics
    checkpoint = trained.checkpoint
    checkpoint.settled = {name: measured[name] for name in measured if name not in exported}
    write_checkpoint(run, checkpoint)
    return Trained(checkpoint, tagger)


def _held_out_figures(tagger: Tagger, data: Data) -> dict[str, float]:
    if not data.held_out:
        return {}
    taggings = tagger.tag_tokens([each.tokens for each in data.held_out])
    tags = [tagging.tags for tagging in taggings]
    unseen = unseen_spans(values_of(data.train), data.held_out, tags).sum(axis=0)
    return {
        "holdout_slot_f1": round(slot_f1(data.held_out, tags), 2),
        "holdout_unseen_f1": round(float(f1(unseen)), 2),
    }
