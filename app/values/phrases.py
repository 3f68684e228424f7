"""
Phrases as strings of word classes, and rules over them.

A language turns a phrase into one character a word: `W` a weekday, `n` a number. A rule is a
regular expression over such characters; it has no nested repetition, so that it is linear in the
length.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

__all__ = ["MAX_CHARACTERS", "MAX_WORDS", "Phrase", "Rules"]

MAX_CHARACTERS = 80
MAX_WORDS = 24

T = TypeVar("T")


class Phrase(NamedTuple):
    """The classes of the words, one character each, what each says, and the words."""

    classes: str
    values: list[Any]
    texts: list[str]


class Rules(Generic[T]):
    """Rules tried as one regular expression; a builder gets the classes and values of its words."""

    __slots__ = ("_builders", "_pattern")

    def __init__(self, rules: Sequence[tuple[str, Callable[[str, list[Any]], T | None]]]) -> None:
        """A rule is a pattern without capturing groups, and what makes an expression of it."""
        self._pattern = re.compile("|".join(f"({pattern})" for pattern, _ in rules))
        self._builders = [builder for _, builder in rules]

    def read(self, phrase: Phrase, first: int, last: int) -> T | None:
        """What the words from `first` to before `last` say, all of them; else None."""
        match = self._pattern.fullmatch(phrase.classes, first, last)
        if match is None or match.lastindex is None:
            return None
        return self._builders[match.lastindex - 1](
            phrase.classes[first:last], phrase.values[first:last]
        )
