"""What typing and speaking do to a sentence: its case, its punctuation, its blanks, its slips."""

import re
from collections.abc import Callable, Sequence
from random import Random

from training.grammar.sentence import Piece, joined, tidied

ARTICLE = re.compile(r"\b([Aa]) $")
VOWEL = re.compile(r"(?!one\b|once|uni|u[sk]|eu)[aeiou]|8|11\b|18\b", re.IGNORECASE)
ARTICLE_WITHIN = re.compile(r"\b([Aa])(?= (?!one|once|uni|eu|us)[aeiou])")
SENTENCE_START = re.compile(r"(?<=[.?!] )[a-zà-ÿ]")
# A full stop or a comma between digits is part of a number.
MARKS = re.compile(r"(?<!\d)[.,]|[.,](?!\d)|[!?;]|[。，！？；、]")
APOSTROPHE = re.compile(r"['’]")
HAN_BESIDE_LATIN = re.compile(
    r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)
LONG_WORD = re.compile(r"[a-z]{5,}")
TO_FULL_WIDTH = str.maketrans({str(digit): chr(0xFF10 + digit) for digit in range(10)})

Change = Callable[[str], str]


def _changed(pieces: Sequence[Piece], change: Change) -> list[Piece]:
    return [Piece(change(piece.text), piece.slot) for piece in pieces]


def with_articles(pieces: Sequence[Piece]) -> list[Piece]:
    """Write "an" for "a" before a vowel."""
    corrected: list[Piece] = []
    for number, piece in enumerate(pieces):
        text = ARTICLE_WITHIN.sub(r"\1n", piece.text)
        following = "".join(later.text for later in pieces[number + 1 : number + 3])
        if VOWEL.match(following):
            text = ARTICLE.sub(r"\1n ", text)
        corrected.append(Piece(text, piece.slot))
    return corrected


def with_capitals(pieces: Sequence[Piece]) -> list[Piece]:
    """Begin sentences with a capital."""
    capitalised: list[Piece] = []
    at_start = True
    for piece in pieces:
        text = piece.text
        if at_start and text:
            text = text[0].upper() + text[1:]
        text = SENTENCE_START.sub(lambda match: match[0].upper(), text)
        capitalised.append(Piece(text, piece.slot))
        if text:
            at_start = text.endswith((". ", "? ", "! "))
    return capitalised


def without_marks(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """Leave the punctuation out, as speech has none."""
    apostrophe = random.choice(("", "", " ", "'"))

    def unmarked(text: str) -> str:
        text = re.sub(r"(?<![A-Za-z])([ap])\.m\.", r"\1m", text)
        return APOSTROPHE.sub(apostrophe, MARKS.sub(" ", text).replace(" - ", " "))

    return tidied(joined(_changed(pieces, unmarked)))


def _with_slip(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """Mistype one long word that is no part of a value."""
    words = [
        (number, match)
        for number, piece in enumerate(pieces)
        if piece.slot is None
        for match in LONG_WORD.finditer(piece.text)
    ]
    if not words:
        return list(pieces)
    number, match = random.choice(words)
    word, place = match[0], random.randint(1, len(match[0]) - 2)
    slipped = random.choice(
        (
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
        )
    )
    text = pieces[number].text
    mistyped = list(pieces)
    mistyped[number] = Piece(text[: match.start()] + slipped + text[match.end() :])
    return mistyped


def english_noise(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    noisy = with_articles(pieces)
    if random.random() < 0.04:
        noisy = _with_slip(noisy, random)
    draw = random.random()
    if draw < 0.42:
        noisy = with_capitals(noisy)
    elif draw < 0.6:
        noisy = _changed(noisy, str.lower)
    elif draw < 0.85:
        noisy = _changed(without_marks(noisy, random), str.lower)
    elif draw < 0.9:
        noisy = _changed(noisy, str.upper)
    elif draw < 0.93:
        noisy = _changed(noisy, str.title)
    if random.random() < 0.1:
        noisy = _changed(noisy, lambda text: text.replace("'", "’"))
    if random.random() < 0.03:
        noisy = _changed(noisy, lambda text: text.replace(" ", "  "))
    return noisy


def chinese_noise(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    noisy = list(pieces)
    draw = random.random()
    if draw < 0.25:
        noisy = _changed(noisy, lambda text: MARKS.sub("", text))
    elif draw < 0.32:
        noisy = _changed(noisy, lambda text: MARKS.sub(" ", text))
    elif draw < 0.38:
        noisy = _changed(
            noisy, lambda text: text.replace("，", ",").replace("？", "?").replace("。", ".")
        )
    if random.random() < 0.12:
        noisy = _changed(noisy, lambda text: HAN_BESIDE_LATIN.sub(" ", text))
    if random.random() < 0.1:
        noisy = _changed(noisy, str.lower)
    if random.random() < 0.02:
        noisy = _changed(noisy, lambda text: text.translate(TO_FULL_WIDTH))
    return noisy
