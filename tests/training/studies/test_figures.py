"""A network's figures, from counts that can be worked out."""

import numpy as np
import pytest

from training.studies.claims import Outcome
from training.studies.figures import figures_of
from training.studies.results import Training


def outcome(*right: int, epochs: int = 4) -> Outcome:
    """Each seed is right of so many of ten sentences."""
    counts = np.array(
        [[[1, 1, 1, 1]] * number + [[0, 1, 1, 0]] * (10 - number) for number in right]
    )
    trainings = [
        Training(200, 50, 1000 + seed, 10.0 * (seed + 1), 2, [1.0], [50.0, 70.0, 71.0, 72.0])
        for seed in range(len(right))
    ]
    return Outcome(trainings, [], counts, counts[:, :5], epochs, 0.25)


def test_figures_are_means_over_the_seeds() -> None:
    found = figures_of("lstm", outcome(8, 10))
    assert found.network == "lstm"
    assert found.slot_f1 == pytest.approx(90.0)
    assert found.f1_deviation == pytest.approx(200**0.5)
    assert found.f1_seeds == pytest.approx([80.0, 100.0])
    assert found.sentence_accuracy == pytest.approx(90.0)
    assert found.train_f1 == pytest.approx(100.0)
    assert (found.parameters, found.memory_parameters) == (200, 50)
    assert found.bundle_bytes == 1000
    assert found.seconds == pytest.approx(15.0)
    assert found.epochs == 4
    assert found.milliseconds == 0.25


def test_the_late_rise_is_that_of_the_last_quarter_of_the_epochs() -> None:
    assert figures_of("lstm", outcome(8)).late_rise == pytest.approx(1.0)


def test_a_training_that_took_all_its_epochs_may_not_have_stopped_rising() -> None:
    assert figures_of("lstm", outcome(8, 10, epochs=4)).to_the_end == 2
    assert figures_of("lstm", outcome(8, 10, epochs=5)).to_the_end == 0


def test_one_epoch_is_all_of_the_rise() -> None:
    training = Training(1, 1, 1, 1.0, 1, [1.0], [60.0])
    assert training.late_rise == 60.0


def test_a_single_seed_has_no_deviation() -> None:
    assert figures_of("lstm", outcome(8)).f1_deviation is None
