"""Values that training has not, made of words that have vectors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.tagging.features import without_capital
from app.tagging.slots import read_spans
from app.tagging.vocabulary import Vocabulary
from training.augmentation.value_swap import Change
from training.corpora.sentences import Sentence
from training.corpora.vocabularies import Vocabularies

_MOST = 30
_LEAST = 0.5  # cosine: below it words have little in common


class SimilarWordReplacement:
    """
    Swaps a sentence's values, and then gives them words that they have nowhere in training.

    Some words give way to others with close vectors (Wang and Yang, 2015, That's So Annoying!!!):
    a network that meets them goes by what vectors share, where it would else know the few values
    of its corpus by heart. In some values the words that training has just once give way to words
    at random: what may be named anything is known by what stands around.
    """

    def __init__(
        self,
        swapper: Change,
        sentences: Sequence[Sentence],
        vocabularies: Vocabularies,
        vectors: NDArray[np.float32],
        *,
        similar: float,
        invented: float,
    ) -> None:
        """
        `similar` is a share of words, `invented` of values.

        vectors: (words of the vocabulary, size), as `add_vectors` has them.
        """
        self._swapper = swapper
        self._similar, self._invented = similar, invented
        words = Counter(word for each in sentences for word in map(without_capital, each.words))
        self._rare = {word for word, count in words.items() if count == 1 and word.isalpha()}
        self._strange = [word for word in vocabularies.more_words if word.isalpha()]
        self._words = ("", "", *vocabularies.all_words)  # by their ids
        self._vocabulary = Vocabulary(vocabularies.all_words)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        self._directions = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
        self._close = cache(self._look_up)

    def __call__(self, sentence: Sentence, random: np.random.Generator) -> Sentence:
        """The same slots with other values."""
        sentence = self._swapper(sentence, random)
        words = list(sentence.words)
        for span in read_spans(sentence.tags):
            invents = random.random() < self._invented
            for at in range(span.start, span.end):
                plain = without_capital(words[at])
                others: Sequence[str] = ()
                if invents and plain in self._rare:
                    others = self._strange
                elif random.random() < self._similar:
                    others = self._close(plain)
                if others:
                    other = others[int(random.integers(len(others)))]
                    words[at] = words[at].removesuffix(plain) + other
        return replace(sentence, words=tuple(words))

    def _look_up(self, word: str) -> tuple[str, ...]:
        """The closest words, none where the word has no vector."""
        row = self._vocabulary.index(word)
        cosines = self._directions @ self._directions[row]
        cosines[row] = 0.0
        most = min(_MOST, len(cosines) - 1)
        closest = np.argpartition(-cosines, most)[:most]
        return tuple(self._words[at] for at in closest if cosines[at] >= _LEAST)
