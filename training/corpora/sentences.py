"""Utterances → sentences as a network reads them: words, and a tag for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.tagging.features import EncodedSentence, read_tokens
from app.tagging.slots import OUTSIDE
from training.corpora.splits import Utterance

IGNORED = -100  # what torch's cross-entropy passes over


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    The words that a network reads of an utterance, a tag for each, and the intent's number.

    An O may hide any of the slots that are `unannotated`.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]
    intent: int
    unannotated: tuple[str, ...] = ()


def read_utterance(
    utterance: Utterance,
    *,
    punctuation: bool,
    casing: bool = False,
    shapes: bool = False,
    cut: bool = False,
) -> tuple[EncodedSentence, tuple[str, ...]]:
    """
    What the network reads of an utterance, and the tag of each word.

    The words inside a token continue its slot.
    """
    reading = read_tokens(
        utterance.tokens, punctuation=punctuation, casing=casing, shapes=shapes, cut=cut
    )
    tags = [OUTSIDE] * len(reading.words)
    ends = [head for head in reading.first_words if head is not None]
    following = dict(pairwise([*ends, len(tags)]))
    opens = False
    for head, tag in zip(reading.first_words, utterance.tags, strict=True):
        opens = tag.startswith("B-") or (opens and tag != OUTSIDE)
        if head is not None and tag != OUTSIDE:
            # Where a token that opens a slot was not read, the next one opens it.
            tags[head] = f"B-{tag[2:]}" if opens else tag
            tags[head + 1 : following[head]] = [f"I-{tag[2:]}"] * (following[head] - head - 1)
            opens = False
    return reading, tuple(tags)


def read_sentences(
    utterances: Iterable[Utterance],
    intents: Sequence[str],
    *,
    punctuation: bool,
    casing: bool = False,
    shapes: bool = False,
    cut: bool = False,
) -> list[Sentence]:
    """The sentences that leave a network something to read; an unknown intent is IGNORED."""
    numbers = {intent: number for number, intent in enumerate(intents)}
    sentences = []
    for utterance in utterances:
        reading, tags = read_utterance(
            utterance, punctuation=punctuation, casing=casing, shapes=shapes, cut=cut
        )
        if reading.words:
            intent = numbers.get(utterance.intent or "", IGNORED)
            sentences.append(Sentence(reading.words, tags, intent, utterance.unannotated))
    return sentences
