"""Sentences with values from lists."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from app.tagging.slots import Span, read_spans
from app.tagging.tokenizer import tokenize
from training.augmentation.value_swap import is_han, with_values
from training.corpora.sentences import Sentence
from training.corpora.value_lists import ValueList

# Of a copy's values; the others keep company with the values of the corpus.
_REPLACED = 0.7
_TRIES = 5


class ListedValues:
    """
    Gives a sentence's slots values from lists: names that no sentence of the corpus has.

    Of the lists of a slot each is as likely as the others, however long, and so is each of its
    values. A list of names in Han is for sentences in it, and another list for the others.
    """

    def __init__(
        self, lists: Iterable[ValueList], read: Callable[[Sequence[str]], tuple[str, ...]]
    ) -> None:
        """`read` makes of the tokens of a value the words that the network reads."""
        self._lists: defaultdict[tuple[str, bool], list[ValueList]] = defaultdict(list)
        for each in lists:
            han = 2 * sum(is_han([value]) for value in each.values) > len(each.values)
            for slot in each.slots:
                self._lists[slot, han].append(each)
        self._read = read

    def has_values_for(self, sentence: Sentence) -> bool:
        """Whether one of the sentence's slots has a list."""
        han = is_han(sentence.words)
        return any((span.name, han) in self._lists for span in read_spans(sentence.tags))

    def __call__(self, sentence: Sentence, random: np.random.Generator) -> Sentence:
        """A sentence with the same slots in the same order."""
        han = is_han(sentence.words)

        def another(span: Span) -> Sequence[str]:
            own = sentence.words[span.start : span.end]
            lists = self._lists.get((span.name, han))
            if lists and random.random() < _REPLACED:
                return self._draw(lists, random) or own
            return own

        return with_values(sentence, another)

    def _draw(self, lists: Sequence[ValueList], random: np.random.Generator) -> tuple[str, ...]:
        """The words of a value; none where several in a row were nothing that is read."""
        for _ in range(_TRIES):
            values = lists[int(random.integers(len(lists)))].values
            text = values[int(random.integers(len(values)))]
            if words := self._read([token.text for token in tokenize(text)]):
                return words
        return ()
