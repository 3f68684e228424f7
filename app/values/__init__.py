"""From a slot's words to values: dates, times, numbers, money, names. Knows no HTTP."""

from app.values.context import Context, Prefer
from app.values.declaration import Declared, InvalidDeclarationError, read_declaration, read_types
from app.values.errors import Reason
from app.values.moments import Grain, TimeType
from app.values.names import NameList
from app.values.rendering import ClockChange, Resolution
from app.values.requests import InvalidContextError, context_of, resolve_slots, zone_of
from app.values.resolution import SlotType, ValueType, resolve

__all__ = [
    "ClockChange",
    "Context",
    "Declared",
    "Grain",
    "InvalidContextError",
    "InvalidDeclarationError",
    "NameList",
    "Prefer",
    "Reason",
    "Resolution",
    "SlotType",
    "TimeType",
    "ValueType",
    "context_of",
    "read_declaration",
    "read_types",
    "resolve",
    "resolve_slots",
    "zone_of",
]
