"""Gold and prediction paired."""

import pytest

from app.tagging.slots import Span
from training.evaluation.error_types import KINDS, Mistake, find_mistakes


def mistakes(gold: str, predicted: str) -> list[Mistake]:
    return find_mistakes([gold.split()], [predicted.split()])


@pytest.mark.parametrize(
    ("gold", "predicted", "kinds"),
    [
        ("B-a I-a O", "B-a I-a O", []),
        ("B-a I-a O", "B-b I-b O", ["wrong name"]),
        ("B-a I-a O", "B-a O O", ["wrong boundaries"]),
        ("B-a I-a O", "O B-b I-b", ["wrong name and boundaries"]),
        ("B-a O O", "O O O", ["missed"]),
        ("O O O", "O B-a O", ["spurious"]),
        ("B-a O O", "O B-a O", ["missed", "spurious"]),
        ("B-a I-a I-a", "B-a I-a B-a", ["wrong boundaries", "spurious"]),
        ("B-a B-a O", "B-a I-a O", ["wrong boundaries", "missed"]),
        ("B-a B-b O", "B-b B-a O", ["wrong name", "wrong name"]),
    ],
)
def test_a_mistake_has_a_kind(gold: str, predicted: str, kinds: list[str]) -> None:
    assert [mistake.kind for mistake in mistakes(gold, predicted)] == kinds
    assert set(kinds) <= set(KINDS)


def test_the_same_place_comes_before_the_same_name_and_that_before_more_words() -> None:
    [same_place, rest] = mistakes("B-a I-a I-a B-c", "B-b I-b I-b B-a")
    assert (same_place.gold, same_place.predicted) == (Span("a", 0, 3), Span("b", 0, 3))
    assert (rest.gold, rest.predicted) == (Span("c", 3, 4), Span("a", 3, 4))
    [same_name, rest] = mistakes("B-a I-a I-a O", "B-b I-b B-a I-a")
    assert (same_name.predicted, rest.predicted) == (Span("a", 2, 4), Span("b", 0, 2))
    [more_words, rest] = mistakes("B-a I-a I-a O O", "B-b B-c I-c I-c O")
    assert (more_words.predicted, rest.predicted) == (Span("c", 1, 4), Span("b", 0, 1))


def test_a_mistake_is_told_with_its_place() -> None:
    gold = ["O O", "B-a O B-b"]
    predicted = ["O O", "B-a B-c B-d"]
    found = find_mistakes([tags.split() for tags in gold], [tags.split() for tags in predicted])
    assert found == [
        Mistake("wrong name", 1, Span("b", 2, 3), Span("d", 2, 3), 2),
        Mistake("spurious", 1, None, Span("c", 1, 2), 1),
    ]
