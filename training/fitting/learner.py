"""A network in training: one update of its weights, and the state that is kept between epochs."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.lr_scheduler import ConstantLR, LRScheduler, OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.corpora.vocabularies import Vocabularies
from training.experiment import Experiment, TrainingSettings
from training.fitting.batches import Batch
from training.fitting.construction import build_network
from training.fitting.loss import batch_loss
from training.networks import SlotNetwork


@dataclass(frozen=True, slots=True)
class Learner:
    """
    Everything that changes from one batch to the next.

    averaged: the running mean of the network's weights, which is what will serve. random: the
    generator for choosing and changing sentences.
    """

    settings: TrainingSettings
    network: SlotNetwork
    averaged: AveragedModel
    optimizer: torch.optim.Optimizer
    schedule: LRScheduler
    random: np.random.Generator

    def step(self, batch: Batch) -> Tensor:
        """Update the weights for a batch, and return its loss."""
        self.optimizer.zero_grad()
        is_crf = self.settings.loss == "crf"
        loss = batch_loss(self.network, batch, self.settings.intent_weight, is_crf=is_crf)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.max_grad_norm)
        self.optimizer.step()
        self.schedule.step()
        self.averaged.update_parameters(self.network)
        return loss.detach()

    def state(self) -> dict[str, Any]:
        """A copy of the whole state, random generators included."""
        return {
            **{name: copy.deepcopy(part.state_dict()) for name, part in self._parts().items()},
            "torch_random": torch.get_rng_state(),
            "numpy_random": self.random.bit_generator.state,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Restore what `state` returned."""
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        torch.set_rng_state(state["torch_random"])
        self.random.bit_generator.state = state["numpy_random"]

    def _parts(self) -> dict[str, Any]:
        names = ("network", "averaged", "optimizer", "schedule")
        return {name: getattr(self, name) for name in names}


def new_learner(
    experiment: Experiment,
    vocabularies: Vocabularies,
    vectors: NDArray[np.float32] | None,
    steps: int,
) -> Learner:
    """
    A new network with an optimizer for `steps` updates; the experiment's seed decides its weights.

    Raises ExperimentError if the settings make no network.
    """
    settings = experiment.training
    torch.manual_seed(experiment.seed)
    network = build_network(experiment, vocabularies, vectors)
    optimizer = torch.optim.AdamW(
        network.parameters(),
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
        fused=True,  # one pass over the weights, of which most are vectors of words
    )
    schedule: LRScheduler = ConstantLR(optimizer, factor=1.0)
    if settings.schedule == "one-cycle":
        schedule = OneCycleLR(optimizer, settings.learning_rate, total_steps=steps)
    # Early in training a long memory would remember mostly the initial weights.
    decay = min(settings.ema_decay, 1 - 10 / (steps + 10))
    average = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(network, multi_avg_fn=average)
    random = np.random.default_rng(experiment.seed)
    return Learner(settings, network, averaged, optimizer, schedule, random)
