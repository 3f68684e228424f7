"""The stored results of a fit: its training, the answers of its bundle, and its latency."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import onnxruntime
from numpy.typing import NDArray
from pydantic import TypeAdapter

from app.tagging.bundle import Bundle, open_bundle
from app.tagging.decoder import of_slots, softmax
from app.tagging.features import read_tokens
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import tokenize
from training.corpora.loading import Data
from training.evaluation.metrics import span_counts
from training.fitting.checkpoint import Checkpoint
from training.fitting.construction import build_network

BUNDLE = "bundle"
TRAINING = "training.json"
ANSWERS = "answers.json"
LATENCY = "latency.json"

CITIES = ("Taipei", "Boston")
VERBS = ("arrive", "leave")
SENTENCES = {city: tuple(f"{verb} {city} on November 2nd" for verb in VERBS) for city in CITIES}
# How far a network remembers the verb: the same word again and again before the city.
GAPS = (0, 1, 2, 3, 4, 6, 8, 12, 16)
REMEMBERED = {gap: tuple(f"{verb} {'please ' * gap}Boston" for verb in VERBS) for gap in GAPS}

# Twelve words; latency is measured on this sentence.
TIMED = "show me flights arriving in Taipei on November 2nd before ten tonight"


@dataclass(frozen=True, slots=True)
class Training:
    """
    The training of a fit.

    parameters: of the whole network. memory_parameters: of the layers between embedding and output.
    seconds: processor time. losses, dev_f1: one per epoch.
    """

    parameters: int
    memory_parameters: int
    bundle_bytes: int
    seconds: float
    best_epoch: int
    losses: list[float]
    dev_f1: list[float]

    @property
    def late_rise(self) -> float:
        """The rise of the best F1 on dev over the last quarter of the epochs, in points."""
        last = max(1, len(self.dev_f1) // 4)
        return max(self.dev_f1) - max(self.dev_f1[:-last], default=0.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The tokens of a sentence, and for each the probability of no slot and of each slot.

    The network gives them for each word by itself, without the constraints of the decoder.
    """

    tokens: list[str]
    distributions: list[list[float]]


@dataclass(frozen=True, slots=True)
class Answers:
    """
    The answers of a bundle.

    dev_tags, held_out_tags: one per token for each query of dev, and of the held-out sentences.
    train_counts: (queries, 4), as span_counts returns them. slots: the names that the distributions
    have after no slot. answers: by sentence.
    """

    dev_tags: list[list[str]]
    train_counts: list[list[int]]
    slots: list[str]
    answers: dict[str, Answer]
    held_out_tags: list[list[str]] = field(default_factory=list)


Kept = TypeVar("Kept", Training, Answers)


def write_result(path: Path, result: Training | Answers) -> None:
    """Write a result file in one step."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(TypeAdapter(type(result)).dump_json(result))
    unfinished.replace(path)


def read_result(path: Path, kind: type[Kept]) -> Kept:
    """Read what write_result wrote."""
    return TypeAdapter(kind).validate_json(path.read_bytes())


def training_of(checkpoint: Checkpoint, bundle: Path) -> Training:
    """The training of a run that has ended and whose bundle is exported."""
    network = build_network(checkpoint.experiment, checkpoint.vocabularies)
    output = {id(weight) for weight in network.output.parameters()}  # of a Jordan cell, its own
    memory = [weight for weight in network.encoder.parameters() if id(weight) not in output]
    return Training(
        parameters=sum(weight.numel() for weight in network.parameters()),
        memory_parameters=sum(weight.numel() for weight in memory),
        bundle_bytes=sum(file.stat().st_size for file in bundle.iterdir()),
        seconds=checkpoint.seconds,
        best_epoch=checkpoint.best_epoch,
        losses=[epoch.loss for epoch in checkpoint.history],
        dev_f1=[epoch.dev_f1 for epoch in checkpoint.history],
    )


def answers_of(bundle: Bundle, data: Data) -> Answers:
    """The answers of a bundle: tags as the service gives, distributions as the network."""
    tagger = Tagger(bundle)
    dev, train, held_out = (
        [tagging.tags for tagging in tagger.tag_tokens([each.tokens for each in utterances])]
        for utterances in (data.dev, data.train, data.held_out)
    )
    counts = span_counts(data.train, train)
    asked = [text for texts in [*SENTENCES.values(), *REMEMBERED.values()] for text in texts]
    answers = {}
    for text in asked:
        tokens = [token.text for token in tokenize(text)]
        answers[text] = Answer(tokens, of_slots(softmax(tagger.scores(tokens))).tolist())
    return Answers(dev, counts.tolist(), list(tagger.slots), answers, held_out)


class LatencyTimer:
    """Times single sentences in onnxruntime, on one thread."""

    def __init__(self, folder: Path) -> None:
        bundle = open_bundle(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            bundle.contents.graph, options, providers=["CPUExecutionProvider"]
        )
        reading = read_tokens(TIMED.split(), punctuation=True)
        features = bundle.featurizer([reading.words])
        self._feeds: dict[str, NDArray[Any]] = {
            "words": features.words,
            "trigrams": features.trigrams,
            "lengths": features.lengths,
        }

    def milliseconds(self, answers: int) -> list[float]:
        """The time of each of so many answers, after as many for warming up."""
        times = []
        for _ in range(2 * answers):
            began = time.perf_counter()
            self._session.run(None, self._feeds)
            times.append(1000 * (time.perf_counter() - began))
        return times[answers:]
