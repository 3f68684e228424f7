"""The sentences that a run trains on and is measured on, with the augmentations of each epoch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.augmentation.listed_values import ListedValues
from training.augmentation.similar_values import SimilarWordReplacement
from training.augmentation.value_swap import Change, MentionReplacement
from training.corpora.loading import Data
from training.corpora.sentences import Sentence
from training.corpora.utterances import ChangedSpan, Utterance, count_spans
from training.corpora.vocabularies import Vocabularies
from training.experiment import TrainingSettings
from training.fitting.batches import Batch, Batches
from training.fitting.construction import featurizer_of

# The share of a one-cycle schedule in which ever fewer sentences are swapped, so that in the end
# the network learns from real ones: swapped ones teach it new values, and some nonsense with them.
_SWAPPED_UNTIL = 2 / 3


@dataclass(frozen=True, slots=True)
class Samples:
    """
    The sentences of a run.

    missed: the number of spans of dev that no tags can spell. swapper: gives sentences the values
    of others. copied: the sentences that are read again with values of lists, which lister gives
    them.
    """

    settings: TrainingSettings
    batches: Batches
    train: Sequence[Sentence]
    dev: Sequence[Sentence]
    missed: int
    swapper: Change
    copied: Sequence[Sentence]
    lister: Change

    @property
    def passes(self) -> int:
        """The number of passes over the training sentences in an epoch."""
        return max(1, -(-self.settings.min_steps // (self.settings.epochs * self._steps_a_pass)))

    @property
    def steps_an_epoch(self) -> int:
        """The number of batches in an epoch."""
        return self.passes * self._steps_a_pass

    @property
    def steps(self) -> int:
        """The number of batches in all epochs."""
        return self.settings.epochs * self.steps_an_epoch

    def of_epoch(self, epoch: int, random: np.random.Generator) -> Iterator[Batch]:
        """The batches of an epoch; epochs are counted from 0."""
        for done in range(self.passes):
            progress = (epoch + done / self.passes) / self.settings.epochs
            yield from self.batches.for_training(
                self.train,
                self.swapper,
                random,
                swap=swapped_share(self.settings, progress),
                noise=self.settings.typo_rate,
                copies=[self.lister(each, random) for each in self.copied],
            )

    @property
    def _steps_a_pass(self) -> int:
        return -(-(len(self.train) + len(self.copied)) // self.settings.batch_size)


def read_samples(
    settings: TrainingSettings,
    data: Data,
    vocabularies: Vocabularies,
    vectors: NDArray[np.float32] | None,
) -> Samples:
    """The data as a network reads them; `vectors` are as `add_vectors` returns them."""
    dev = [_answerable(utterance, vocabularies) for utterance in data.dev]
    exact = [replace(utterance, tags=utterance.exact_tags) for utterance in dev]
    train = vocabularies.read_sentences(data.train)
    swapper: Change = MentionReplacement(train)
    if vectors is not None and (settings.similar_words or settings.random_words):
        swapper = SimilarWordReplacement(
            swapper,
            train,
            vocabularies,
            vectors,
            similar=settings.similar_words,
            invented=settings.random_words,
        )
    lister = ListedValues(data.lists, lambda tokens: vocabularies.read(tokens).words)
    return Samples(
        settings,
        Batches(
            featurizer_of(vocabularies),
            vocabularies.slots,
            settings.batch_size,
            vocabularies.punctuation,
            featurizer_of(vocabularies, spell_all=True),
        ),
        train,
        vocabularies.read_sentences(exact),
        count_spans(dev).changed,
        swapper,
        [utterance for utterance in train if lister.has_values_for(utterance)]
        * settings.list_copies,
        lister,
    )


def swapped_share(settings: TrainingSettings, progress: float) -> float:
    """The share of sentences to swap after a share `progress` of training, both 0 to 1."""
    if settings.schedule == "constant":
        return settings.mention_replacement
    return settings.mention_replacement * max(0.0, 1.0 - progress / _SWAPPED_UNTIL)


def _answerable(utterance: Utterance, vocabularies: Vocabularies) -> Utterance:
    """
    The utterance, with spans marked as changed that the network cannot answer.

    It cannot if it does not read the first or last token of the span.
    """
    first_words = vocabularies.read(utterance.tokens).first_words
    unread = [
        span
        for span in utterance.exact_spans
        if first_words[span.start] is None or first_words[span.end - 1] is None
    ]
    changed = [
        ChangedSpan(span.name, " ".join(utterance.tokens[span.start : span.end]), span)
        for span in unread
    ]
    return replace(utterance, changed=(*utterance.changed, *changed))
