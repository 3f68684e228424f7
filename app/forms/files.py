"""Reading a form: its TOML file → a Form, checked against the model that it names."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.forms.constraints import violated_constraint
from app.forms.definition import Form, FormSlot, Need, WordLists
from app.forms.errors import InvalidFormError
from app.forms.resolution_checks import ResolutionType, check_resolution
from app.forms.words import folded
from app.values import Resolution, SlotType, ValueType
from app.values.moments import TIMES

__all__ = ["MAX_FILE", "FormModel", "read_form"]

MAX_FILE = 256 * 1024
MOST_SLOTS = 50
FORM_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
PRESENT = "now"
NUMBERS = ("number", "ordinal", "count")
# What a scalar as `default` stands for.
SCALARS: Mapping[str, tuple[type, ...]] = {
    "number": (int, float),
    "ordinal": (int,),
    "count": (int,),
    "boolean": (bool,),
    "duration": (str,),
    "text": (str,),
}


class FormModel(NamedTuple):
    """
    What a form needs to know of a model.

    `slots` are the names of the slots that it finds, `types` the types that some of them have.
    """

    slots: Collection[str]
    types: Mapping[str, SlotType]


def _as_list(value: Any) -> Any:
    """A single text as a list of one; anything else unchanged."""
    return [value] if isinstance(value, str) else value


def _as_lists(value: Any) -> Any:
    """A mapping in which each single text has become a list of one."""
    return (
        {key: _as_list(words) for key, words in value.items()}
        if isinstance(value, Mapping)
        else value
    )


Line = Annotated[str, Field(min_length=1, max_length=500)]
Words = Annotated[str, Field(min_length=1, max_length=80)]
Lines = Annotated[dict[str, Line], Field(min_length=1, max_length=20)]
Lists = Annotated[
    dict[str, Annotated[list[Words], Field(max_length=100)]],
    BeforeValidator(_as_lists),
    Field(max_length=20),
]
Names = Annotated[list[Words], BeforeValidator(_as_list), Field(max_length=20)]


class _Table(BaseModel):
    """A table of the file: no unknown keys, and no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SlotTable(_Table):
    """A table of `[[slots]]`, as the file has it."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\s.]+(\.[^\s.]+)*$")]
    type: ValueType | None = None
    required: bool = True
    ask: bool | None = None
    prompt: Lines | None = None
    reprompt: Lines | None = None
    frame: Lines | None = None
    label: Lists | None = None
    skip: Lists | None = None
    default: Any = None
    needs: Need | None = None
    needs_prompt: Lines | None = None
    not_before: Names = []
    different_from: Names = []
    excludes: Names = []
    least: int | float | None = None
    most: int | float | None = None
    one_of: (
        Annotated[list[str | int | float | bool], Field(min_length=1, max_length=200)]
        | Annotated[dict[Words, list[Words]], Field(min_length=1, max_length=200)]
        | None
    ) = None
    anchor: Words | None = None


class FormTable(_Table):
    """The whole file of a form, before it is checked against the model."""

    name: Annotated[str, Field(pattern=f"^{FORM_NAME.pattern}$")]
    model: Annotated[str, Field(min_length=1, max_length=100)]
    description: Annotated[str, Field(max_length=500)] = ""
    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    cancel: Lists = {}
    skip: Lists = {}
    clarify: Lines | None = None
    slots: Annotated[list[SlotTable], Field(min_length=1, max_length=MOST_SLOTS)]


class _EntryError(Exception):
    """An entry of the file is wrong; read_form turns it into InvalidFormError."""

    def __init__(self, entry: str, message: str) -> None:
        super().__init__(f"{entry}: {message}")


def read_form(content: bytes, file: str, model_of: Callable[[str], FormModel | None]) -> Form:
    """
    Read a form from the bytes of its file.

    `file` names the file in errors. `model_of` returns a model by its name, None if it is unknown.
    Raises InvalidFormError.
    """
    try:
        if len(content) > MAX_FILE:
            raise _EntryError("the file", f"larger than {MAX_FILE} bytes")
        data = tomllib.loads(content.decode())
        table = FormTable.model_validate(data)
        model = model_of(table.model)
        if model is None:
            raise _EntryError("model", f"there is no model {table.model!r}")
        version = hashlib.sha256(content).hexdigest()[:12]
        return _Builder(table, model, version).form()
    except UnicodeDecodeError as error:
        raise InvalidFormError(file, f"not UTF-8, at byte {error.start}") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidFormError(file, f"not TOML: {error}") from None
    except ValidationError as error:
        raise InvalidFormError(file, _first_error(error, data)) from None
    except _EntryError as error:
        raise InvalidFormError(file, str(error)) from None


def _first_error(error: ValidationError, data: Mapping[str, Any]) -> str:
    """The first of pydantic's errors as text, with a slot's name in place of its index."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = [str(part) for part in first["loc"]]
    if len(path) > 1 and path[0] == "slots" and path[1].isdecimal():
        slot = data["slots"][int(path[1])]
        if isinstance(slot, Mapping) and isinstance(slot.get("name"), str):
            path[1] = slot["name"]
    message = "unknown key" if first["type"] == "extra_forbidden" else first["msg"]
    return f"{'.'.join(path)}: {message}"


