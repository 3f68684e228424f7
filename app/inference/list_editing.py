"""The commands of `slotline lists`: check the folder of lists, add a value, remove one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.tagging.bundle import LARGEST_FILE, MANIFEST, open_bundle
from app.tagging.errors import ValueListError
from app.tagging.list_files import file_of, list_files, read_list_file, slots_of
from app.values.list_format import (
    COLUMNS,
    VALUE,
    Entry,
    InvalidListError,
    columns_of,
    parse_list,
    write_list,
)

LISTS_VARIABLE = "SLOTLINE_LISTS_DIR"


def checked_lists(folder: Path, models: Path | None) -> Iterator[str | ValueListError]:
    """
    Check each list of the folder: a line about it, or its error.

    `models` is the folder of the bundles whose slots the files must be named after; None skips that
    check. Raises OSError, BundleError.
    """
    slots = {} if models is None else _slots_of_bundles(models)
    for model_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        name = model_folder.name
        if name.startswith("."):
            continue
        if models is not None and name not in slots:
            known = ", ".join(sorted(slots))
            yield ValueListError(name, f"there is no model of that name; there are {known}")
        for file in list_files(model_folder):
            try:
                if name in slots:
                    slots_of(file, slots[name])
                entries = parse_list(read_list_file(model_folder / file, LARGEST_FILE))
            except (InvalidListError, OSError, ValueError) as error:
                yield _invalid(f"{name}/{file}", error)
            else:
                yield f"{name}/{file}: {len({entry.value for entry in entries})} values"


def add_value(
    folder: Path, model: str, slots: Sequence[str], entry: Entry, *, is_closed: bool | None = None
) -> tuple[Path, bool]:
    """
    Add a value to the list of the slots, which is created if it does not exist.

    Returns the file, and whether the value is new to it. Raises ValueListError, OSError.
    """
    path = _path_of(folder, model, slots, is_closed)
    columns, entries = _read(path, model)
    needed = [name for name in COLUMNS if getattr(entry, name) != getattr(Entry(""), name)]
    more = [name for name in needed if name not in columns]
    if any(_names(known, columns) == _names(entry, columns) for known in entries) and not more:
        return path, False
    write_list(path, [*entries, entry], [*columns, *more])
    return path, True


def remove_value(
    folder: Path, model: str, slots: Sequence[str], value: str, *, is_closed: bool | None = None
) -> tuple[Path, int]:
    """
    Remove a value from the list of the slots, in all its lines.

    Returns the file, and the number of lines removed. Raises ValueListError, OSError.
    """
    path = _path_of(folder, model, slots, is_closed)
    columns, entries = _read(path, model)
    kept = [entry for entry in entries if entry.value != value.strip()]
    if len(kept) < len(entries):
        write_list(path, kept, columns)
    return path, len(entries) - len(kept)


def _names(entry: Entry, columns: Sequence[str]) -> list[str]:
    """What an entry says apart from its weight."""
    return [getattr(entry, name) for name in columns if name != "weight"]


def _path_of(folder: Path, model: str, slots: Sequence[str], is_closed: bool | None) -> Path:
    """The file of the slots: the one that exists, unless `is_closed` chooses."""
    choices = (False, True) if is_closed is None else (is_closed,)
    paths = [folder / model / file_of(slots, is_closed=is_closed) for is_closed in choices]
    return next((path for path in paths if path.exists()), paths[0])


def _read(path: Path, model: str) -> tuple[Sequence[str], list[Entry]]:
    """The columns and entries of a list, empty if it does not exist; raises ValueListError."""
    try:
        raw = read_list_file(path, LARGEST_FILE)
        return columns_of(raw), parse_list(raw)
    except FileNotFoundError:
        return (VALUE,), []
    except (InvalidListError, ValueError) as error:
        raise _invalid(f"{model}/{path.name}", error) from error


def _slots_of_bundles(models: Path) -> dict[str, Sequence[str]]:
    """The slots of each bundle in a folder, by its name."""
    folders = [path.parent for path in (*models.glob(MANIFEST), *models.glob(f"*/{MANIFEST}"))]
    bundles = map(open_bundle, folders)
    return {bundle.manifest.name: bundle.contents.slots for bundle in bundles}


def _invalid(file: str, error: Exception) -> ValueListError:
    return ValueListError(file, str((error.strerror if isinstance(error, OSError) else 0) or error))
