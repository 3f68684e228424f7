"""One turn of a conversation: a state and a text → the next state, what changed, what is asked."""

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

    words: what was said for it. before, after: its values; of a rejection, `before` stays and
    `after` is what was not taken. reason: why it was rejected, conflict: because of which slot.
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
    What a turn came to.

    prompt: the id of what to say next, such as `destination.prompt`; `Form` has its text.
    clarify: the question between options that is open.
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

    `sentences` are those of `sentences_of`, and `tagged` the slots that the tagger finds in each.
    The same arguments always give the same turn.
    """
    text = sentences.text
    if not text.strip():
        return _turn_with_question(form, state, state, [], quiet=True)
    if len(text) > MOST_BARE:  # longer than what cancels, skips or corrects
        found = understand(form, state, sentences, tagged, context)
        return _turn_with_values(form, state, found, context)
    words = folded(text)
    whole = {words, *steering(words)}
    if _is_one_of(form.cancel, whole):
        cleared = [
            Change(name, "cleared", text.strip(), entry.resolution)
            for name, entry in state.slots.items()
        ]
        return Turn(State(), "cancelled", cleared, None, None, None)
    chosen = _chosen_option(form, state, words)
    if chosen is not None:
        return _turn_with_values(form, state, Understanding([chosen]), context)
    skipped = _turn_of_skip(form, state, text, whole)
    if skipped is not None:
        return skipped
    if not whole.isdisjoint(STEERING):
        steered = _steered_value(state, text, whole)
        found = Understanding([] if steered is None else [steered])
        return _turn_with_values(form, state, found, context)
    return _turn_with_values(
        form, state, understand(form, state, sentences, tagged, context), context
    )


def completed_values(form: Form, state: State) -> dict[str, Resolution]:
    """The values of a complete form: what was said, without alternatives, and defaults."""
    made = {}
    for name, slot in form.slots.items():
        entry = state.slots.get(name)
        if entry is not None:
            made[name] = readings_of(entry.resolution)[0]
        elif slot.default is not None and not any(one in state.slots for one in slot.excludes):
            made[name] = slot.default
    return made


# What a whole text can say besides values.


def _is_one_of(lists: WordLists, whole: set[str]) -> bool:
    """Whether the text is one of the words, and nothing else."""
    return any(not whole.isdisjoint(listed) for listed in lists.values())


def _chosen_option(form: Form, state: State, words: str) -> GivenValue | None:
    """The option of an open question that the text names, by a label or the slot's name."""
    if state.clarify is None:
        return None
    found = []
    for name, resolution in state.clarify.options.items():
        called = [folded(name.replace("_", " ")), *labels_of(form.slots[name])]
        labels = [label for label in called if is_in(label, words)]
        if labels and is_filler(words, labels):
            found.append(GivenValue(name, state.clarify.words, resolution))
    return found[0] if len(found) == 1 else None


def _turn_of_skip(form: Form, state: State, text: str, whole: set[str]) -> Turn | None:
    """The turn of a text that leaves a slot empty, or wants to."""
    slot = next((slot for slot in form.slots.values() if _is_one_of(slot.skip, whole)), None)
    if slot is None:
        slot = form.slots.get(state.requested_slot or "")
        if slot is None or not _is_one_of(form.skip, whole):
            return None
    words = text.strip()
    if not slot.may_be_skipped:
        refused = Change(slot.name, "rejected", words, reason="required")
        return _turn_with_question(form, state, replace(state, clarify=None), [refused])
    old = state.slots.get(slot.name)
    after = replace(
        state,
        slots={name: entry for name, entry in state.slots.items() if name != slot.name},
        skipped=tuple(name for name in form.slots if name in state.skipped or name == slot.name),
        recent=tuple(name for name in state.recent if name != slot.name),
        clarify=None,
    )
    before = None if old is None else old.resolution
    again = old is None and slot.name in state.skipped
    changes = [] if again else [Change(slot.name, "skipped", words, before)]
    return _turn_with_question(form, state, after, changes)


def _steered_value(state: State, text: str, whole: set[str]) -> GivenValue | None:
    """The other reading of a value, or the value that it had before, if that is what is said."""
    if not UNDO.isdisjoint(whole):
        for name in reversed(state.recent):
            for entry in state.slots[name].earlier[:1]:
                return GivenValue(name, text.strip(), entry.resolution)
    if not OTHER_ONE.isdisjoint(whole):
        for name in reversed(state.recent):
            readings = readings_of(state.slots[name].resolution)
            if len(readings) > 1:
                return GivenValue(name, text.strip(), from_readings([*readings[1:], readings[0]]))
    return None


# Values, and whether they can stand.


