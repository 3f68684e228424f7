"""From an experiment and what the data hold to a network, and to its featurizer."""

import numpy as np
import torch
from numpy.typing import NDArray

from app.tagging.features import Featurizer
from app.tagging.lexicon import Lexicon
from app.tagging.vocabulary import Vocabulary
from training.corpora.vocabularies import Inventory
from training.errors import ExperimentError
from training.experiment import Experiment
from training.fitting.checkpoint import Checkpoint
from training.networks import NetworkConfigurationError, NetworkSpecification, SlotNetwork, build


def best_network(checkpoint: Checkpoint) -> SlotNetwork:
    """The network of the best epoch, as it serves."""
    network = build_network(checkpoint.experiment, checkpoint.inventory)
    network.load_state_dict(checkpoint.best)
    return network.eval()


def featurizer_of(inventory: Inventory) -> Featurizer:
    """The featurizer that serving will have."""
    return Featurizer(
        Vocabulary(inventory.all_words),
        Vocabulary(inventory.trigrams),
        Lexicon(inventory.lexicon),
    )


def build_network(
    experiment: Experiment,
    inventory: Inventory,
    vectors: NDArray[np.float32] | None = None,
) -> SlotNetwork:
    """
    An untrained network of the sizes that the data ask for.

    Without `vectors`, where the inventory has some, there is room for them in the weights.

    Raises ExperimentError where the settings make no network.
    """
    if vectors is None and inventory.vector_size:
        rows = len(Vocabulary(inventory.all_words))
        vectors = np.zeros((rows, inventory.vector_size), np.float32)
    table = None if vectors is None else torch.from_numpy(vectors)
    try:
        return build(specification_of(experiment, inventory), table)
    except NetworkConfigurationError as error:
        raise ExperimentError(f"experiment {experiment.name}, [network]: {error}") from error


def specification_of(experiment: Experiment, inventory: Inventory) -> NetworkSpecification:
    """The experiment's settings with the sizes of the data; raises NetworkConfigurationError."""
    settings = experiment.network
    return NetworkSpecification(
        cell=settings.cell,
        hidden=settings.hidden,
        layers=settings.layers,
        bidirectional=settings.bidirectional,
        window=settings.window,
        inputs=settings.inputs,
        word_size=settings.word_size,
        trigram_size=settings.trigram_size,
        combine=settings.combine,
        dropout=settings.dropout,
        word_dropout=experiment.training.word_dropout,
        words=len(Vocabulary(inventory.words)),
        trigrams=len(Vocabulary(inventory.trigrams)),
        tags=1 + 2 * len(inventory.slots),
        intents=len(inventory.intents),
    )
