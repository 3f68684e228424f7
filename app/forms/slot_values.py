"""What the words of a text mean as the value of a slot."""

from collections.abc import Hashable
from datetime import date
from typing import NamedTuple

from app.forms.constraints import same_value
from app.forms.definition import Form, FormSlot
from app.forms.state import State
from app.forms.words import folded
from app.values import Context, Resolution, resolve
from app.values.requests import day_of

MOST_TEXT = 200


class Piece(NamedTuple):
    """
    A stretch of the text that may be a value.

    `name` is the slot that the tagger names for it, None if it names none.
    """

    start: int
    end: int
    name: str | None = None


class SlotValues:
    """
    Reads pieces of one text as values of slots.

    A day that `take` has read becomes the anchor of slots that count from it.
    """

    def __init__(self, form: Form, state: State, text: str, context: Context) -> None:
        self.form = form
        self.state = state
        self.text = text
        self.context = context
        self._new_days: dict[str, Resolution] = {}
        self._known: dict[Hashable, Resolution] = {}

    def read(self, slot: FormSlot, start: int, end: int) -> Resolution:
        """
        The value of `text[start:end]` for a slot; it may be unresolved.

        The result is remembered, so that slots of the same type read the words once.
        """
        if slot.value_type == "text":
            return self._text_value(slot, self.text[start:end])
        assert slot.slot_type is not None, "a slot of another type than text has a type"
        day = self._anchor_of(slot)
        key = slot.slot_type.reading, day, start, end
        resolution = self._known.get(key)
        if resolution is None:
            resolution = resolve(self.text, start, end, slot.slot_type, self.context, day)
            self._known[key] = resolution
        return resolution

    def take(self, slot: FormSlot, piece: Piece) -> Resolution:
        """Read a piece as the new value of a slot, which slots with this anchor count from."""
        resolution = self.read(slot, piece.start, piece.end)
        if slot.group == "moment" and "unresolved" not in resolution:
            self._new_days[slot.name] = resolution  # others are counted from it
        return resolution

    def _anchor_of(self, slot: FormSlot) -> date | None:
        """The day that "the next day" follows for the slot; None if it is unknown."""
        if slot.anchor is None:
            return None
        anchor = self._new_days.get(slot.anchor)
        if anchor is None and (entry := self.state.slots.get(slot.anchor)) is not None:
            anchor = entry.resolution
        return None if anchor is None else day_of(anchor)

    @staticmethod
    def _text_value(slot: FormSlot, words: str) -> Resolution:
        """The value of words for a slot of type `text`: the words, or a choice."""
        if not slot.choices:
            return {"type": "text", "value": words.strip()[:MOST_TEXT] or words[:MOST_TEXT]}
        folded_words = folded(words)
        for value, phrases in slot.choices.items():
            if folded_words in phrases:
                return {"type": "text", "value": value}
        return {"type": "text", "unresolved": "not_understood"}

    def fits(self, slot: FormSlot, piece: Piece) -> bool:
        """
        Whether the piece can be a value of the slot.

        It cannot if the tagger names another slot of which it is a value.
        """
        named = self.form.slots.get(piece.name or "")
        if (
            slot.value_type == "text"
            and not slot.choices
            and (named is None or group_of(named) != group_of(slot))
        ):
            return False
        if slot.value_type == "boolean" or "unresolved" in self.read(slot, piece.start, piece.end):
            return False  # a yes is for its question alone
        if named is None or group_of(named) == group_of(slot):
            return True
        return "unresolved" in self.read(named, piece.start, piece.end)

    def holds(self, slot: FormSlot, words: str) -> bool:
        """Whether the slot's present value is the one that the words mean."""
        entry = self.state.slots.get(slot.name)
        if entry is None:
            return False
        value = self.read_words(slot, words)
        if "unresolved" in value:
            return False
        if same_value(value, entry.resolution):
            return True
        ends = [entry.resolution[key] for key in ("value", "from") if key in entry.resolution]
        return value.get("grain") == "day" and any(
            str(end)[:10] == value.get("value") for end in ends
        )

    def read_words(self, slot: FormSlot, words: str) -> Resolution:
        """The value of words that stand alone, without the text around them."""
        if slot.value_type == "text":
            return self._text_value(slot, words)
        assert slot.slot_type is not None, "a slot of another type than text has a type"
        return resolve(words, 0, len(words), slot.slot_type, self.context)


def group_of(slot: FormSlot) -> str:
    """
    The group of a slot: values of one group can stand in each other's slots.

    Slots of type `text` share a group only if they must differ from each other.
    """
    if slot.value_type != "text" or slot.choices:
        return slot.group if slot.value_type != "text" else f"one of {slot.name}"
    return f"text {min([slot.name, *slot.different_from])}"
