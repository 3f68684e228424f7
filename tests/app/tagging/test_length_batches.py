"""Which sentences the toy's graph computes together."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.tagging.bundle import open_bundle
from app.tagging.features import EncodedSentence
from app.tagging.tagger import Tagger

TAGGER = Tagger(open_bundle(Path(__file__).parents[2] / "toy_bundle"))


def run_shapes(monkeypatch: pytest.MonkeyPatch, lengths: list[int]) -> list[tuple[int, int]]:
    """How many sentences of how many words, padding included, the graph computes together."""
    shapes, run = [], TAGGER._run

    def watched(readings: Sequence[EncodedSentence]) -> list[NDArray[np.float32]]:
        found = run(readings)
        shapes.append(found[0].shape[:2])
        return found

    monkeypatch.setattr(TAGGER, "_run", watched)
    TAGGER.tag_texts([" ".join(["to"] * length) for length in lengths])
    return shapes


def test_sentences_of_alike_lengths_are_computed_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run_shapes(monkeypatch, [30, 5, 6] * 10) == [(10, 30), (20, 6)]


def test_padding_that_costs_less_than_another_batch_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run_shapes(monkeypatch, [12, 11, 10, 12]) == [(4, 12)]


def test_many_sentences_are_computed_32_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_shapes(monkeypatch, [4] * 70 + [0]) == [(32, 4), (32, 4), (6, 4)]
