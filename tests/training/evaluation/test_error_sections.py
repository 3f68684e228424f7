"""The parts of an error report."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from app.tagging.bundle import open_bundle, write_bundle
from tests.training.evaluation.conftest import Ask
from training.evaluation.error_sections import (
    MOST_CONFUSED,
    MOST_MISTAKES,
    MOST_SENTENCES,
    calibration_section,
    confusions_section,
    curve_section,
    duplicates_section,
    frequent_section,
    intents_section,
    kinds_section,
    lengths_section,
    noise_section,
    seen_section,
    slots_section,
)
from training.evaluation.error_types import Mistake, find_mistakes
from training.evaluation.evaluate import Evaluation, WithNoise
from training.evaluation.metrics import CurvePoint
from training.reporting.document import Block, Heading, Paragraph, Picture, Quote, Shade, Table

# The toy bundle has the first of a word's places for a destination unless it is left.
RIGHT = ("leave Taipei", "O B-place_of_departure", "leave")
WRONG_NAME = ("Boston please", "B-place_of_departure O", "arrive")
WRONG_BOUNDARIES = ("arrive New York city", "O B-destination I-destination I-destination", "")
SPURIOUS = ("go tomorrow", "O O", "arrive")
MISSED = ("to Springfield", "O B-destination", "")
ALL = (RIGHT, WRONG_NAME, WRONG_BOUNDARIES, SPURIOUS, MISSED)


def mistakes_of(evaluation: Evaluation) -> list[Mistake]:
    return find_mistakes(
        [utterance.tags for utterance in evaluation.corpus.utterances],
        [tagging.tags for tagging in evaluation.taggings],
    )


def texts(cells: Sequence[object]) -> list[str]:
    return [cell.text if isinstance(cell, Quote | Shade) else str(cell) for cell in cells]


def rows(blocks: Sequence[Block]) -> list[list[str]]:
    return [texts(row) for block in blocks if isinstance(block, Table) for row in block.rows]


def said(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks if isinstance(block, Heading | Paragraph))


def test_mistakes_are_counted_by_kind(ask: Ask) -> None:
    found = rows(kinds_section(mistakes_of(ask(*ALL))))
    assert [(kind, times, share) for kind, _, times, share in found] == [
        ("wrong name", "1", "25.00"),
        ("wrong boundaries", "1", "25.00"),
        ("wrong name and boundaries", "0", "0.00"),
        ("missed", "1", "25.00"),
        ("spurious", "1", "25.00"),
    ]


def test_without_a_mistake_there_are_no_shares(ask: Ask) -> None:
    evaluation = ask(RIGHT)
    assert {row[-1] for row in rows(kinds_section(mistakes_of(evaluation)))} == {"–"}
    assert "There are none." in said(frequent_section(evaluation, []))
    assert "No slot" in said(confusions_section([]))


def test_the_most_frequent_mistake_comes_first_with_its_sentences(ask: Ask) -> None:
    evaluation = ask(*ALL, *[SPURIOUS] * MOST_SENTENCES)
    blocks = frequent_section(evaluation, mistakes_of(evaluation))
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings == [
        "The most frequent mistakes",
        f"1. `time_of_departure` where there is none: {MOST_SENTENCES + 1} times",
        "2. `destination` missed: once",
        "3. `destination` with other boundaries: once",
        "4. `place_of_departure` taken for `destination`: once",
    ]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert tables[0].caption == f"The first {MOST_SENTENCES} of {MOST_SENTENCES + 1}."
    assert [texts(table.rows[0]) for table in tables] == [
        ["4", "", "tomorrow", "0.70", "go ⟦tomorrow⟧"],
        ["5", "Springfield", "", "", "to ⟦Springfield⟧"],
        ["3", "New York city", "New York", "0.98", "arrive ⟦New York city⟧"],
        ["2", "Boston", "Boston", "0.70", "⟦Boston⟧ please"],
    ]


def test_another_slot_on_other_words_is_told_so(ask: Ask) -> None:
    evaluation = ask(("arrive New York", "O B-time_of_arrival O", ""))
    blocks = frequent_section(evaluation, mistakes_of(evaluation))
    assert "`time_of_arrival` taken for `destination`, with other boundaries: once" in said(blocks)


def test_no_more_than_twenty_mistakes_are_told(ask: Ask) -> None:
    lines = [("to x", f"O B-slot{number}", "") for number in range(MOST_MISTAKES + 1)]
    evaluation = ask(*lines)
    blocks = frequent_section(evaluation, mistakes_of(evaluation))
    assert sum(isinstance(block, Table) for block in blocks) == MOST_MISTAKES


def test_names_that_are_mixed_up_face_each_other(ask: Ask) -> None:
    evaluation = ask(
        WRONG_NAME,
        WRONG_NAME,
        ("leave Boston", "O B-destination", ""),
        ("Boston", "B-time_of_arrival", ""),
    )
    [_, table] = confusions_section(mistakes_of(evaluation))
    assert isinstance(table, Table)
    assert table.headings == ("", "`destination`", "`place_of_departure`")
    assert [list(row) for row in table.rows] == [
        ["`destination`", Shade("", 0.0), Shade("1", 0.5)],
        ["`place_of_departure`", Shade("2", 1.0), Shade("", 0.0)],
        ["`time_of_arrival`", Shade("1", 0.5), Shade("", 0.0)],
    ]
    assert table.caption.endswith("found.")


def test_a_matrix_that_leaves_some_out_says_so(ask: Ask) -> None:
    lines = [("Boston", f"B-slot{number}", "") for number in range(MOST_CONFUSED + 1)]
    [_, table] = confusions_section(mistakes_of(ask(*lines)))
    assert isinstance(table, Table)
    assert len(table.rows) == MOST_CONFUSED
    shown = f"{MOST_CONFUSED} of {MOST_CONFUSED + 1} mistakes"
    assert table.caption.endswith(f"{shown}, the most frequent.")


def test_the_most_mistaken_slot_comes_first(ask: Ask) -> None:
    # Two of gold are not found, and two that were found are not right.
    found = rows(slots_section(ask(*ALL, ("a b", "B-seat O", ""))))
    assert [row[:2] for row in found] == [
        ["`destination`", "4"],
        ["`place_of_departure`", "1"],
        ["`seat`, unknown to the bundle", "1"],
        ["`time_of_departure`", "1"],
    ]
    assert found[1][2:] == ["66.67", "100.00", "50.00", "2", "1"]


def test_values_that_training_has_are_measured_apart(ask: Ask) -> None:
    train = [("TAIPEI to boston", "B-place_of_departure O B-destination", "")]
    evaluation = ask(RIGHT, ("leave Boston", "O B-place_of_departure", ""), SPURIOUS, train=train)
    # Boston is known as a destination only; tomorrow was found and is unknown.
    assert rows(seen_section(evaluation)) == [
        ["seen in training", "1", "1", "100.00", "100.00 to 100.00", "100.00", "100.00", "–"],
        ["never seen", "1", "2", "66.67", "0.00 to 100.00", "50.00", "100.00", "–"],
    ]


def test_without_training_sentences_it_is_said_how_to_name_them(ask: Ask) -> None:
    for section in (seen_section, duplicates_section):
        blocks = section(ask(RIGHT))
        assert "`--train PATH`" in said(blocks)
        assert rows(blocks) == []


def test_sentences_are_measured_by_their_length(ask: Ask) -> None:
    long = " ".join(["please"] * 28), " ".join(["O"] * 28), ""
    assert rows(lengths_section(ask(RIGHT, WRONG_NAME, long))) == [
        ["1 to 4 words", "2", "2", "50.00", "50.00"],
        ["25 words and more", "1", "0", "–", "100.00"],
    ]


def test_sentences_that_training_has_are_measured_apart(ask: Ask) -> None:
    evaluation = ask(RIGHT, RIGHT, WRONG_NAME, train=[RIGHT])
    assert rows(duplicates_section(evaluation)) == [
        ["all", "3", "3", "66.67", "66.67"],
        ["in training, word for word", "2", "2", "100.00", "100.00"],
        ["not in training", "1", "1", "0.00", "0.00"],
    ]


def test_intents_that_are_mixed_up_are_counted(ask: Ask) -> None:
    greeting = ("leave", "O", "greet")
    found = rows(intents_section(ask(RIGHT, greeting, greeting, ("thank", "O", "leave"))))
    assert found == [["`greet`", "`leave`", "2"], ["`leave`", "`thank`", "1"]]
    assert "Every intent is right." in said(intents_section(ask(RIGHT)))


def test_an_empty_sentence_is_answered_with_no_intent(ask: Ask) -> None:
    # The reader takes no empty sentence, but what has no word is one to the network.
    assert rows(intents_section(ask(("\u200b", "O", "greet")))) == [["`greet`", "`none`", "1"]]


def test_without_intents_there_is_nothing_to_say_of_them(
    ask: Ask, toy_without_intents: Path
) -> None:
    assert intents_section(ask(RIGHT, bundle=toy_without_intents)) == []
    assert intents_section(ask(MISSED)) == []


def test_confidence_is_compared_with_the_truth(ask: Ask) -> None:
    evaluation = ask(RIGHT, RIGHT, WRONG_NAME, MISSED)
    blocks = calibration_section(evaluation)
    sure = evaluation.taggings[0].slots[0].confidence
    unsure = evaluation.taggings[2].slots[0].confidence
    of_slots = [row for row in rows(blocks) if row[0].startswith("slots")]
    assert of_slots == [
        ["slots, 0.7 to 0.8", "1", f"{unsure:.3f}", "0.000"],
        ["slots, 0.9 to 1.0", "2", f"{sure:.3f}", "1.000"],
    ]
    assert f"{(2 * (1 - sure) + unsure) / 3:.4f} for slots" in said(blocks)
    assert [row[:2] for row in rows(blocks) if row not in of_slots] == [
        ["intents, 0.1 to 0.2", "1"],
        ["intents, 0.6 to 0.7", "2"],
    ]
    [picture] = [block for block in blocks if isinstance(block, Picture)]
    assert ">slots</text>" in picture.svg
    assert ">intents</text>" in picture.svg
    assert "Cross-validated" not in said(blocks)


def test_what_the_manifest_says_of_calibration_is_repeated(
    ask: Ask, toy_without_intents: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "told"
    toy = open_bundle(toy_without_intents)
    about = asdict(toy.manifest) | {"metrics": {"dev_calibration_error": 0.0123}}
    for found in ("format", "version", "files"):
        del about[found]
    write_bundle(folder, toy.contents, about)
    said_of = said(calibration_section(ask(RIGHT, bundle=folder)))
    assert "Cross-validated when the bundle was made: 0.0123." in said_of
    assert "for intents" not in said_of


def test_without_an_answer_there_is_no_calibration(ask: Ask) -> None:
    assert "There is no answer to judge by." in said(calibration_section(ask(MISSED)))


def test_noise_is_told_by_what_it_costs() -> None:
    found = rows(noise_section({"typos": WithNoise(97.5, 99.75)}))
    assert found == [["typos", "99.75", "97.50", "2.25"]]
    assert noise_section({}) == []


def test_a_learning_curve_is_drawn_and_told() -> None:
    blocks = curve_section([CurvePoint(100, 80.0), CurvePoint(1000, 90.25)])
    assert rows(blocks) == [["100", "80.00"], ["1,000", "90.25"]]
    assert [block.name for block in blocks if isinstance(block, Picture)] == ["learning-curve"]
    assert curve_section([]) == []


@pytest.mark.parametrize("share", ["1", "4"])
def test_one_point_is_a_curve_too(share: str) -> None:
    blocks = curve_section([CurvePoint(int(share), 80.0)])
    assert rows(blocks) == [[share, "80.00"]]
