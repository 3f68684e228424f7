"""
Phrases as strings of word classes, and rules over them.

The reader of a language gives each word a class of one character: `W` a weekday, `n` a number. A
rule is a regular expression over these characters. It has no nested repetition, so that its time is
linear in the length.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from app.values.errors import UnresolvedError

__all__ = ["MAX_CHARACTERS", "MAX_WORDS", "Phrase", "Rules"]

MAX_CHARACTERS = 80
MAX_WORDS = 24
MOST_KNOWN = 2048  # shapes of phrases that a set of rules remembers

T = TypeVar("T")


class Phrase(NamedTuple):
    """
    The words of a phrase.

    `classes` has one character for each word. `values` are what the words say, such as 4 for
    Friday, and `texts` the words themselves. `errors` are why readings failed.
    """

    classes: str
    values: list[Any]
    texts: list[str]
    errors: list[UnresolvedError]

    def without(self, word_class: str) -> "Phrase":
        """The phrase without the words of one class."""
        kept = [index for index, other in enumerate(self.classes) if other != word_class]
        return Phrase(
            "".join(self.classes[index] for index in kept),
            [self.values[index] for index in kept],
            [self.texts[index] for index in kept],
            self.errors,
        )

    def failed(self, error: UnresolvedError) -> None:
        """
        Note why one way to read the phrase failed, such as no_such_date for 30 February.

        Another way may still read the whole phrase; if none does, `raise_noted` raises this error.
        """
        self.errors.append(error)

    def raise_noted(self) -> None:
        """Raise the most telling error that was noted; return if there is none."""
        for error in self.errors:
            if error.reason != "not_understood":
                raise error


class Rules(Generic[T]):
    """
    Rules that are tried as one regular expression.

    The builder of the rule that matches gets the classes and values of the words.
    """

    __slots__ = ("_builders", "_known", "_pattern")

    def __init__(self, rules: Sequence[tuple[str, Callable[[str, list[Any]], T | None]]]) -> None:
        """Each rule is a pattern without capturing groups, and the builder of its result."""
        self._pattern = re.compile("|".join(f"({pattern})" for pattern, _ in rules))
        self._builders = [builder for _, builder in rules]
        self._known: dict[str, int] = {}

    def read(self, phrase: Phrase, first: int, last: int) -> T | None:
        """The result of the first rule that matches all words from `first` to before `last`."""
        classes = phrase.classes[first:last]
        rule = self._known.get(classes)
        if rule is None:
            rule = self._rule_of(classes)
        if rule < 0:
            return None
        try:
            return self._builders[rule](classes, phrase.values[first:last])
        except UnresolvedError as error:
            phrase.failed(error)
            return None

    def _rule_of(self, classes: str) -> int:
        """The index of the first rule that matches all of the classes, -1 if none does."""
        match = self._pattern.fullmatch(classes)
        rule = -1 if match is None or match.lastindex is None else match.lastindex - 1
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[classes] = rule
        return rule
