"""
What people type, done to a corpus that lacks it, to measure what it costs.

A change rewrites the sentence as running text, and the spans of the corpus go with their words,
so that the service's own tokenizer reads it and a value must be found with just its edges. All
that is in CHANGES is for measuring; their tables, `training.noise_tables`, training never sees.

Training makes its own noise, `hurried`, word by word: slips of the same kind but at another rate,
from other seeds and with one more of them, and words cut by rules. So the figure of typos is for
slips of the kinds that were trained on.

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
from dataclasses import dataclass, replace

import numpy as np
import regex

from app.tagging.tokenizer import tokenize
from training.noise_tables import (
    AMOUNTS,
    APOSTROPHES,
    CLIPPED,
    DOTTED,
    DOTTED_PAIRS,
    ENDINGS,
    HALVES,
    HYPHENS,
    PAIRS,
    PAIRS_OF_CHARACTERS,
    SHORT,
    SIGNS,
    TENS,
    UNITS,
    WITH_HYPHEN,
)
from training.utterances import Utterance, utterance_from_spans

MISTYPED = 0.2
SHORTEST_MISTYPED = 4
COMMAS = 0.25
IN_MARKS = 0.1
MARKED = 0.5  # of what can be written with marks, or by a habit
JOINED = 0.03
SPLIT = 0.1
SHORTEST_SPLIT = 8
_SLIPS, _CUTS = 0.1, 0.05
_SLIPS_ONTO_TWO_KEYS = 0.2
_SHORTEST_HURRIED = 3
_VOWELS = "aeiou"
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_CLOCK = re.compile(r"(1?[0-9]|2[0-3])([0-5][0-9])")
_HOUR, _MINUTE = re.compile(r"1?[0-9]|2[0-3]"), re.compile(r"[0-5][0-9]")
_NUMBER = re.compile(r"[0-9]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_CHARACTER = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True, slots=True)
class Word:
    """
    What is typed in one piece.

    slot: the number of the span that it is of, among those of the sentence; before: what stands
    between the word before and this one.
    """

    text: str
    slot: int | None
    before: str = " "


Change = Callable[[list[Word], tuple[str, ...], np.random.Generator], Iterable[Word]]
Rule = Callable[[str, str], str | None]


def typos(words: list[Word], _: tuple[str, ...], random: np.random.Generator) -> Iterator[Word]:
    """Mistype some words."""
    for word in words:
        long = len(word.text) >= SHORTEST_MISTYPED and word.text.isalpha()
        slips = long and random.random() < MISTYPED
        yield replace(word, text=_mistyped(word.text, random)) if slips else word


def capitals(words: list[Word], _: tuple[str, ...], __: np.random.Generator) -> Iterator[Word]:
    """Leave caps lock on."""
    return (replace(word, text=word.text.upper()) for word in words)


def punctuation(
    words: list[Word], names: tuple[str, ...], random: np.random.Generator
) -> list[Word]:
    """Set marks within words, around values, and between them and at the end."""
    marked = list(_with_points(words, random))
    marked = list(_with_amounts(marked, random))
    marked = list(_with_times(marked, names, random))
    marked = list(_paired(marked, _apostrophe_or_hyphen, random))
    marked = list(_alone(marked, {**APOSTROPHES, **WITH_HYPHEN}, random))
    return list(_with_marks_between(marked, random))


def abbreviations(words: list[Word], _: tuple[str, ...], __: np.random.Generator) -> Iterator[Word]:
    """Write as in messages."""
    return (replace(word, text=SHORT.get(word.text.lower(), word.text)) for word in words)


def habits(words: list[Word], _: tuple[str, ...], random: np.random.Generator) -> Iterator[Word]:
    """Write signs for words, clip, join and break some, leave apostrophes out."""
    typed = (replace(word, text=_APOSTROPHE.sub("", word.text)) for word in words)
    before: Word | None = None
    for word in _alone(typed, {**SIGNS, **CLIPPED}, random):
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
    return utterance if utterance.text is not None else _written(utterance, _words(utterance))


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


def _changed(utterance: Utterance, change: Change, random: np.random.Generator) -> Utterance:
    names = tuple(span.name for span in utterance.exact_spans)
    return _written(utterance, change(_words(utterance), names, random))


def _words(utterance: Utterance) -> list[Word]:
    """What stands between blanks, as far as it is of one slot or of none."""
    slots: list[int | None] = [None] * len(utterance.tokens)
    for number, span in enumerate(utterance.exact_spans):
        slots[span.start : span.end] = [number] * (span.end - span.start)
    if utterance.text is None:
        return [Word(*each) for each in zip(utterance.tokens, slots, strict=True)]
    words: list[Word] = []
    end = 0
    for token, slot in zip(tokenize(utterance.text), slots, strict=True):
        before = utterance.text[end : token.start]
        end = token.end
        last = words[-1] if words else None
        # i'd is one word, three tokens though it be.
        if last and not before and slot == last.slot and _is_one(last.text, token.text):
            words[-1] = replace(last, text=last.text + token.text)
        else:
            words.append(Word(token.text, slot, before))
    return words


def _is_one(text: str, following: str) -> bool:
    return (following in "'’" and text[-1].isalpha()) or (text[-1] in "'’" and len(text) > 1)


def _written(utterance: Utterance, words: Iterable[Word]) -> Utterance:
    """The words as text, with the utterance's spans where their words now are."""
    names = [span.name for span in utterance.exact_spans]
    text = ""
    places: dict[int, tuple[int, int]] = {}
    for word in words:
        text += word.before if text else ""
        if word.slot is not None:
            start, _ = places.get(word.slot, (len(text), 0))
            places[word.slot] = start, len(text) + len(word.text)
        text += word.text
    spans = [(*place, names[slot]) for slot, place in places.items() if place[0] < place[1]]
    written, _ = utterance_from_spans(text, spans, utterance.intent)
    missed = (each._replace(stand_in=None) for each in utterance.changed)
    return replace(
        written,
        unannotated=utterance.unannotated,
        changed=(*written.changed, *missed),
    )


def _alone(
    words: Iterable[Word], table: Mapping[str, str], random: np.random.Generator
) -> Iterator[Word]:
    """Half of the words that have an entry in its place."""
    for word in words:
        other = table.get(word.text.lower())
        yield replace(word, text=other) if other and random.random() < MARKED else word


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
        if text is not None and random.random() < MARKED:
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
    for word in _alone(pairs, DOTTED, random):
        half = HALVES.get(word.text.lower()) if behind_number else None
        yield replace(word, text=half) if half and random.random() < MARKED else word
        behind_number = word.text[-1:].isnumeric() or word.text.lower() in UNITS


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
            and random.random() < MARKED
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
        if clock and random.random() < MARKED:
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
