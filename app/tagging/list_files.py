"""
The operators' lists of values: MODEL/SLOT.tsv below a folder of their own.

    booking/hotel.tsv                       values of a slot
    booking/destination+origin.tsv          values of several
    booking/hotel.closed.tsv                nothing else is a value of the slot

A part of a name that no file may have is written as in an address: `%2F` for `/`. Other files, and
those whose names begin with a point, count for nothing.
"""

import os
import stat
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote, unquote

SUFFIX = ".tsv"
CLOSED = ".closed"
JOINT = "+"


def list_files(folder: Path) -> list[str]:
    """The names of the lists in a model's folder, none where it is not there; raises OSError."""
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []
    return sorted(name for name in names if name.endswith(SUFFIX) and not name.startswith("."))


def slots_of(file: str, known: Collection[str]) -> tuple[tuple[str, ...], bool]:
    """
    The slots that a list is for by the name of its file, and whether it is closed.

    Raises ValueError where the model has no such slot.
    """
    stem = file.removesuffix(SUFFIX)
    for name, is_closed in ((stem, False), (stem.removesuffix(CLOSED), stem.endswith(CLOSED))):
        for slots in ((name,), tuple(name.split(JOINT))):
            named = tuple(slot if slot in known else unquote(slot) for slot in slots)
            if set(named) <= set(known):
                return tuple(dict.fromkeys(named)), is_closed
    raise ValueError(
        f"it is named after no slot of the model; slots are {', '.join(sorted(known))}"
    )


def file_of(slots: Collection[str], *, is_closed: bool = False) -> str:
    """The name of the file for values of the slots."""
    names = JOINT.join(quote(slot, safe=" :;,@&=!'()[]{}$~#") for slot in slots)
    return f"{names}{CLOSED if is_closed else ''}{SUFFIX}"


def read_list_file(path: Path, largest: int) -> bytes:
    """Raises OSError, and ValueError where it is no file or has more bytes than `largest`."""
    # A pipe would let us wait for its writer.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no file")
        content = file.read(largest + 1)
    if len(content) > largest:
        raise ValueError(f"it has more than {largest} bytes; split it into several lists")
    return content
