"""What is tagged for one turn of a conversation."""

from typing import NamedTuple

from app.forms.definition import Form, FormSlot
from app.forms.state import State
from app.forms.words import Negated, has_han, negated_of

# A longer text is no bare value.
MOST_BARE = 300


class Sentences(NamedTuple):
    """
    What is tagged for one turn.

    right: the right value of "not this, that", alone. framed: the text with the frame of the
    requested slot around it, which begins `offset` characters later there.
    """

    text: str
    negated: Negated | None = None
    framed: str | None = None
    offset: int = 0

    @property
    def texts(self) -> list[str]:
        """Those to tag, in order."""
        made = [self.text]
        if self.negated is not None:
            made.append(self.text[self.negated.start : self.negated.end])
        if self.framed is not None:
            made.append(self.framed)
        return made


def sentences_of(form: Form, state: State, text: str) -> Sentences:
    """What is to be tagged: the text and, where it is short, what helps to read an answer."""
    if len(text) > MOST_BARE or not text.strip():
        return Sentences(text)
    slot = form.slots.get(state.requested_slot or "")
    frame = None if slot is None else frame_of(slot, text)
    if frame is None:
        return Sentences(text, negated_of(text))
    before, _, after = frame.partition("{}")
    return Sentences(text, negated_of(text), f"{before}{text}{after}", len(before))


def frame_of(slot: FormSlot, text: str) -> str | None:
    """The frame in the language that the text is written in."""
    chinese = has_han(text)
    for language, frame in slot.frame.items():
        if (language == "zh") == chinese:
            return frame
    return None
