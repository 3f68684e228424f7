"""Text → slots, through one onnxruntime session."""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import compress, repeat
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.tagging.abbreviations import with_point
from app.tagging.bundle import Bundle, Manifest
from app.tagging.decoder import Decoded, Decoder, softmax
from app.tagging.device import Device
from app.tagging.errors import BundleInvalidError
from app.tagging.features import EncodedSentence, read_tokens, without_capital
from app.tagging.length_batches import length_batches
from app.tagging.partners import apart, with_partners
from app.tagging.session import GRAPH_ERRORS, open_session, outputs_of
from app.tagging.slots import Slot, Span, write_tags
from app.tagging.tokenizer import Token, ends_of, tokenize, words_of
from app.tagging.value_lists import ListFinder, ValueList, ValueSet, added_scores, closed_slots
from app.tagging.vocabulary import UNKNOWN

# What verification examples may deviate by: far above what another processor's rounding gives, far
# below what a wrong kernel does.
_TOLERANCE = 1e-3
# Intents that are told.
_RANKED = 5

T = TypeVar("T")

# Scores and their probabilities.
_Output = tuple[NDArray[np.float32], NDArray[np.float32]]


class TaggedSentence:
    """
    The answer for one sentence.

    slots, in its order; intents: the likeliest, five at most, with their probabilities, none where
    the bundle knows none; size: how many tokens it has. What is seldom asked for is worked out
    when it is. Offsets are code points of a text, or tokens where tokens were given.
    """

    __slots__ = ("_cut", "_decoded", "_first_words", "_sentence", "_spans", "intents", "slots")

    def __init__(
        self,
        sentence: str | Sequence[str],
        first_words: Sequence[int | None],
        decoded: Decoded,
        spans: Sequence[Span],
        slots: list[Slot],
        intents: list[tuple[str, float]],
        *,
        cut: bool = False,
    ) -> None:
        """spans: the slots as stretches of all tokens; cut: how `tokenize` made these."""
        self._cut = cut
        self._sentence = sentence
        self._first_words = first_words
        self._decoded = decoded
        self._spans = spans
        self.slots = slots
        self.intents = intents

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return len(self._first_words)

    @property
    def tokens(self) -> list[Token]:
        """All of them, those that the network does not read too."""
        if isinstance(self._sentence, str):
            return tokenize(self._sentence, cut=self._cut)
        return [Token(token, at, at + 1) for at, token in enumerate(self._sentence)]

    @property
    def tags(self) -> list[str]:
        """One a token."""
        return write_tags(self._spans, self.size)

    @property
    def confidences(self) -> list[float]:
        """One a token, the probability of its tag."""
        return self._of_tokens(self._decoded.confidences, 1.0)

    @property
    def distributions(self) -> NDArray[np.float64]:
        """Of each token the probability of no slot, and of each slot: (tokens, 1 + slots)."""
        rows = self._decoded.distributions
        outside = np.eye(1, rows.shape[1])[0]
        return np.array(self._of_tokens(list(rows), outside)).reshape(-1, len(outside))

    def _of_tokens(self, read: Sequence[T], unread: T) -> list[T]:
        """
        What is known of the tokens that the network reads, for all.

        One that it does not read, but within a slot (New York, NY), has what the next word has; any
        other fills none.
        """
        words = iter(read)
        of_tokens = [unread if head is None else next(words) for head in self._first_words]
        for span in self._spans:
            tokens = range(span.start, span.end)
            last = max(at for at in tokens if self._first_words[at] is not None)
            for at in (*reversed(range(span.start, last)), *range(last + 1, span.end)):
                if self._first_words[at] is None:
                    of_tokens[at] = of_tokens[at + 1 if at < last else last]
        return of_tokens


# Called with what was tagged together, and the seconds from words to scores and from scores to
# slots; in the thread that tags.
TaggerObserver = Callable[[list[TaggedSentence], float, float], None]


