"""What a format puts on every token of a file, such as a language's code, and no query has."""

import re
from collections.abc import Callable, Collection, Iterable
from sys import intern

# Of so few different tokens chance may have made any alike.
_FEWEST = 3
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?:(?=.)")
_NUMBER = re.compile(r"(?<=.)[_#/|:-]\d+$")
_DIGIT = re.compile(r"(?<=.)\d$")
# Dividers differ, and word/NN and 上海/ns alike are words with their parts of speech.
_PART_OF_SPEECH = tuple(
    re.compile(rf"(?<=.)[{divider}](?:[A-Za-z]{{1,6}}\$?|[^\w\s]{{1,3}})$") for divider in "/_|"
)


def decoration_of(tokens: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """
    What each of a file's different tokens is without the prefix or suffix that all of them have.

    With it come warnings that name these; without any the mapping is empty.
    """
    mapping = {token: token for token in tokens}
    found: list[str] = []
    for where, find in (("prefix", _prefix), ("suffix", _suffix)):
        strip = find(mapping.values())
        if strip is None:
            continue
        example = min(mapping.values())
        shown = example.replace(strip(example), "", 1)
        found.append(f"{where} that every token of the file has left out, such as {shown!r}")
        mapping = {token: intern(strip(rest)) for token, rest in mapping.items()}
    return mapping if found else {}, found


def _prefix(tokens: Collection[str]) -> Callable[[str], str] | None:
    if len(tokens) > 1 and all(map(_LANGUAGE.match, tokens)):
        return lambda token: _LANGUAGE.sub("", token, count=1)
    if len(tokens) < _FEWEST:
        return None
    common = _common(tokens)
    while common and (common[-1].isalnum() or common[-1].isspace()):
        common = common[:-1]
    if not common or any(token == common for token in tokens):
        return None
    return lambda token: token[len(common) :]


def _suffix(tokens: Collection[str]) -> Callable[[str], str] | None:
    if len(tokens) < _FEWEST:
        return None
    for pattern in (_NUMBER, *_PART_OF_SPEECH, _DIGIT):
        if not all(map(pattern.search, tokens)):
            continue
        stems = [pattern.sub("", token) for token in tokens]
        # Numbers end in digits themselves, and so do no words.
        if sum(not any(map(str.isdigit, stem)) for stem in stems) > len(stems) / 2:
            return lambda token, pattern=pattern: pattern.sub("", token)  # type: ignore[misc]
    common = _common([token[::-1] for token in tokens])[::-1]
    while common and (common[0].isalnum() or common[0].isspace()):
        common = common[1:]
    if not common or any(token == common for token in tokens):
        return None
    return lambda token: token[: -len(common)]


def _common(tokens: Collection[str]) -> str:
    """How all of them begin: as the first and the last of them in order do."""
    first, last = min(tokens), max(tokens)
    same = (at for at, char in enumerate(first) if not last.startswith(char, at))
    return first[: next(same, len(first))]
