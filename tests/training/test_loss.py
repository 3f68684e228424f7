"""What counts as wrong, and how much."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from training.batches import Batches, Sentence
from training.data import read_data, take_inventory
from training.experiment import Experiment
from training.fit import featurizer_of
from training.loss import batch_loss


class Scores(nn.Module):
    """Says the same of every sentence."""

    def __init__(self, tag_scores: Tensor, intent_scores: Tensor | None = None) -> None:
        super().__init__()
        self.scores = tag_scores, intent_scores

    def forward(self, words: Tensor, *_: Tensor) -> tuple[Tensor, Tensor | None]:
        tags, intents = self.scores
        return tags.expand(*words.shape, -1).clone(), intents


def one_batch(experiment: Experiment, **sentence: object) -> tuple[Batches, Sentence]:
    inventory = take_inventory(read_data(experiment).train, intents=True)
    batches = Batches(featurizer_of(inventory), inventory.slots, 2)
    return batches, Sentence(("leave", "paris"), ("O", "O"), 0, **sentence)  # type: ignore[arg-type]


def test_an_outside_tag_may_hide_what_is_not_annotated(experiment: Experiment) -> None:
    scores = torch.tensor([0.0, 1.0, 2.0, 3.0, 4.0])  # O, B- and I- of two slots
    probabilities = scores.softmax(dim=0)
    batches, sentence = one_batch(experiment, unannotated=("destination",))
    found = batch_loss(Scores(scores), batches.batch([sentence]), 0.0, 0.0)
    assert found == pytest.approx(-float(probabilities[:3].sum().log()), rel=1e-5)
    batches, sentence = one_batch(experiment)
    found = batch_loss(Scores(scores), batches.batch([sentence]), 0.0, 0.0)
    assert found == pytest.approx(-float(probabilities[0].log()), rel=1e-5)


def test_intents_weigh_as_much_as_they_are_told_to(experiment: Experiment) -> None:
    scores = torch.zeros(5)
    batches, sentence = one_batch(experiment)
    batch = batches.batch([sentence])
    network = Scores(scores, torch.zeros(1, 3))
    without = batch_loss(network, batch, 0.0, 0.0)
    assert batch_loss(network, batch, 0.5, 0.0) == pytest.approx(
        float(without) + 0.5 * float(np.log(3)), rel=1e-5
    )


def entropy(*probabilities: float) -> float:
    return -sum(each * float(np.log(each)) for each in probabilities)


def test_who_says_what_the_teachers_say_has_their_entropy_for_a_loss(
    experiment: Experiment,
) -> None:
    batches, sentence = one_batch(experiment)
    batch = batches.batch([sentence, Sentence(("paris",), ("O",), 0)])  # padded by one word
    tags, intents = torch.tensor([0.6, 0.1, 0.1, 0.1, 0.1]), torch.tensor([[0.7, 0.2, 0.1]])
    network = Scores(tags.log(), intents.log().expand(2, 3))
    of_tags, of_intents = entropy(*tags.tolist()), entropy(*intents[0].tolist())
    found = batch_loss(network, batch, 0.5, 0.0, network, teaching=1.0)
    assert found == pytest.approx(of_tags + 0.5 * of_intents, rel=1e-5)
    corpus = -float(np.log(0.6)) - 0.5 * float(np.log(0.7))
    found = batch_loss(network, batch, 0.5, 0.0, network, teaching=0.25)
    assert found == pytest.approx(0.25 * (of_tags + 0.5 * of_intents) + 0.75 * corpus, rel=1e-5)


def test_what_is_padding_is_not_taught(experiment: Experiment) -> None:
    batches, sentence = one_batch(experiment)
    scores = torch.tensor([0.0, 1.0, 2.0, 3.0, 4.0])
    alone, beside = (
        batch_loss(Scores(scores), batches.batch(each), 0.0, 0.0, Scores(scores), teaching=1.0)
        for each in ([sentence], [sentence, Sentence(("leave",), ("O",), 0)])
    )
    assert alone == pytest.approx(float(beside))


def test_teachers_do_not_learn(experiment: Experiment) -> None:
    batches, sentence = one_batch(experiment)
    teacher, network = (Scores(torch.zeros(5, requires_grad=True)) for _ in range(2))
    loss = batch_loss(network, batches.batch([sentence]), 0.0, 0.0, teacher, teaching=0.5)
    loss.backward()  # type: ignore[no-untyped-call]
    assert network.scores[0].grad is not None
    assert teacher.scores[0].grad is None
