"""The networks by name: plain numbers in, a module out."""

from functools import partial

import torch
from torch import Tensor, nn

from training.networks.cells import JordanCell
from training.networks.feedforward import FeedForward
from training.networks.network import PADDING, Embedding, SlotNetwork, StaticVectors, SumOfAnswers
from training.networks.recurrence import Bidirectional, Recurrence, Stack
from training.networks.specification import (
    NETWORKS,
    NetworkConfigurationError,
    NetworkSpecification,
)

__all__ = [
    "NETWORKS",
    "NetworkConfigurationError",
    "NetworkSpecification",
    "SlotNetwork",
    "build",
]


def build(specification: NetworkSpecification, vectors: Tensor | None = None) -> SlotNetwork:
    """
    Make a network with random weights.

    vectors, (more words, size), are frozen; a word that has a row there and is not among the
    specification's `words` is the unknown word to the trained vectors.
    Raises NetworkConfigurationError where the vectors do not fit.
    """
    spec = specification
    if vectors is not None and (
        spec.inputs == "trigrams" or vectors.ndim != 2 or len(vectors) < spec.words
    ):
        allowed = f"with words as inputs, a row for each of the {spec.words}"
        raise NetworkConfigurationError("vectors", tuple(vectors.shape), allowed)
    embedding = Embedding(
        _table(spec.words, spec.word_size) if spec.inputs != "trigrams" else None,
        _table(spec.trigrams, spec.trigram_size) if spec.inputs != "words" else None,
        StaticVectors(vectors) if vectors is not None else None,
        spec.word_dropout,
        spec.vector_dropout,
        spec.trigram_dropout,
        spec.letter_trigrams,
        added=spec.combine == "sum",
    )
    encoder = _encoder(spec, embedding.width)
    return SlotNetwork(
        embedding,
        encoder,
        _output(encoder, spec.tags),
        nn.Linear(2 * encoder.width, spec.intents) if spec.intents else None,
        spec.dropout,
    )


def _table(entries: int, size: int) -> nn.Embedding:
    """
    Random vectors, zeros for the padding.

    Short ones: a rare word keeps much of the vector it began with, which is noise.
    """
    table = nn.Embedding(entries, size, PADDING)
    with torch.no_grad():
        table.weight.mul_(0.1)
    return table


def _encoder(spec: NetworkSpecification, inputs: int) -> FeedForward | Stack:
    if not spec.is_recurrent:
        return FeedForward(
            inputs, spec.hidden, layers=spec.layers, window=spec.window, dropout=spec.dropout
        )
    is_jordan = spec.cell == "jordan"
    cell = partial(JordanCell, tags=spec.tags) if is_jordan else NETWORKS[spec.cell]
    layers: list[Recurrence | Bidirectional] = []
    for _ in range(spec.layers):
        width = layers[-1].width if layers else inputs
        forth = Recurrence(cell(width, spec.hidden))
        if spec.bidirectional:
            back = Recurrence(cell(width, spec.hidden), reverse=True)
            layers.append(Bidirectional(forth, back))
        else:
            layers.append(forth)
    return Stack(layers, spec.dropout)


def _output(encoder: FeedForward | Stack, tags: int) -> nn.Module:
    """What Jordan cells in the top layer answer, or else a layer that reads the encoder."""
    if isinstance(encoder, Stack):
        top = encoder.layers[len(encoder.layers) - 1].modules()
        if answers := [cell.V for cell in top if isinstance(cell, JordanCell)]:
            return SumOfAnswers(answers)
    return nn.Linear(encoder.width, tags)