class _Builder:
    """Checks the tables of a file against each other and the model, and builds the form."""

    def __init__(self, table: FormTable, model: FormModel, version: str) -> None:
        self.table = table
        self.model = model
        self.version = version
        self.tables = {slot.name: slot for slot in table.slots}
        self.languages = self._languages()

    def form(self) -> Form:
        """Build the form; raises _EntryError for an entry that is wrong."""
        table = self.table
        if len(self.tables) < len(table.slots):
            raise _EntryError("slots", "two slots have the same name")
        for name, lists in (("cancel", table.cancel), ("skip", table.skip)):
            self._check_languages(name, lists)
        self._check_languages("clarify", table.clarify or {}, needed=table.clarify is not None)
        slots = {slot.name: self._slot(slot) for slot in table.slots}
        slots = _made_symmetric(slots)
        self._check_words(slots)
        return Form(
            name=table.name,
            version=self.version,
            model=table.model,
            languages=self.languages,
            description=table.description,
            slots=slots,
            attempts=table.attempts,
            min_confidence=table.min_confidence,
            cancel=_folded(table.cancel),
            skip=_folded(table.skip),
            clarify=table.clarify or {},
        )

    def _languages(self) -> tuple[str, ...]:
        """The languages of the form: those of the first prompt."""
        for slot in self.table.slots:
            if slot.prompt is not None:
                return tuple(slot.prompt)
        raise _EntryError("slots", "no slot has a `prompt`, so that the form asks for nothing")

    def _slot(self, table: SlotTable) -> FormSlot:
        """Build a slot from its table."""
        path = f"slots.{table.name}"
        value_type, slot_type = self._type(path, table)
        ask = table.required if table.ask is None else table.ask
        if table.required and not ask:
            raise _EntryError(f"{path}.ask", "a required slot is asked for; set required = false")
        if ask and table.prompt is None:
            raise _EntryError(f"{path}.prompt", "a slot that is asked for needs one")
        for key in ("prompt", "reprompt", "needs_prompt", "frame"):
            texts = getattr(table, key)
            self._check_languages(f"{path}.{key}", texts or {}, needed=texts is not None)
        for key in ("label", "skip"):
            self._check_languages(f"{path}.{key}", getattr(table, key) or {})
        for language, frame in (table.frame or {}).items():
            if frame.count("{}") != 1:
                raise _EntryError(
                    f"{path}.frame.{language}", "write {} once, where the answer goes"
                )
        slot = FormSlot(
            name=table.name,
            value_type=value_type,
            slot_type=slot_type,
            required=table.required,
            ask=ask,
            prompt=table.prompt or {},
            reprompt=table.reprompt or {},
            needs_prompt=table.needs_prompt or {},
            frame=table.frame or {},
            label=_folded(table.label or {}),
            skip=_folded(table.skip or {}),
            needs=table.needs,
            not_before=self._others(path, "not_before", table, PRESENT),
            different_from=self._others(path, "different_from", table),
            excludes=self._others(path, "excludes", table),
            least=table.least,
            most=table.most,
            one_of=tuple(table.one_of or ()),
            choices=_choices(table.one_of),
            anchor=self._anchor(path, table, slot_type),
        )
        _check_constraints(path, slot, self._value_type_of)
        if slot.skip and not slot.may_be_skipped:
            raise _EntryError(
                f"{path}.skip", "only a slot with required = false, ask = true has it"
            )
        return replace(slot, default=_default(path, slot, table.default))

    def _type(self, path: str, table: SlotTable) -> tuple[ResolutionType, SlotType | None]:
        """The type of a slot's values, and the SlotType that reads them (None for `text`)."""
        declared = self.model.types.get(table.name)
        if table.type is None:
            if table.name not in self.model.slots and not isinstance(table.one_of, dict):
                raise _EntryError(
                    f"{path}.name",
                    f"the model {self.table.model} has no such slot; a slot of the form alone "
                    "needs a `type`, or `one_of` with words",
                )
            return (declared.type, declared) if declared is not None else ("text", None)
        if declared is not None:
            raise _EntryError(f"{path}.type", f"the model declares it to be {declared.type}")
        if table.type == "name":
            raise _EntryError(f"{path}.type", "names need a list, which only a model has")
        return table.type, SlotType(table.type)

    def _value_type_of(self, name: str) -> ResolutionType:
        """The type of the values of a slot of the form, by its name."""
        return self._type(f"slots.{name}", self.tables[name])[0]

    def _others(self, path: str, key: str, table: SlotTable, *more: str) -> tuple[str, ...]:
        """
        The slot names that a key of a table lists.

        Each must be another slot of the form, or one of the words in `more`.
        """
        names = tuple(getattr(table, key))
        for name in names:
            if name not in more and (name not in self.tables or name == table.name):
                raise _EntryError(f"{path}.{key}", f"{name!r} is not another slot of the form")
        return names

    def _anchor(self, path: str, table: SlotTable, slot_type: SlotType | None) -> str | None:
        """The slot that the table, or else the model, names as the anchor; None if none."""
        if table.anchor is None:
            declared = None if slot_type is None else slot_type.anchor
            return declared if declared in self.tables else None
        [anchor] = self._others(path, "anchor", table.model_copy(update={"anchor": [table.anchor]}))
        if (
            slot_type is None
            or slot_type.type not in TIMES
            or self._value_type_of(anchor) not in TIMES
        ):
            raise _EntryError(f"{path}.anchor", f"an anchor and its slot are {', '.join(TIMES)}")
        return anchor

    def _check_languages(
        self, path: str, texts: Mapping[str, object], *, needed: bool = False
    ) -> None:
        """
        Check that texts are only in the form's languages.

        `needed` requires all of these languages.
        """
        missing = set(self.languages) - set(texts) if needed else set()
        if missing:
            raise _EntryError(
                f"{path}.{min(missing)}", "missing, as other prompts have this language"
            )
        unknown = set(texts) - set(self.languages)
        if unknown:
            raise _EntryError(f"{path}.{min(unknown)}", "the first prompt lacks this language")

    def _check_words(self, slots: Mapping[str, FormSlot]) -> None:
        """
        Check that no words have two meanings.

        The same words must not both cancel the form and skip a slot, or skip two slots.
        """
        path_of_words: dict[str, str] = {}
        for path, lists in (
            ("cancel", _folded(self.table.cancel)),
            ("skip", _folded(self.table.skip)),
            *((f"slots.{name}.skip", slot.skip) for name, slot in slots.items()),
        ):
            for words in _all_words(lists):
                if not words:
                    raise _EntryError(path, "an entry has no letters")
                if path_of_words.setdefault(words, path) != path:
                    raise _EntryError(path, f"{words!r} is in {path_of_words[words]} too")