class _Proposal:
    """Values that were said, tried against those that are there."""

    def __init__(self, form: Form, state: State, context: Context) -> None:
        self.form = form
        self.state = state
        self.context = context
        self.rejected: list[Change] = []
        self.new: dict[str, tuple[str, Resolution, ChangeKind]] = {}

    def add(self, said: GivenValue) -> None:
        """Take up a value, as it is with what is known."""
        slot = self.form.slots[said.slot]
        entry = self.state.slots.get(said.slot)
        made = said.resolution
        kind: ChangeKind = "filled" if entry is None else "corrected"
        if entry is not None and slot.value_type == "datetime" and "unresolved" not in made:
            made, completed = merged(entry.resolution, made, self.context)
            kind = "completed" if completed else kind
        if "unresolved" in made:
            self.reject(said.slot, said.words, None, made["unresolved"])
        else:
            self.new[said.slot] = said.words, made, kind
            self.drop_known(said.slot)

    def reject(
        self,
        name: str,
        words: str,
        value: Resolution | None,
        reason: str,
        conflict: str | None = None,
    ) -> None:
        """Leave the slot as it was."""
        entry = self.state.slots.get(name)
        before = None if entry is None else entry.resolution
        self.rejected.append(Change(name, "rejected", words, before, value, reason, conflict))
        self.new.pop(name, None)

    @property
    def values(self) -> dict[str, Resolution]:
        """All values, the new ones in place of the old."""
        return {
            **self.state.values,
            **{name: resolution for name, (_, resolution, _) in self.new.items()},
        }

    def choose(self) -> None:
        """Let constraints choose among the readings of moments, in the form's order."""
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
            kept = [one for one in readings if self.stands(slot, one, decided)]
            if kept:
                self.new[name] = words, from_readings(kept), kind
                self.drop_known(name)

    def drop_known(self, name: str) -> None:
        """Forget a new value that turns out to be the one that is there."""
        entry = self.state.slots.get(name)
        if entry is not None and same_value(entry.resolution, self.new[name][1]):
            del self.new[name]

    def stands(self, slot: FormSlot, reading: Resolution, others: Mapping[str, Resolution]) -> bool:
        """Whether a reading satisfies the constraints of and about its slot."""
        if is_before_now(slot, reading, self.context):
            return False
        found = violations(self.form.slots, {**others, slot.name: reading})
        return not any(slot.name in (one.slot, one.other) for one in found)

    def settle(self) -> None:
        """Reject new values until all constraints hold; the old values did."""
        for name in [name for name in self.form.slots if name in self.new]:
            slot, (words, resolution, _) = self.form.slots[name], self.new[name]
            reason = violated_constraint(slot, resolution)
            if reason is None and is_before_now(slot, resolution, self.context):
                reason = "not_before"
            if reason is not None:
                self.reject(name, words, resolution, reason)
        order = list(self.form.slots)
        while self.new:
            found = next(iter(violations(self.form.slots, self.values)), None)
            if found is None:
                return
            pair = [name for name in (found.slot, found.other) if name in self.new]
            assert pair, "values that were there satisfy the constraints"
            name = max(pair, key=lambda one: order.index(str(one))) or ""
            words, resolution, _ = self.new[name]
            conflict = found.other if name == found.slot else found.slot
            self.reject(name, words, resolution, found.reason, conflict)


def _turn_with_values(
    form: Form, state: State, understood: Understanding, context: Context
) -> Turn:
    """The turn of a text that gives values."""
    proposal = _Proposal(form, state, context)
    for said in understood.given:
        proposal.add(said)
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
    """The turn with its question; `quiet`: not an attempt to answer the one before."""
    missing = _first_missing(form, after)
    requested = missing or _rejected_slot(form, changes)
    took = any(change.kind != "rejected" for change in changes)
    attempts = 0 if took or missing is None else before.attempts + (not quiet)
    status: Status = "complete" if missing is None else "asking"
    if attempts >= form.attempts:
        status, attempts = "given_up", 0
    state = State(after.slots, after.skipped, requested, attempts, after.recent, after.clarify)
    prompt = None
    if requested is not None:
        again = requested == before.requested_slot and not took
        prompt = requested, _prompt_name(form.slots[requested], after, again=again)
    return Turn(state, status, changes, requested, prompt, after.clarify)


def _first_missing(form: Form, state: State) -> str | None:
    """The first slot, in the form's order, that is asked for and not filled."""
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
    """Whether a moment lacks the part that the form needs."""
    return (slot.needs == "day" and not has_day(resolution)) or (
        slot.needs == "time" and not has_time(resolution)
    )


def _rejected_slot(form: Form, changes: Iterable[Change]) -> str | None:
    """Of a complete form the slot whose change was rejected, so that the next answer is for it."""
    for change in changes:
        if change.kind == "rejected" and change.reason != "excluded":
            return change.slot if form.slots[change.slot].prompt else None
    return None


def _prompt_name(slot: FormSlot, state: State, *, again: bool) -> str:
    """Which of the slot's texts asks for it."""
    entry = state.slots.get(slot.name)
    if entry is not None and _lacks_part(slot, entry.resolution) and slot.needs_prompt:
        return "needs_prompt"
    return "reprompt" if again and slot.reprompt else "prompt"
