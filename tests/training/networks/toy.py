"""Networks so small that their numbers can be looked at."""

from typing import Any

from torch import Tensor

from training.networks import NetworkSpecification, SlotNetwork, build

SMALL: dict[str, Any] = {
    "cell": "lstm",
    "hidden": 4,
    "layers": 1,
    "bidirectional": False,
    "window": 1,
    "inputs": "both",
    "word_size": 100,
    "trigram_size": 100,
    "combine": "concat",
    "dropout": 0.0,
    "word_dropout": 0.0,
    "vector_dropout": 0.0,
    "trigram_dropout": 0.0,
    "words": 9,
    "trigrams": 9,
    "letter_trigrams": 0,
    "tags": 5,
    "intents": 0,
}


def small(*, vectors: Tensor | None = None, **settings: Any) -> SlotNetwork:
    """A network of these settings, and else a small one."""
    return build(NetworkSpecification(**SMALL | settings), vectors)
