"""One turn of a conversation: a state and a text → the next state, changes, a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.forms.constraints import (
    has_day,
    has_time,
    is_before_now,
    same_value,
    violated_constraint,
    violations,
)
from app.forms.definition import Form, FormSlot, WordLists
from app.forms.merging import from_readings, merged, readings_of
from app.forms.sentences import MOST_BARE, Sentences
from app.forms.state import Clarify, Entry, State
from app.forms.understanding import (
    GivenValue,
    Understanding,
    is_in,
    labels_of,
    understand,
)
from app.forms.words import OTHER_ONE, STEERING, UNDO, folded, is_filler, steering
from app.tagging.slots import Slot
from app.values import Context, Resolution

__all__ = ["Change", "ChangeKind", "Status", "Turn", "completed_values", "take_turn"]

ChangeKind = Literal["filled", "completed", "corrected", "rejected", "skipped", "cleared"]
Status = Literal["asking", "complete", "cancelled", "given_up"]


@dataclass(frozen=True, slots=True)
class Change:
    """
    What a turn did to a slot.

    words: the words for it. before, after: its values; of a rejection, `before` stays and `after`
    is the rejected value. reason: why it was rejected. conflict: the slot that it conflicts with.
    """

    slot: str
    kind: ChangeKind
    words: str = ""
    before: Resolution | None = None
    after: Resolution | None = None
    reason: str | None = None
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """
    The result of a turn.

    requested_slot: the slot that is asked for. prompt: that slot and the name of its text, such as
    ("destination", "reprompt"); `FormSlot` has the text. clarify: the open question between
    options.
    """

    state: State
    status: Status
    changes: Sequence[Change]
    requested_slot: str | None
    prompt: tuple[str, str] | None
    clarify: Clarify | None


def take_turn(
    form: Form,
    state: State,
    sentences: Sentences,
    tagged: Sequence[Sequence[Slot]],
    context: Context,
) -> Turn:
    """
    Read a text as the next turn of a conversation.

    `sentences` are those of `sentences_of`, and `tagged` the slots that the tagger finds in each of
    them. The same arguments always give the same turn.
    """
    text = sentences.text
    if not text.strip():
        return _turn_with_question(form, state, state, [], quiet=True)
    if len(text) > MOST_BARE:  # longer than what cancels, skips or corrects
        understood = understand(form, state, sentences, tagged, context)
        return _turn_with_values(form, state, understood, context)
    words = folded(text)
    variants = {words, *steering(words)}
    if _is_one_of(form.cancel, variants):
        given = {name: entry.resolution for name, entry in state.slots.items()}
        lost = dict.fromkeys(state.skipped) | given
        cleared = [Change(name, "cleared", text.strip(), before) for name, before in lost.items()]
        return Turn(State(), "cancelled", cleared, None, None, None)
    option = _chosen_option(form, state, words)
    if option is not None:
        return _turn_with_values(form, state, Understanding([option]), context)
    skipped = _turn_of_skip(form, state, text, variants)
    if skipped is not None:
        return skipped
    if not variants.isdisjoint(STEERING):
        value = _steered_value(state, text, variants)
        understood = Understanding([] if value is None else [value])
        return _turn_with_values(form, state, understood, context)
    return _turn_with_values(
        form, state, understand(form, state, sentences, tagged, context), context
    )


def completed_values(form: Form, state: State) -> dict[str, Resolution]:
    """The values of a complete form, without alternatives; defaults fill empty slots."""
    values = {}
    for name, slot in form.slots.items():
        entry = state.slots.get(name)
        if entry is not None:
            values[name] = readings_of(entry.resolution)[0]
        elif slot.default is not None and not any(
            excluded in state.slots for excluded in slot.excludes
        ):
            values[name] = slot.default
    return values


# Texts that steer the conversation: choose an option, skip a slot, undo.


def _is_one_of(lists: WordLists, variants: set[str]) -> bool:
    """Whether one of the variants of the text is in the lists."""
    return any(not variants.isdisjoint(listed) for listed in lists.values())


def _chosen_option(form: Form, state: State, words: str) -> GivenValue | None:
    """
    The option of an open question that the text names, by a label or the name of the slot.

    None if it names none, or several.
    """
    if state.clarify is None:
        return None
    options = []
    for name, resolution in state.clarify.options.items():
        names = [folded(name.replace("_", " ")), *labels_of(form.slots[name])]
        labels = [label for label in names if is_in(label, words)]
        if labels and is_filler(words, labels):
            options.append(GivenValue(name, state.clarify.words, resolution))
    return options[0] if len(options) == 1 else None


def _turn_of_skip(form: Form, state: State, text: str, variants: set[str]) -> Turn | None:
    """The turn of a text that skips a slot; None if the text does not."""
    slot = next((slot for slot in form.slots.values() if _is_one_of(slot.skip, variants)), None)
    if slot is None:
        slot = form.slots.get(state.requested_slot or "")
        if slot is None or not _is_one_of(form.skip, variants):
            return None
    words = text.strip()
    if not slot.may_be_skipped:
        rejection = Change(slot.name, "rejected", words, reason="required")
        return _turn_with_question(form, state, replace(state, clarify=None), [rejection])
    old = state.slots.get(slot.name)
    after = replace(
        state,
        slots={name: entry for name, entry in state.slots.items() if name != slot.name},
        skipped=tuple(name for name in form.slots if name in state.skipped or name == slot.name),
        recent=tuple(name for name in state.recent if name != slot.name),
        clarify=None,
    )
    before = None if old is None else old.resolution
    was_skipped = old is None and slot.name in state.skipped
    changes = [] if was_skipped else [Change(slot.name, "skipped", words, before)]
    return _turn_with_question(form, state, after, changes)


def _steered_value(state: State, text: str, variants: set[str]) -> GivenValue | None:
    """
    The value that "undo" or "the other one" asks for.

    It is the slot's earlier value, or the next reading of the present one; None if there is none.
    """
    if not UNDO.isdisjoint(variants):
        for name in reversed(state.recent):
            for entry in state.slots[name].earlier[:1]:
                return GivenValue(name, text.strip(), entry.resolution)
    if not OTHER_ONE.isdisjoint(variants):
        for name in reversed(state.recent):
            readings = readings_of(state.slots[name].resolution)
            if len(readings) > 1:
                return GivenValue(name, text.strip(), from_readings([*readings[1:], readings[0]]))
    return None


# Values, and whether they can stand.


class _Proposal:
    """
    New values, tried against those of the state.

    `new` has words, value and kind of change of each slot that stands, `rejected` the other
    changes.
    """

    def __init__(self, form: Form, state: State, context: Context) -> None:
        self.form = form
        self.state = state
        self.context = context
        self.rejected: list[Change] = []
        self.new: dict[str, tuple[str, Resolution, ChangeKind]] = {}

    def add(self, given: GivenValue) -> None:
        """Add a value: merged with the slot's present one, or rejected if it is unresolved."""
        slot = self.form.slots[given.slot]
        entry = self.state.slots.get(given.slot)
        resolution = given.resolution
        kind: ChangeKind = "filled" if entry is None else "corrected"
        if entry is not None and slot.value_type == "datetime" and "unresolved" not in resolution:
            resolution, completed = merged(entry.resolution, resolution, self.context)
            kind = "completed" if completed else kind
        if "unresolved" in resolution:
            self.reject(given.slot, given.words, None, resolution["unresolved"])
        else:
            self.new[given.slot] = given.words, resolution, kind
            self.drop_known(given.slot)

    def reject(
        self,
        name: str,
        words: str,
        value: Resolution | None,
        reason: str,
        conflict: str | None = None,
    ) -> None:
        """Leave the slot as it was, and note why."""
        entry = self.state.slots.get(name)
        before = None if entry is None else entry.resolution
        self.rejected.append(Change(name, "rejected", words, before, value, reason, conflict))
        self.new.pop(name, None)

    @property
    def values(self) -> dict[str, Resolution]:
        """The values of all slots, the new ones in place of the old ones."""
        return {
            **self.state.values,
            **{name: resolution for name, (_, resolution, _) in self.new.items()},
        }

    def choose(self) -> None:
        """Drop the readings of dates and times that violate constraints, if others do not."""
        undecided = [name for name in self.form.slots if name in self.new]
        while undecided:
            name = undecided.pop(0)
            slot = self.form.slots[name]
            words, resolution, kind = self.new[name]
            readings = readings_of(resolution)
            if slot.group != "moment" or len(readings) == 1:
                continue
            decided = {
                other: value for other, value in self.values.items() if other not in undecided
            }
            kept = [reading for reading in readings if self.stands(slot, reading, decided)]
            if kept:
                self.new[name] = words, from_readings(kept), kind
                self.drop_known(name)

    def drop_known(self, name: str) -> None:
        """Drop a new value that equals the slot's present one."""
        entry = self.state.slots.get(name)
        if entry is not None and same_value(entry.resolution, self.new[name][1]):
            del self.new[name]

    def stands(self, slot: FormSlot, reading: Resolution, others: Mapping[str, Resolution]) -> bool:
        """Whether a reading satisfies every constraint that concerns its slot."""
        if is_before_now(slot, reading, self.context):
            return False
        violated = violations(self.form.slots, {**others, slot.name: reading})
        return not any(slot.name in (violation.slot, violation.other) for violation in violated)

    def settle(self) -> None:
        """
        Reject new values until all constraints hold.

        Of two new values that conflict, the slot that is later in the form loses.
        """
        for name in [name for name in self.form.slots if name in self.new]:
            slot, (words, resolution, _) = self.form.slots[name], self.new[name]
            reason = violated_constraint(slot, resolution)
            if reason is None and is_before_now(slot, resolution, self.context):
                reason = "not_before"
            if reason is not None:
                self.reject(name, words, resolution, reason)
        order = list(self.form.slots)
        while self.new:
            violation = next(iter(violations(self.form.slots, self.values)), None)
            if violation is None:
                return
            new_slots = [name for name in (violation.slot, violation.other) if name in self.new]
            assert new_slots, "values that were there satisfy the constraints"
            name = max(new_slots, key=lambda slot_name: order.index(str(slot_name))) or ""
            words, resolution, _ = self.new[name]
            conflict = violation.other if name == violation.slot else violation.slot
            self.reject(name, words, resolution, violation.reason, conflict)


