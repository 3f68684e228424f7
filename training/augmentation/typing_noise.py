"""Sentences as people type them in a hurry, to learn from."""

from dataclasses import replace

import numpy as np

from app.tagging.features import read_tokens, without_capital
from training.augmentation.typing_habits import messaged
from training.corpora.sentences import Sentence

_SLIPS, _CUTS = 0.1, 0.05
_SLIPS_ONTO_TWO_KEYS = 0.2
_SHORTEST_HURRIED = 3
_VOWELS = "aeiou"
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def with_typos(sentence: Sentence, random: np.random.Generator) -> Sentence:
    """The same sentence with some of its words mistyped or cut short."""
    letters = [without_capital(word) for word in sentence.words]
    words = (
        word.removesuffix(plain) + typo(plain, random)
        for word, plain in zip(sentence.words, letters, strict=True)
    )
    return replace(sentence, words=tuple(words))


def as_a_message(sentence: Sentence, random: np.random.Generator, *, punctuation: bool) -> Sentence:
    """The same sentence with words shortened, and with what stands for how they sound."""

    def read(word: str) -> tuple[str, ...]:
        return read_tokens([word], punctuation=punctuation, shapes=True).words

    words, tags = messaged(sentence.words, sentence.tags, random, read)
    return replace(sentence, words=tuple(words), tags=tuple(tags))


def in_small_letters(sentence: Sentence) -> Sentence:
    """The same sentence by somebody who does not care for capitals."""
    return replace(sentence, words=tuple(map(without_capital, sentence.words)))


def typo(word: str, random: np.random.Generator) -> str:
    """
    The word as training has it typed in a hurry, one word still.

    Of words of three letters or more one in ten has a slip of the finger, and one in twenty loses
    its end or its vowels, a first one kept.
    """
    fate = random.random()
    if len(word) < _SHORTEST_HURRIED or not word.isalpha() or fate >= _SLIPS + _CUTS:
        return word
    if fate < _SLIPS * _SLIPS_ONTO_TWO_KEYS:
        at = int(random.integers(1, len(word) + 1))
        return word[:at] + _beside(word[at - 1], random) + word[at:]
    if fate < _SLIPS:
        return mistyped(word, random)
    if random.random() < 0.5:
        return word[: int(random.integers(3, 5))]
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)


def mistyped(word: str, random: np.random.Generator) -> str:
    """The word, of two letters or more, with one slip of the finger."""
    at = int(random.integers(len(word) - 1))
    before, letter, following, behind = word[:at], word[at], word[at + 1], word[at + 2 :]
    match random.integers(4):
        case 0:
            return before + following + behind
        case 1:
            return before + letter + letter + following + behind
        case 2:
            return before + following + letter + behind
    return before + _beside(letter, random) + following + behind


def _beside(letter: str, random: np.random.Generator) -> str:
    """A letter of the keyboard next to this one; of letters that are not on it, the letter."""
    for row in KEYBOARD:
        if (at := row.find(letter.lower())) >= 0:
            return str(
                random.choice([row[near] for near in (at - 1, at + 1) if 0 <= near < len(row)])
            )
    return letter