def _choices(one_of: object) -> Mapping[str, tuple[str, ...]]:
    """The words of each value, from a `one_of` that is a table; folded, the value included."""
    if not isinstance(one_of, dict):
        return {}
    return {value: tuple(map(folded, [value, *words])) for value, words in one_of.items()}


def _check_constraints(
    path: str, slot: FormSlot, value_type_of: Callable[[str], ResolutionType]
) -> None:
    """Raise _EntryError for a constraint that a slot of this type cannot have."""
    if slot.needs is not None and slot.value_type != "datetime":
        raise _EntryError(f"{path}.needs", f"only for datetime, and this is {slot.value_type}")
    if slot.needs_prompt and slot.needs is None:
        raise _EntryError(f"{path}.needs_prompt", "goes with `needs`")
    for name in slot.not_before:
        value_types = [slot.value_type, *([] if name == PRESENT else [value_type_of(name)])]
        if not set(value_types) <= {"date", "datetime"}:
            raise _EntryError(f"{path}.not_before", "only between date and datetime")
    for name in slot.different_from:
        if value_type_of(name) != slot.value_type:
            raise _EntryError(f"{path}.different_from", f"{name} has another type")
    for key in ("least", "most"):
        if getattr(slot, key) is not None and slot.value_type not in NUMBERS:
            raise _EntryError(f"{path}.{key}", f"only for {', '.join(NUMBERS)}")
    if slot.least is not None and slot.most is not None and slot.least > slot.most:
        raise _EntryError(f"{path}.least", "more than `most`")
    if slot.choices and slot.value_type != "text":
        raise _EntryError(
            f"{path}.one_of", "words for values are for slots without a type: use a list"
        )
    if slot.one_of and slot.value_type in (*TIMES, "duration", "money"):
        raise _EntryError(f"{path}.one_of", f"not for {slot.value_type}")


