"""Graphs on a device beside the CPU: what they score, and how long their runs take."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from app.tagging.bundle import Bundle
from app.tagging.device import Device
from app.tagging.features import read_tokens
from app.tagging.session import providers_of
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import words_of
from benchmarks.sentences import alike, of_length

Arrays = dict[str, NDArray[np.int32]]
# Of the networks of `training`, which have random weights here.
_HIDDEN, _ENTRIES, _TAGS, _INTENTS = 64, 500, 9, 4
# A call that takes so many times the time that there is for all calls is not repeated.
_LONG = 10
_BATCHES = ((1, 1), (3, 7), (32, 23))


@dataclass(frozen=True, slots=True)
class Parity:
    """
    How far a graph's outputs on the device are from those on the CPU.

    sentences: how many were compared; other_slots: of these, how many got other slots; deviation:
    the greatest of an output; failure: why nothing was compared, if so.
    """

    name: str
    sentences: int = 0
    other_slots: int = 0
    deviation: float = 0.0
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Microseconds that one call takes: with `run`, with IOBinding, and from text to slots."""

    batch: int
    words: int
    cpu_run: float
    run: float
    bound: float
    cpu_tagger: float
    tagger: float


def open_graph(graph: bytes, device: Device) -> onnxruntime.InferenceSession:
    """
    A session with one thread, as the service has it.

    Raises ProviderUnavailableError where this onnxruntime cannot compute on the device.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=providers_of(device))


def is_on(session: onnxruntime.InferenceSession, device: Device) -> bool:
    """Whether the session computes there, and did not fall back to the CPU."""
    return device == "cpu" or session.get_providers()[0] != "CPUExecutionProvider"


def features_of(bundle: Bundle, texts: Sequence[str]) -> Arrays:
    """What the graph of the bundle takes, for texts of which none is empty."""
    featurizer = bundle.featurizer
    features = featurizer(
        [
            read_tokens(
                words_of(text, cut=featurizer.cut),
                punctuation=bundle.manifest.punctuation == "read",
                casing=featurizer.casing,
                shapes=featurizer.shapes,
                cut=featurizer.cut,
            ).words
            for text in texts
        ]
    )
    return {
        "words": features.words,
        "trigrams": features.trigrams,
        "lengths": features.lengths,
    }


def deviation(
    one: onnxruntime.InferenceSession, other: onnxruntime.InferenceSession, arrays: Arrays
) -> float:
    """The greatest difference of what two sessions say of the words that are there."""
    padding = np.arange(arrays["words"].shape[1]) >= arrays["lengths"][:, None]
    greatest = 0.0
    for left, right in zip(one.run(None, arrays), other.run(None, arrays), strict=True):
        apart = np.abs(left - right)
        if apart.ndim == 3:  # (sentences, words, tags); intents have no words
            apart[padding] = 0
        # NaN is no agreement, and max() would pass over it.
        greatest = max(greatest, float(np.nan_to_num(apart, nan=np.inf).max()))
    return greatest


def parity_of_bundle(bundle: Bundle, device: Device, texts: Sequence[str]) -> Parity:
    """Compare scores and slots of texts; opening the bundle there tests it."""
    name = bundle.manifest.name
    try:
        tagger = Tagger(bundle, device)
    except Exception as error:  # whatever it is belongs into the report
        return Parity(name, failure=" ".join(str(error).split()))
    here, there = (open_graph(bundle.contents.graph, each) for each in ("cpu", device))
    answers = zip(Tagger(bundle).tag_texts(texts), tagger.tag_texts(texts), strict=True)
    return Parity(
        name,
        len(texts),
        sum(
            [(slot.name, slot.start, slot.end) for slot in one.slots]
            != [(slot.name, slot.start, slot.end) for slot in other.slots]
            for one, other in answers
        ),
        deviation(here, there, features_of(bundle, texts)),
    )


def parities_of_networks(device: Device) -> Iterator[Parity]:
    """Compare the scores of every kind of network, one or both ways and one or two deep."""
    # Here, for what is above runs where torch is not installed.
    import torch

    from training.exporting.onnx_graph import network_graph
    from training.networks import NETWORKS, NetworkSpecification, build

    for cell in NETWORKS:
        for bidirectional in (False, True) if cell != "feedforward" else (False,):
            for layers in (1, 2):
                torch.manual_seed(1)
                specification = NetworkSpecification(
                    cell=cell,
                    hidden=_HIDDEN,
                    layers=layers,
                    bidirectional=bidirectional,
                    window=1,
                    inputs="both",
                    word_size=100,
                    trigram_size=100,
                    combine="concat",
                    dropout=0.0,
                    word_dropout=0.0,
                    vector_dropout=0.0,
                    trigram_dropout=0.0,
                    words=_ENTRIES,
                    trigrams=_ENTRIES,
                    letter_trigrams=0,
                    tags=_TAGS,
                    intents=_INTENTS,
                )
                network = build(specification).eval()
                graph = network_graph(network).SerializeToString()
                ways = "both ways" if bidirectional else "one way"
                yield _parity_of_network(f"{cell}, {ways}, {layers} deep", graph, device)


def _parity_of_network(name: str, graph: bytes, device: Device) -> Parity:
    random = np.random.default_rng(1)
    try:
        here, there = (open_graph(graph, each) for each in ("cpu", device))
        greatest = max(
            deviation(here, there, _random_arrays(random, batch, words))
            for batch, words in _BATCHES
        )
    except Exception as error:  # whatever it is belongs into the report
        return Parity(name, failure=" ".join(str(error).split()))
    return Parity(name, sum(batch for batch, _ in _BATCHES), 0, greatest)


def _random_arrays(random: np.random.Generator, batch: int, words: int) -> Arrays:
    lengths = random.integers(1, words, batch, np.int32, endpoint=True)
    lengths[0] = words
    padding = np.arange(words) >= lengths[:, None]
    arrays = {
        "words": random.integers(1, _ENTRIES, (batch, words), np.int32),
        "trigrams": random.integers(1, _ENTRIES, (batch, words, 4), np.int32),
    }
    for array in arrays.values():
        array[padding] = 0
    return arrays | {"lengths": lengths}


class BoundRun:
    """
    Runs of a session into memory of the device that is kept (IOBinding).

    Each run copies the inputs there and the outputs back, as a request needs it.
    """

    def __init__(
        self, session: onnxruntime.InferenceSession, device: Device, arrays: Arrays
    ) -> None:
        """arrays: of the shapes that all runs have."""
        place = "cpu" if session.get_providers()[0] == "CPUExecutionProvider" else device
        self._session = session
        self._binding = session.io_binding()
        self._inputs = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(array.copy(), place, 0)
            for name, array in arrays.items()
        }
        for name, value in self._inputs.items():
            self._binding.bind_ortvalue_input(name, value)
        self._outputs = []
        found = session.run(None, arrays)
        for output, array in zip(session.get_outputs(), found, strict=True):
            value = onnxruntime.OrtValue.ortvalue_from_shape_and_type(
                array.shape, array.dtype, place, 0
            )
            self._binding.bind_ortvalue_output(output.name, value)
            self._outputs.append(value)

    def __call__(self, arrays: Arrays) -> list[NDArray[np.float32]]:
        """The outputs, in the order of the graph."""
        for name, value in self._inputs.items():
            value.update_inplace(arrays[name])
        self._session.run_with_iobinding(self._binding)
        self._binding.synchronize_outputs()
        return [value.numpy() for value in self._outputs]


def timings(bundle: Bundle, device: Device, seconds: float) -> Callable[[int, int], Timing]:
    """What measures calls with so many sentences of so many words, for so many seconds each."""
    here, there = (open_graph(bundle.contents.graph, each) for each in ("cpu", device))
    tagger, other = Tagger(bundle), Tagger(bundle, device)

    def measure(batch: int, words: int) -> Timing:
        texts = [of_length(words, sentence) for sentence in alike(batch)]
        arrays = features_of(bundle, texts)
        bound = BoundRun(there, device, arrays)
        calls: tuple[Callable[[], object], ...] = (
            partial(here.run, None, arrays),
            partial(there.run, None, arrays),
            partial(bound, arrays),
            partial(tagger.tag_texts, texts),
            partial(other.tag_texts, texts),
        )
        return Timing(batch, words, *(microseconds(call, seconds) for call in calls))

    return measure


def microseconds(task: Callable[[], object], seconds: float) -> float:
    """
    The median of one call by the clock, since a device works while the processor waits.

    The first call, in which a device makes room, does not count, unless it took very long.
    """
    times: list[float] = []
    until = time.perf_counter() + seconds
    while len(times) < 2 or time.perf_counter() < until:
        began = time.perf_counter()
        task()
        times.append(time.perf_counter() - began)
        if times[0] > _LONG * seconds:
            break
    return 1e6 * statistics.median(times[1:] or times)


def break_even(costs: Mapping[int, tuple[float, float]]) -> int | None:
    """
    The batch from which on the device is quicker, of those measured; None where it never is.

    costs: for each batch what a call takes on the CPU and on the device.
    """
    found = None
    for batch in sorted(costs, reverse=True):
        cpu, device = costs[batch]
        if device >= cpu:
            break
        found = batch
    return found
