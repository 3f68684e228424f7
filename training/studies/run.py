"""Running the fits of a plan in parallel; fits that are done are skipped."""

import json
import multiprocessing
import signal
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from queue import Queue
from statistics import median
from threading import Event
from typing import Never

import torch
from tqdm import tqdm

from app.tagging.bundle import open_bundle
from app.tagging.cores import usable_cores
from app.tagging.errors import SlotFillingError
from training.corpora.loading import read_data
from training.errors import TrainingError
from training.fitting.checkpoint import FILE, Checkpoint
from training.pipeline import train
from training.studies.plan import Plan, TrainingRun
from training.studies.results import (
    ANSWERS,
    BUNDLE,
    LATENCY,
    TRAINING,
    LatencyTimer,
    answers_of,
    training_of,
    write_result,
)

# How often the bundles are timed in turn, so that a busy moment slows none alone.
_ROUNDS = 20
_ANSWERS_A_ROUND = 25

# Which fit, by its folder, has done how many epochs.
Progress = Queue[tuple[Path, int]]


class StoppedError(Exception):
    """The run was interrupted; the fit can be continued."""


def run_plan(plan: Plan, jobs: int | None = None, *, quiet: bool = False) -> None:
    """
    Run every fit of the plan that is not done yet, one at a time on each core.

    An interrupted fit continues from its last epoch. On an interruption, active fits end their
    present epoch first.
    """
    todo = [fit for fit in plan.fits if not _is_done(fit)]
    # One seed of all before the next, so that what there is can be compared.
    todo.sort(key=lambda fit: fit.experiment.seed)
    epochs = sum(fit.experiment.training.epochs for fit in todo)
    with tqdm(total=epochs, desc=plan.corpus, unit="epoch", disable=quiet) as bar:
        if todo:
            _run_all(todo, min(jobs or usable_cores(), len(todo)), bar)
    _time(fits[0].folder for fits in plan.networks.values())


def train_one(fit: TrainingRun, progress: Progress, stop: Event) -> None:
    """
    Train, export and query one fit, as far as that is not done yet.

    Raises StoppedError if the run is interrupted.
    """
    torch.set_num_threads(1)  # the other cores have fits of their own
    data = read_data(replace(fit.experiment, seed=fit.data_seed))
    bundle = fit.folder / BUNDLE

    def on_epoch_end(checkpoint: Checkpoint) -> None:
        progress.put((fit.folder, checkpoint.epoch))
        if stop.is_set():
            raise StoppedError

    if not (fit.folder / TRAINING).exists():
        command = "slotline compare"
        trained = train(
            fit.experiment, data, fit.folder, bundle, command, quiet=True, on_epoch_end=on_epoch_end
        )
        write_result(fit.folder / TRAINING, training_of(trained.checkpoint, bundle))
        (fit.folder / FILE).unlink()
    write_result(fit.folder / ANSWERS, answers_of(open_bundle(bundle), data))


def _train_apart(fit: TrainingRun, progress: Progress, stop: Event) -> None:
    try:
        train_one(fit, progress, stop)
    except SlotFillingError as error:
        # One made of more than its message does not come through to the other process.
        raise TrainingError(str(error)) from None


def _is_done(fit: TrainingRun) -> bool:
    return (fit.folder / ANSWERS).exists()


def _run_all(todo: list[TrainingRun], jobs: int, bar: "tqdm[Never]") -> None:
    spawn = multiprocessing.get_context("spawn")
    with (
        spawn.Manager() as manager,
        ProcessPoolExecutor(
            jobs,
            mp_context=spawn,
            # A terminal interrupts every process; workers stop by the event `stop` instead.
            initializer=signal.signal,
            initargs=(signal.SIGINT, signal.SIG_IGN),
        ) as pool,
    ):
        progress, stop = manager.Queue(), manager.Event()
        futures = {pool.submit(_train_apart, fit, progress, stop): fit for fit in todo}
        try:
            _follow(futures, progress, bar)
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _follow(
    futures: dict[Future[None], TrainingRun], progress: Progress, bar: "tqdm[Never]"
) -> None:
    epochs: dict[Path, int] = {}
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, timeout=0.5)
        while not progress.empty():
            epochs.update([progress.get()])
        for future in ended:
            future.result()
            # What it stopped short of counts as done.
            fit = futures[future]
            epochs[fit.folder] = fit.experiment.training.epochs
        bar.set_postfix_str(f"{len(futures) - len(waiting)} of {len(futures)} fits", refresh=False)
        bar.update(sum(epochs.values()) - bar.n)


def _time(folders: Iterable[Path]) -> None:
    """Time the bundles that are not timed yet, while nothing else runs."""
    untimed = [folder for folder in folders if not (folder / LATENCY).exists()]
    timers = {folder: LatencyTimer(folder / BUNDLE) for folder in untimed}
    times: dict[Path, list[float]] = {folder: [] for folder in untimed}
    for _ in range(_ROUNDS):
        for folder, timer in timers.items():
            times[folder] += timer.milliseconds(_ANSWERS_A_ROUND)
    for folder in untimed:
        (folder / LATENCY).write_text(json.dumps(median(times[folder])))
