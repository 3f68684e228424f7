"""Lists of values below the data folder, from which training draws values for slots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.errors import CorpusError
from training.experiment import ListSource

VALUE = "value"
_COLUMNS = (VALUE, "canonical", "id", "weight")


@dataclass(frozen=True, slots=True)
class ValueList:
    """What may be said in any of the slots, as it is written."""

    slots: tuple[str, ...]
    values: tuple[str, ...]


def read_value_list(source: ListSource, path: Path) -> ValueList:
    """
    Read a list in UTF-8, each value once.

    A .tsv file begins with a line that names its columns: value and, in any order, canonical, id
    and weight, of which training takes the values alone. Another file has a value a line, and what
    follows a tab is left out. Raises CorpusError where the file is absent or malformed.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, None, f"the list {source.name} in UTF-8", str(error)) from error
    plain = (line.split("\t")[0] for line in lines)
    found = _with_header(path, lines) if path.suffix == ".tsv" else plain
    values = tuple(dict.fromkeys(value.strip() for value in found if value.strip()))
    if not values:
        raise CorpusError(path, None, "a value a line", "none")
    return ValueList(source.slots, values)


def _with_header(path: Path, lines: Sequence[str]) -> Iterator[str]:
    columns = lines[0].split("\t") if lines else []
    if VALUE not in columns or not set(columns) <= set(_COLUMNS):
        expected = f"a header of {VALUE} and optionally {', '.join(_COLUMNS[1:])}, tabs between"
        raise CorpusError(path, 1, expected, "\t".join(columns))
    at = columns.index(VALUE)
    for number, line in enumerate(lines[1:], start=2):
        fields = line.split("\t")
        if len(fields) != len(columns):
            raise CorpusError(path, number, f"{len(columns)} columns", str(len(fields)))
        yield fields[at]
