"""The fits of a plan."""

import shutil
from dataclasses import replace
from pathlib import Path
from queue import Queue
from threading import Event

import pytest

from app.tagging.bundle import open_bundle
from tests.training.studies.conftest import write_recipes
from training.errors import TrainingError
from training.fitting.checkpoint import FILE, read_checkpoint
from training.studies.ablation import WHOLE, ablation_plan
from training.studies.plan import ComparisonOptions, Plan, make_plan
from training.studies.results import (
    ANSWERS,
    BUNDLE,
    LATENCY,
    TRAINING,
    Answers,
    Training,
    read_result,
)
from training.studies.run import StoppedError, run_plan, train_one


@pytest.fixture
def small(corpus: Path, tmp_path: Path) -> Plan:
    """Two networks, once each; nothing is trained yet."""
    networks = write_recipes(tmp_path, "feedforward", "elman")
    return make_plan(str(corpus), ComparisonOptions(networks, seeds=1, epochs=3), tmp_path / "runs")


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_every_fit_is_done_in_a_process_of_its_own(small: Plan, tmp_path: Path) -> None:
    run_plan(small, jobs=1, quiet=True)
    for fit in small.fits:
        assert len(read_result(fit.folder / TRAINING, Training).dev_f1) == 3
        assert open_bundle(fit.folder / BUNDLE).manifest.name == fit.experiment.name
        assert (fit.folder / LATENCY).exists()
        assert not (fit.folder / FILE).exists()
    before = times(tmp_path / "runs")
    run_plan(small, quiet=True)
    assert times(tmp_path / "runs") == before


def test_a_fault_in_one_fit_ends_the_whole_and_is_told(small: Plan, tmp_path: Path) -> None:
    (first, second) = small.fits
    gone = replace(first.experiment.corpora[0], path=str(tmp_path / "gone"))
    lost = replace(first, experiment=replace(first.experiment, corpora=(gone,)))
    faulty = replace(small, networks={"lost": [lost], "elman": [second]})
    with pytest.raises(TrainingError, match="gone: expected the corpus"):
        run_plan(faulty, jobs=1, quiet=True)


def test_a_stopped_fit_ends_as_if_it_had_never_been(small: Plan, tmp_path: Path) -> None:
    whole = small.fits[1]
    train_one(whole, Queue(), Event())
    stopped = replace(whole, folder=tmp_path / "stopped")
    stop = Event()
    stop.set()
    progress: Queue[tuple[Path, int]] = Queue()
    with pytest.raises(StoppedError):
        train_one(stopped, progress, stop)
    checkpoint = read_checkpoint(stopped.folder)
    assert checkpoint is not None
    assert checkpoint.epoch == 1
    train_one(stopped, progress, Event())
    assert [progress.get() for _ in range(3)] == [(stopped.folder, epoch) for epoch in (1, 2, 3)]
    assert (stopped.folder / BUNDLE / "model.onnx").read_bytes() == (
        whole.folder / BUNDLE / "model.onnx"
    ).read_bytes()


def test_answers_are_asked_for_again_without_training(plan: Plan, tmp_path: Path) -> None:
    fit = replace(plan.fits[0], folder=tmp_path / "copy")
    shutil.copytree(plan.fits[0].folder, fit.folder)
    answers = (fit.folder / ANSWERS).read_bytes()
    (fit.folder / ANSWERS).unlink()
    progress: Queue[tuple[Path, int]] = Queue()
    train_one(fit, progress, Event())
    assert (fit.folder / ANSWERS).read_bytes() == answers
    assert progress.empty()


def test_every_seed_learns_from_the_same_sentences_of_a_grammar(tmp_path: Path) -> None:
    recipe = tmp_path / "elman.toml"
    write_recipes(tmp_path, "elman")
    made_up = '[[corpora]]\nname = "made up"\ngrammar = "booking"\nsentences = 40\n'
    recipe.write_text("seed = 9\n" + recipe.read_text() + made_up)
    plan = ablation_plan(str(recipe), 2, 1, tmp_path / "runs")
    for fit in plan.networks[WHOLE]:
        train_one(fit, Queue(), Event())
        answers = read_result(fit.folder / ANSWERS, Answers)
        lengths = [len(tags) for tags in answers.dev_tags]
        assert lengths == [len(each.tokens) for each in plan.data.dev]
