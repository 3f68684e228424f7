"""The operators' lists of values, as models that answer have them."""

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from app.tagging.errors import ValueListError, readable
from app.tagging.list_files import list_files, read_list_file, slots_of
from app.tagging.tagger import Tagger
from app.tagging.value_lists import ValueList, ValueSet
from app.values import NameList
from app.values.list_format import Entry, InvalidListError, parse_list
from app.values.names import compiled, rows_of


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
        """Canonical names and ids of the values, if the list has them."""
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

    def names_of(self, slot: str) -> NameList | None:
        """What values of a slot name; of several lists the first that says so."""
        of_files = (file.names for file in self.files.values() if slot in file.values.slots)
        return next((names for names in of_files if names is not None), None)


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
    named = [entry for entry in entries if entry.canonical or entry.id]
    return NameList(compiled(rows_of(named)).encode()) if named else None


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
    return ModelLists(files, _version({name: file.digest for name, file in files.items()})), errors


def version_of(folder: Path, model: str, largest: int) -> str | None:
    """
    The version of a model's lists in the folder as they are now, None where it has none.

    Raises ValueListError where one cannot be read.
    """
    try:
        if not folder.is_dir():
            raise ValueError("there is no such folder of lists")
        digests = {
            file: hashlib.sha256(read_list_file(folder / model / file, largest)).hexdigest()
            for file in list_files(folder / model)
        }
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ValueListError(
            str(folder), f"its lists of {model} cannot be read: {reason}"
        ) from error
    return _version(digests) if digests else None


def _version(digests: Mapping[str, str]) -> str:
    whole = "".join(f"{file}\0{digests[file]}\n" for file in sorted(digests))
    return hashlib.sha256(whole.encode(errors="surrogateescape")).hexdigest()[:12]


def strange_folders(folder: Path, models: Collection[str]) -> list[str]:
    """Folders of lists that are named after none of the models; raises OSError."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir())
    return [
        readable(name) for name in names if name not in models and not name.startswith((".", "_"))
    ]
