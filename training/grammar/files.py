"""The rules and the names that the grammar is made of, read from data/."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def rules(language: str) -> str:
    """The rules of all files of a language, one after the other."""
    paths = sorted((FOLDER / language).glob("*.rules"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def names(kind: str) -> tuple[str, ...]:
    """The names in a file, one a line."""
    return tuple((FOLDER / "names" / f"{kind}.txt").read_text(encoding="utf-8").splitlines())