class Tagger:
    """
    A bundle at work; `observer` is called with all that it does.

    Opening one runs its verification examples. Raises BundleInvalidError when their scores differ
    from those in the bundle, ProviderUnavailableError when `cuda` is asked for and cannot be had.
    """

    def __init__(self, bundle: Bundle, provider: Device = "cpu", threads: int = 1) -> None:
        self.manifest: Manifest = bundle.manifest
        self.slots = tuple(bundle.contents.slots)
        self.intents = tuple(bundle.contents.intents)
        self._numbers = {slot: number for number, slot in enumerate(self.slots)}
        self._decoder = Decoder(self.slots)
        self._featurizer = bundle.featurizer
        self.cut = self._featurizer.cut  # how `tokenize` makes the tokens of texts
        self._outputs = outputs_of(bundle)
        self._session = open_session(bundle, provider, threads)
        self.provider = self._session.get_providers()[0]
        self.observer: TaggerObserver | None = None
        self._finder: ListFinder | None = None
        self._closed: Mapping[str, Sequence[ValueSet]] = {}
        self._self_test(bundle)

    @property
    def reading(self) -> tuple[bool, ...]:
        """Equal for taggers that read the same words in a value of a list."""
        return self.manifest.punctuation == "read", self._featurizer.shapes, self.cut

    def with_lists(self, lists: Sequence[ValueList]) -> "Tagger":
        """The same tagger, sharing its session, with these lists of values in place of its own."""
        tagger = copy.copy(self)
        tagger._finder = ListFinder(lists) if lists else None
        tagger._closed = closed_slots(lists)
        return tagger

    def words_of_value(self, value: str) -> tuple[str, ...]:
        """The words that the network reads of a value, as lists hold them."""
        return self._words_of(words_of(value, cut=self.cut))

    def _words_of(self, tokens: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(without_capital, self._read(tokens).words))

    def tag_texts(self, texts: Sequence[str]) -> list[TaggedSentence]:
        """Tag running texts; offsets count code points of each text."""
        began = time.perf_counter()
        return self._tag(began, texts, [words_of(text, cut=self.cut) for text in texts])

    def tag_tokens(self, sentences: Sequence[Sequence[str]]) -> list[TaggedSentence]:
        """Tag sentences that are tokens already; slots' offsets count tokens."""
        return self._tag(time.perf_counter(), sentences, sentences)

    def scores(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        """The graph's scores of one sentence: (words read of it, tags)."""
        return self._unpadded([self._read(tokens)])[0][0][0]

    def _read(self, tokens: Sequence[str]) -> EncodedSentence:
        return read_tokens(
            tokens,
            punctuation=self.manifest.punctuation == "read",
            casing=self._featurizer.casing,
            shapes=self._featurizer.shapes,
            cut=self.cut,
        )

    def _tag(
        self,
        began: float,
        sentences: Sequence[str | Sequence[str]],
        tokens: Sequence[Sequence[str]],
    ) -> list[TaggedSentence]:
        readings = [self._read(sentence) for sentence in tokens]
        tagged: list[TaggedSentence | None] = [None] * len(readings)
        decoding = 0.0
        for batch in length_batches(readings):
            chosen = [readings[number] for number in batch]
            outputs = self._run(chosen)
            scored = time.perf_counter()
            lengths = [len(reading.words) for reading in chosen]
            decoded = self._decoder.decode(outputs[0], lengths, outputs[1])
            rankings = self._rankings(*outputs[2:]) if self.intents else repeat([])
            for number, one, intents in zip(batch, decoded, rankings, strict=False):
                sentence, reading = sentences[number], readings[number]
                of_tokens = one
                if not reading.is_plain:
                    first_words = [head for head in reading.first_words if head is not None]
                    of_tokens = self._decoder.of_tokens(one, first_words)
                spans, confidences = _spans(tokens[number], reading, of_tokens)
                if self._closed:
                    kept = [self._is_value(tokens[number], span) for span in spans]
                    of_tokens = _without(of_tokens, reading, spans, kept)
                    spans = [*compress(spans, kept)]
                    confidences = [*compress(confidences, kept)]
                slots = _slots(sentence, tokens[number], spans, confidences)
                tagged[number] = TaggedSentence(
                    sentence,
                    reading.first_words,
                    of_tokens,
                    spans,
                    slots,
                    intents,
                    cut=self.cut,
                )
            decoding += time.perf_counter() - scored
        taggings = [
            tagging
            or TaggedSentence(
                sentence,
                reading.first_words,
                self._decoder.empty,
                [],
                [],
                [],
                cut=self.cut,
            )
            for tagging, sentence, reading in zip(tagged, sentences, readings, strict=True)
        ]
        if self.observer:
            self.observer(taggings, time.perf_counter() - began - decoding, decoding)
        return taggings

    def _is_value(self, tokens: Sequence[str], span: Span) -> bool:
        """Whether a span may be a value of its slot, of which a closed list may hold all."""
        values = self._closed.get(span.name)
        if values is None:
            return True
        words = self._words_of(tokens[span.start : span.end])
        return any(words in value_set for value_set in values)

    def _run(self, readings: Sequence[EncodedSentence]) -> list[NDArray[np.float32]]:
        """
        What the graph makes of sentences, padded.

        Tag scores and probabilities: (sentences, words, tags); where the bundle knows intents,
        their scores and probabilities: (sentences, intents).
        """
        sentences = [reading.words for reading in readings]
        features = self._featurizer(sentences)
        inputs = {
            "words": features.words,
            "trigrams": features.trigrams,
            "lengths": features.lengths,
        }
        outputs: list[NDArray[np.float32]] = self._session.run(self._outputs, inputs)
        if self._finder:
            found = [*map(self._finder, sentences)]
            if any(found):
                self._add_scores(found, features.words == UNKNOWN, *outputs[:2])
        return outputs

    def _add_scores(
        self,
        found: Sequence[Sequence[Span]],
        unknown: NDArray[np.bool_],
        scores: NDArray[np.float32],
        probabilities: NDArray[np.float32],
    ) -> None:
        """
        Let words that are in lists score more, in place.

        found: of each sentence; unknown: (sentences, words); the others as `_run` gives them.
        """
        more = [
            (row, *each)
            for row, (spans, of_words) in enumerate(zip(found, unknown.tolist(), strict=True))
            if spans
            for each in added_scores(spans, self._numbers, of_words)
        ]
        rows, words, tags, added = zip(*more, strict=True)
        amounts = np.array(added, np.float32)
        scores[rows, words, tags] += amounts
        # The softmax of the new scores, in a fraction of the time that all of it takes.
        probabilities[rows, words, tags] *= np.exp(amounts)
        changed = probabilities[rows, words]
        probabilities[rows, words] = changed / changed.sum(axis=-1, keepdims=True)

    def _rankings(
        self, scores: NDArray[np.float32], probabilities: NDArray[np.float32]
    ) -> list[list[tuple[str, float]]]:
        """Of each sentence the likeliest intents; scores, probabilities: (sentences, intents)."""
        best = np.argsort(-scores, axis=1, kind="stable")[:, :_RANKED].tolist()
        return [
            [(self.intents[number], shares[number]) for number in numbers]
            for numbers, shares in zip(best, probabilities.tolist(), strict=True)
        ]

    def _unpadded(self, readings: Sequence[EncodedSentence]) -> list[list[_Output]]:
        """What `_run` gives of each sentence: of its words, then, if trained, of its intents."""
        no_tags = np.empty((0, len(self._decoder.tags)), np.float32)
        no_intents = np.empty(0, np.float32)
        nothing = [(no_tags, no_tags), (no_intents, no_intents)][: 2 if self.intents else 1]
        unpadded: list[list[_Output]] = [nothing] * len(readings)
        for batch in length_batches(readings):
            scores, probabilities, *of_intents = self._run([readings[number] for number in batch])
            for row, number in enumerate(batch):
                words = len(readings[number].words)
                unpadded[number] = [(scores[row, :words], probabilities[row, :words])]
                if of_intents:
                    unpadded[number].append((of_intents[0][row], of_intents[1][row]))
        return unpadded

    def _self_test(self, bundle: Bundle) -> None:
        """Refuse a graph, or a provider, that gives other scores than the bundle promises."""
        examples = bundle.contents.examples
        readings = [self._read(example.tokens) for example in examples]
        if not any(reading.words for reading in readings):
            raise BundleInvalidError(self.manifest.name, "it has no verification example of a word")
        try:
            promised = [np.array(example.scores, np.float32) for example in examples]
            together = self._unpadded(readings)
            alone = [self._unpadded([reading])[0] for reading in readings]
            self._look_up_last_entries()
        except (IndexError, ValueError, *GRAPH_ERRORS) as error:
            raise BundleInvalidError(
                self.manifest.name, f"its verification examples cannot be computed: {error}"
            ) from error
        for number, (example, expected) in enumerate(zip(examples, promised, strict=True)):
            for outputs in (alone[number], together[number]):
                fault = self._fault(outputs, expected)
                if fault:
                    raise BundleInvalidError(
                        self.manifest.name,
                        f"its verification example {' '.join(example.tokens)!r} gives {fault} on "
                        f"{self.provider}",
                        "export it again, or run it on another provider",
                    )

    def _fault(self, outputs: Sequence[_Output], expected: NDArray[np.float32]) -> str | None:
        """What is wrong with the outputs for an example; expected: its scores, (words, tags)."""
        scores, _ = outputs[0]
        intents, _ = outputs[-1]
        if self.intents and intents.shape != (len(self.intents),):
            return f"scores of {intents.size} intents, not {len(self.intents)}"
        if scores.shape[1] != len(self._decoder.tags):
            return f"scores of {scores.shape[1]} tags, not {len(self._decoder.tags)}"
        if scores.shape != expected.shape:
            return f"scores of shape {scores.shape}, not {expected.shape}"
        if not np.allclose(scores, expected, rtol=_TOLERANCE, atol=_TOLERANCE):
            return f"scores that are off by {float(np.abs(scores - expected).max()):.3g}"
        for scores, probabilities in outputs:
            promised = softmax(scores)
            if probabilities.shape != promised.shape or not np.allclose(
                probabilities, promised, rtol=_TOLERANCE, atol=_TOLERANCE
            ):
                return "probabilities that are not the softmax of its scores"
        return None

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


def _spans(
    tokens: Sequence[str], reading: EncodedSentence, decoded: Decoded
) -> tuple[Sequence[Span], Sequence[float]]:
    """The decoded spans, which count the tokens that are read, as spans of all; confidences."""
    if reading.is_plain or not decoded.spans:
        return decoded.spans, decoded.span_confidences
    read = [token for token, head in enumerate(reading.first_words) if head is not None]
    spans: list[Span] = []
    confidences: list[float] = []
    for (name, start, end), confidence in zip(decoded.spans, decoded.span_confidences, strict=True):
        span = Span(name, read[start], read[end - 1] + 1)
        parts = apart(tokens, with_point(tokens, span, reading.first_words), reading.first_words)
        spans += [with_partners(tokens, part, reading.first_words) for part in parts]
        confidences += [confidence] * len(parts)
    return spans, confidences


def _without(
    decoded: Decoded, reading: EncodedSentence, spans: Sequence[Span], kept: Sequence[bool]
) -> Decoded:
    """What is decoded of tokens, with those of the other spans in no slot."""
    if all(kept):
        return decoded
    dropped = {
        token
        for span, is_kept in zip(spans, kept, strict=True)
        if not is_kept
        for token in range(span.start, span.end)
    }
    read = [token for token, head in enumerate(reading.first_words) if head is not None]
    path = [0 if token in dropped else tag for token, tag in zip(read, decoded.path, strict=True)]
    return replace(decoded, path=path)


def _slots(
    sentence: str | Sequence[str],
    tokens: Sequence[str],
    spans: Sequence[Span],
    confidences: Sequence[float],
) -> list[Slot]:
    """The spans as stretches of the sentence."""
    if not spans:
        return []
    ends = ends_of(sentence, tokens) if isinstance(sentence, str) else ()
    slots = []
    for (name, first, behind), confidence in zip(spans, confidences, strict=True):
        if isinstance(sentence, str):
            start, end = ends[first] - len(tokens[first]), ends[behind - 1]
            value = sentence[start:end]
        else:
            start, end = first, behind
            value = " ".join(tokens[start:end])
        slots.append(Slot(name, value, start, end, confidence))
    return slots
