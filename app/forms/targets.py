"""
Which slot a bare value is for.

Nothing around a bare value names its slot. The question that was asked decides, and which slots are
filled already.
"""

from collections.abc import Iterable, Sequence

from app.forms.constraints import same_value
from app.forms.definition import Form, FormSlot
from app.forms.slot_values import Piece, SlotValues, group_of
from app.forms.state import Clarify, State


class Targets:
    """Chooses the slots of a form for the bare values of one text."""

    def __init__(self, form: Form, state: State, values: SlotValues) -> None:
        self.form = form
        self.state = state
        self.values = values
        self.asked_slot = form.slots.get(state.requested_slot or "")

    def choose(
        self, piece: Piece, *, correcting: bool, taken: Iterable[str], wrong: str | None = None
    ) -> FormSlot | Clarify | None:
        """
        The slot that a bare value is for, a question if several may be, or None.

        correcting: words beside the piece correct something. taken: slots that this text has filled
        already. wrong: the words of the value that the piece replaces, as in "not Boston, Chicago".
        """
        named = self.form.slots.get(piece.name or "")
        free = [slot for slot in self.form.slots.values() if slot.name not in taken]
        # Only values of one group compete: first those of the slot that was asked for, or else of
        # the one that the tagger names, so that the words are not read as every other type.
        asked = (
            self.asked_slot
            if self.asked_slot in free and self.values.fits(self.asked_slot, piece)
            else None
        )
        likely = asked or named
        fitting = [] if likely is None else self._fitting(free, group_of(likely), piece)
        if not fitting:
            fitting = [slot for slot in free if self.values.fits(slot, piece)]
            if not fitting:
                return self._unread(named, correcting=correcting)
            fitting = [slot for slot in fitting if group_of(slot) == group_of(fitting[0])]
        if wrong is not None:
            for slot in fitting:
                if self.values.holds(slot, wrong):
                    return slot
        elif correcting and (corrected := self._corrected(fitting, piece)) is not None:
            return corrected
        if asked is not None:
            return asked
        return self._unasked(fitting, named, piece)

    def _fitting(self, slots: Iterable[FormSlot], group: str, piece: Piece) -> list[FormSlot]:
        """The slots of a group for which the piece is a value."""
        return [slot for slot in slots if group_of(slot) == group and self.values.fits(slot, piece)]

    def _unread(self, named: FormSlot | None, *, correcting: bool) -> FormSlot | None:
        """
        The slot of words that have no value for any slot.

        The turn can then tell why that slot was not filled.
        """
        if named is None:
            return None
        alike = [slot for slot in self.form.slots.values() if group_of(slot) == group_of(named)]
        if self.asked_slot in alike and not (correcting and self._newest(alike)):
            return self.asked_slot
        return self._newest(alike) if correcting else named

    def _unasked(
        self, fitting: Sequence[FormSlot], named: FormSlot | None, piece: Piece
    ) -> FormSlot | Clarify | None:
        """The slot of a bare value when no question was about it."""
        assert fitting, "the value fits somewhere"
        filled = self.state.slots
        empty = [slot for slot in fitting if slot.name not in filled and self._is_open(slot)]
        likely = empty or [slot for slot in fitting if slot.name not in filled]
        if named is not None and named in likely:
            return named
        if len(empty) == 1:
            return empty[0]
        if len(fitting) == 1:
            return fitting[0]
        values = {
            slot.name: self.values.read(slot, piece.start, piece.end)
            for slot in fitting
            if slot.name in filled or slot in empty
        }
        if any(
            name in filled and same_value(value, filled[name].resolution)
            for name, value in values.items()
        ):
            return None
        words = self.values.text[piece.start : piece.end]
        return Clarify(words, values) if len(values) > 1 else None

    def _is_open(self, slot: FormSlot) -> bool:
        """Whether the form may still ask for the slot."""
        return (
            slot.ask
            and slot.name not in self.state.skipped
            and not any(other in self.state.slots for other in slot.excludes)
        )

    def _newest(self, slots: Iterable[FormSlot]) -> FormSlot | None:
        """Of these slots the one that was filled or changed last; None if none is filled."""
        names = {slot.name for slot in slots}
        for name in reversed(self.state.recent):
            if name in names:
                return self.form.slots[name]
        return None

    def _corrected(self, fitting: Sequence[FormSlot], piece: Piece) -> FormSlot | Clarify | None:
        """
        The slot that a correction is about: the one changed last.

        If that has the value already and another slot is filled too, the result is a question.
        """
        newest = self._newest(fitting)
        if newest is None:
            return None
        value = self.values.read(newest, piece.start, piece.end)
        if not same_value(value, self.state.slots[newest.name].resolution):
            return newest
        filled = [slot for slot in fitting if slot.name in self.state.slots]
        if len(filled) < 2:
            return newest
        return Clarify(
            self.values.text[piece.start : piece.end],
            {slot.name: self.values.read(slot, piece.start, piece.end) for slot in filled},
        )
