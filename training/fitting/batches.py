"""Utterances → what a network learns from: augmented, bucketed, padded."""

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
                as_a_message(each, random, punctuation=self.punctuation)
                if fate < _MESSAGES
                else each
                for each, fate in zip(chosen, fates, strict=True)
            ]
            chosen = [
                with_typos(each, random) if fate < 1 else each
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
