"""Word tables as text: a line has a class, a value and the forms of a word."""

__all__ = ["Entry", "read_vocabulary"]

Entry = tuple[str, int | str | None]


def read_vocabulary(text: str) -> dict[str, list[Entry]]:
    """The entries of each form, from lines such as `W 4 friday|fri`; `_` is no value."""
    found: dict[str, list[Entry]] = {}
    for line in text.strip().splitlines():
        kinds, values, forms = line.split(" ", 2)
        parts = zip(kinds.split("+"), values.split("+"), strict=True)
        entries = [(kind, value_of(value)) for kind, value in parts]
        for form in forms.split("|"):
            found[form] = entries
    return found


def value_of(text: str) -> int | str | None:
    if text == "_":
        return None
    return int(text) if text.lstrip("-").isdigit() else text
