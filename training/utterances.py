"""What a corpus is made of: utterances, tokens with a BIO tag each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern

from app.tagging.slots import OUTSIDE, Span, write_tags
from app.tagging.tokenizer import Token, tokenize

WIDENED = "span widened to whole tokens"
NARROWED = "blanks at the edge of a span, left out of it"
OVERLAPPING = "span on tokens that others cover as well or better, left out"
CUT = "span without a token that another covers as well or better"
TOKENLESS = "span without a token, left out"


@dataclass(frozen=True, slots=True)
class Utterance:
    """
    A query with its annotation.

    `tags` is legal BIO. `text` is the original of a corpus of running text, and then the tokens
    are those of `tokenize(text)`; it is None where the corpus came in tokens. `unannotated` are
    slots that the text may fill without a tag saying so.
    """

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    intent: str | None = None
    text: str | None = None
    unannotated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert len(self.tokens) == len(self.tags), "every token has one tag"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Utterances in the order of their file; `remarks`: what was skipped or mended, how often."""

    utterances: tuple[Utterance, ...]
    remarks: Mapping[str, int] = field(default_factory=dict)

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
    covers most of it, however little; of equals the earlier has it, then the longer.
    """
    tokens = tokenize(text)
    ordered = sorted(spans, key=lambda span: (span[0], -span[1]))
    touched: list[list[int]] = [[] for _ in ordered]
    owned: list[list[int]] = [[] for _ in ordered]
    for at, token in enumerate(tokens):
        covered = [_covered(token, start, end) for start, end, _ in ordered]
        for number in range(len(ordered)):
            if covered[number] > 0:
                touched[number].append(at)
        if max(covered, default=0) > 0:
            owned[covered.index(max(covered))].append(at)
    remarks: Counter[str] = Counter()
    kept = []
    for (start, end, slot), touches, owns in zip(ordered, touched, owned, strict=True):
        assert 0 <= start < end <= len(text), "a span lies within its text"
        if not touches:
            remarks[TOKENLESS] += 1
        elif not owns:
            remarks[OVERLAPPING] += 1
        else:
            kept.append(Span(slot, owns[0], owns[-1] + 1))
            first, last = tokens[owns[0]], tokens[owns[-1]]
            remarks[WIDENED] += first.start < start or end < last.end
            remarks[NARROWED] += owns == touches and (start < first.start or last.end < end)
            remarks[CUT] += owns != touches
    utterance = Utterance(
        # The same words come again and again: each is held once.
        tuple(intern(token.text) for token in tokens),
        tuple(map(intern, write_tags(kept, len(tokens)))),
        intent,
        text,
    )
    return utterance, +remarks


def _covered(token: Token, start: int, end: int) -> int:
    return min(token.end, end) - max(token.start, start)
