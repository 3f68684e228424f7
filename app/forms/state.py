"""What a conversation has come to: the state that the client carries, and its strict reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from app.forms.constraints import violations
from app.forms.definition import Form, FormSlot
from app.forms.errors import FormChangedError, InvalidStateError, StateFault
from app.forms.merging import readings_of
from app.forms.resolution_checks import check_resolution
from app.values import Resolution
from app.values.remembered import Remembered

__all__ = ["Clarify", "Entry", "State", "StateJson", "read_state", "state_json", "state_of"]

MOST_EARLIER = 2
MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What fills a slot: the words, their value, and what was there before, newest first."""

    words: str
    resolution: Resolution
    earlier: tuple["Entry", ...] = ()

    def instead_of(self, old: "Entry | None") -> "Entry":
        """The same entry, which remembers the one that it replaces."""
        if old is None:
            return self
        before = (Entry(old.words, old.resolution), *old.earlier)
        return Entry(self.words, self.resolution, before[:MOST_EARLIER])


@dataclass(frozen=True, slots=True)
class Clarify:
    """A question with options: the words, and the value that they would have in each slot."""

    words: str
    options: Mapping[str, Resolution]


@dataclass(frozen=True, slots=True)
class State:
    """
    A conversation's state.

    skipped: slots that shall stay empty. requested_slot: what was asked for last. attempts: how
    often in a row the answer said nothing. recent: the filled slots, the one changed last at the
    end.
    """

    slots: Mapping[str, Entry] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    requested_slot: str | None = None
    attempts: int = 0
    recent: tuple[str, ...] = ()
    clarify: Clarify | None = None

    @property
    def values(self) -> dict[str, Resolution]:
        """The value of each filled slot."""
        return {name: entry.resolution for name, entry in self.slots.items()}


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Name = Annotated[str, Field(min_length=1, max_length=80)]
Words = Annotated[str, Field(max_length=200)]
Value = Annotated[dict[str, Any], Field(max_length=16)]


class ValueJson(_Json):
    """A value that a slot had."""

    value: Words = ""
    resolution: Value


class EntryJson(ValueJson):
    """A filled slot: `value` the words, as said; `earlier` what it had before."""

    earlier: Annotated[list[ValueJson], Field(default_factory=list, max_length=MOST_EARLIER)]


class ClarifyJson(_Json):
    """Words that may belong to several slots, with their value in each."""

    value: Words
    options: Annotated[dict[Name, Value], Field(min_length=2, max_length=50)]


def _as_integer(number: object) -> object:
    """JSON has one kind of number: 2.0 is 2."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class StateJson(_Json):
    """The state of a conversation; a client keeps it, and sends it with the next text."""

    form: Name
    version: Name
    slots: Annotated[dict[Name, EntryJson], Field(default_factory=dict, max_length=50)]
    skipped: Annotated[list[Name], Field(default_factory=list, max_length=50)]
    requested_slot: Name | None = None
    attempts: Annotated[int, BeforeValidator(_as_integer), Field(ge=0, le=20)] = 0
    recent: Annotated[list[Name], Field(default_factory=list, max_length=50)]
    clarify: ClarifyJson | None = None


def state_json(form: Form, state: State) -> dict[str, Any]:
    """The state as JSON: the inverse of `read_state`."""
    made: dict[str, Any] = {
        "form": form.name,
        "version": form.version,
        "slots": {name: entry_json(entry) for name, entry in state.slots.items()},
        "skipped": list(state.skipped),
        "requested_slot": state.requested_slot,
        "attempts": state.attempts,
        "recent": list(state.recent),
    }
    if state.clarify is not None:
        made["clarify"] = {"value": state.clarify.words, "options": dict(state.clarify.options)}
    return made


def entry_json(entry: Entry) -> dict[str, Any]:
    """A filled slot as JSON."""
    made: dict[str, Any] = {"value": entry.words, "resolution": entry.resolution}
    if entry.earlier:
        made["earlier"] = [
            {"value": one.words, "resolution": one.resolution} for one in entry.earlier
        ]
    return made


def read_state(form: Form, data: object) -> State:
    """
    The state that a client sends; None is the beginning.

    Raises InvalidStateError for one that no conversation with this form can come to: names, types,
    values and constraints are checked. Raises FormChangedError for one of another form or version.
    """
    try:
        return state_of(form, None if data is None else StateJson.model_validate(data))
    except ValidationError as error:
        raise InvalidStateError(pydantic_faults(error)) from None


def state_of(form: Form, found: StateJson | None) -> State:
    """The same for a state whose structure has been read."""
    if found is None:
        return State()
    if (found.form, found.version) != (form.name, form.version):
        raise FormChangedError
    faults = [*name_faults(form, found), *value_faults(form, found)]
    if faults:
        raise InvalidStateError(faults[:MOST_FAULTS])
    state = State(
        slots={name: read_entry(found.slots[name]) for name in form.slots if name in found.slots},
        skipped=tuple(name for name in form.slots if name in found.skipped),
        requested_slot=found.requested_slot,
        attempts=found.attempts,
        recent=recent_of(form, found),
        clarify=(
            None if found.clarify is None else Clarify(found.clarify.value, found.clarify.options)
        ),
    )
    faults = [
        StateFault(
            ("slots", violation.slot), f"against `{violation.reason}`{with_other(violation.other)}"
        )
        for violation in violations(form.slots, state.values)
    ]
    if faults:
        raise InvalidStateError(faults[:MOST_FAULTS])
    return state


def with_other(other: str | None) -> str:
    return "" if other is None else f" with {other}"


def read_entry(found: EntryJson) -> Entry:
    earlier = tuple(Entry(one.value, one.resolution) for one in found.earlier)
    return Entry(found.value, found.resolution, earlier)


def recent_of(form: Form, found: StateJson) -> tuple[str, ...]:
    """The order of the filled slots; one that a client has set itself counts as the oldest."""
    unlisted = [name for name in form.slots if name in found.slots and name not in found.recent]
    return (*unlisted, *found.recent)


def pydantic_faults(error: ValidationError) -> list[StateFault]:
    """The first of pydantic's errors, without the values."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    return [
        StateFault(
            tuple(part for part in one["loc"] if isinstance(part, int) or is_plain(part)),
            "Unknown field" if one["type"] == "extra_forbidden" else one["msg"],
        )
        for one in errors[:MOST_FAULTS]
    ]


