"""Utterances → what a network learns from: augmented, bucketed, padded."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from app.tagging.features import Featurizer, Reading, read_tokens, without_capital
from app.tagging.slots import OUTSIDE, read_spans, tag_names
from training.corpus import Utterance
from training.habits import messaged
from training.noise import hurried

IGNORED = -100  # what torch's cross-entropy passes over
_SMALL_LETTERS = 0.2  # share of the sentences that a network that reads casing trains on without
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_MESSAGES = 0.5  # of the sentences that are typed in a hurry
_POOL = 50  # batches within which sentences are sorted by length


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    The words that a network reads of an utterance, a tag for each, and the intent's number.

    An O may hide any of the slots that are `unannotated`.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]
    intent: int
    unannotated: tuple[str, ...] = ()


# To another sentence, by chance.
Change = Callable[[Sentence, np.random.Generator], Sentence]


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Sentences side by side.

    words, tags: (batch, words); trigrams: (batch, words, trigrams); lengths, intents: (batch,);
    hidden: (batch, tags), what else an O of the sentence may be.
    """

    words: Tensor
    trigrams: Tensor
    lengths: Tensor
    tags: Tensor
    intents: Tensor
    hidden: Tensor


def read_utterance(
    utterance: Utterance,
    *,
    punctuation: bool,
    casing: bool = False,
    shapes: bool = False,
    cut: bool = False,
) -> tuple[Reading, tuple[str, ...]]:
    """
    What the network reads of an utterance, and the tag of each word.

    The words inside a token continue its slot.
    """
    reading = read_tokens(
        utterance.tokens, punctuation=punctuation, casing=casing, shapes=shapes, cut=cut
    )
    tags = [OUTSIDE] * len(reading.words)
    ends = [head for head in reading.heads if head is not None]
    following = dict(pairwise([*ends, len(tags)]))
    opens = False
    for head, tag in zip(reading.heads, utterance.tags, strict=True):
        opens = tag.startswith("B-") or (opens and tag != OUTSIDE)
        if head is not None and tag != OUTSIDE:
            # Where a token that opens a slot was not read, the next one opens it.
            tags[head] = f"B-{tag[2:]}" if opens else tag
            tags[head + 1 : following[head]] = [f"I-{tag[2:]}"] * (following[head] - head - 1)
            opens = False
    return reading, tuple(tags)


def read_sentences(
    utterances: Iterable[Utterance],
    intents: Sequence[str],
    *,
    punctuation: bool,
    casing: bool = False,
    shapes: bool = False,
    cut: bool = False,
) -> list[Sentence]:
    """The sentences that leave a network something to read; an unknown intent is IGNORED."""
    numbers = {intent: number for number, intent in enumerate(intents)}
    sentences = []
    for utterance in utterances:
        reading, tags = read_utterance(
            utterance, punctuation=punctuation, casing=casing, shapes=shapes, cut=cut
        )
        if reading.words:
            intent = numbers.get(utterance.intent or "", IGNORED)
            sentences.append(Sentence(reading.words, tags, intent, utterance.unannotated))
    return sentences


def _is_han(sentence: Sentence) -> bool:
    return any(map(_HAN.match, sentence.words))


class SlotSwapper:
    """
    Gives a sentence's slots values that the same slots have in other sentences.

    Where a corpus has several languages these are sentences of the same script, Han or another.
    """

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        values: defaultdict[tuple[str, bool], dict[tuple[str, ...], None]] = defaultdict(dict)
        for sentence in sentences:
            is_han = _is_han(sentence)
            for span in read_spans(sentence.tags):
                values[span.name, is_han][sentence.words[span.start : span.end]] = None
        self._values = {kind: tuple(found) for kind, found in values.items()}

    def __call__(self, sentence: Sentence, random: np.random.Generator) -> Sentence:
        """A new sentence with the same slots in the same order."""
        words: list[str] = []
        tags: list[str] = []
        at = 0
        is_han = _is_han(sentence)
        for span in read_spans(sentence.tags):
            values = self._values[span.name, is_han]
            value = values[random.integers(len(values))]
            words += (*sentence.words[at : span.start], *value)
            tags += sentence.tags[at : span.start]
            tags += [f"B-{span.name}"] + [f"I-{span.name}"] * (len(value) - 1)
            at = span.end
        return replace(
            sentence,
            words=(*words, *sentence.words[at:]),
            tags=(*tags, *sentence.tags[at:]),
        )


