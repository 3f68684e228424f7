"""Lists of values below the data folder, from which training draws values for slots."""

from dataclasses import dataclass
from pathlib import Path

from app.values.list_format import InvalidListError, parse_list
from training.errors import CorpusError
from training.experiment import ListSource


@dataclass(frozen=True, slots=True)
class ValueList:
    """What may be said in any of the slots, as it is written."""

    slots: tuple[str, ...]
    values: tuple[str, ...]


def read_value_list(source: ListSource, path: Path) -> ValueList:
    """
    Read a list in UTF-8, each value once.

    A .tsv file is one of app.values.list_format, of which training takes the values alone. Another
    file has a value a line, and what follows a tab is left out. Raises CorpusError where the file
    is absent or malformed.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".tsv":
            found = [entry.value for entry in parse_list(content)]
        else:
            lines = content.decode("utf-8-sig").splitlines()
            found = [line.split("\t")[0] for line in lines]
    except InvalidListError as error:
        raise CorpusError(path, error.line, error.expected, error.found) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, None, f"the list {source.name} in UTF-8", str(error)) from error
    values = tuple(dict.fromkeys(value.strip() for value in found if value.strip()))
    if not values:
        raise CorpusError(path, None, "a value a line", "none")
    return ValueList(source.slots, values)
