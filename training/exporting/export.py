"""A trained network → a bundle; one whose graph deviates from torch is refused."""

import importlib.metadata
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from app.tagging.bundle import Contents, Example, Manifest, open_bundle, write_bundle
from app.tagging.features import Features
from app.tagging.slots import tag_names
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import tokenize
from app.tagging.vocabulary import PADDING, UNKNOWN
from training.corpora.slot_types import read_slot_types
from training.corpora.vocabularies import Vocabularies
from training.errors import ExperimentError, ParityError
from training.evaluation.calibration import Calibration
from training.exporting.onnx_graph import network_graph
from training.fitting.checkpoint import Checkpoint
from training.fitting.construction import best_network, featurizer_of
from training.networks import SlotNetwork

PARITY = 1e-4
_PACKAGES = ("torch", "onnx", "onnxruntime", "numpy")
_LENGTHS = (1, 2, 7, 19, 40)


def export(checkpoint: Checkpoint, folder: Path) -> Manifest:
    """
    Write the bundle of the checkpoint's best epoch.

    Raises ParityError where onnxruntime's scores and torch's differ by more than 1e-4,
    ExperimentError where there is no such epoch or the types of slots cannot be read.
    """
    experiment, vocabularies = checkpoint.experiment, checkpoint.vocabularies
    if not checkpoint.best:
        raise ExperimentError("the run has not finished an epoch yet: let it go on first")
    declared = read_slot_types(experiment, vocabularies.slots)
    network = best_network(checkpoint)
    calibration = checkpoint.calibration or Calibration()
    network.temperature = calibration.temperature
    network.intent_temperature = calibration.intent_temperature
    _round_tables(network)
    graph = network_graph(network).SerializeToString(deterministic=True)
    _check_parity(network, graph, vocabularies, experiment.seed)
    sentences = [
        [token.text for token in tokenize(text)] for text in experiment.examples
    ] or _own_sentences(vocabularies, experiment.seed)
    contents = Contents(
        graph,
        vocabularies.all_words,
        vocabularies.trigrams,
        vocabularies.slots,
        vocabularies.intents,
        [_example(network, vocabularies, tokens) for tokens in sentences],
        vocabularies.lexicon,
        declared.lists if declared else {},
    )
    about = {
        "name": experiment.name,
        "description": experiment.description,
        "languages": list(experiment.languages),
        "punctuation": "read" if vocabularies.punctuation else "ignored",
        "corpora": list(checkpoint.notes),
        "metrics": {
            "dev_slot_f1": round(checkpoint.best_f1, 2),
            "best_epoch": checkpoint.best_epoch,
            **_calibration_figures(calibration, intents=bool(vocabularies.intents)),
            **checkpoint.settled,
        },
        "seed": experiment.seed,
        "training_config": experiment.as_dict(),
        "packages": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in _PACKAGES},
        },
        "command": checkpoint.command,
        "types": declared and declared.types,
    }
    manifest = write_bundle(folder, contents, about)
    Tagger(open_bundle(folder))  # what would be refused when served is refused now
    return manifest


def _calibration_figures(calibration: Calibration, *, intents: bool) -> dict[str, float]:
    figures = {"temperature": round(calibration.temperature, 4)}
    if intents:
        figures["intent_temperature"] = round(calibration.intent_temperature, 4)
    if calibration.error is not None:
        figures["dev_calibration_error"] = round(calibration.error, 4)
    return figures


def _round_tables(network: SlotNetwork) -> None:
    """Round the embeddings, most of a bundle's bytes, to what half precision can hold."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.Embedding):
                module.weight.copy_(module.weight.half().float())


def _check_parity(
    network: SlotNetwork, graph: bytes, vocabularies: Vocabularies, seed: int
) -> None:
    """Compare scores at lengths and batch sizes that the graph was not made with."""
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(seed)
    for batch, longest in ((1, 3), (5, 23)):
        lengths = random.integers(1, longest, batch, endpoint=True).astype(np.int32)
        lengths[0] = longest
        padding = np.arange(longest) >= lengths[:, None]
        words = random.integers(
            UNKNOWN, len(vocabularies.all_words) + 2, (batch, longest), np.int32
        )
        trigrams = random.integers(
            PADDING, len(vocabularies.trigrams) + 2, (batch, longest, 4), np.int32
        )
        words[padding], trigrams[padding] = PADDING, PADDING
        features = Features(words, trigrams, lengths)
        expected = [scores for scores in _torch_scores(network, features) if scores is not None]
        found = session.run(
            ["tag_scores", "intent_scores"][: len(expected)],
            {"words": words, "trigrams": trigrams, "lengths": lengths},
        )
        # Only the words themselves: what stands past a sentence's end is nobody's.
        found[0], expected[0] = found[0][~padding], expected[0][~padding]
        for of_graph, of_torch in zip(found, expected, strict=True):
            deviation = float(np.abs(of_graph - of_torch).max())
            if not deviation <= PARITY:
                raise ParityError(deviation, PARITY)


def _torch_scores(network: SlotNetwork, features: Features) -> list[np.ndarray | None]:
    with torch.no_grad():
        scores = network(
            torch.from_numpy(features.words),
            torch.from_numpy(features.trigrams),
            torch.from_numpy(features.lengths),
        )
    return [None if part is None else part.numpy() for part in scores]


def _example(network: SlotNetwork, vocabularies: Vocabularies, tokens: Sequence[str]) -> Example:
    words = vocabularies.read(tokens).words
    scores = _torch_scores(network, featurizer_of(vocabularies)([words]))[0]
    assert scores is not None, "every network scores tags"
    names = tag_names(vocabularies.slots)
    tags = [names[tag] for tag in scores[0].argmax(axis=1)]
    return Example(list(tokens), tags, [[round(float(s), 5) for s in row] for row in scores[0]])


def _own_sentences(vocabularies: Vocabularies, seed: int) -> list[list[str]]:
    """Random words of the vocabulary and one that it lacks: sentences of no corpus."""
    random = np.random.default_rng(seed)
    words = vocabularies.words or ["Qxyzzy"]  # all may be rarer than the rarest that are kept
    return [
        ["Qxyzzy", *(str(word) for word in random.choice(words, length - 1))] for length in _LENGTHS
    ]
