"""What was found lately, in memory alone, and bounded in number and in bytes."""

import sys
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

__all__ = ["Remembered", "bytes_of"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """
    Values by their keys, of which those that are not asked for are forgotten.

    Two generations: what is found in the old one moves to the new one, and when the new one is
    full, it becomes the old one. A lookup is that of a dict. Threads may share it: at worst one
    forgets what another has just put in.
    """

    __slots__ = ("_bytes", "_most", "_most_bytes", "_new", "_old")

    def __init__(self, most: int, most_bytes: int) -> None:
        """`most` values that take `most_bytes` of memory, keys included, at the most."""
        # Each generation has half of the room.
        self._most = most // 2
        self._most_bytes = most_bytes // 2
        self._new: dict[K, tuple[V, int]] = {}
        self._old: dict[K, tuple[V, int]] = {}
        self._bytes = 0

    def get(self, key: K) -> V | None:
        """The value of a key, if it is remembered."""
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                return None
            self._keep(key, found)
        return found[0]

    def put(self, key: K, value: V) -> None:
        """Remember a value that never changes; not one that would take a whole generation."""
        size = bytes_of(key) + bytes_of(value)
        if size <= self._most_bytes:
            self._keep(key, (value, size))

    def clear(self) -> None:
        """Forget everything."""
        self._new, self._old, self._bytes = {}, {}, 0

    def _keep(self, key: K, sized: tuple[V, int]) -> None:
        if len(self._new) >= self._most or self._bytes + sized[1] > self._most_bytes:
            self._old, self._new, self._bytes = self._new, {}, 0
        self._new[key] = sized
        self._bytes += sized[1]

    def __len__(self) -> int:
        return len(self._new) + len(self._old)


def bytes_of(value: Any) -> int:
    """Bytes that a value takes, with what tuples, lists and dicts hold."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        size += sum(bytes_of(key) + bytes_of(each) for key, each in value.items())
    elif isinstance(value, tuple | list):
        size += sum(map(bytes_of, value))
    return size
