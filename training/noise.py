"""
What people type, done to a corpus that lacks it, to measure what it costs.

A change may rewrite tokens and add tokens without a slot; names and words of the slots, and so
what is right, stay. All that is in CHANGES is for measuring.

Training makes its own noise, `hurried`, word by word: slips of the same kind but at another rate,
from other seeds and with one more of them, and words cut by rules. So the figure of typos is for
slips of the kinds that were trained on. SHORT is not trained on, or that of abbreviations would
flatter; but please without its vowels is pls by any rule.

    typos           each word of four letters or more has, one time in five, one slip of the finger:
                    a letter left out, doubled, swapped with the next, or struck on the next key
    capitals        everything in capitals
    punctuation     a mark ends the sentence, and one time in four a comma follows a slot or the
                    word before it; half of the sentences have marks as tokens, half on the word
    abbreviations   every word that has one in SHORT is cut as in messages: you → u, monday → mon
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from app.tagging.slots import OUTSIDE
from training.utterances import Utterance

Change = Callable[[Utterance, np.random.Generator], Utterance]

MISTYPED = 0.2
SHORTEST_MISTYPED = 4
COMMAS = 0.25
_SLIPS, _CUTS = 0.1, 0.05
_SLIPS_ONTO_TWO_KEYS = 0.2
_SHORTEST_HURRIED = 3
_VOWELS = "aeiou"
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORT: Mapping[str, str] = {
    "you": "u",
    "your": "ur",
    "are": "r",
    "please": "pls",
    "thanks": "thx",
    "what": "wat",
    "and": "n",
    "with": "w/",
    "without": "w/o",
    "about": "abt",
    "because": "cuz",
    "people": "ppl",
    "tomorrow": "tmrw",
    "tonight": "2nite",
    "today": "2day",
    "before": "b4",
    "after": "aft",
    "between": "btwn",
    "through": "thru",
    "minutes": "mins",
    "minute": "min",
    "hours": "hrs",
    "hour": "hr",
    "weeks": "wks",
    "week": "wk",
    "number": "no",
    "information": "info",
    "international": "intl",
    "airport": "apt",
    "flights": "flts",
    "flight": "flt",
    "restaurant": "resto",
    "street": "st",
    "favorite": "fav",
    "monday": "mon",
    "tuesday": "tue",
    "wednesday": "wed",
    "thursday": "thu",
    "friday": "fri",
    "saturday": "sat",
    "sunday": "sun",
    "january": "jan",
    "february": "feb",
    "march": "mar",
    "april": "apr",
    "june": "jun",
    "july": "jul",
    "august": "aug",
    "september": "sept",
    "october": "oct",
    "november": "nov",
    "december": "dec",
}


def typos(utterance: Utterance, random: np.random.Generator) -> Utterance:
    """Mistype some words."""
    return _rewritten(
        utterance,
        (
            _mistyped(token, random)
            if len(token) >= SHORTEST_MISTYPED and token.isalpha() and random.random() < MISTYPED
            else token
            for token in utterance.tokens
        ),
    )


def capitals(utterance: Utterance, _: np.random.Generator) -> Utterance:
    """Leave caps lock on."""
    return _rewritten(utterance, (token.upper() for token in utterance.tokens))


def punctuation(utterance: Utterance, random: np.random.Generator) -> Utterance:
    """Set marks where none are; a sentence that ends in one already keeps its own end."""
    last = len(utterance.tokens) - 1
    marks: dict[int, str] = {}
    for at, tag in enumerate(utterance.tags[:-1]):
        following = utterance.tags[at + 1]
        # Between two words of a slot a mark would change what fills it.
        at_edge = tag != following and not following.startswith("I-")
        if at_edge and utterance.tokens[at][-1:].isalnum() and random.random() < COMMAS:
            marks[at] = ","
    if utterance.tokens and utterance.tokens[last][-1:].isalnum():
        marks[last] = str(random.choice((".", "?", "!")))
    apart = bool(random.random() < 0.5)
    tokens: list[str] = []
    tags: list[str] = []
    for at, (token, tag) in enumerate(zip(utterance.tokens, utterance.tags, strict=True)):
        mark = marks.get(at, "")
        tokens.append(token if apart else token + mark)
        tags.append(tag)
        if apart and mark:
            tokens.append(mark)
            tags.append(OUTSIDE)
    return replace(utterance, tokens=tuple(tokens), tags=tuple(tags), text=None)


def abbreviations(utterance: Utterance, _: np.random.Generator) -> Utterance:
    """Write as in messages."""
    return _rewritten(utterance, (SHORT.get(token.lower(), token) for token in utterance.tokens))


CHANGES: Mapping[str, Change] = {
    "typos": typos,
    "capitals": capitals,
    "punctuation": punctuation,
    "abbreviations": abbreviations,
}


def with_noise(utterances: Iterable[Utterance], kind: str, seed: int = 0) -> list[Utterance]:
    """The utterances, changed one after the other; the same seed makes the same changes."""
    random = np.random.default_rng(seed)
    return [CHANGES[kind](utterance, random) for utterance in utterances]


def hurried(word: str, random: np.random.Generator) -> str:
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
        return _mistyped(word, random)
    if random.random() < 0.5:
        return word[: int(random.integers(3, 5))]
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)


def _rewritten(utterance: Utterance, tokens: Iterable[str]) -> Utterance:
    return replace(utterance, tokens=tuple(tokens), text=None)


def _mistyped(word: str, random: np.random.Generator) -> str:
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
