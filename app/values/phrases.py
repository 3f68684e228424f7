"""
Phrases as strings of word classes, and rules over them.

A language turns a phrase into one character a word: `W` a weekday, `n` a number. A rule is a
regular expression over such characters; it has no nested repetition, so that it is linear in the
length.
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
    """The classes of the words, one character each, what each says, and the words."""

    classes: str
    values: list[Any]
    texts: list[str]
    errors: list[UnresolvedError]

    def without(self, kind: str) -> "Phrase":
        """The phrase without the words of a class."""
        kept = [index for index, found in enumerate(self.classes) if found != kind]
        return Phrase(
            "".join(self.classes[index] for index in kept),
            [self.values[index] for index in kept],
            [self.texts[index] for index in kept],
            self.errors,
        )

    def failed(self, error: UnresolvedError) -> None:
        """
        Note that a way to read the phrase led to something that cannot be, such as 30 February.

        Another way may still read all of it; if none does, this is why.
        """
        self.errors.append(error)

    def raise_noted(self) -> None:
        """Raise the most telling of the errors that were noted, if any was."""
        for error in self.errors:
            if error.reason != "not_understood":
                raise error


class Rules(Generic[T]):
    """Rules tried as one regular expression; a builder gets the classes and values of its words."""

    __slots__ = ("_builders", "_known", "_pattern")

    def __init__(self, rules: Sequence[tuple[str, Callable[[str, list[Any]], T | None]]]) -> None:
        """A rule is a pattern without capturing groups, and what makes an expression of it."""
        self._pattern = re.compile("|".join(f"({pattern})" for pattern, _ in rules))
        self._builders = [builder for _, builder in rules]
        self._known: dict[str, int] = {}

    def read(self, phrase: Phrase, first: int, last: int) -> T | None:
        """What the words from `first` to before `last` say, all of them; else None."""
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
        """The rule that all of the classes match, or -1; remembered, because few shapes recur."""
        match = self._pattern.fullmatch(classes)
        rule = -1 if match is None or match.lastindex is None else match.lastindex - 1
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[classes] = rule
        return rule
