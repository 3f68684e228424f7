"""Several networks that answer as one."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Ensemble(nn.Module):
    """Scores are logarithms of the mean of the networks' probabilities."""

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(
        self, words: Tensor, trigrams: Tensor, lengths: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """As one network does."""
        found = [network(words, trigrams, lengths) for network in self.networks]
        intent_scores = [of_intents for _, of_intents in found if of_intents is not None]
        return (
            _log_mean_probability([of_tags for of_tags, _ in found]),
            _log_mean_probability(intent_scores) if intent_scores else None,
        )


def _log_mean_probability(scores: Sequence[Tensor]) -> Tensor:
    """scores: (…, labels) each; result: (…, labels)."""
    return torch.stack(list(scores)).log_softmax(dim=-1).logsumexp(dim=0) - math.log(len(scores))