def _turn_with_values(
    form: Form, state: State, understood: Understanding, context: Context
) -> Turn:
    """The turn of a text that gives values."""
    proposal = _Proposal(form, state, context)
    for given in understood.given:
        proposal.add(given)
    proposal.choose()
    proposal.settle()
    changes = list(proposal.rejected)
    slots = dict(state.slots)
    for name, (words, resolution, kind) in proposal.new.items():
        old = slots.get(name)
        before = None if old is None else old.resolution
        changes.append(Change(name, kind, words, before, resolution))
        slots[name] = Entry(words[:200], resolution).instead_of(old)
    order = list(form.slots)
    changes.sort(key=lambda change: order.index(change.slot))
    changed = [name for name in order if name in proposal.new]
    after = State(
        slots={name: slots[name] for name in order if name in slots},
        skipped=tuple(name for name in state.skipped if name not in proposal.new),
        requested_slot=state.requested_slot,
        attempts=state.attempts,
        recent=(*(name for name in state.recent if name not in proposal.new), *changed),
        clarify=understood.clarify,
    )
    quiet = understood.question or understood.clarify is not None
    return _turn_with_question(form, state, after, changes, quiet=quiet)


# What is asked next.


def _turn_with_question(
    form: Form,
    before: State,
    after: State,
    changes: Sequence[Change],
    *,
    quiet: bool = False,
) -> Turn:
    """
    The turn that asks for the next missing slot.

    `quiet` tells that the text was no attempt to answer, so that it does not count as one.
    """
    missing = _first_missing(form, after)
    requested = missing or _rejected_slot(form, changes)
    has_changed = any(change.kind != "rejected" for change in changes)
    attempts = 0 if has_changed or missing is None else before.attempts + (not quiet)
    status: Status = "complete" if missing is None else "asking"
    if attempts >= form.attempts:
        status, attempts = "given_up", 0
    state = State(after.slots, after.skipped, requested, attempts, after.recent, after.clarify)
    prompt = None
    if requested is not None:
        again = requested == before.requested_slot and not has_changed
        prompt = requested, _prompt_name(form.slots[requested], after, again=again)
    return Turn(state, status, changes, requested, prompt, after.clarify)


