"""Annotated sentences, and the pieces of text they are put together from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """`spans` are (start, end, slot) in code points of `text`, `end` exclusive, from left to right."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: the value of a slot, or the words between two values."""

    text: str
    slot: str | None = None


BLANKS = re.compile(r" {2,}")
BLANK_BEFORE_MARK = re.compile(r" +(?=[,.?!;，。？！；])")


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Make one piece of the words between two values, and leave values no outer blanks."""
    whole: list[Piece] = []
    words = ""
    for piece in pieces:
        if piece.slot is None:
            words += piece.text
            continue
        value = piece.text.strip(" ")
        if not value:
            continue
        if piece.text.startswith(" "):
            words += " "
        whole += [Piece(words), Piece(value, piece.slot)]
        words = " " if piece.text.endswith(" ") else ""
    whole.append(Piece(words))
    return _tidy(whole)


def _tidy(pieces: Sequence[Piece]) -> list[Piece]:
    tidied: list[Piece] = []
    for number, piece in enumerate(pieces):
        text = BLANK_BEFORE_MARK.sub("", BLANKS.sub(" ", piece.text))
        if number == 0:
            text = text.lstrip(" ")
        if number == len(pieces) - 1:
            text = text.rstrip(" ")
        tidied.append(Piece(text, piece.slot))
    return tidied


def sentence_of(pieces: Sequence[Piece]) -> Sentence:
    spans: list[tuple[int, int, str]] = []
    position = 0
    for piece in pieces:
        end = position + len(piece.text)
        if piece.slot is not None:
            spans.append((position, end, piece.slot))
        position = end
    return Sentence("".join(piece.text for piece in pieces), tuple(spans))
