"""
Spans of a file → spans in code points.

Where a record repeats the text of its spans, that text decides: whole files count in UTF-16
units, in bytes, from 1 or up to the last character, and say so nowhere.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from unicodedata import normalize

from app.tagging.tokenizer import tokenize
from training.corpora.formats.files import excerpt, without_surrogates
from training.corpora.utterances import Utterance, utterance_from_spans
from training.errors import CorpusError

MOVED = "span whose offsets are not those of its own text, put where that text stands"
EQUAL_BUT = "span whose own text differs from the query's in case or blanks alone"
UNSURE = "span taken to count code points, which UTF-16 units would put elsewhere"
# So many spans must contradict code points before another unit is taken without a text to show it.
_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class RawSpan:
    """A span as a file has it: in a unit that is not known yet; `own` repeats its text."""

    start: int
    end: int
    slot: str
    own: str | None = None


@dataclass(frozen=True, slots=True)
class SpannedText:
    """A text with spans, of a line of a file."""

    line: int
    text: str
    spans: tuple[RawSpan, ...]
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """How a file counts: what a character is long, from where, and whether the end is included."""

    width: Callable[[str], int] | None
    first: int
    inclusive: bool
    name: str

    def place(self, text: str, span: RawSpan) -> tuple[int, int] | None:
        """(start, end) in code points, end exclusive; None where no text is there."""
        start, end = span.start - self.first, span.end - self.first + self.inclusive
        if self.width is not None:
            places = _places(text, self.width)
            start, end = places.get(start, -1), places.get(end, -1)
        return (start, end) if 0 <= start < end <= len(text) else None


def _utf16(char: str) -> int:
    return 2 if char > "\uffff" else 1


def _utf8(char: str) -> int:
    return 1 if char < "\x80" else 2 if char < "\u0800" else 3 if char < "\U00010000" else 4


CODE_POINTS = Unit(None, 0, inclusive=False, name="code points")


def _units() -> Iterator[Unit]:
    yield CODE_POINTS
    for first, inclusive, how in (
        (0, False, ""),
        (0, True, ", the end included"),
        (1, True, " from 1, the end included"),
        (1, False, " from 1"),
    ):
        for width, what in ((None, "code points"), (_utf16, "UTF-16 units"), (_utf8, "bytes")):
            if width is not None or how:
                yield Unit(width, first, inclusive, what + how)


UNITS = tuple(_units())
_WIDTHS = UNITS[1:3]
UTF16_UNITS = UNITS[1]


@lru_cache(maxsize=8)
def _places(text: str, width: Callable[[str], int]) -> dict[int, int]:
    """The code point at each offset that begins one, and at the end."""
    offsets = accumulate(map(width, text), initial=0)
    return {offset: place for place, offset in enumerate(offsets)}


def read_spanned(
    path: Path, records: Sequence[SpannedText], warnings: Counter[str]
) -> list[Utterance]:
    """
    Utterances of texts whose spans may be in any unit, but all in the same.

    Raises CorpusError with its line where a span lies outside of its text, or its own text is not
    to be found there and nowhere else for certain.
    """
    unit = _unit_of(records)
    utterances = []
    for record in records:
        spans = [_placed(path, record, span, unit, warnings) for span in record.spans]
        text = without_surrogates(record.text, warnings)
        utterance, mended = utterance_from_spans(text, spans, record.intent)
        warnings.update(mended)
        if utterance.tokens or utterance.changed:
            utterances.append(utterance)
        else:
            warnings["empty query skipped"] += 1
    return utterances


def _unit_of(records: Sequence[SpannedText]) -> Unit:
    """
    The unit that explains every span of a file, code points where they do.

    Of spans that repeat their text it must give just that; of others it must give whole words,
    where code points cut several.
    """
    spans = [(record.text, span) for record in records for span in record.spans]
    told = [(text, span) for text, span in spans if span.own is not None]
    if told:
        return next(
            (unit for unit in UNITS if all(_fits(unit, *each) for each in told)), CODE_POINTS
        )
    contradicting = sum(not _is_whole(CODE_POINTS, *each) for each in spans)
    if contradicting < _EVIDENCE:
        return CODE_POINTS
    fitting = [unit for unit in UNITS if all(_is_whole(unit, *each) for each in spans)]
    return fitting[0] if fitting else CODE_POINTS


def _fits(unit: Unit, text: str, span: RawSpan) -> bool:
    place = unit.place(text, span)
    return place is not None and text[slice(*place)] == span.own


def fits_some_unit(text: str, span: RawSpan) -> bool:
    """Whether the text that the span repeats is what its offsets give in any unit."""
    return bool(span.own) and any(_fits(unit, text, span) for unit in UNITS)


def _is_whole(unit: Unit, text: str, span: RawSpan) -> bool:
    """Whether the span begins and ends at the edges of tokens, and not with a blank."""
    place = unit.place(text, span)
    if place is None or text[slice(*place)].strip() != text[slice(*place)]:
        return False
    return not any(_cuts_a_token(text, at) for at in place)


def _cuts_a_token(text: str, at: int) -> bool:
    if not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()):
        return False
    return at in _insides(text)


@lru_cache(maxsize=8)
def _insides(text: str) -> frozenset[int]:
    return frozenset(at for token in tokenize(text) for at in range(token.start + 1, token.end))


def _placed(
    path: Path, record: SpannedText, span: RawSpan, unit: Unit, warnings: Counter[str]
) -> tuple[int, int, str]:
    text, own = record.text, span.own
    place = unit.place(text, span)
    if own is None and unit is CODE_POINTS and not _is_whole(unit, text, span):
        # A word that is cut is widened; but not where that word is likely another.
        for other in _WIDTHS:
            if _is_whole(other, text, span):
                hint = _convert(other)
                expected = "a span that cuts no word"
                raise CorpusError(path, record.line, expected, _found(text, span, place), hint)
    if own is None and unit is CODE_POINTS and _could_be_utf16(text, span, place):
        warnings[UNSURE] += 1
    if place is not None and (own is None or text[slice(*place)] == own):
        if unit is not CODE_POINTS:
            warnings[f"span whose offsets count {unit.name}"] += 1
        return *place, span.slot
    if own is None:
        expected = f"a span within the {len(text)} code points of the text"
        hint = _looks_like(text, span)
        raise CorpusError(path, record.line, expected, _found(text, span, None), hint)
    if place is not None and _loosely(text[slice(*place)]) == _loosely(own):
        warnings[EQUAL_BUT] += 1
        return *place, span.slot
    found = _only_place(text, own)
    if found is not None and not any(_cuts_a_token(text, at) for at in found):
        warnings[MOVED] += 1
        return *found, span.slot
    at = excerpt(text[slice(*place)]) if place else "nothing"
    expected = f"{excerpt(own)} from {span.start} to {span.end}, as the span itself says"
    hint = _looks_like(text, span) or "; mend the offsets, or leave out what is not the span's text"
    raise CorpusError(path, record.line, expected, at, hint)


def _loosely(text: str) -> str:
    return " ".join(normalize("NFC", text).split()).casefold()


def _only_place(text: str, own: str) -> tuple[int, int] | None:
    """Where the text is, its letters and their marks in one character or in several, if once."""
    places = []
    for form in {own, normalize("NFC", own), normalize("NFD", own)} - {""}:
        start = text.find(form)
        if start >= 0:
            places.append((start, start + len(form)))
            if text.find(form, start + 1) >= 0:
                return None
    return places[0] if len(places) == 1 else None


def _could_be_utf16(text: str, span: RawSpan, place: tuple[int, int] | None) -> bool:
    """Whether code points and UTF-16 units give two places of which either could be meant."""
    if place is None or text.isascii():
        return False
    other = UTF16_UNITS.place(text, span)
    return other not in {None, place} and _is_whole(UTF16_UNITS, text, span)


def _looks_like(text: str, span: RawSpan) -> str:
    """What to do where another unit would fit this span."""
    fits = _is_whole if span.own is None else _fits
    for unit in UNITS[1:]:
        if fits(unit, text, span):
            return _convert(unit)
    return ""


def _convert(unit: Unit) -> str:
    return f"; its offsets look like {unit.name}: convert them, in the whole file"


def _found(text: str, span: RawSpan, place: tuple[int, int] | None) -> str:
    cut = f", which is {excerpt(text[slice(*place)])}" if place else ""
    return f"{span.start} to {span.end}{cut}"
