"""What a prediction gets wrong, mistake by mistake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from app.tagging.slots import Span, read_spans

Kind = Literal["wrong name", "wrong boundaries", "wrong name and boundaries", "missed", "spurious"]
KINDS: tuple[Kind, ...] = (
    "wrong name",
    "wrong boundaries",
    "wrong name and boundaries",
    "missed",
    "spurious",
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    A slot of gold that was not found, or one found that is not in gold, or both as a pair.

    sentence: the number of the utterance; number: of the predicted slot among the sentence's.
    """

    kind: Kind
    sentence: int
    gold: Span | None
    predicted: Span | None
    number: int | None


def find_mistakes(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]
) -> list[Mistake]:
    """
    Pair what gold has with what was predicted where the two overlap, each with one at most.

    The same boundaries come first, then the same name, then the larger overlap; what is left is
    missed or spurious.
    """
    found = []
    for sentence, (gold_tags, tags) in enumerate(zip(gold, predicted, strict=True)):
        found += list(_mistakes(sentence, read_spans(gold_tags), read_spans(tags)))
    return found


def _mistakes(sentence: int, gold: list[Span], predicted: list[Span]) -> Iterator[Mistake]:
    right = set(gold) & set(predicted)
    of_gold = [span for span in gold if span not in right]
    of_predicted = [span for span in predicted if span not in right]
    pairs = sorted(
        (
            (one, other)
            for one in of_gold
            for other in of_predicted
            if one.start < other.end and other.start < one.end
        ),
        key=_fit,
    )
    paired: set[Span] = set()
    for one, other in pairs:
        # A span of gold and one predicted are never equal here: one set holds both.
        if not paired & {one, other}:
            paired |= {one, other}
            yield Mistake(_kind(one, other), sentence, one, other, predicted.index(other))
    for span in of_gold:
        if span not in paired:
            yield Mistake("missed", sentence, span, None, None)
    for span in of_predicted:
        if span not in paired:
            yield Mistake("spurious", sentence, None, span, predicted.index(span))


def _fit(pair: tuple[Span, Span]) -> tuple[bool, bool, int, int, int]:
    one, other = pair
    overlap = min(one.end, other.end) - max(one.start, other.start)
    return not _same_place(one, other), one.name != other.name, -overlap, one.start, other.start


def _kind(one: Span, other: Span) -> Kind:
    if _same_place(one, other):
        return "wrong name"
    return "wrong boundaries" if one.name == other.name else "wrong name and boundaries"


def _same_place(one: Span, other: Span) -> bool:
    return (one.start, one.end) == (other.start, other.end)
