"""Which slot has which type: a declaration, as TOML or JSON gives it → the types, checked."""

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from app.values.context import PARTS_OF_DAY, Prefer
from app.values.names import NameList
from app.values.resolution import TIMES, SlotType, ValueType

__all__ = ["InvalidDeclarationError", "read_types"]

TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
KEYS = {"type", "prefer", "bare_duration", "anchor", "names"}


class InvalidDeclarationError(ValueError):
    """The declaration cannot be used; the message names the entry and what it must be."""


def read_types(
    declaration: Mapping[str, Any], read_list: Callable[[str], bytes]
) -> dict[str, SlotType]:
    """
    The types of slots, by name.

    `declaration` has `values` (a table for each slot), and may have `names` (a table with `file`
    for each list) and `parts_of_day` (two times for each part). `read_list` gives the bytes of a
    list's file. Raises InvalidDeclarationError.
    """
    unknown = set(declaration) - {"values", "names", "parts_of_day"}
    if unknown:
        raise InvalidDeclarationError(f"unknown tables: {', '.join(sorted(unknown))}")
    parts = {**PARTS_OF_DAY, **read_parts(declaration.get("parts_of_day", {}))}
    lists = {
        name: NameList(read_list(list_file(name, table)))
        for name, table in declaration.get("names", {}).items()
    }
    slots = declaration.get("values", {})
    types = {name: read_type(name, table, parts, lists) for name, table in slots.items()}
    for name, slot in types.items():
        check_anchor(name, slot, types)
    return types


def read_parts(table: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """The hours of parts of the day, in minutes after midnight."""
    found = {}
    for name, times in table.items():
        matches = [TIME.fullmatch(time) for time in times] if isinstance(times, list) else []
        ends = [int(match[1]) * 60 + int(match[2]) for match in matches if match is not None]
        if name not in PARTS_OF_DAY:
            known = ", ".join(sorted(PARTS_OF_DAY))
            raise InvalidDeclarationError(f"parts_of_day.{name}: no such part; there are {known}")
        if len(ends) != 2 or len(matches) != 2 or ends[0] >= ends[1] or ends[1] > 24 * 60:
            raise InvalidDeclarationError(
                f'parts_of_day.{name}: give two times in order, such as ["06:00", "12:00"]'
            )
        found[name] = (ends[0], ends[1])
    return found


def list_file(name: str, table: Any) -> str:
    file = table.get("file") if isinstance(table, Mapping) else None
    if not isinstance(file, str):
        raise InvalidDeclarationError(f"names.{name}: give the file of the list as `file`")
    return file


def read_type(
    name: str,
    table: Any,
    parts: Mapping[str, tuple[int, int]],
    lists: Mapping[str, NameList],
) -> SlotType:
    """One slot's type."""
    if not isinstance(table, Mapping) or set(table) - KEYS:
        raise InvalidDeclarationError(f"values.{name}: a table of {', '.join(sorted(KEYS))}")
    kind = one_of(f"values.{name}.type", table.get("type"), get_args(ValueType))
    prefer = one_of(f"values.{name}.prefer", table.get("prefer", "future"), get_args(Prefer))
    bare = table.get("bare_duration")
    if bare is not None:
        one_of(f"values.{name}.bare_duration", bare, ("offset",))
    if set(table) & {"prefer", "bare_duration", "anchor"} and kind not in TIMES:
        raise InvalidDeclarationError(
            f"values.{name}: prefer, bare_duration and anchor are for {', '.join(TIMES)}"
        )
    names = table.get("names")
    if (kind == "name") != (names is not None):
        raise InvalidDeclarationError(f"values.{name}: `names` goes with the type `name`, and must")
    if names is not None and names not in lists:
        raise InvalidDeclarationError(f"values.{name}.names: there is no table names.{names}")
    anchor = table.get("anchor")
    return SlotType(kind, prefer, bare, anchor, parts, lists[names] if names is not None else None)


def one_of(entry: str, value: Any, options: tuple[str, ...]) -> Any:
    if value not in options:
        raise InvalidDeclarationError(f"{entry}: one of {', '.join(options)}, not {value!r}")
    return value


def check_anchor(name: str, slot: SlotType, types: Mapping[str, SlotType]) -> None:
    """An anchor is another slot with a day, and has no anchor of its own."""
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