def is_plain(part: object) -> bool:
    """Whether a name that a client sent may stand in an answer."""
    return isinstance(part, str) and part.isascii() and part.isprintable() and len(part) <= 40


def name_faults(form: Form, found: StateJson) -> list[StateFault]:
    """What is wrong with the names of slots, and where they stand."""
    faults = [
        StateFault((place,), "a slot that the form does not have")
        for place, names in (
            ("slots", found.slots),
            ("skipped", found.skipped),
            ("recent", found.recent),
            ("clarify", found.clarify.options if found.clarify is not None else ()),
            ("requested_slot", [found.requested_slot] if found.requested_slot is not None else ()),
        )
        if any(name not in form.slots for name in names)
    ]
    if faults:
        return faults
    faults.extend(
        StateFault(("skipped",), f"{name} cannot be skipped, or is filled")
        for name in found.skipped
        if not form.slots[name].may_be_skipped or name in found.slots
    )
    for place, names in (("skipped", found.skipped), ("recent", found.recent)):
        if len(set(names)) < len(names):
            faults.append(StateFault((place,), "a slot is there twice"))
    if any(name not in found.slots for name in found.recent):
        faults.append(StateFault(("recent",), "a slot that is not filled"))
    if found.attempts >= form.attempts:
        faults.append(StateFault(("attempts",), f"less than {form.attempts}"))
    return faults


def value_faults(form: Form, found: StateJson) -> list[StateFault]:
    """What is wrong with the values."""
    places: list[tuple[tuple[str | int, ...], str, Resolution]] = []
    for name, entry in found.slots.items():
        places.append((("slots", name, "resolution"), name, entry.resolution))
        places.extend(
            (("slots", name, "earlier", index, "resolution"), name, one.resolution)
            for index, one in enumerate(entry.earlier)
        )
    if found.clarify is not None:
        places.extend(
            (("clarify", "options", name), name, resolution)
            for name, resolution in found.clarify.options.items()
        )
    faults: list[StateFault] = []
    for place, name, resolution in places:
        if name in form.slots and len(faults) < MOST_FAULTS:
            faults.extend(resolution_faults(form, place, name, resolution))
    return faults


# Values that have been checked, by the type that they have in a slot and their JSON: most of a
# state is as the service gave it. Texts, which may be anything, are not among them.
_VALID: Remembered[tuple[int, bytes], bool] = Remembered(4096, 2_000_000)


def resolution_faults(
    form: Form, place: Sequence[str | int], name: str, resolution: Resolution
) -> list[StateFault]:
    slot = form.slots[name]
    if slot.slot_type is None:
        return value_faults_of(slot, place, resolution)
    try:
        key = slot.slot_type.number, to_json(resolution)
    except PydanticSerializationError:  # half of a surrogate pair
        return value_faults_of(slot, place, resolution)
    if _VALID.get(key):
        return []
    faults = value_faults_of(slot, place, resolution)
    if not faults:
        _VALID.put(key, True)
    return faults


def value_faults_of(
    slot: FormSlot, place: Sequence[str | int], resolution: Resolution
) -> list[StateFault]:
    """Why the slot cannot have the value."""
    try:
        check_resolution(slot.value_type, resolution)
    except ValidationError as error:
        return [StateFault((*place, *one.location), one.message) for one in pydantic_faults(error)]
    except ValueError as error:
        return [StateFault(tuple(place), str(error))]
    names = slot.slot_type.names if slot.slot_type is not None else None
    if slot.value_type == "name" and names is not None:
        for reading in readings_of(resolution):
            known = [*names.find(reading["value"]), *names.entries(f"={reading['id']}")]
            if not any(one.id == reading["id"] for one in known):
                return [StateFault(tuple(place), "the list of names has no such entry")]
    if slot.choices and resolution["value"] not in slot.choices:
        return [StateFault(tuple(place), "not one of the values of this slot")]
    return []
