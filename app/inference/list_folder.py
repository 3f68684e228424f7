"""The operator's lists of values, as the models in service use them."""

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
    """
    The content of a list file: its values, and the names that they stand for.

    Models that read words alike share it.
    """

    values: ValueSet
    names: NameList | None


@dataclass(frozen=True, slots=True, eq=False)
class ListFile:
    """A file of the folder. `content` is kept in memory as long as a model uses it."""

    digest: str
    content: _Content
    values: ValueList

    @property
    def names(self) -> NameList | None:
        """Canonical names and ids of the values, None if the list has none."""
        return self.content.names


@dataclass(frozen=True, slots=True, eq=False)
class ModelLists:
    """The lists of a model, by file name; `version` changes with them."""

    files: Mapping[str, ListFile]
    version: str

    @property
    def values(self) -> list[ValueList]:
        """The lists as a tagger needs them."""
        return [file.values for file in self.files.values()]

    def names_of(self, slot: str) -> NameList | None:
        """The names that values of a slot stand for, from the first list that has some."""
        of_files = (file.names for file in self.files.values() if slot in file.values.slots)
        return next((names for names in of_files if names is not None), None)


# By the hashes of their files, and how words are read.
_CONTENTS: WeakValueDictionary[tuple[str, tuple[bool, ...]], _Content] = WeakValueDictionary()


def _content(raw: bytes, digest: str, tagger: Tagger) -> _Content:
    """The content of a file, shared by its digest; raises InvalidListError."""
    key = digest, tagger.reading
    content = _CONTENTS.get(key)
    if content is None:
        entries = parse_list(raw)
        values = ValueSet(tagger.words_of_value(entry.value) for entry in entries)
        content = _CONTENTS[key] = _Content(values, _names_of(entries))
    return content


def _names_of(entries: list[Entry]) -> NameList | None:
    """The names that the entries stand for, None if they have no canonical names and ids."""
    named = [entry for entry in entries if entry.canonical or entry.id]
    return NameList(compiled(rows_of(named)).encode()) if named else None


def read_model_lists(
    folder: Path, tagger: Tagger, before: ModelLists | None, largest: int
) -> tuple[ModelLists | None, list[ValueListError]]:
    """
    Read the lists of a model: None if it has none, and the errors of lists that are invalid.

    An invalid file that was valid in `before` keeps that content. Raises OSError if the folder of
    the model exists and cannot be read.
    """
    name = tagger.manifest.name
    model_folder = folder / name
    known = before.files if before is not None else {}
    files: dict[str, ListFile] = {}
    errors = []
    for file in list_files(model_folder):
        try:
            slots, is_closed = slots_of(file, tagger.slots)
            raw = read_list_file(model_folder / file, largest)
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
    The version of a model's lists in the folder at present, None if it has none.

    Raises ValueListError if a list cannot be read.
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
    """The folders of lists that are named after no model; raises OSError."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir())
    return [
        readable(name) for name in names if name not in models and not name.startswith((".", "_"))
    ]
