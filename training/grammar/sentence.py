"""Annotated sentences, and the pieces of text they are put together from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """`spans`: (start, end, slot) in code points of `text`, `end` exclusive, left to right."""

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
        value = piece.text.strip(" ")
        if piece.slot is None or not value:
            words += piece.text
            continue
        if piece.text.startswith(" "):
            words += " "
        whole += [Piece(words), Piece(value, piece.slot)]
        words = " " if piece.text.endswith(" ") else ""
    return [*whole, Piece(words)]


def tidied(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave out the blanks that absent options leave behind: doubled, at the ends, before marks."""
    texts = [BLANK_BEFORE_MARK.sub("", BLANKS.sub(" ", piece.text)) for piece in pieces]
    texts[0] = texts[0].lstrip(" ")
    texts[-1] = texts[-1].rstrip(" ")
    return [Piece(text, piece.slot) for text, piece in zip(texts, pieces, strict=True)]


def sentence_of(pieces: Sequence[Piece]) -> Sentence:
    """Put the pieces together; blanks around the whole are left out."""
    parts = joined(pieces)
    parts[0] = Piece(parts[0].text.lstrip(" "))
    spans: list[tuple[int, int, str]] = []
    position = 0
    for piece in parts:
        end = position + len(piece.text)
        if piece.slot is not None:
            spans.append((position, end, piece.slot))
        position = end
    return Sentence("".join(piece.text for piece in parts).rstrip(" "), tuple(spans))