def typed_in_a_hurry(sentence: Sentence, random: np.random.Generator) -> Sentence:
    """The same sentence with some of its words mistyped or cut short."""
    letters = [without_capital(word) for word in sentence.words]
    words = (
        word.removesuffix(plain) + hurried(plain, random)
        for word, plain in zip(sentence.words, letters, strict=True)
    )
    return replace(sentence, words=tuple(words))


def typed_as_a_message(
    sentence: Sentence, random: np.random.Generator, *, punctuation: bool
) -> Sentence:
    """The same sentence with words shortened, and with what stands for how they sound."""

    def read(word: str) -> tuple[str, ...]:
        return read_tokens([word], punctuation=punctuation, shapes=True).words

    words, tags = messaged(sentence.words, sentence.tags, random, read)
    return replace(sentence, words=tuple(words), tags=tuple(tags))


def in_small_letters(sentence: Sentence) -> Sentence:
    """The same sentence by somebody who does not care for capitals."""
    return replace(sentence, words=tuple(map(without_capital, sentence.words)))


@dataclass(frozen=True, slots=True)
class Batches:
    """Makes batches of sentences for a network with these vocabularies."""

    featurizer: Featurizer
    slots: tuple[str, ...]
    batch_size: int
    punctuation: bool = False

    def for_training(
        self,
        sentences: Sequence[Sentence],
        swapper: Change,
        random: np.random.Generator,
        *,
        swap: float,
        noise: float = 0.0,
        copies: Sequence[Sentence] = (),
    ) -> Iterator[Batch]:
        """
        One pass in random order, alike lengths side by side, some swapped, some mistyped.

        copies: what is read besides and has its values already;
        noise: the share that is typed in a hurry, of which a share is as in messages too.
        """
        order = random.permutation(len(sentences))
        swapped = random.random(len(sentences)) < swap
        # Values that nobody annotated would stay beside those of other sentences.
        swapped &= np.array([not each.unannotated for each in sentences])
        chosen = [swapper(sentences[at], random) if swapped[at] else sentences[at] for at in order]
        if copies:
            chosen += copies
            chosen = [chosen[at] for at in random.permutation(len(chosen))]
        if noise:
            fates = random.random(len(chosen)) / noise
            chosen = [
                typed_as_a_message(each, random, punctuation=self.punctuation)
                if fate < _MESSAGES
                else each
                for each, fate in zip(chosen, fates, strict=True)
            ]
            chosen = [
                typed_in_a_hurry(each, random) if fate < 1 else each
                for each, fate in zip(chosen, fates, strict=True)
            ]
        if self.featurizer.casing:
            chosen = [
                in_small_letters(each) if random.random() < _SMALL_LETTERS else each
                for each in chosen
            ]
        batches = []
        pool = self.batch_size * _POOL
        for start in range(0, len(chosen), pool):
            alike = sorted(chosen[start : start + pool], key=lambda each: len(each.words))
            batches += [
                alike[at : at + self.batch_size] for at in range(0, len(alike), self.batch_size)
            ]
        for at in random.permutation(len(batches)):
            yield self.batch(batches[at])

    def in_order(self, sentences: Sequence[Sentence], size: int = 128) -> Iterator[Batch]:
        """One pass without noise."""
        for start in range(0, len(sentences), size):
            yield self.batch(sentences[start : start + size])

    def batch(self, sentences: Sequence[Sentence]) -> Batch:
        """Pad the sentences; a tag that no slot has, seen in dev alone, is IGNORED."""
        features = self.featurizer([sentence.words for sentence in sentences])
        numbers = {tag: number for number, tag in enumerate(tag_names(self.slots))}
        tags = np.full(features.words.shape, IGNORED, np.int64)
        hidden = np.zeros((len(sentences), len(numbers)), np.bool_)
        for row, sentence in enumerate(sentences):
            # A slot that nothing in the training data fills has no tag to hide.
            for slot in set(sentence.unannotated).intersection(self.slots):
                hidden[row, [numbers[f"B-{slot}"], numbers[f"I-{slot}"]]] = True
            tags[row, : len(sentence.tags)] = [numbers.get(tag, IGNORED) for tag in sentence.tags]
        return Batch(
            torch.from_numpy(features.words),
            torch.from_numpy(features.trigrams),
            torch.from_numpy(features.lengths),
            torch.from_numpy(tags),
            torch.tensor([sentence.intent for sentence in sentences]),
            torch.from_numpy(hidden),
        )
