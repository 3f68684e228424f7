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
from training.fitting.fit import TEACHERS
from training.studies.ablation import WHOLE, ablation_plan
from training.studies.plan import Fit, Plan, Wishes, make_plan
from training.studies.results import (
    ANSWERS,
    BUNDLE,
    LATENCY,
    TRAINING,
    Answers,
    Training,
    read_result,
)
from training.studies.run import StoppedError, carry_out, do_fit


@pytest.fixture
def small(corpus: Path, tmp_path: Path) -> Plan:
    """Two networks, once each; nothing is trained yet."""
    networks = write_recipes(tmp_path, "feedforward", "elman")
    return make_plan(str(corpus), Wishes(networks, seeds=1, epochs=3), tmp_path / "runs")


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_every_fit_is_done_in_a_process_of_its_own(small: Plan, tmp_path: Path) -> None:
    carry_out(small, jobs=1, quiet=True)
    for fit in small.fits:
        assert len(read_result(fit.folder / TRAINING, Training).dev_f1) == 3
        assert open_bundle(fit.folder / BUNDLE).manifest.name == fit.experiment.name
        assert (fit.folder / LATENCY).exists()
        assert not (fit.folder / FILE).exists()
    before = times(tmp_path / "runs")
    carry_out(small, quiet=True)
    assert times(tmp_path / "runs") == before


def test_a_fault_in_one_fit_ends_the_whole_and_is_told(small: Plan, tmp_path: Path) -> None:
    (first, second) = small.fits
    gone = replace(first.experiment.corpora[0], path=str(tmp_path / "gone"))
    lost = replace(first, experiment=replace(first.experiment, corpora=(gone,)))
    faulty = replace(small, networks={"lost": [lost], "elman": [second]})
    with pytest.raises(TrainingError, match="gone: expected the corpus"):
        carry_out(faulty, jobs=1, quiet=True)


def test_a_stopped_fit_ends_as_if_it_had_never_been(small: Plan, tmp_path: Path) -> None:
    whole = small.fits[1]
    do_fit(whole, Queue(), Event())
    stopped = replace(whole, folder=tmp_path / "stopped")
    stop = Event()
    stop.set()
    progress: Queue[tuple[Path, int]] = Queue()
    with pytest.raises(StoppedError):
        do_fit(stopped, progress, stop)
    checkpoint = read_checkpoint(stopped.folder)
    assert checkpoint is not None
    assert checkpoint.epoch == 1
    do_fit(stopped, progress, Event())
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
    do_fit(fit, progress, Event())
    assert (fit.folder / ANSWERS).read_bytes() == answers
    assert progress.empty()


@pytest.fixture
def taught(small: Plan) -> Fit:
    """A fit with teachers."""
    fit = small.fits[0]
    training = replace(fit.experiment.training, teachers=2)
    return replace(fit, experiment=replace(fit.experiment, training=training))


def test_of_teachers_nothing_is_left_but_the_time_that_they_took(taught: Fit) -> None:
    progress: Queue[tuple[Path, int]] = Queue()
    do_fit(taught, progress, Event())
    # A teacher's epochs are none of the fit's own.
    assert [progress.get() for _ in range(3)] == [(taught.folder, epoch) for epoch in (1, 2, 3)]
    assert progress.empty()
    assert not (taught.folder / TEACHERS).exists()


def test_a_fit_is_stopped_while_its_teachers_are_trained(taught: Fit) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(StoppedError):
        do_fit(taught, Queue(), stop)
    checkpoint = read_checkpoint(taught.folder / TEACHERS / "1")
    assert checkpoint is not None
    assert checkpoint.epoch == 1
    assert not (taught.folder / TEACHERS / "2").exists()


def test_every_seed_learns_from_the_same_sentences_of_a_grammar(tmp_path: Path) -> None:
    recipe = tmp_path / "elman.toml"
    write_recipes(tmp_path, "elman")
    made_up = '[[corpora]]\nname = "made up"\ngrammar = "booking"\nsentences = 40\n'
    recipe.write_text("seed = 9\n" + recipe.read_text() + made_up)
    plan = ablation_plan(str(recipe), 2, 1, tmp_path / "runs")
    for fit in plan.networks[WHOLE]:
        do_fit(fit, Queue(), Event())
        answers = read_result(fit.folder / ANSWERS, Answers)
        lengths = [len(tags) for tags in answers.dev_tags]
        assert lengths == [len(each.tokens) for each in plan.data.dev]
