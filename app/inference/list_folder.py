"""
The operators' lists of values: MODEL/SLOT.tsv below a folder of their own.

    booking/hotel.tsv                       values of a slot
    booking/destination+origin.tsv          values of several
    booking/hotel.closed.tsv                nothing else is a value of the slot

A part of a name that no file may have is written as in an address: `%2F` for `/`. Other files, and
those whose names begin with a point, count for nothing.
"""

import hashlib
import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote
from weakref import WeakValueDictionary

from app.tagging.errors import ValueListError, readable
from app.tagging.list_format import Entry, InvalidListError, parse_list
from app.tagging.tagger import Tagger
from app.tagging.value_lists import ValueList, ValueSet
from app.values import NameList
from app.values.names import compiled

SUFFIX = ".tsv"
CLOSED = ".closed"
JOINT = "+"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class _Content:
    """What models that read words alike share of a file: its values, and what they name if any."""

    values: ValueSet
    names: NameList | None


@dataclass(frozen=True, slots=True, eq=False)
class ListFile:
    """A file of the folder; `content` is held for as long as a model has it."""

    digest: str
    content: _Content
    values: ValueList

    @property
    def names(self) -> NameList | None:
        """What the values name, where the list says so."""
        return self.content.names


@dataclass(frozen=True, slots=True, eq=False)
class ModelLists:
    """The lists of a model, by the names of their files; the version changes with them."""

    files: Mapping[str, ListFile]
    version: str

    @property
    def values(self) -> list[ValueList]:
        """What a tagger needs of them."""
        return [file.values for file in self.files.values()]

    @property
    def open_slots(self) -> list[str]:
        """The slots that have a list which is not closed."""
        return sorted({slot for each in self.values if not each.is_closed for slot in each.slots})

    def names_of(self, slot: str) -> NameList | None:
        """What values of a slot name; of several lists the first that says so."""
        found = (file.names for file in self.files.values() if slot in file.values.slots)
        return next((names for names in found if names is not None), None)


# By the hashes of their files, and how words are read.
_CONTENTS: WeakValueDictionary[tuple[str, tuple[bool, ...]], _Content] = WeakValueDictionary()


def _content(raw: bytes, digest: str, tagger: Tagger) -> _Content:
    """Raises InvalidListError."""
    key = digest, tagger.reading
    content = _CONTENTS.get(key)
    if content is None:
        entries = parse_list(raw)
        values = ValueSet(tagger.words_of_value(entry.value) for entry in entries)
        content = _CONTENTS[key] = _Content(values, _names_of(entries))
    return content


def _names_of(entries: list[Entry]) -> NameList | None:
    """What the values of a list name; None where it says of none."""
    named = [each for each in entries if each.canonical or each.id]
    if not named:
        return None
    named.sort(key=lambda each: -each.weight)
    # A canonical name is one that people write too, and comes behind what the lines themselves say.
    rows = [(each.id or each.canonical, each.canonical or each.value, each) for each in named]
    lines = compiled((identifier, name, [each.value]) for identifier, name, each in rows)
    return NameList(lines.encode())


def read_model_lists(
    folder: Path, tagger: Tagger, before: ModelLists | None, largest: int
) -> tuple[ModelLists | None, list[ValueListError]]:
    """
    The lists of a model, None where it has none, and what is wrong with those that are broken.

    Of a broken file that was read `before` that content is kept. Raises OSError where the folder
    of the model is there and cannot be read.
    """
    name = tagger.manifest.name
    place = folder / name
    known = before.files if before is not None else {}
    files: dict[str, ListFile] = {}
    errors = []
    for file in list_files(place):
        try:
            slots, is_closed = slots_of(file, tagger.slots)
            raw = read_list_file(place / file, largest)
            digest = hashlib.sha256(raw).hexdigest()
            content = _content(raw, digest, tagger)
            files[file] = ListFile(digest, content, ValueList(slots, content.values, is_closed))
        except (InvalidListError, OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            errors.append(ValueListError(f"{name}/{file}", str(reason)))
            kept = known.get(file)
            if kept is not None and set(kept.values.slots) <= set(tagger.slots):
                files[file] = kept
    if not files:
        return None, errors
    whole = "".join(f"{file}\0{files[file].digest}\n" for file in sorted(files))
    version = hashlib.sha256(whole.encode(errors="surrogateescape")).hexdigest()[:12]
    return ModelLists(files, version), errors


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
            found = tuple(slot if slot in known else unquote(slot) for slot in slots)
            if set(found) <= set(known):
                return tuple(dict.fromkeys(found)), is_closed
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


def strange_folders(folder: Path, models: Collection[str]) -> list[str]:
    """Folders of lists that are named after none of the models; raises OSError."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir())
    return [
        readable(name) for name in names if name not in models and not name.startswith((".", "_"))
    ]
