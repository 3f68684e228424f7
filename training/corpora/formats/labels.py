"""Labels of any scheme → legal BIO tags."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from sys import intern

from app.tagging.slots import OUTSIDE
from training.corpora.formats.decoration import decoration_of
from training.corpora.formats.files import excerpt, has_surrogates
from training.corpora.utterances import Utterance
from training.errors import CorpusError

# BIO (IOB1, IOB2), IOE, BIOES (S), BILOU (L, U) and BMES (M): what each prefix says of its token.
_OPENS = frozenset("BSU")
_ENDS = frozenset("ELSU")
# A name is a line of a bundle's slots.txt: blanks within it are fine, line ends are not.
_LABEL = re.compile(r"([BIEMSLU])-(\S(?:[\S ]*\S)?)")
# Nested or overlapping slots, which some write into one cell.
_SEVERAL = re.compile(r"[BIEMSLU]-[^|,;+]+[|,;+] ?(?:O|[BIEMSLU]-.+)")

LONGEST = 1_000  # characters of a label: no name of a slot has more
EXPECTED = "O, or B-, I-, E-, S- (or L-, U-, M-) before the name of a slot"


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """Tokens with labels as they stand in a file."""

    tokens: Sequence[str]
    labels: Sequence[str]
    intent: str | None


def is_label(label: str) -> bool:
    """Whether a word is a label of any scheme."""
    return label == OUTSIDE or (len(label) <= LONGEST and _parsed(label) is not None)


def is_slot(name: str) -> bool:
    """Whether a slot can have this name."""
    return is_label(f"B-{name}")


def check_label(label: object, path: Path, line: int) -> str:
    """The label, or CorpusError."""
    if isinstance(label, str) and is_label(label):
        return intern(label)
    several = isinstance(label, str) and _SEVERAL.fullmatch(label)
    hint = "; keep one tag a token, for slots do not overlap" if several else ""
    raise CorpusError(path, line, EXPECTED, excerpt(label), hint)


def bio_utterances(queries: Sequence[LabelledQuery], warnings: Counter[str]) -> list[Utterance]:
    """
    Utterances with legal BIO tags; empty queries and what every token has are left out.

    Spans are conlleval's: one ends before a B- or S-, after an E- or S-, and where the name
    changes; what continues nothing opens one. That reads every scheme without a guess which it
    is. What the labels have in common across the file only decides what the warnings say: in
    IOB1 and IOE an I- rightly opens a span, and a BIO file is one with strays. A list of queries
    is emptied.
    """
    utterances: list[Utterance] = []
    counts: Counter[str] = Counter()
    plain, decorations = decoration_of({token for query in queries for token in query.tokens})
    # Both forms of a large file would not fit beside each other.
    waiting = list(reversed(queries))
    if isinstance(queries, list):
        queries.clear()
    while waiting:
        query = waiting.pop()
        if query.tokens:
            tags = _bio_tags(query.labels, counts)
            tokens = tuple(query.tokens)
            if plain:
                tokens = tuple(plain[token] for token in tokens)
            warnings.update({decoration: len(tokens) for decoration in decorations})
            utterances.append(Utterance(tokens, tags, query.intent))
        else:
            warnings["empty query skipped"] += 1
    if counts["opened by I"] and counts["opened by B"] == counts["B where it must be"]:
        warnings["I- opens a span, as IOB1 has it; read as B-"] += counts["opened by I"]
    elif counts["opened by I"]:
        warnings["I- tag that continues nothing, read as B-"] += counts["opened by I"]
    if counts["E or S"]:
        warnings["label of another scheme (E-, S- and the like) written as BIO"] += counts["E or S"]
    if counts["S"] and counts["unended"]:
        warnings["span that lacks its end tag (E-), ended all the same"] += counts["unended"]
    return utterances


def _bio_tags(labels: Iterable[str], counts: Counter[str]) -> tuple[str, ...]:
    tags: list[str] = []
    before, name_before = OUTSIDE, ""
    for label in labels:
        prefix, name = _parsed(label) or (OUTSIDE, "")
        within = name_before != "" and before not in _ENDS
        continues = within and name == name_before and prefix not in _OPENS
        if within and not continues:
            counts["unended"] += 1
        if name:
            if not continues:
                counts["opened by B" if prefix in _OPENS else "opened by I"] += 1
                counts["B where it must be"] += prefix in _OPENS and name == name_before
            counts["E or S"] += prefix not in "BI"
            counts["S"] += prefix in "SU"
        tags.append(intern(f"{'I' if continues else 'B'}-{name}") if name else OUTSIDE)
        before, name_before = prefix, name
    counts["unended"] += name_before != "" and before not in _ENDS
    return tuple(tags)


# Words are asked for, too: of large files there are too many to keep.
@lru_cache(maxsize=1 << 16)
def _parsed(label: str) -> tuple[str, str] | None:
    match = _LABEL.fullmatch(label)
    if match and (has_surrogates(label) or _SEVERAL.fullmatch(label)):
        return None
    return (match[1], match[2]) if match else None
