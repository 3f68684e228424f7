"""Utterances ↔ words that are typed with something between them, to change what is typed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.tagging.tokenizer import tokenize
from training.corpora.utterances import ChangedSpan, Utterance, utterance_from_spans

WRITTEN_SO = 0.5  # of what can be written in another way


@dataclass(frozen=True, slots=True)
class Word:
    """
    What is typed in one piece.

    slot: the number of the span that it is of, among those of the sentence; before: what stands
    between the word before and this one.
    """

    text: str
    slot: int | None
    before: str = " "


def words_of_utterance(utterance: Utterance) -> list[Word]:
    """What stands between blanks, as far as it is of one slot or of none."""
    slots: list[int | None] = [None] * len(utterance.tokens)
    for number, span in enumerate(utterance.exact_spans):
        slots[span.start : span.end] = [number] * (span.end - span.start)
    if utterance.text is None:
        return [Word(*each) for each in zip(utterance.tokens, slots, strict=True)]
    words: list[Word] = []
    end = 0
    for token, slot in zip(tokenize(utterance.text), slots, strict=True):
        before = utterance.text[end : token.start]
        end = token.end
        last = words[-1] if words else None
        # i'd is one word, three tokens though it be.
        if last and not before and slot == last.slot and _is_one(last.text, token.text):
            words[-1] = replace(last, text=last.text + token.text)
        else:
            words.append(Word(token.text, slot, before))
    return words


def _is_one(text: str, following: str) -> bool:
    return (following in "'’" and text[-1].isalpha()) or (text[-1] in "'’" and len(text) > 1)


def written_as_text(utterance: Utterance, words: Iterable[Word]) -> Utterance:
    """The words as text, with the utterance's spans where their words now are."""
    names = [span.name for span in utterance.exact_spans]
    text = ""
    places: dict[int, tuple[int, int]] = {}
    for word in words:
        text += word.before if text else ""
        if word.slot is not None:
            start, _ = places.get(word.slot, (len(text), 0))
            places[word.slot] = start, len(text) + len(word.text)
        text += word.text
    spans = {slot: place for slot, place in places.items() if place[0] < place[1]}
    written, _ = utterance_from_spans(
        text, [(*place, names[slot]) for slot, place in spans.items()], utterance.intent
    )
    missed = [each._replace(stand_in=None) for each in utterance.changed]
    # A token may be empty, and nothing of it is left in a text.
    missed += [ChangedSpan(name, "") for slot, name in enumerate(names) if slot not in spans]
    return replace(
        written,
        unannotated=utterance.unannotated,
        changed=(*written.changed, *missed),
    )


def exchanged(
    words: Iterable[Word], table: Mapping[str, str], random: np.random.Generator
) -> Iterator[Word]:
    """Half of the words that have an entry in its place."""
    for word in words:
        other = table.get(word.text.lower())
        yield replace(word, text=other) if other and random.random() < WRITTEN_SO else word
