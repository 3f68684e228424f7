"""A cache in memory that is bounded in the number and the bytes of its entries."""

import sys
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

__all__ = ["Remembered", "bytes_of"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """
    A cache of values by key, which forgets those that are not asked for.

    It has two generations. An entry found in the old one moves to the new one. When the new one is
    full, it becomes the old one. A lookup costs one or two dict lookups. Threads may share it: at
    worst one forgets what another has just put in.
    """

    __slots__ = ("_bytes", "_most", "_most_bytes", "_new", "_old")

    def __init__(self, most: int, most_bytes: int) -> None:
        """Keep at most `most` values and `most_bytes` of memory, keys included."""
        # Each generation has half of the room.
        self._most = most // 2
        self._most_bytes = most_bytes // 2
        self._new: dict[K, tuple[V, int]] = {}
        self._old: dict[K, tuple[V, int]] = {}
        self._bytes = 0

    def get(self, key: K) -> V | None:
        """The value of a key, None if it is not remembered."""
        entry = self._new.get(key)
        if entry is None:
            entry = self._old.get(key)
            if entry is None:
                return None
            self._keep(key, entry)
        return entry[0]

    def put(self, key: K, value: V) -> None:
        """
        Remember the value of a key.

        The value must never change. One that would fill a whole generation is not kept.
        """
        size = bytes_of(key) + bytes_of(value)
        if size <= self._most_bytes:
            self._keep(key, (value, size))

    def clear(self) -> None:
        """Forget everything."""
        self._new, self._old, self._bytes = {}, {}, 0

    def _keep(self, key: K, sized: tuple[V, int]) -> None:
        """Put an entry into the new generation, or begin another one if that is full."""
        if len(self._new) >= self._most or self._bytes + sized[1] > self._most_bytes:
            self._old, self._new, self._bytes = self._new, {}, 0
        self._new[key] = sized
        self._bytes += sized[1]

    def __len__(self) -> int:
        return len(self._new) + len(self._old)


def bytes_of(value: Any) -> int:
    """The bytes that a value takes in memory, with what tuples, lists and dicts hold."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        size += sum(bytes_of(key) + bytes_of(item) for key, item in value.items())
    elif isinstance(value, tuple | list):
        size += sum(map(bytes_of, value))
    return size
