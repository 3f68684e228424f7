"""From a slot's words to values: dates, times, numbers, money, names. Knows no HTTP."""

from app.values.context import Context
from app.values.declaration import InvalidDeclarationError, read_types
from app.values.names import NameList
from app.values.requests import InvalidContextError, context_of, resolve_slots
from app.values.resolution import SlotType, ValueType, resolve

__all__ = [
    "Context",
    "InvalidContextError",
    "InvalidDeclarationError",
    "NameList",
    "SlotType",
    "ValueType",
    "context_of",
    "read_types",
    "resolve",
    "resolve_slots",
]
