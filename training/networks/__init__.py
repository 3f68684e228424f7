"""The networks by name: plain numbers in, a module out."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from training.networks.cells import (
    Cell,
    ElmanCell,
    FullPeepholeLSTMCell,
    GRUCell,
    InputGatesLSTMCell,
    JordanCell,
    LSTMCell,
    PeepholeLSTMCell,
)
from training.networks.ensemble import Ensemble
from training.networks.feedforward import FeedForward
from training.networks.network import (
    OTHER,
    PADDING,
    Embedding,
    SlotNetwork,
    StaticVectors,
    SumOfAnswers,
)
from training.networks.recurrence import Bidirectional, Recurrence, Stack

__all__ = [
    "INPUTS",
    "MAX_LAYERS",
    "NETWORKS",
    "Ensemble",
    "NetworkConfigurationError",
    "SlotNetwork",
    "build",
]

NETWORKS: dict[str, Callable[..., Any]] = {
    "feedforward": FeedForward,
    "elman": ElmanCell,
    "jordan": JordanCell,
    "lstm-input-gates": InputGatesLSTMCell,
    "lstm": LSTMCell,
    "lstm-peephole-full": FullPeepholeLSTMCell,
    "lstm-peephole": PeepholeLSTMCell,
    "gru": GRUCell,
}
INPUTS = ("words", "trigrams", "both")
MAX_LAYERS = 6


class NetworkConfigurationError(ValueError):
    """There is no such network; the message says what is allowed."""

    def __init__(self, setting: str, value: object, allowed: str) -> None:
        super().__init__(f"{setting} = {value!r} makes no network: {allowed}")
        self.setting = setting


def build(
    *,
    cell: str,
    hidden: int,
    words: int,
    trigrams: int,
    tags: int,
    intents: int = 0,
    layers: int = 1,
    bidirectional: bool = False,
    window: int = 1,
    inputs: str = "both",
    word_size: int = 100,
    trigram_size: int = 100,
    added: bool = False,
    dropout: float = 0.0,
    word_dropout: float = 0.0,
    vectors: Tensor | None = None,
) -> SlotNetwork:
    """
    Make a network with random weights.

    words and trigrams are sizes of vocabularies, padding and the unknown word included; intents
    is 0 where none are to be told. added: what is known of a word is added up and not put side by
    side. vectors, (more words, size), are frozen; a word that has a
    row there and is not among `words` is the unknown word to the trained vectors.
    Raises NetworkConfigurationError.
    """
    memory = cell != "feedforward"
    for setting, value, fits, allowed in (
        ("cell", cell, cell in NETWORKS, f"choose from {', '.join(NETWORKS)}"),
        ("layers", layers, 1 <= layers <= MAX_LAYERS, f"choose from 1 to {MAX_LAYERS}"),
        ("bidirectional", bidirectional, memory or not bidirectional, "feedforward travels no way"),
        ("window", window, window > 0 and window % 2, "choose an odd number of words, 1, 3, 5 …"),
        ("window", window, window == 1 or not memory, f"only feedforward has one, not {cell}"),
        ("inputs", inputs, inputs in INPUTS, f"choose from {', '.join(INPUTS)}"),
        ("hidden", hidden, hidden > 0, "choose 1 or more"),
        ("word_size", word_size, word_size > 0, "choose 1 or more"),
        ("trigram_size", trigram_size, trigram_size > 0, "choose 1 or more"),
        (
            "added",
            added,
            not added or inputs != "both" or word_size == trigram_size,
            "word_size and trigram_size must be equal",
        ),
        ("dropout", dropout, 0 <= dropout < 1, "choose 0 or more and less than 1"),
        ("word_dropout", word_dropout, 0 <= word_dropout < 1, "choose 0 or more and less than 1"),
        ("words", words, words > OTHER, "padding and the unknown word are two"),
        ("trigrams", trigrams, trigrams > OTHER, "padding and the unknown trigram are two"),
        ("tags", tags, tags > 0, "there is at least the tag of other words"),
        ("intents", intents, intents >= 0, "0 is for none"),
    ):
        if not fits:
            raise NetworkConfigurationError(setting, value, allowed)
    if vectors is not None and (inputs == "trigrams" or vectors.ndim != 2 or len(vectors) < words):
        raise NetworkConfigurationError(
            "vectors", tuple(vectors.shape), f"with words as inputs, a row for each of the {words}"
        )
    embedding = Embedding(
        _table(words, word_size) if inputs != "trigrams" else None,
        _table(trigrams, trigram_size) if inputs != "words" else None,
        StaticVectors(vectors) if vectors is not None else None,
        word_dropout,
        added=added,
    )
    if memory:
        encoder: FeedForward | Stack = _stack(
            partial(JordanCell, tags=tags) if cell == "jordan" else NETWORKS[cell],
            embedding.width,
            hidden,
            layers,
            bidirectional=bidirectional,
            dropout=dropout,
        )
    else:
        encoder = FeedForward(
            embedding.width, hidden, layers=layers, window=window, dropout=dropout
        )
    return SlotNetwork(
        embedding,
        encoder,
        _output(encoder, tags),
        nn.Linear(2 * encoder.width, intents) if intents else None,
        dropout,
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


def _stack(
    cell: Callable[[int, int], Cell],
    inputs: int,
    hidden: int,
    layers: int,
    *,
    bidirectional: bool,
    dropout: float,
) -> Stack:
    stacked: list[Recurrence | Bidirectional] = []
    for _ in range(layers):
        width = stacked[-1].width if stacked else inputs
        forth = Recurrence(cell(width, hidden))
        if bidirectional:
            back = Recurrence(cell(width, hidden), reverse=True)
            stacked.append(Bidirectional(forth, back))
        else:
            stacked.append(forth)
    return Stack(stacked, dropout)


def _output(encoder: FeedForward | Stack, tags: int) -> nn.Module:
    """What Jordan cells in the top layer answer, or else a layer that reads the encoder."""
    if isinstance(encoder, Stack):
        top = encoder.layers[len(encoder.layers) - 1].modules()
        if answers := [cell.V for cell in top if isinstance(cell, JordanCell)]:
            return SumOfAnswers(answers)
    return nn.Linear(encoder.width, tags)
