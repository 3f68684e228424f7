"""The state of a conversation, which the client keeps; reading it is strict."""

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
    """
    What fills a slot: the words and their value.

    `earlier` are the entries that it replaced, newest first.
    """

    words: str
    resolution: Resolution
    earlier: tuple["Entry", ...] = ()

    def instead_of(self, old: "Entry | None") -> "Entry":
        """The same entry, with the one that it replaces added to `earlier`."""
        if old is None:
            return self
        before = (Entry(old.words, old.resolution), *old.earlier)
        return Entry(self.words, self.resolution, before[:MOST_EARLIER])


@dataclass(frozen=True, slots=True)
class Clarify:
    """
    An open question: for which slot are the words?

    `options` has the value that they would have in each slot.
    """

    words: str
    options: Mapping[str, Resolution]


@dataclass(frozen=True, slots=True)
class State:
    """
    The state of a conversation.

    skipped: slots that the user leaves empty. requested_slot: the slot that was asked for last.
    attempts: how often in a row its answer gave nothing. recent: the filled slots, the one that
    changed last at the end.
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
    """A whole float as int, because JSON has one kind of number: 2.0 is 2."""
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
    data: dict[str, Any] = {
        "form": form.name,
        "version": form.version,
        "slots": {name: entry_json(entry) for name, entry in state.slots.items()},
        "skipped": list(state.skipped),
        "requested_slot": state.requested_slot,
        "attempts": state.attempts,
        "recent": list(state.recent),
    }
    if state.clarify is not None:
        data["clarify"] = {"value": state.clarify.words, "options": dict(state.clarify.options)}
    return data


def entry_json(entry: Entry) -> dict[str, Any]:
    """A filled slot as JSON; its inverse is `read_entry`."""
    data: dict[str, Any] = {"value": entry.words, "resolution": entry.resolution}
    if entry.earlier:
        data["earlier"] = [
            {"value": previous.words, "resolution": previous.resolution}
            for previous in entry.earlier
        ]
    return data


def read_state(form: Form, data: object) -> State:
    """
    Read the state that a client sends; None is the start of a conversation.

    Raises InvalidStateError for a state that no conversation with this form can reach: it checks
    names, types, values and constraints. Raises FormChangedError for a state of another form or
    version.
    """
    try:
        return state_of(form, None if data is None else StateJson.model_validate(data))
    except ValidationError as error:
        raise InvalidStateError(pydantic_faults(error)) from None


def state_of(form: Form, data: StateJson | None) -> State:
    """As `read_state`, for JSON whose structure has been checked."""
    if data is None:
        return State()
    if (data.form, data.version) != (form.name, form.version):
        raise FormChangedError
    faults = [*name_faults(form, data), *value_faults(form, data)]
    if faults:
        raise InvalidStateError(faults[:MOST_FAULTS])
    state = State(
        slots={name: read_entry(data.slots[name]) for name in form.slots if name in data.slots},
        skipped=tuple(name for name in form.slots if name in data.skipped),
        requested_slot=data.requested_slot,
        attempts=data.attempts,
        recent=recent_of(form, data),
        clarify=(
            None if data.clarify is None else Clarify(data.clarify.value, data.clarify.options)
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
    """The end of a message that names the other slot of a violation."""
    return "" if other is None else f" with {other}"


def read_entry(data: EntryJson) -> Entry:
    """A filled slot from its JSON."""
    earlier = tuple(Entry(previous.value, previous.resolution) for previous in data.earlier)
    return Entry(data.value, data.resolution, earlier)


def recent_of(form: Form, data: StateJson) -> tuple[str, ...]:
    """
    The filled slots in the order of their change.

    Those that a client has filled by itself count as the oldest.
    """
    unlisted = [name for name in form.slots if name in data.slots and name not in data.recent]
    return (*unlisted, *data.recent)


def pydantic_faults(error: ValidationError) -> list[StateFault]:
    """The first of pydantic's errors as faults, without the client's values."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    return [
        StateFault(
            tuple(part for part in detail["loc"] if isinstance(part, int) or is_plain(part)),
            "Unknown field" if detail["type"] == "extra_forbidden" else detail["msg"],
        )
        for detail in errors[:MOST_FAULTS]
    ]


def is_plain(part: object) -> bool:
    """Whether a name that a client sent is short and printable enough for an answer."""
    return isinstance(part, str) and part.isascii() and part.isprintable() and len(part) <= 40


def name_faults(form: Form, data: StateJson) -> list[StateFault]:
    """What is wrong with the names of slots in a state, and with the number of attempts."""
    faults = [
        StateFault((place,), "a slot that the form does not have")
        for place, names in (
            ("slots", data.slots),
            ("skipped", data.skipped),
            ("recent", data.recent),
            ("clarify", data.clarify.options if data.clarify is not None else ()),
            ("requested_slot", [data.requested_slot] if data.requested_slot is not None else ()),
        )
        if any(name not in form.slots for name in names)
    ]
    if faults:
        return faults
    faults.extend(
        StateFault(("skipped",), f"{name} cannot be skipped, or is filled")
        for name in data.skipped
        if not form.slots[name].may_be_skipped or name in data.slots
    )
    for place, names in (("skipped", data.skipped), ("recent", data.recent)):
        if len(set(names)) < len(names):
            faults.append(StateFault((place,), "a slot is there twice"))
    if any(name not in data.slots for name in data.recent):
        faults.append(StateFault(("recent",), "a slot that is not filled"))
    if data.attempts >= form.attempts:
        faults.append(StateFault(("attempts",), f"less than {form.attempts}"))
    return faults


def value_faults(form: Form, data: StateJson) -> list[StateFault]:
    """What is wrong with the values in a state."""
    places: list[tuple[tuple[str | int, ...], str, Resolution]] = []
    for name, entry in data.slots.items():
        places.append((("slots", name, "resolution"), name, entry.resolution))
        places.extend(
            (("slots", name, "earlier", index, "resolution"), name, previous.resolution)
            for index, previous in enumerate(entry.earlier)
        )
    if data.clarify is not None:
        places.extend(
            (("clarify", "options", name), name, resolution)
            for name, resolution in data.clarify.options.items()
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
    """What is wrong with one value; a valid value is remembered, and checked once."""
    slot = form.slots[name]
    if slot.slot_type is None:
        return uncached_resolution_faults(slot, place, resolution)
    try:
        key = slot.slot_type.number, to_json(resolution)
    except PydanticSerializationError:  # half of a surrogate pair
        return uncached_resolution_faults(slot, place, resolution)
    if _VALID.get(key):
        return []
    faults = uncached_resolution_faults(slot, place, resolution)
    if not faults:
        _VALID.put(key, True)
    return faults


def uncached_resolution_faults(
    slot: FormSlot, place: Sequence[str | int], resolution: Resolution
) -> list[StateFault]:
    """Why the slot cannot have the value; an empty list if it can."""
    try:
        check_resolution(slot.value_type, resolution)
    except ValidationError as error:
        return [
            StateFault((*place, *fault.location), fault.message) for fault in pydantic_faults(error)
        ]
    except ValueError as error:
        return [StateFault(tuple(place), str(error))]
    names = slot.slot_type.names if slot.slot_type is not None else None
    if slot.value_type == "name" and names is not None:
        for reading in readings_of(resolution):
            entries = [*names.find(reading["value"]), *names.entries(f"={reading['id']}")]
            if not any(entry.id == reading["id"] for entry in entries):
                return [StateFault(tuple(place), "the list of names has no such entry")]
    if slot.choices and resolution["value"] not in slot.choices:
        return [StateFault(tuple(place), "not one of the values of this slot")]
    return []
