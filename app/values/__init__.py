"""From a slot's words to values: dates, times, numbers, money, names. Knows no HTTP."""

from app.values.context import Context
from app.values.resolution import SlotType, ValueType, resolve

__all__ = ["Context", "SlotType", "ValueType", "resolve"]
