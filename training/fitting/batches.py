"""Sentences → batches for a network: augmented, grouped by length, padded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from app.tagging.features import Featurizer
from app.tagging.slots import tag_names
from training.augmentation.typing_noise import (
    as_a_message,
    in_small_letters,
    with_typos,
)
from training.augmentation.value_swap import Change
from training.corpora.sentences import IGNORED, Sentence

_SMALL_LETTERS = 0.2  # share of the sentences that a network that reads casing trains on without
_MESSAGES = 0.5  # of the sentences that are typed in a hurry
_POOL = 50  # batches within which sentences are sorted by length


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Sentences side by side, as tensors.

    words, tags: (batch, words). trigrams: (batch, words, trigrams). lengths, intents: (batch,).
    hidden: (batch, tags), the tags that an O of the sentence may stand for, because the corpus does
    not annotate them.
    """

    words: Tensor
    trigrams: Tensor
    lengths: Tensor
    tags: Tensor
    intents: Tensor
    hidden: Tensor


@dataclass(frozen=True, slots=True)
class Batches:
    """
    Makes batches of sentences for a network with these vocabularies.

    speller: the featurizer of sentences to learn from, where it is another.
    """

    featurizer: Featurizer
    slots: tuple[str, ...]
    batch_size: int
    punctuation: bool = False
    speller: Featurizer | None = None

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
        One pass over the sentences in random order, with similar lengths side by side.

        swap: the share of sentences that the swapper gives other values. copies: sentences to read
        besides, which have their values already. noise: the share that is typed in a hurry; a part
        of it is also written as in messages.
        """
        order = random.permutation(len(sentences))
        swapped = random.random(len(sentences)) < swap
        # Values that nobody annotated would stay beside those of other sentences.
        swapped &= np.array([not sentence.unannotated for sentence in sentences])
        chosen = [
            swapper(sentences[index], random) if swapped[index] else sentences[index]
            for index in order
        ]
        if copies:
            chosen += copies
            chosen = [chosen[index] for index in random.permutation(len(chosen))]
        if noise:
            fates = random.random(len(chosen)) / noise
            chosen = [
                as_a_message(sentence, random, punctuation=self.punctuation)
                if fate < _MESSAGES
                else sentence
                for sentence, fate in zip(chosen, fates, strict=True)
            ]
            chosen = [
                with_typos(sentence, random) if fate < 1 else sentence
                for sentence, fate in zip(chosen, fates, strict=True)
            ]
        if self.featurizer.casing:
            chosen = [
                in_small_letters(sentence) if random.random() < _SMALL_LETTERS else sentence
                for sentence in chosen
            ]
        batches = []
        pool = self.batch_size * _POOL
        for start in range(0, len(chosen), pool):
            similar = sorted(chosen[start : start + pool], key=lambda sentence: len(sentence.words))
            batches += [
                similar[index : index + self.batch_size]
                for index in range(0, len(similar), self.batch_size)
            ]
        for index in random.permutation(len(batches)):
            yield self.batch(batches[index], self.speller)

    def in_order(self, sentences: Sequence[Sentence], size: int = 128) -> Iterator[Batch]:
        """One pass over the sentences as they are."""
        for start in range(0, len(sentences), size):
            yield self.batch(sentences[start : start + size])

    def batch(self, sentences: Sequence[Sentence], featurizer: Featurizer | None = None) -> Batch:
        """Pad the sentences; a tag that the network does not have is IGNORED."""
        features = (featurizer or self.featurizer)([sentence.words for sentence in sentences])
        tag_ids = {tag: tag_id for tag_id, tag in enumerate(tag_names(self.slots))}
        tags = np.full(features.words.shape, IGNORED, np.int64)
        hidden = np.zeros((len(sentences), len(tag_ids)), np.bool_)
        for row, sentence in enumerate(sentences):
            # A slot that nothing in the training data fills has no tag to hide.
            for slot in set(sentence.unannotated).intersection(self.slots):
                hidden[row, [tag_ids[f"B-{slot}"], tag_ids[f"I-{slot}"]]] = True
            tags[row, : len(sentence.tags)] = [tag_ids.get(tag, IGNORED) for tag in sentence.tags]
        return Batch(
            torch.from_numpy(features.words),
            torch.from_numpy(features.trigrams),
            torch.from_numpy(features.lengths),
            torch.from_numpy(tags),
            torch.tensor([sentence.intent for sentence in sentences]),
            torch.from_numpy(hidden),
        )
