"""The state of a run between epochs, and the trained weights at its end."""

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from app.tagging.bundle import CorpusNote
from training.corpora.vocabularies import Vocabularies
from training.errors import ExperimentError
from training.evaluation.calibration import Calibration
from training.experiment import Experiment, experiment_from

FILE = "checkpoint.pt"
LOCK = "lock"
# OSError is raised by torch too, with EINVAL, where it seeks what was cut off.
_MALFORMED = (UnpicklingError, RuntimeError, EOFError, KeyError, TypeError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch: its mean loss, the F1 on dev after it, and its processor time in seconds."""

    loss: float
    dev_f1: float
    seconds: float = field(compare=False)


@dataclass(slots=True)
class Checkpoint:
    """
    Everything that a bundle is made of, and everything that the next epoch needs.

    data: digest of the training data. command: the command that makes the run's bundle again. best:
    the weights of the best epoch so far. progress: the state of network, optimizer, schedule and
    random generators after `epoch` epochs. history: these epochs. calibration: that of `best`, once
    the last epoch is over. settled: figures that are found with the bundle: of streams, of the
    spans of dev, and of values that were held out.
    """

    experiment: Experiment
    vocabularies: Vocabularies
    notes: tuple[CorpusNote, ...]
    data: str
    command: str
    epoch: int = 0
    best_epoch: int = 0
    best_f1: float = -1.0
    best: dict[str, torch.Tensor] = field(default_factory=dict)
    progress: dict[str, Any] = field(default_factory=dict)
    history: list[Epoch] = field(default_factory=list)
    calibration: Calibration | None = None
    settled: dict[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """The processor time of all epochs, in seconds."""
        return sum(epoch.seconds for epoch in self.history)

    @property
    def dev_f1(self) -> float:
        """The F1 on dev of the weights that are exported, in per cent."""
        f1 = None if self.calibration is None else self.calibration.slot_f1
        return self.best_f1 if f1 is None else f1

    @property
    def epochs_without_improvement(self) -> int:
        """The number of epochs since the F1 on dev was first at its highest."""
        scores = [epoch.dev_f1 for epoch in self.history]
        return len(scores) - 1 - scores.index(max(scores)) if scores else 0


@contextmanager
def run_lock(run: Path) -> Iterator[None]:
    """
    Keep other fits out of the folder of a run; raises ExperimentError if one is active.

    The lock ends with the process, however that ends. The file stays: if it were removed, two
    processes could hold files of the same name.
    """
    run.mkdir(parents=True, exist_ok=True)
    with (run / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExperimentError(
                f"{run} is in use by another fit: let that one end, or choose another folder "
                "with --run"
            ) from None
        yield


def write_checkpoint(run: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint of a run in one step; a failure leaves the previous one."""
    run.mkdir(parents=True, exist_ok=True)
    fields = {name: getattr(checkpoint, name) for name in Checkpoint.__slots__}
    fields["experiment"] = checkpoint.experiment.as_dict()
    fields["vocabularies"] = asdict(checkpoint.vocabularies)
    fields["notes"] = [asdict(note) for note in checkpoint.notes]
    fields["history"] = [asdict(epoch) for epoch in checkpoint.history]
    fields["calibration"] = checkpoint.calibration and asdict(checkpoint.calibration)
    unfinished = run / f"{FILE}.part"
    torch.save(fields, unfinished)
    unfinished.replace(run / FILE)


def read_checkpoint(run: Path) -> Checkpoint | None:
    """
    Read the checkpoint of a run, or None if there is none; nothing in it is executed.

    Raises ExperimentError if the file is not a checkpoint of this release.
    """
    path = run / FILE if run.is_dir() else run
    if not path.exists():
        return None
    try:
        fields = dict(torch.load(path, weights_only=True))
        return Checkpoint(
            **fields
            | {
                "experiment": experiment_from(fields["experiment"], str(path)),
                "vocabularies": Vocabularies(**fields["vocabularies"]),
                "notes": tuple(CorpusNote(**note) for note in fields["notes"]),
                "history": [Epoch(**epoch) for epoch in fields["history"]],
                "calibration": fields["calibration"] and Calibration(**fields["calibration"]),
            }
        )
    except _MALFORMED as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise ExperimentError(
            f"{path} is not a checkpoint of this release: remove it, or begin anew with --restart"
        ) from error