def _first_missing(form: Form, state: State) -> str | None:
    """The first slot, in the form's order, that must still be asked for; None if complete."""
    for name, slot in form.slots.items():
        if not slot.ask or name in state.skipped:
            continue
        if any(other in state.slots for other in slot.excludes):
            continue
        entry = state.slots.get(name)
        if entry is None or _lacks_part(slot, entry.resolution):
            return name
    return None


def _lacks_part(slot: FormSlot, resolution: Resolution) -> bool:
    """Whether a datetime lacks the day or time that the form needs."""
    return (slot.needs == "day" and not has_day(resolution)) or (
        slot.needs == "time" and not has_time(resolution)
    )


def _rejected_slot(form: Form, changes: Iterable[Change]) -> str | None:
    """
    The slot of a complete form whose change was rejected.

    The form asks for it again, so that the next answer is for it.
    """
    for change in changes:
        if change.kind == "rejected" and change.reason != "excluded":
            return change.slot if form.slots[change.slot].prompt else None
    return None


def _prompt_name(slot: FormSlot, state: State, *, again: bool) -> str:
    """The name of the slot's text that asks for it: prompt, reprompt or needs_prompt."""
    entry = state.slots.get(slot.name)
    if entry is not None and _lacks_part(slot, entry.resolution) and slot.needs_prompt:
        return "needs_prompt"
    return "reprompt" if again and slot.reprompt else "prompt"
