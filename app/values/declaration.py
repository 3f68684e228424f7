"""The declaration of slot types, from TOML or JSON → the checked types by slot."""

import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

from app.values.context import PARTS_OF_DAY, Prefer
from app.values.list_format import InvalidListError, parse_list
from app.values.moments import TIMES
from app.values.names import NameList, check_compiled, compiled, rows_of
from app.values.resolution import SlotType, ValueType

__all__ = ["Declared", "InvalidDeclarationError", "read_declaration", "read_types"]

TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
KEYS = {"type", "prefer", "bare_duration", "anchor", "names"}
TABLES = ("values", "names", "parts_of_day")
LIST_KEYS = {"file", "compiled", "license", "citation", "source"}
LIST_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class InvalidDeclarationError(ValueError):
    """The declaration cannot be used; the message names the entry and what it must be."""


def read_types(
    declaration: Mapping[str, Any],
    read_list: Callable[[str], bytes | NameList],
    slots: Collection[str] | None = None,
) -> dict[str, SlotType]:
    """
    Check a declaration and return the type of each slot, by name.

    `declaration` has `values` (a table for each slot) and may have `names` (a table with `file` for
    each list) and `parts_of_day` (two times for each part). `read_list` returns the content of a
    list file. `slots` are the slots that the model has. Raises InvalidDeclarationError.
    """
    tables = tables_of(declaration)
    parts = {**PARTS_OF_DAY, **read_parts(tables["parts_of_day"])}
    lists = {name: read_names(name, table, read_list) for name, table in tables["names"].items()}
    types = {name: read_type(name, table, parts, lists) for name, table in tables["values"].items()}
    for name, slot in types.items():
        check_anchor(name, slot, types)
        if slots is not None and name not in slots:
            raise InvalidDeclarationError(
                f"values.{name}: the model has no such slot; it has {', '.join(sorted(slots))}"
            )
    return types


class Declared(NamedTuple):
    """A checked declaration, and the compiled content of its lists by file name."""

    types: dict[str, Any]
    lists: dict[str, bytes]


