"""Sentences with the values of other sentences."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from app.tagging.slots import Span, read_spans
from training.corpora.sentences import Sentence

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# To another sentence, by chance.
Change = Callable[[Sentence, np.random.Generator], Sentence]


def is_han(words: Iterable[str]) -> bool:
    """Whether one of the words begins with a character of Han, as those of Chinese do."""
    return any(map(_HAN.match, words))


def with_values(sentence: Sentence, value_of: Callable[[Span], Sequence[str]]) -> Sentence:
    """The sentence with the words that `value_of` gives for each of its spans."""
    words: list[str] = []
    tags: list[str] = []
    at = 0
    for span in read_spans(sentence.tags):
        value = value_of(span)
        words += (*sentence.words[at : span.start], *value)
        tags += sentence.tags[at : span.start]
        tags += [f"B-{span.name}"] + [f"I-{span.name}"] * (len(value) - 1)
        at = span.end
    return replace(
        sentence,
        words=(*words, *sentence.words[at:]),
        tags=(*tags, *sentence.tags[at:]),
    )


class MentionReplacement:
    """
    Gives a sentence's slots values that the same slots have in other sentences.

    Where a corpus has several languages these are sentences of the same script, Han or another.
    """

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        values: defaultdict[tuple[str, bool], dict[tuple[str, ...], None]] = defaultdict(dict)
        for sentence in sentences:
            han = is_han(sentence.words)
            for span in read_spans(sentence.tags):
                values[span.name, han][sentence.words[span.start : span.end]] = None
        self._values = {kind: tuple(found) for kind, found in values.items()}

    def __call__(self, sentence: Sentence, random: np.random.Generator) -> Sentence:
        """A new sentence with the same slots in the same order."""
        han = is_han(sentence.words)

        def another(span: Span) -> tuple[str, ...]:
            values = self._values[span.name, han]
            return values[random.integers(len(values))]

        return with_values(sentence, another)
