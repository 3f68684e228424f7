"""What a corpus is made of: utterances, tokens with a BIO tag each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple

from app.tagging.slots import OUTSIDE, Span, read_spans, write_tags
from app.tagging.tokenizer import Token, tokenize

WIDENED = "span widened to whole tokens"
NARROWED = "blanks at the edge of a span, left out of it"
OVERLAPPING = "span on tokens that others cover as well or better, left out"
CUT = "span without a token that another covers as well or better"
TOKENLESS = "span without a token, left out"
TWICE = "span annotated twice, counted once"


class ChangedSpan(NamedTuple):
    """
    A span of the corpus that the tags do not spell as it was written; F1 counts it as missed.

    name: of its slot; value: its text; stand_in: the span that the tags have in its place, with
    other edges, to learn from; None where they have none.
    """

    name: str
    value: str
    stand_in: Span | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """
    A query with its annotation.

    `tags` is legal BIO. `text` is the original of a corpus of running text, and then the tokens
    are those of `tokenize(text)`; it is None where the corpus came in tokens. `unannotated` are
    slots that the text may fill without a tag saying so. `changed` are spans of the corpus that
    the tags cannot spell.
    """

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    intent: str | None = None
    text: str | None = None
    unannotated: tuple[str, ...] = ()
    changed: tuple[ChangedSpan, ...] = ()

    def __post_init__(self) -> None:
        assert len(self.tokens) == len(self.tags), "every token has one tag"

    @property
    def exact_spans(self) -> list[Span]:
        """The spans of the tags that are in the corpus just as the tags spell them."""
        spans = read_spans(self.tags)
        if not self.changed:
            return spans
        stand_ins = {each.stand_in for each in self.changed}
        return [span for span in spans if span not in stand_ins]

    @property
    def exact_tags(self) -> tuple[str, ...]:
        """The tags of these spans alone."""
        if not self.changed:
            return self.tags
        return tuple(write_tags(self.exact_spans, len(self.tokens)))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Utterances in the order of their file; `warnings`: what was skipped or mended, how often."""

    utterances: tuple[Utterance, ...]
    warnings: Mapping[str, int] = field(default_factory=dict)

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots, sorted."""
        tags = {tag for utterance in self.utterances for tag in utterance.tags}
        return tuple(sorted({tag[2:] for tag in tags - {OUTSIDE}}))

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents, sorted."""
        named = {each.intent for each in self.utterances if each.intent is not None}
        return tuple(sorted(named))


@dataclass(frozen=True, slots=True)
class SpanCount:
    """How many spans a corpus has as it was written, and how many the tags cannot spell."""

    spans: int
    changed: int

    @property
    def share(self) -> float:
        """The share of the changed ones, 0 to 1."""
        return self.changed / max(self.spans, 1)

    def __str__(self) -> str:
        return f"{self.changed} of {self.spans} ({self.share:.2%})"


def count_spans(utterances: Iterable[Utterance]) -> SpanCount:
    """Count the spans as they were written."""
    spans = changed = 0
    for each in utterances:
        spans += len(each.exact_spans) + len(each.changed)
        changed += len(each.changed)
    return SpanCount(spans, changed)


@dataclass(frozen=True, slots=True)
class Splits:
    """What is learnt from, and what chooses among what was learnt."""

    train: Corpus
    dev: Corpus


def utterance_from_spans(
    text: str, spans: Iterable[tuple[int, int, str]], intent: str | None = None
) -> tuple[Utterance, Counter[str]]:
    """
    Tag the tokens of a text, and count what had to be mended.

    Spans are (start, end, slot) in code points, `end` exclusive. A token is of the slot that
    covers most of it, however little; of equals the earlier has it, then the longer. A span is
    `changed` where it is left out, or begins or ends with other visible characters; blanks at its
    edges change nothing that can be seen.
    """
    tokens = tokenize(text)
    written = list(spans)
    ordered = sorted(set(written), key=lambda span: (span[0], -span[1], span[2]))
    warnings: Counter[str] = Counter({TWICE: len(written) - len(ordered)})
    touched: list[list[int]] = [[] for _ in ordered]
    owned: list[list[int]] = [[] for _ in ordered]
    for at, token in enumerate(tokens):
        covered = [_covered(token, start, end) for start, end, _ in ordered]
        for number in range(len(ordered)):
            if covered[number] > 0:
                touched[number].append(at)
        if max(covered, default=0) > 0:
            owned[covered.index(max(covered))].append(at)
    kept: list[Span] = []
    changed: list[ChangedSpan] = []
    for (start, end, slot), touches, owns in zip(ordered, touched, owned, strict=True):
        assert 0 <= start < end <= len(text), "a span lies within its text"
        if not owns:
            warnings[OVERLAPPING if touches else TOKENLESS] += 1
            changed.append(ChangedSpan(slot, text[start:end]))
            continue
        # Where another slot lies within, what stands before that is taken.
        run = [at for number, at in enumerate(owns) if at == owns[0] + number]
        span = Span(slot, run[0], run[-1] + 1)
        kept.append(span)
        first, last = tokens[run[0]], tokens[run[-1]]
        widened = first.start < start or end < last.end
        cut = run != touches
        warnings[WIDENED] += widened
        warnings[NARROWED] += not cut and (start < first.start or last.end < end)
        warnings[CUT] += cut
        if widened or cut:
            changed.append(ChangedSpan(slot, text[start:end], span))
    utterance = Utterance(
        # The same words come again and again: each is held once.
        tuple(intern(token.text) for token in tokens),
        tuple(map(intern, write_tags(kept, len(tokens)))),
        intent,
        text,
        changed=tuple(changed),
    )
    return utterance, +warnings


def _covered(token: Token, start: int, end: int) -> int:
    return min(token.end, end) - max(token.start, start)