def read_declaration(path: Path, slots: Collection[str] | None = None) -> Declared:
    """
    Read a declaration from TOML, for a bundle; its lists lie in the folder of `path` or below.

    Each list is compiled, and its file is named after its table. `slots` are the slots that the
    model has. Raises InvalidDeclarationError.
    """
    import tomllib  # the service reads no TOML

    try:
        declaration = tomllib.loads(read_file(path).decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidDeclarationError(f"{path} is not TOML in UTF-8: {error}") from error
    try:
        tables = tables_of(declaration)
        lists: dict[str, bytes] = {}
        names: dict[str, Any] = {}
        for name, table in tables["names"].items():
            file = f"{name}.tsv"
            content = read_file(path.parent / list_file(name, table))
            lists[file] = compiled_list(name, table, content)
            names[name] = {**table, "file": file, "compiled": True}
        kept = {
            "values": tables["values"],
            "names": names,
            "parts_of_day": tables["parts_of_day"],
        }
        types = {name: dict(table) for name, table in kept.items() if table}
        if not read_types(types, lists.__getitem__, slots):
            raise InvalidDeclarationError("values: give at least one slot a type")
    except InvalidDeclarationError as error:
        raise InvalidDeclarationError(f"{path}: {error}") from error
    return Declared(types, lists)


def read_file(path: Path) -> bytes:
    """The bytes of a file; raises InvalidDeclarationError if it cannot be read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) else error
        raise InvalidDeclarationError(f"{path} cannot be read: {reason}") from error


def tables_of(declaration: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The tables of a declaration, empty where it has none; raises InvalidDeclarationError."""
    unknown = set(declaration) - set(TABLES)
    if unknown:
        raise InvalidDeclarationError(
            f"unknown tables: {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}"
        )
    tables = {name: declaration.get(name, {}) for name in TABLES}
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            raise InvalidDeclarationError(f"{name}: a table, not {table!r}")
    return tables


def read_parts(table: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """
    The hours of the parts of the day that a declaration sets, in minutes after midnight.

    Raises InvalidDeclarationError.
    """
    hours = {}
    for name, times in table.items():
        given = times if isinstance(times, list) else []
        matches = [TIME.fullmatch(time) for time in given if isinstance(time, str)]
        ends = [int(match[1]) * 60 + int(match[2]) for match in matches if match is not None]
        if name not in PARTS_OF_DAY:
            known = ", ".join(sorted(PARTS_OF_DAY))
            raise InvalidDeclarationError(f"parts_of_day.{name}: no such part; there are {known}")
        if len(ends) != 2 or len(given) != 2 or ends[0] >= ends[1] or ends[1] > 24 * 60:
            raise InvalidDeclarationError(
                f'parts_of_day.{name}: give two times in order, such as ["06:00", "12:00"]'
            )
        hours[name] = (ends[0], ends[1])
    return hours


def list_file(name: str, table: Any) -> str:
    """Check the table of a list, and return its file; raises InvalidDeclarationError."""
    if not isinstance(table, Mapping) or set(table) - LIST_KEYS:
        raise InvalidDeclarationError(f"names.{name}: a table of {', '.join(sorted(LIST_KEYS))}")
    file = table.get("file")
    if not isinstance(file, str) or not file:
        raise InvalidDeclarationError(f"names.{name}: give the file of the list as `file`")
    if not LIST_NAME.fullmatch(name):
        raise InvalidDeclarationError(
            f"names.{name}: call it by at most 60 letters of a to z, digits, - and _"
        )
    if not isinstance(table.get("compiled", False), bool):
        raise InvalidDeclarationError(f"names.{name}.compiled: true or false")
    for key in ("license", "citation", "source"):
        if not isinstance(table.get(key, ""), str):
            raise InvalidDeclarationError(f"names.{name}.{key}: a text")
    return file


def read_names(name: str, table: Any, read_list: Callable[[str], bytes | NameList]) -> NameList:
    """Read a list of names, compiling it unless its file is; raises InvalidDeclarationError."""
    content = read_list(list_file(name, table))
    if isinstance(content, NameList):
        return content
    return NameList(content if table.get("compiled") else compiled_list(name, table, content))


def compiled_list(name: str, table: Mapping[str, Any], content: bytes) -> bytes:
    """Compile, or check, the content of a list; raises InvalidDeclarationError."""
    try:
        if table.get("compiled"):
            check_compiled(content)
            return content
        lines = compiled(rows_of(parse_list(content)))
    except InvalidListError as error:
        raise InvalidDeclarationError(f"names.{name}: {table['file']}, {error}") from error
    if not lines.strip():
        raise InvalidDeclarationError(f"names.{name}: {table['file']}, it has no names")
    return lines.encode()


def read_type(
    name: str,
    table: Any,
    parts: Mapping[str, tuple[int, int]],
    lists: Mapping[str, NameList],
) -> SlotType:
    """Check the table of one slot, and return its type; raises InvalidDeclarationError."""
    if not isinstance(table, Mapping) or set(table) - KEYS:
        raise InvalidDeclarationError(f"values.{name}: a table of {', '.join(sorted(KEYS))}")
    value_type = checked_option(f"values.{name}.type", table.get("type"), get_args(ValueType))
    prefer = checked_option(
        f"values.{name}.prefer", table.get("prefer", "future"), get_args(Prefer)
    )
    bare_duration = table.get("bare_duration")
    if bare_duration is not None:
        checked_option(f"values.{name}.bare_duration", bare_duration, ("offset",))
    if set(table) & {"prefer", "bare_duration", "anchor"} and value_type not in TIMES:
        raise InvalidDeclarationError(
            f"values.{name}: prefer, bare_duration and anchor are for {', '.join(TIMES)}"
        )
    for key in ("anchor", "names"):
        if not isinstance(table.get(key, ""), str):
            raise InvalidDeclarationError(f"values.{name}.{key}: a name, not {table[key]!r}")
    names = table.get("names")
    if (value_type == "name") != (names is not None):
        raise InvalidDeclarationError(f"values.{name}: `names` goes with the type `name`, and must")
    if names is not None and names not in lists:
        raise InvalidDeclarationError(f"values.{name}.names: there is no table names.{names}")
    anchor = table.get("anchor")
    return SlotType(
        value_type,
        prefer,
        bare_duration,
        anchor,
        parts,
        lists[names] if names is not None else None,
    )


def checked_option(entry: str, value: Any, options: tuple[str, ...]) -> Any:
    """The value, if it is one of the options; raises InvalidDeclarationError."""
    if value not in options:
        raise InvalidDeclarationError(f"{entry}: one of {', '.join(options)}, not {value!r}")
    return value


def check_anchor(name: str, slot: SlotType, types: Mapping[str, SlotType]) -> None:
    """
    Raise InvalidDeclarationError unless the slot's anchor is another slot with a day.

    An anchor has no anchor of its own.
    """
    if slot.anchor is None:
        return
    anchor = types.get(slot.anchor)
    if anchor is None or anchor is slot or anchor.type not in ("date", "datetime"):
        raise InvalidDeclarationError(
            f"values.{name}.anchor: name another slot of type date or datetime, not {slot.anchor!r}"
        )
    if anchor.anchor is not None:
        raise InvalidDeclarationError(
            f"values.{name}.anchor: {slot.anchor} has an anchor itself; name one that has none"
        )
