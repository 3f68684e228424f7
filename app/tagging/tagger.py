"""Text → slots, through one onnxruntime session."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnxruntime_state

from app.tagging.bundle import Bundle, Manifest
from app.tagging.decoder import Decoded, Decoder
from app.tagging.errors import BundleInvalidError, ProviderUnavailableError
from app.tagging.features import Reading, read_tokens
from app.tagging.graph import is_in_one_piece
from app.tagging.slots import OUTSIDE, Slot
from app.tagging.tokenizer import Token, tokenize

Provider = Literal["cpu", "cuda", "auto"]

_INPUTS = {"words", "trigrams", "lengths"}
# onnxruntime's exceptions have no root of their own.
_GRAPH_FAULTS = (
    onnxruntime_state.Fail,
    onnxruntime_state.InvalidArgument,
    onnxruntime_state.InvalidGraph,
    onnxruntime_state.InvalidProtobuf,
    onnxruntime_state.NotImplemented,
    onnxruntime_state.RuntimeException,
)
# Batches beyond this size gain no speed, and padding them costs memory.
_BATCH = 32
# What worked examples may deviate by: far above what another processor's rounding gives, far
# below what a wrong kernel does.
_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Tagging:
    """
    The answer for one sentence.

    tags, confidences: one a token, the confidence that of the tag; distributions: (tokens,
    1 + slots), of each token the probability of no slot and of each slot; intents: with their
    probabilities, the likeliest first, none where the bundle knows none.
    """

    tokens: list[Token]
    tags: list[str]
    confidences: list[float]
    slots: list[Slot]
    distributions: NDArray[np.float64]
    intents: list[tuple[str, float]]


# Told what was tagged together, and the seconds from words to scores and from scores to slots; in
# the thread that tags. Offsets in it are code points.
Watch = Callable[[list[Tagging], float, float], None]


class Tagger:
    """
    A bundle at work; `watch` is told of all that it does.

    Opening one runs its worked examples. Raises BundleInvalidError when their scores differ from
    those in the bundle, ProviderUnavailableError when `cuda` is asked for and cannot be had.
    """

    def __init__(self, bundle: Bundle, provider: Provider = "cpu", threads: int = 1) -> None:
        self.manifest: Manifest = bundle.manifest
        self.slots = tuple(bundle.contents.slots)
        self.intents = tuple(bundle.contents.intents)
        self._decoder = Decoder(self.slots)
        self._featurizer = bundle.featurizer
        self._session = _open_session(bundle, provider, threads)
        self.provider = self._session.get_providers()[0]
        self.watch: Watch | None = None
        self._prove(bundle)

    def tag_texts(self, texts: Sequence[str]) -> list[Tagging]:
        """Tag running texts; offsets count code points of each text."""
        began = time.perf_counter()
        tokens = [tokenize(text) for text in texts]
        sentences = [[token.text for token in each] for each in tokens]
        return self._tag(began, texts, tokens, sentences)

    def tag_tokens(self, sentences: Sequence[Sequence[str]]) -> list[Tagging]:
        """Tag sentences that are tokens already; slots' offsets count tokens."""
        began = time.perf_counter()
        texts = [" ".join(sentence) for sentence in sentences]
        tokens = [_joined(sentence) for sentence in sentences]
        return [_counted_in_tokens(each) for each in self._tag(began, texts, tokens, sentences)]

    def scores(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        """The graph's scores of one sentence: (words read of it, tags)."""
        return self._unpadded([self._read(tokens)])[0][0]

    def _read(self, tokens: Sequence[str]) -> Reading:
        return read_tokens(
            tokens,
            punctuation=self.manifest.punctuation == "read",
            casing=self._featurizer.casing,
        )

    def _tag(
        self,
        began: float,
        texts: Sequence[str],
        tokens: Sequence[list[Token]],
        sentences: Sequence[Sequence[str]],
    ) -> list[Tagging]:
        readings = [self._read(sentence) for sentence in sentences]
        found: list[Tagging | None] = [None] * len(texts)
        decoding = 0.0
        for batch in _batches(readings):
            chosen = [readings[number] for number in batch]
            tag_scores, intent_scores = self._scores(chosen)
            scored = time.perf_counter()
            decoded = self._decoder.decode(*_of_tokens(tag_scores, chosen))
            rankings = self._rankings(intent_scores)
            for number, one, ranking in zip(batch, decoded, rankings, strict=True):
                found[number] = self._tagging(
                    texts[number], tokens[number], readings[number], one, ranking
                )
            decoding += time.perf_counter() - scored
        taggings = [
            tagging or self._nothing(unread) for tagging, unread in zip(found, tokens, strict=True)
        ]
        if self.watch:
            self.watch(taggings, time.perf_counter() - began - decoding, decoding)
        return taggings

    def _scores(
        self, readings: Sequence[Reading]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Tag scores (sentences, words, tags), padded, and intent scores (sentences, intents)."""
        features = self._featurizer([reading.words for reading in readings])
        inputs = {
            "words": features.words,
            "trigrams": features.trigrams,
            "lengths": features.lengths,
        }
        tag_scores, *rest = self._session.run(None, inputs)
        return tag_scores, rest[0] if rest else np.empty((len(readings), 0), np.float32)

    def _nothing(self, tokens: list[Token]) -> Tagging:
        """The answer for a sentence of which the network reads nothing."""
        distributions = np.zeros((len(tokens), 1 + len(self.slots)))
        distributions[:, 0] = 1.0
        count = len(tokens)
        return Tagging(tokens, [OUTSIDE] * count, [1.0] * count, [], distributions, [])

    def _tagging(
        self,
        text: str,
        tokens: list[Token],
        reading: Reading,
        decoded: Decoded,
        ranking: list[tuple[str, float]],
    ) -> Tagging:
        distributions = self._decoder.distributions(decoded.probabilities)
        if None not in reading.heads:
            slots = _slots(text, tokens, decoded)
            return Tagging(tokens, decoded.tags, decoded.confidences, slots, distributions, ranking)
        read = [number for number, head in enumerate(reading.heads) if head is not None]
        slots = _slots(text, [tokens[number] for number in read], decoded)
        whole = self._nothing(tokens)
        # A token that the network did not read, but between two of a slot, belongs to it
        # (New York, NY); any other fills none.
        before = -1
        for word, token in enumerate(read):
            inside = decoded.tags[word].startswith("I-")
            for number in range(before + 1 if inside else token, token + 1):
                whole.tags[number] = decoded.tags[word]
                whole.confidences[number] = decoded.confidences[word]
                whole.distributions[number] = distributions[word]
            before = token
        return replace(whole, slots=slots, intents=ranking)

    def _rankings(self, scores: NDArray[np.float32]) -> list[list[tuple[str, float]]]:
        """Of each sentence the intents, the likeliest first; scores: (sentences, intents)."""
        if not self.intents:
            return [[] for _ in scores]
        rankings = []
        for row in scores.tolist():
            most = max(row)
            masses = [exp(score - most) for score in row]
            whole = sum(masses)
            order = sorted(range(len(row)), key=masses.__getitem__, reverse=True)
            rankings.append([(self.intents[number], masses[number] / whole) for number in order])
        return rankings

    def _unpadded(
        self, readings: Sequence[Reading]
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        nothing = np.empty((0, len(self._decoder.tags)), np.float32), np.empty(0, np.float32)
        found = [nothing] * len(readings)
        for batch in _batches(readings):
            tag_scores, intent_scores = self._scores([readings[number] for number in batch])
            for at, number in enumerate(batch):
                found[number] = tag_scores[at, : len(readings[number].words)], intent_scores[at]
        return found

    def _prove(self, bundle: Bundle) -> None:
        """Refuse a graph, or a provider, that gives other scores than the bundle promises."""
        examples = bundle.contents.examples
        readings = [self._read(example.tokens) for example in examples]
        if not any(reading.words for reading in readings):
            raise BundleInvalidError(self.manifest.name, "it has no worked example to be proved on")
        try:
            promised = [np.array(example.scores, np.float32) for example in examples]
            together = self._unpadded(readings)
            alone = [self._unpadded([reading])[0] for reading in readings]
            self._look_up_last_entries()
        except (IndexError, ValueError, *_GRAPH_FAULTS) as error:
            raise BundleInvalidError(
                self.manifest.name, f"its worked examples cannot be computed: {error}"
            ) from error
        for number, (example, expected) in enumerate(zip(examples, promised, strict=True)):
            for found, intents in (alone[number], together[number]):
                if self.intents and intents.shape != (len(self.intents),):
                    fault = f"gives scores of {intents.size} intents, not {len(self.intents)}"
                elif found.shape[1] != len(self._decoder.tags):
                    fault = f"gives scores of {found.shape[1]} tags, not {len(self._decoder.tags)}"
                elif found.shape != expected.shape:
                    fault = f"gives scores of shape {found.shape}, not {expected.shape}"
                elif not np.allclose(found, expected, rtol=_TOLERANCE, atol=_TOLERANCE):
                    deviation = float(np.abs(found - expected).max())
                    fault = f"gives scores that are off by {deviation:.3g}"
                else:
                    continue
                raise BundleInvalidError(
                    self.manifest.name,
                    f"its worked example {' '.join(example.tokens)!r} {fault} on {self.provider}",
                    "export it again, or run it on another provider",
                )

    def _look_up_last_entries(self) -> None:
        """A graph that knows fewer words than its bundle would fail at somebody's request."""
        last_word, last_trigram = (
            len(self._featurizer.words) - 1,
            len(self._featurizer.trigrams) - 1,
        )
        self._session.run(
            None,
            {
                "words": np.array([[last_word]], np.int32),
                "trigrams": np.array([[[last_trigram]]], np.int32),
                "lengths": np.array([1], np.int32),
            },
        )


def _open_session(bundle: Bundle, provider: Provider, threads: int) -> onnxruntime.InferenceSession:
    available = onnxruntime.get_available_providers()
    if provider == "cuda" and "CUDAExecutionProvider" not in available:
        raise ProviderUnavailableError(
            "the provider cuda was asked for and this onnxruntime has none: install "
            "onnxruntime-gpu in place of onnxruntime, or set SLOTLINE_PROVIDER=cpu"
        )
    if provider != "cpu":
        onnxruntime.preload_dlls()  # CUDA's libraries, where pip has put them
    providers = ["CPUExecutionProvider"]
    if provider != "cpu" and "CUDAExecutionProvider" in available:
        providers.insert(0, "CUDAExecutionProvider")
    _check_graph(bundle)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(bundle.contents.graph, options, providers=providers)
    except _GRAPH_FAULTS as error:
        raise BundleInvalidError(
            bundle.manifest.name, f"onnxruntime cannot open its graph: {error}"
        ) from error
    # It keeps the bytes that it has read, for a change of providers that never comes.
    session._model_bytes = None
    if {entry.name for entry in session.get_inputs()} != _INPUTS:
        raise BundleInvalidError(
            bundle.manifest.name, f"its graph must take just {', '.join(sorted(_INPUTS))}"
        )
    if provider == "cuda" and session.get_providers()[0] != "CUDAExecutionProvider":
        raise ProviderUnavailableError(
            "the provider cuda was asked for and onnxruntime fell back to "
            f"{session.get_providers()[0]}: check the CUDA libraries and the driver, or set "
            "SLOTLINE_PROVIDER=cpu"
        )
    return session


def _check_graph(bundle: Bundle) -> None:
    """Refuse a graph that would make onnxruntime read another file, or is in another format."""
    try:
        if is_in_one_piece(bundle.contents.graph):
            return
    except ValueError as error:
        raise BundleInvalidError(bundle.manifest.name, f"its graph is not ONNX: {error}") from error
    raise BundleInvalidError(
        bundle.manifest.name,
        "its graph has external data, and a bundle's graph is one file",
        "export it with its values inside",
    )


def _batches(readings: Sequence[Reading]) -> Iterator[list[int]]:
    """Numbers of readings, alike lengths side by side, so that little is padded; no empty ones."""
    filled = [number for number, reading in enumerate(readings) if reading.words]
    filled.sort(key=lambda number: len(readings[number].words))
    for start in range(0, len(filled), _BATCH):
        yield filled[start : start + _BATCH]


def _of_tokens(
    scores: NDArray[np.float32], readings: Sequence[Reading]
) -> tuple[NDArray[np.float32], list[int]]:
    """Of the scores of all words those of tokens' first ones, and how many these are."""
    heads = [[head for head in reading.heads if head is not None] for reading in readings]
    lengths = [len(own) for own in heads]
    if all(len(reading.words) == length for reading, length in zip(readings, lengths, strict=True)):
        return scores, lengths
    longest = max(lengths)
    padded = np.array([own + [0] * (longest - len(own)) for own in heads])
    return np.take_along_axis(scores, padded[:, :, np.newaxis], axis=1), lengths


def _slots(text: str, tokens: Sequence[Token], decoded: Decoded) -> list[Slot]:
    """The spans as stretches of the text."""
    slots = []
    for span, confidence in zip(decoded.spans, decoded.span_confidences, strict=True):
        start, end = tokens[span.start].start, tokens[span.end - 1].end
        slots.append(Slot(span.name, text[start:end], start, end, confidence))
    return slots


def _joined(tokens: Sequence[str]) -> list[Token]:
    """The tokens with their places in the text that blanks between them make."""
    joined, start = [], 0
    for token in tokens:
        joined.append(Token(token, start, start + len(token)))
        start += len(token) + 1
    return joined


def _counted_in_tokens(tagging: Tagging) -> Tagging:
    """The same answer with every offset counting tokens."""
    starts = {token.start: number for number, token in enumerate(tagging.tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(tagging.tokens)}
    tokens = [Token(token.text, at, at + 1) for at, token in enumerate(tagging.tokens)]
    slots = [
        Slot(slot.name, slot.value, starts[slot.start], ends[slot.end], slot.confidence)
        for slot in tagging.slots
    ]
    return Tagging(
        tokens, tagging.tags, tagging.confidences, slots, tagging.distributions, tagging.intents
    )
