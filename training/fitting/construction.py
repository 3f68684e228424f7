"""Building the network and the featurizer for an experiment and its data."""

import numpy as np
import torch
from numpy.typing import NDArray

from app.tagging.features import Featurizer
from app.tagging.lexicon import Lexicon
from app.tagging.vocabulary import Vocabulary
from training.corpora.vocabularies import Vocabularies
from training.errors import ExperimentError
from training.experiment import Experiment
from training.fitting.checkpoint import Checkpoint
from training.networks import NetworkConfigurationError, NetworkSpecification, SlotNetwork, build


def best_network(checkpoint: Checkpoint) -> SlotNetwork:
    """The network of the best epoch, as it will serve."""
    network = build_network(checkpoint.experiment, checkpoint.vocabularies)
    network.load_state_dict(checkpoint.best)
    if checkpoint.calibration is not None and checkpoint.calibration.outside_bias:
        network.raise_outside(checkpoint.calibration.outside_bias)
    return network.eval()


def featurizer_of(vocabularies: Vocabularies, *, spell_all: bool = False) -> Featurizer:
    """
    The featurizer of these vocabularies, the same as in serving.

    With `spell_all` it is for networks in training, which decide what they know of a word.
    """
    return Featurizer(
        Vocabulary(vocabularies.all_words),
        Vocabulary(vocabularies.trigrams),
        Lexicon(vocabularies.lexicon),
        spell_all=spell_all,
    )


def build_network(
    experiment: Experiment,
    vocabularies: Vocabularies,
    vectors: NDArray[np.float32] | None = None,
) -> SlotNetwork:
    """
    Build an untrained network with the sizes that the data need.

    If the vocabularies have vectors and `vectors` is None, the weights for them are zeros, to be
    loaded later. Raises ExperimentError if the settings make no network.
    """
    if vectors is None and vocabularies.vector_size:
        rows = len(Vocabulary(vocabularies.all_words))
        vectors = np.zeros((rows, vocabularies.vector_size), np.float32)
    table = None if vectors is None else torch.from_numpy(vectors)
    try:
        return build(specification_of(experiment, vocabularies), table)
    except NetworkConfigurationError as error:
        raise ExperimentError(f"experiment {experiment.name}, [network]: {error}") from error


def specification_of(experiment: Experiment, vocabularies: Vocabularies) -> NetworkSpecification:
    """
    The specification of the network: the experiment's settings with the sizes of the data.

    Raises NetworkConfigurationError.
    """
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
        vector_dropout=experiment.training.vector_dropout,
        trigram_dropout=experiment.training.trigram_dropout,
        letter_trigrams=vocabularies.letter_trigrams,
        words=len(Vocabulary(vocabularies.words)),
        trigrams=len(Vocabulary(vocabularies.trigrams)),
        tags=1 + 2 * len(vocabularies.slots),
        intents=len(vocabularies.intents),
    )
