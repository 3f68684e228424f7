"""
What people type, done to a corpus that lacks it, to measure what it costs.

A change rewrites the sentence as running text, and the spans of the corpus go with their words,
so that the service's own tokenizer reads it and a value must be found with just its edges. All
that is in CHANGES is for measuring; their tables, `training.evaluation.noise_tables`, training
never sees.

Training makes its own noise word by word, in `training.augmentation.typing_noise`: slips of the
same kind but at another rate, from other seeds and with one more of them, and words cut by rules.
So the figure of typos is for slips of the kinds that were trained on.

    typos           each word of four letters or more has, one time in five, one slip of the finger:
                    a letter left out, doubled, swapped with the next, or struck on the next key
    capitals        everything in capitals
    punctuation     a mark ends the sentence; one time in four a comma follows a value, one time in
                    ten a value stands in quotes or brackets; and of what can be written with marks
                    half is: p.m., St., i'd, round-trip, 5:30, 4.5, $300
    abbreviations   every word that has one in SHORT is cut as in messages: you → u, monday → mon
    habits          of the words that have one, half have a sign or digit in their place (to → 2) or
                    are clipped (morning → morn); some are run together, some long ones broken in
                    two; apostrophes are left out
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from training.augmentation.typed_text import Word, exchanged, words_of_utterance, written_as_text
from training.augmentation.typing_noise import mistyped
from training.corpora.utterances import Utterance
from training.evaluation.noise_tables import CLIPPED, SHORT, SIGNS
from training.evaluation.typed_marks import punctuation

MISTYPED = 0.2
SHORTEST_MISTYPED = 4
JOINED = 0.03
SPLIT = 0.1
SHORTEST_SPLIT = 8
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


# From the words and the names of their slots to other words.
Change = Callable[[list[Word], tuple[str, ...], np.random.Generator], Iterable[Word]]


def typos(words: list[Word], _: tuple[str, ...], random: np.random.Generator) -> Iterator[Word]:
    """Mistype some words."""
    for word in words:
        long = len(word.text) >= SHORTEST_MISTYPED and word.text.isalpha()
        slips = long and random.random() < MISTYPED
        yield replace(word, text=mistyped(word.text, random)) if slips else word


def capitals(words: list[Word], _: tuple[str, ...], __: np.random.Generator) -> Iterator[Word]:
    """Leave caps lock on."""
    return (replace(word, text=word.text.upper()) for word in words)


def abbreviations(words: list[Word], _: tuple[str, ...], __: np.random.Generator) -> Iterator[Word]:
    """Write as in messages."""
    return (replace(word, text=SHORT.get(word.text.lower(), word.text)) for word in words)


def habits(words: list[Word], _: tuple[str, ...], random: np.random.Generator) -> Iterator[Word]:
    """Write signs for words, clip, join and break some, leave apostrophes out."""
    typed = (replace(word, text=_APOSTROPHE.sub("", word.text)) for word in words)
    before: Word | None = None
    for word in exchanged(typed, {**SIGNS, **CLIPPED}, random):
        joins = before is not None and before.slot == word.slot and word.before.isspace()
        plain = before is not None and (before.text + word.text).isalpha()
        if joins and plain and random.random() < JOINED:
            word = replace(word, before="")
        before = word
        if len(word.text) >= SHORTEST_SPLIT and word.text.isalpha() and random.random() < SPLIT:
            at = int(random.integers(3, len(word.text) - 2))
            yield replace(word, text=word.text[:at])
            yield replace(word, text=word.text[at:], before=" ")
        else:
            yield word


CHANGES: Mapping[str, Change] = {
    "typos": typos,
    "capitals": capitals,
    "punctuation": punctuation,
    "abbreviations": abbreviations,
    "habits": habits,
}


def with_noise(utterances: Iterable[Utterance], kind: str, seed: int = 0) -> list[Utterance]:
    """The utterances, changed one after the other; the same seed makes the same changes."""
    random = np.random.default_rng(seed)
    return [_changed(utterance, CHANGES[kind], random) for utterance in utterances]


def as_text(utterance: Utterance) -> Utterance:
    """The utterance as running text, with a blank between tokens where it came in tokens."""
    return (
        utterance
        if utterance.text is not None
        else written_as_text(utterance, words_of_utterance(utterance))
    )


def _changed(utterance: Utterance, change: Change, random: np.random.Generator) -> Utterance:
    names = tuple(span.name for span in utterance.exact_spans)
    return written_as_text(utterance, change(words_of_utterance(utterance), names, random))