def _default(path: str, slot: FormSlot, default: Any) -> Resolution | None:
    """The default of a slot as a resolution; raises _EntryError."""
    if default is None:
        return None
    if slot.required:
        raise _EntryError(f"{path}.default", "a required slot is always said; set required = false")
    resolution: Any = default
    if not isinstance(default, Mapping):
        if not isinstance(default, SCALARS.get(slot.value_type, ())):
            raise _EntryError(
                f"{path}.default", f"give it as a table, as a {slot.value_type} is in answers"
            )
        resolution = {"type": slot.value_type, "value": default}
    try:
        check_resolution(slot.value_type, resolution)
    except ValueError as error:  # pydantic's is one too
        detail = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise _EntryError(f"{path}.default", detail) from None
    reason = violated_constraint(slot, resolution)
    if reason is not None:
        raise _EntryError(f"{path}.default", f"against `{reason}`")
    return dict(resolution)


def _made_symmetric(slots: Mapping[str, FormSlot]) -> dict[str, FormSlot]:
    """The slots, with `excludes` and `different_from` holding in both directions."""
    symmetric = {}
    for name, slot in slots.items():
        excluded = {other.name for other in slots.values() if name in other.excludes}
        different = {other.name for other in slots.values() if name in other.different_from}
        symmetric[name] = replace(
            slot,
            excludes=tuple(dict.fromkeys([*slot.excludes, *sorted(excluded)])),
            different_from=tuple(dict.fromkeys([*slot.different_from, *sorted(different)])),
        )
    return symmetric


def _folded(lists: Mapping[str, list[str]]) -> WordLists:
    """The words by language, as `folded` makes them comparable."""
    return {language: tuple(map(folded, words)) for language, words in lists.items()}


def _all_words(lists: WordLists) -> Iterator[str]:
    """The words of all languages."""
    for words in lists.values():
        yield from words
