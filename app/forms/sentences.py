"""The sentences that the tagger gets for one turn of a conversation."""

from typing import NamedTuple

from app.forms.definition import Form, FormSlot
from app.forms.state import State
from app.forms.words import Negated, has_han, negated_of

# Characters; a longer text is not read as a bare value, a correction or a command.
MOST_BARE = 300


class Sentences(NamedTuple):
    """
    The sentences to tag for one turn.

    text: what the user wrote. negated: where the right value of "not this, that" stands; it is
    tagged alone too. framed: the text within the frame of the requested slot. There the text begins
    `offset` characters later.
    """

    text: str
    negated: Negated | None = None
    framed: str | None = None
    offset: int = 0

    @property
    def texts(self) -> list[str]:
        """The sentences to tag, in order; the first is the text itself."""
        texts = [self.text]
        if self.negated is not None:
            texts.append(self.text[self.negated.start : self.negated.end])
        if self.framed is not None:
            texts.append(self.framed)
        return texts


def sentences_of(form: Form, state: State, text: str) -> Sentences:
    """The text and, if it is short, the sentences that help to read it as an answer."""
    if len(text) > MOST_BARE or not text.strip():
        return Sentences(text)
    slot = form.slots.get(state.requested_slot or "")
    frame = None if slot is None else frame_of(slot, text)
    if frame is None:
        return Sentences(text, negated_of(text))
    before, _, after = frame.partition("{}")
    return Sentences(text, negated_of(text), f"{before}{text}{after}", len(before))


def frame_of(slot: FormSlot, text: str) -> str | None:
    """The slot's frame in the language of the text, None if it has none."""
    chinese = has_han(text)
    for language, frame in slot.frame.items():
        if (language == "zh") == chinese:
            return frame
    return None
