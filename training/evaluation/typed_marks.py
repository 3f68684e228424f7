"""Marks where people set them: within words, around values, between words and at the end."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import regex

from training.augmentation.typed_text import WRITTEN_SO, Word, exchanged
from training.evaluation.noise_tables import (
    AMOUNTS,
    APOSTROPHES,
    DOTTED,
    DOTTED_PAIRS,
    ENDINGS,
    HALVES,
    HOURS,
    HYPHENS,
    PAIRS,
    PAIRS_OF_CHARACTERS,
    TENS,
    UNITS,
    WITH_HYPHEN,
)

COMMAS = 0.25
IN_MARKS = 0.1
_CLOCK = re.compile(r"(1?[0-9]|2[0-3])([0-5][0-9])")
_HOUR, _MINUTE = re.compile(r"1?[0-9]|2[0-3]"), re.compile(r"[0-5][0-9]")
_NUMBER = re.compile(r"[0-9]+")
_CHARACTER = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")

Rule = Callable[[str, str], str | None]


def punctuation(
    words: list[Word], names: tuple[str, ...], random: np.random.Generator
) -> list[Word]:
    """Set marks within words, around values, and between them and at the end."""
    marked = list(_with_points(words, random))
    marked = list(_with_amounts(marked, random))
    marked = list(_with_times(marked, names, random))
    marked = list(_paired(marked, _apostrophe_or_hyphen, random))
    marked = list(exchanged(marked, {**APOSTROPHES, **WITH_HYPHEN}, random))
    return list(_with_marks_between(marked, random))


def _paired(words: Iterable[Word], rule: Rule, random: np.random.Generator) -> Iterator[Word]:
    """Half of the pairs of neighbours that the rule writes as one, if of one slot or of none."""
    before: Word | None = None
    for word in words:
        if before is None:
            before = word
            continue
        text = None
        if before.slot == word.slot and word.before:
            text = rule(before.text, word.text)
        if text is not None and random.random() < WRITTEN_SO:
            before = replace(before, text=text)
        else:
            yield before
            before = word
    if before is not None:
        yield before


def _with_points(words: list[Word], random: np.random.Generator) -> Iterator[Word]:
    """Half of the abbreviations with their points."""
    pairs = _paired(
        words, lambda one, other: DOTTED_PAIRS.get((one.lower(), other.lower())), random
    )
    behind_number = False
    for word in exchanged(pairs, DOTTED, random):
        half = HALVES.get(word.text.lower()) if behind_number else None
        yield replace(word, text=half) if half and random.random() < WRITTEN_SO else word
        behind_number = word.text[-1:].isnumeric() or word.text.lower() in HOURS


def _with_amounts(words: list[Word], random: np.random.Generator) -> Iterator[Word]:
    """Half of the amounts with a sign and, from a thousand up, with a comma; 4.5 with its point."""
    decimals: list[Word] = []
    for word in words:
        if (
            len(decimals) > 1
            and decimals[-1].text.lower() == "point"
            and _NUMBER.fullmatch(word.text)
            and _NUMBER.fullmatch(decimals[-2].text)
            and decimals[-2].slot == decimals[-1].slot == word.slot
            and random.random() < WRITTEN_SO
        ):
            decimals[-2:] = [replace(decimals[-2], text=f"{decimals[-2].text}.{word.text}")]
        else:
            decimals.append(word)

    def amount(number: str, unit: str) -> str | None:
        signs = AMOUNTS.get(unit.lower())
        if signs is None or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", number):
            return None
        written = f"{int(number):,}" if number.isdecimal() else number
        return f"{signs[0]}{written}{signs[1]}"

    return _paired(decimals, amount, random)


def _with_times(
    words: list[Word], names: tuple[str, ...], random: np.random.Generator
) -> Iterator[Word]:
    """Half of the times with a colon: 5 30, 530 pm, and 530 in a slot that is named for a time."""
    joined = list(_paired(words, _hour_and_minutes, random))
    for at, word in enumerate(joined):
        following = joined[at + 1].text.lower() if at + 1 < len(joined) else ""
        is_time = following.replace(".", "") in HALVES
        is_time |= word.slot is not None and "time" in names[word.slot]
        clock = _CLOCK.fullmatch(word.text) if is_time else None
        if clock and random.random() < WRITTEN_SO:
            yield replace(word, text=f"{clock[1]}:{clock[2]}")
        else:
            yield word


def _hour_and_minutes(hour: str, minutes: str) -> str | None:
    is_time = _HOUR.fullmatch(hour) and _MINUTE.fullmatch(minutes)
    return f"{hour}:{minutes}" if is_time else None


def _apostrophe_or_hyphen(one: str, other: str) -> str | None:
    first, second = one.lower(), other.lower()
    if second in ENDINGS and first.isalpha():
        stems = ENDINGS[second]
        if stems is None or first in stems:
            return f"{one}'{other}"
    if (first, second) in HYPHENS or (first in TENS and second in UNITS):
        return f"{one}-{other}"
    return None


def _with_marks_between(words: list[Word], random: np.random.Generator) -> Iterator[Word]:
    """Some values in quotes or brackets, some commas, and a mark at the end."""
    closing: str | None = None
    for at, word in enumerate(words):
        before = words[at - 1].slot if at else None
        following = words[at + 1].slot if at + 1 < len(words) else None
        characters = _CHARACTER.search(word.text[-1:]) is not None
        if word.slot is not None and (not at or before != word.slot):
            closing = None
            if random.random() < IN_MARKS:
                pairs = PAIRS_OF_CHARACTERS if characters else PAIRS
                opening, closing = pairs[int(random.integers(len(pairs)))]
                yield Word(opening, None, word.before)
                word = replace(word, before="")
        yield word
        ends = at + 1 == len(words)
        if closing and (ends or following != word.slot):
            yield Word(closing, None, "")
        if not word.text[-1:].isalnum() and not word.text.endswith("."):
            continue
        if ends:
            mark = str(random.choice((*("。？！" if characters else ".?!"),)))
            if not (mark == "." and word.text.endswith(".") and not closing):
                yield Word(mark, None, "")
        elif word.slot not in {None, following} and random.random() < COMMAS:
            yield Word("，" if characters else ",", None, "")
        if word.slot != following:
            closing = None
