"""
The words of a writing that sets no blanks between them.

A network that reads letters learns better where values begin and end if it is told where words do
(Teng et al., Injecting Word Information with Multi-Level Word Adapter for Chinese Spoken Language
Understanding, ICASSP 2021). Of all ways to cut a sentence into words of a lexicon the most
probable is taken, each word being as probable as it is frequent.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

# Stands before what is told of a letter's word; of Unicode's private use, which the tokenizer
# takes for no word.
SEGMENT = "\ue002"
# Code points of a word at most: there are next to no longer ones, and to look for them takes time.
LONGEST = 16
# Words that are told to begin or end with a letter, at most.
_MOST_WORDS = 8
# What is known of a letter that no word of the lexicon has.
_UNKNOWN = "x"


class _Known(NamedTuple):
    """What a word costs, the negative logarithm of its probability, and its part of speech."""

    cost: float
    kind: str


class Lexicon:
    """
    Words with their frequency and part of speech.

    entries: lines `word count part-of-speech`, as in jieba's dictionaries. Raises ValueError for
    another line.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        counted = [_counted(entry) for entry in entries]
        # As if a letter that is unknown had been counted once.
        total = math.log(1 + sum(count for _, count, _ in counted))
        self._unknown = _Known(total, _UNKNOWN)
        # Costs are rounded, so that many words share one object.
        shared: dict[_Known, _Known] = {}
        self._words: dict[str, _Known] = {}
        for word, count, kind in counted:
            known = _Known(round(total - math.log(count), 1), kind)
            self._words[word] = shared.setdefault(known, known)
        self._longest = max(map(len, self._words), default=1)

    def __bool__(self) -> bool:
        return bool(self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def cut(self, letters: Sequence[str]) -> list[tuple[int, int, str]]:
        """
        The most probable words: the first letter, the one past the last, and the part of speech.

        Of letters that belong to none each is a word by itself.
        """
        return self._search(letters)[0]

    def _search(
        self, letters: Sequence[str]
    ) -> tuple[list[tuple[int, int, str]], list[tuple[int, int]]]:
        """The most probable words, and where each word of more letters than one may be."""
        possible = []
        text, known = "".join(letters), self._words.get
        starts = [0, *accumulate(map(len, letters))]
        costs, best_words = [0.0], []
        for end in range(1, len(starts)):
            lowest, best = math.inf, (0, 0, "")
            for first in range(end - 1, -1, -1):
                if starts[end] - starts[first] > self._longest and first < end - 1:
                    break
                word = known(text[starts[first] : starts[end]])
                if word is None and first == end - 1:
                    word = self._unknown
                if word is not None and first < end - 1:
                    possible.append((first, end))
                if word is not None and (cost := costs[first] + word.cost) <= lowest:
                    lowest, best = cost, (first, end, word.kind)
            costs.append(lowest)
            best_words.append(best)
        words = []
        end = len(best_words)
        while end:
            words.append(best_words[end - 1])
            end = words[-1][0]
        return words[::-1], possible

    def marks(self, letters: Sequence[str]) -> list[str]:
        """
        What is told of each letter's word.

        Whether the letter is its first (B), its last (E), between these (M) or all of it (S); with
        that, each behind a SEGMENT, how long the word is and its part of speech; then all words of
        more letters than one that begin ([) or end (]) with the letter, in whichever way the rest
        is cut (the shortest first, a few at most).
        """
        words, possible = self._search(letters)
        marks = []
        for first, end, kind in words:
            length = end - first
            places = "B" + "M" * (length - 2) + "E" if length > 1 else "S"
            marks += [f"{SEGMENT}{place}{length}{SEGMENT}{place}:{kind}" for place in places]
        written = [0] * len(letters)
        for first, end in sorted(possible, key=lambda word: word[1] - word[0]):
            word = "".join(letters[first:end])
            for at, sign in ((first, "["), (end - 1, "]")):
                if written[at] < _MOST_WORDS:
                    written[at] += 1
                    marks[at] += f"{SEGMENT}{sign}{word}"
        return marks


def _counted(entry: str) -> tuple[str, int, str]:
    word, count, kind = entry.split(" ")
    if not word or len(word) > LONGEST or int(count) < 1:
        raise ValueError(
            f"{entry!r} is no word of {LONGEST} characters at most, its count and its kind"
        )
    return word, int(count), kind


def marks_of(joined: str) -> list[str]:
    """Each of the marks that `Lexicon.marks` has of a letter."""
    return [SEGMENT + mark for mark in joined.split(SEGMENT)[1:]]
