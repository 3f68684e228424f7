"""What a report says of figures and curves."""

from dataclasses import replace

import numpy as np

from training.reporting.document import Paragraph, Picture, Table
from training.studies.claims import Outcome
from training.studies.figures import Figures
from training.studies.results import Training
from training.studies.sections import (
    claims_section,
    curves_section,
    figures_section,
    sweep_section,
)

FIGURES = Figures(
    network="lstm",
    slot_f1=95.123,
    f1_deviation=0.456,
    f1_seeds=[95.0, 95.2],
    sentence_accuracy=88.88,
    train_f1=99.0,
    parameters=123456,
    memory_parameters=9876,
    bundle_bytes=2048,
    seconds=61.4,
    epochs=20,
    to_the_end=0,
    late_rise=0.01,
    milliseconds=0.1234,
)


def outcome(*curves: list[float]) -> Outcome:
    trainings = [Training(1, 1, 1, 1.0, 1, [], curve) for curve in curves]
    nothing = np.zeros((len(curves), 1, 4), np.int64)
    return Outcome(trainings, [], nothing, nothing, 9, 1.0)


def test_figures_are_a_line_each() -> None:
    single = replace(FIGURES, network="gru", f1_deviation=None)
    table = next(each for each in figures_section([FIGURES, single]) if isinstance(each, Table))
    assert table.rows[0] == [
        "lstm",
        "95.12",
        "0.46",
        "88.9",
        "99.00",
        "123,456",
        "9,876",
        "2",
        "20",
        "61",
        "0.123",
    ]
    assert table.rows[1][2] == "–"


def test_the_network_with_the_highest_mean_is_named() -> None:
    best = replace(FIGURES, network="gru", slot_f1=FIGURES.slot_f1 + 1)
    blocks = figures_section([FIGURES, best])
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert said[0].startswith("The highest mean is that of gru;")


def test_without_claims_nothing_is_said_of_them() -> None:
    assert claims_section([]) == []


def test_networks_that_took_all_epochs_are_named_with_their_rise() -> None:
    rising = replace(FIGURES, network="jordan", to_the_end=1, late_rise=1.234)
    blocks = curves_section({}, [FIGURES, rising])
    (said,) = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert "with every seed of: lstm. " in said
    assert "all of them with: jordan (+1.23);" in said


def test_where_every_training_ended_by_itself_nothing_is_said_of_others() -> None:
    blocks = curves_section({}, [FIGURES])
    (said,) = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert said.endswith("with every seed of: lstm.")


def test_each_family_has_a_drawing_and_strangers_have_one_too() -> None:
    flat = outcome([90.0, 91.0], [92.0, 93.0])
    blocks = curves_section({"elman": flat, "bilstm": flat, "mine": flat}, [FIGURES])
    pictures = [block for block in blocks if isinstance(block, Picture)]
    assert [picture.name for picture in pictures] == [
        "learning-simple",
        "learning-both-ways",
        "learning-others",
    ]
    assert ">mine</text>" in pictures[2].svg


def test_the_mean_goes_as_far_as_all_seeds_went() -> None:
    blocks = curves_section({"elman": outcome([90.0, 92.0, 99.0], [94.0, 96.0])}, [FIGURES])
    (picture,) = [block for block in blocks if isinstance(block, Picture)]
    lines = [part for part in picture.svg.split("<path") if 'class="line s0"' in part]
    assert [line.count("L") for line in lines] == [2, 1, 1, 1]  # two seeds, the mean, its label


def test_a_sweep_tells_means_over_the_seeds() -> None:
    blocks = sweep_section("F1 against width", "width", {"lstm": {32: [90.0, 92.0], 64: [95.0]}})
    table = next(block for block in blocks if isinstance(block, Table))
    assert table.headings == ["network, width", "32", "64"]
    assert table.rows == [["lstm", "91.00", "95.00"]]


def test_what_was_not_varied_is_not_told() -> None:
    assert sweep_section("F1 against width", "width", {}) == []
