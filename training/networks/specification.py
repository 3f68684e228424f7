"""What a network is made of, checked before anything is made of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from training.networks.cells import (
    ElmanCell,
    FullPeepholeLSTMCell,
    GRUCell,
    InputGatesLSTMCell,
    JordanCell,
    LSTMCell,
    PeepholeLSTMCell,
)
from training.networks.feedforward import FeedForward
from training.networks.network import UNKNOWN

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
COMBINATIONS = ("concat", "sum")
MAX_LAYERS = 6


class NetworkConfigurationError(ValueError):
    """There is no such network; the message says what is allowed."""

    def __init__(self, setting: str, value: object, allowed: str) -> None:
        super().__init__(f"{setting} = {value!r} makes no network: {allowed}")
        self.setting = setting


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSpecification:
    """
    The kind of a network and its sizes.

    words and trigrams are sizes of vocabularies, padding and the unknown word included, and the
    first letter_trigrams of the trigrams are of letters; intents is 0 where none are to be told.
    combine: whether what is known of a word is put side by side ("concat") or added up ("sum");
    inputs: which of it is read, "words", "trigrams" or "both".
    Raises NetworkConfigurationError where there is no such network.
    """

    cell: str
    hidden: int
    layers: int
    bidirectional: bool
    window: int
    inputs: str
    word_size: int
    trigram_size: int
    combine: str
    dropout: float
    word_dropout: float
    vector_dropout: float
    trigram_dropout: float
    words: int
    trigrams: int
    letter_trigrams: int
    tags: int
    intents: int

    def __post_init__(self) -> None:
        recurrent, window = self.is_recurrent, self.window
        together = self.inputs == "both" and self.combine == "sum"
        for setting, fits, allowed in (
            ("cell", self.cell in NETWORKS, _one_of(NETWORKS)),
            ("layers", 1 <= self.layers <= MAX_LAYERS, f"choose from 1 to {MAX_LAYERS}"),
            ("bidirectional", recurrent or not self.bidirectional, "feedforward travels no way"),
            ("window", window > 0 and window % 2, "choose an odd number of words, 1, 3, 5 …"),
            ("window", window == 1 or not recurrent, f"only feedforward has one, not {self.cell}"),
            ("inputs", self.inputs in INPUTS, _one_of(INPUTS)),
            ("hidden", self.hidden > 0, "choose 1 or more"),
            ("word_size", self.word_size > 0, "choose 1 or more"),
            ("trigram_size", self.trigram_size > 0, "choose 1 or more"),
            ("combine", self.combine in COMBINATIONS, _one_of(COMBINATIONS)),
            (
                "combine",
                not together or self.word_size == self.trigram_size,
                "word_size and trigram_size must be equal",
            ),
            ("dropout", 0 <= self.dropout < 1, "choose 0 or more and less than 1"),
            ("word_dropout", 0 <= self.word_dropout < 1, "choose 0 or more and less than 1"),
            ("vector_dropout", 0 <= self.vector_dropout <= 1, "choose from 0 to 1"),
            ("trigram_dropout", 0 <= self.trigram_dropout < 1, "choose 0 or more and less than 1"),
            ("words", self.words > UNKNOWN, "padding and the unknown word are two"),
            ("trigrams", self.trigrams > UNKNOWN, "padding and the unknown trigram are two"),
            (
                "letter_trigrams",
                0 <= self.letter_trigrams <= self.trigrams,
                "they are trigrams",
            ),
            ("tags", self.tags > 0, "there is at least the tag of other words"),
            ("intents", self.intents >= 0, "0 is for none"),
        ):
            if not fits:
                raise NetworkConfigurationError(setting, getattr(self, setting), allowed)

    @property
    def is_recurrent(self) -> bool:
        """Whether the network has a memory."""
        return self.cell != "feedforward"


def _one_of(names: Iterable[str]) -> str:
    return f"choose from {', '.join(names)}"
