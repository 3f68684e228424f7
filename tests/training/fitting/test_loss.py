"""What counts as wrong, and how much."""

from collections.abc import Iterable
from itertools import product

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from training.corpora.loading import read_data
from training.corpora.sentences import Sentence
from training.corpora.vocabularies import build_vocabularies
from training.experiment import Experiment
from training.fitting.batches import Batches
from training.fitting.construction import featurizer_of
from training.fitting.loss import batch_loss, log_partition_bio, log_partition_free


class Scores(nn.Module):
    """Says the same of every sentence."""

    def __init__(self, tag_scores: Tensor, intent_scores: Tensor | None = None) -> None:
        super().__init__()
        self.scores = tag_scores, intent_scores

    def forward(self, words: Tensor, *_: Tensor) -> tuple[Tensor, Tensor | None]:
        tags, intents = self.scores
        return tags.expand(*words.shape, -1).clone(), intents


def one_batch(experiment: Experiment, **sentence: object) -> tuple[Batches, Sentence]:
    vocabularies = build_vocabularies(read_data(experiment).train, intents=True)
    batches = Batches(featurizer_of(vocabularies), vocabularies.slots, 2)
    return batches, Sentence(("leave", "paris"), ("O", "O"), 0, **sentence)  # type: ignore[arg-type]


def sequences(scores: Tensor, *, allowed: bool) -> dict[tuple[int, ...], float]:
    """Each sequence of tags with its score; scores: (words, tags)."""
    words, tags = scores.shape
    every = {
        path: float(scores[range(words), path].sum()) for path in product(range(tags), repeat=words)
    }
    if not allowed:
        return every
    return {
        path: score
        for path, score in every.items()
        if all(
            tag == 0 or tag % 2 or before in {tag, tag - 1}
            for before, tag in zip((0, *path), path, strict=False)
        )
    }


def log_mass(scores: Iterable[float]) -> float:
    return float(np.logaddexp.reduce(list(scores)))


@pytest.mark.parametrize("lengths", [[3, 3], [4, 1], [2, 4]])
def test_a_mass_is_that_of_every_sequence(lengths: list[int]) -> None:
    scores = 3 * torch.randn(2, 4, 5, generator=torch.manual_seed(1))
    for count, allowed in ((log_partition_free, False), (log_partition_bio, True)):
        found = count(scores, torch.tensor(lengths))
        expected = [
            log_mass(sequences(scores[at, :length], allowed=allowed).values())
            for at, length in enumerate(lengths)
        ]
        assert found.tolist() == pytest.approx(expected, rel=1e-5)


def test_the_likelihood_is_a_share_of_the_sequences_that_bio_allows(
    experiment: Experiment,
) -> None:
    scores = torch.tensor([0.0, 1.0, 2.0, 3.0, 4.0])
    own = sequences(scores.expand(2, 5), allowed=True)
    batches, sentence = one_batch(experiment)
    found = batch_loss(Scores(scores), batches.batch([sentence]), 0.0, is_crf=True)
    assert found == pytest.approx((log_mass(own.values()) - own[0, 0]) / 2, rel=1e-5)
    batches, sentence = one_batch(experiment, unannotated=("destination",))
    hidden = [score for path, score in own.items() if max(path) <= 2]
    found = batch_loss(Scores(scores), batches.batch([sentence]), 0.0, is_crf=True)
    expected = (log_mass(own.values()) - log_mass(hidden)) / 2
    assert found == pytest.approx(expected, rel=1e-5)


def test_an_outside_tag_may_hide_what_is_not_annotated(experiment: Experiment) -> None:
    scores = torch.tensor([0.0, 1.0, 2.0, 3.0, 4.0])  # O, B- and I- of two slots
    probabilities = scores.softmax(dim=0)
    batches, sentence = one_batch(experiment, unannotated=("destination",))
    found = batch_loss(Scores(scores), batches.batch([sentence]), 0.0, is_crf=False)
    assert found == pytest.approx(-float(probabilities[:3].sum().log()), rel=1e-5)
    batches, sentence = one_batch(experiment)
    found = batch_loss(Scores(scores), batches.batch([sentence]), 0.0, is_crf=False)
    assert found == pytest.approx(-float(probabilities[0].log()), rel=1e-5)


def test_intents_weigh_as_much_as_they_are_told_to(experiment: Experiment) -> None:
    scores = torch.zeros(5)
    batches, sentence = one_batch(experiment)
    batch = batches.batch([sentence])
    network = Scores(scores, torch.zeros(1, 3))
    without = batch_loss(network, batch, 0.0, is_crf=False)
    assert batch_loss(network, batch, 0.5, is_crf=False) == pytest.approx(
        float(without) + 0.5 * float(np.log(3)), rel=1e-5
    )
