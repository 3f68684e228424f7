"""Measuring a network on dev: F1, and the calibration of its confidences."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from app.tagging.decoder import Decoder
from app.tagging.slots import read_spans, write_tags
from training.corpora.sentences import Sentence
from training.evaluation.calibration import Calibration, ScoredSentence, calibrate
from training.evaluation.metrics import slot_f1
from training.fitting.batches import Batches

# A quarter apart; the first and the last are there as neighbours alone.
_OUTSIDE_BIASES: tuple[float, ...] = tuple(step / 4 for step in range(-5, 10))
_CHANCE = 0.25  # points of F1 that a larger bias must be better by


def dev_f1(
    network: nn.Module, batches: Batches, sentences: Sequence[Sentence], *, missed: int = 0
) -> float:
    """
    Slot F1 in per cent, with the decoder of the service.

    `missed` is the number of further gold spans, which no tags of the sentences can spell.
    """
    decoder = Decoder(batches.slots)
    scored = (scores for scores, _ in _scores(network, batches, sentences))
    return _f1(decoder, scored, sentences, missed=missed)


def outside_bias_on(
    network: nn.Module, batches: Batches, sentences: Sequence[Sentence], *, missed: int = 0
) -> float:
    """
    The value to add to the scores of O, so that slot F1 is best.

    F1 goes up and down by chance. So a bias is judged by the mean of its F1, counted twice, and
    that of its neighbours. Among those that are about as good as the best, the smallest is
    returned.
    """
    decoder = Decoder(batches.slots)
    scored = [scores for scores, _ in _scores(network, batches, sentences)]
    outside = np.eye(1, len(decoder.tags), dtype=np.float32)
    f1 = np.array(
        [
            _f1(decoder, (scores + bias * outside for scores in scored), sentences, missed=missed)
            for bias in _OUTSIDE_BIASES
        ]
    )
    smooth = (f1[:-2] + 2 * f1[1:-1] + f1[2:]) / 4
    biases = _OUTSIDE_BIASES[1:-1]
    good = [bias for bias, f1 in zip(biases, smooth, strict=True) if f1 >= smooth.max() - _CHANCE]
    return min(good, key=lambda bias: (abs(bias), bias))


def _f1(
    decoder: Decoder,
    scored: Iterable[NDArray[np.float32]],
    sentences: Sequence[Sentence],
    *,
    missed: int,
) -> float:
    """Slot F1 in per cent of tag scores; predictions that nobody annotated do not count."""
    predicted = [[decoder.tags[tag] for tag in decoder.best_path(scores)] for scores in scored]
    for sentence, tags in zip(sentences, predicted, strict=True):
        if sentence.unannotated:  # the corpus does not tell whether these are right
            known = [span for span in read_spans(tags) if span.name not in sentence.unannotated]
            tags[:] = write_tags(known, len(tags))
    return slot_f1([sentence.tags for sentence in sentences], predicted, missed=missed)


def calibration_on(
    network: nn.Module, batches: Batches, sentences: Sequence[Sentence]
) -> Calibration:
    """The calibration of a network on sentences; without any, the neutral one."""
    if not sentences:
        return Calibration()
    answers = list(_scores(network, batches, sentences))
    scored = [
        ScoredSentence(scores, sentence.tags, sentence.unannotated)
        for sentence, (scores, _) in zip(sentences, answers, strict=True)
    ]
    intent_scores = np.stack([scores for _, scores in answers])
    intents = np.array([sentence.intent for sentence in sentences], np.int64)
    return calibrate(Decoder(batches.slots), scored, intent_scores, intents)


@torch.no_grad()
def _scores(
    network: nn.Module, batches: Batches, sentences: Sequence[Sentence]
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """The tag scores (words, tags) and intent scores (intents,) of each sentence."""
    network.eval()
    for batch in batches.in_order(sentences):
        tag_scores, intent_scores = network(batch.words, batch.trigrams, batch.lengths)
        if intent_scores is None:
            intent_scores = tag_scores.new_empty(len(tag_scores), 0)
        for scores, of_intents, length in zip(
            tag_scores.numpy(), intent_scores.numpy(), batch.lengths.tolist(), strict=True
        ):
            yield scores[:length], of_intents
