"""
Generate `app/values/traditional_table.py` with OpenCC: `python -m training.tables.traditional`.

The table has the traditional forms of the characters that `app/values/` reads. Run it after adding
words with other characters.
"""

from pathlib import Path

from opencc import OpenCC

__all__ = ["pairs", "table"]

FOLDER = Path(__file__).parents[2] / "app" / "values"
TARGET = FOLDER / "traditional_table.py"
HAN = range(0x4E00, 0xA000)


def read_characters() -> set[str]:
    """All Han characters in the word tables of the Chinese rules."""
    texts = (path.read_text(encoding="utf-8") for path in FOLDER.glob("chinese*.py"))
    return {character for text in texts for character in text if ord(character) in HAN}


def pairs() -> list[tuple[str, str]]:
    """Traditional character and the simplified one that the rules read."""
    convert = OpenCC("t2s").convert
    wanted = read_characters()
    found = ((chr(code), convert(chr(code))) for code in HAN)
    return [(old, new) for old, new in found if old != new and new in wanted]


def table() -> str:
    """The module's text."""
    made = pairs()
    return f'''"""Traditional characters → simplified; see `training/tables/traditional.py`."""

CHARACTERS = (
    "{"".join(old for old, _ in made)}",
    "{"".join(new for _, new in made)}",
)
TRADITIONAL = str.maketrans(*CHARACTERS)
'''


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
