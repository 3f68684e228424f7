"""Marks that stand in pairs: a slot that holds one of a pair holds the other too."""

from collections.abc import Sequence

from app.tagging.slots import Span

_OPENING = "([{<«‹“„‘（［｛＜「『《〈【〔〖﹁〝❝❛≪⟨⟪｢"
_CLOSING = dict(zip(_OPENING, ")]}>»›”“’）］｝＞」』》〉】〕〗﹂〞❞❜≫⟩⟫｣", strict=True))
_ALIKE = frozenset('"＂`*_~|″״＊＿｜')


def with_partners(tokens: Sequence[str], span: Span, first_words: Sequence[int | None]) -> Span:
    """
    The span of tokens, with the mark before or behind it whose partner is inside.

        [Paris (CDG] ) → [Paris (CDG)]

    first_words: None for each token that is no word.
    """
    opened: list[str] = []
    missing = ""
    for at in range(span.start + 1, span.end - 1):
        token = tokens[at]
        if first_words[at] is not None:
            continue
        if opened and token in (opened[-1], _CLOSING.get(opened[-1])):
            opened.pop()
        elif token in _CLOSING or token in _ALIKE:
            opened.append(token)
        elif token in _CLOSING.values():
            missing = token
    before, behind = span.start - 1, span.end
    if len(opened) == 1 and behind < len(tokens) and first_words[behind] is None:
        mark = opened[0]
        if tokens[behind] == _CLOSING.get(mark, mark):
            return span._replace(end=behind + 1)
    if before >= 0 and first_words[before] is None:
        mark = tokens[before]
        if _CLOSING.get(mark, "") == missing != "" or (opened == [mark] and mark in _ALIKE):
            return span._replace(start=before)
    return span


def apart(tokens: Sequence[str], span: Span, first_words: Sequence[int | None]) -> list[Span]:
    """
    The span of tokens, or several where it runs over values in pairs of their own.

        “ [Rome ” “ Paris] ” → “ [Rome] ” “ [Paris] ”
    """
    parts: list[Span] = []
    start, end = span.start, span.end
    marks = [
        "" if head is not None else token
        for token, head in zip(tokens[: end + 1], first_words[: end + 1], strict=True)
    ]
    for at in range(start + 1, end - 2):
        before, closing, opening = marks[start - 1] if start else "", marks[at], marks[at + 1]
        if before and closing == _partner(before) and _partner(opening) in marks[at + 2 :]:
            parts.append(span._replace(start=start, end=at))
            start = at + 2
    return [*parts, span._replace(start=start)]


def _partner(mark: str) -> str | None:
    """What closes what this mark opens; None where it opens nothing."""
    return mark if mark in _ALIKE else _CLOSING.get(mark)
