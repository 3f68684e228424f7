"""Tables of words as text: each line has a class, a value and the forms of a word."""

__all__ = ["Entry", "read_vocabulary"]

Entry = tuple[str, int | str | None]


def read_vocabulary(text: str) -> dict[str, list[Entry]]:
    """
    The entries (class and value) of each form.

    A line is such as `W 4 friday|fri`; `_` is no value. Classes and values joined by `+` are a word
    of several parts.
    """
    entries_by_form: dict[str, list[Entry]] = {}
    for line in text.strip().splitlines():
        classes, values, forms = line.split(" ", 2)
        parts = zip(classes.split("+"), values.split("+"), strict=True)
        entries = [(word_class, value_of(value)) for word_class, value in parts]
        for form in forms.split("|"):
            entries_by_form[form] = entries
    return entries_by_form


def value_of(text: str) -> int | str | None:
    """A value of the table: an int, a text, or None for `_`."""
    if text == "_":
        return None
    return int(text) if text.lstrip("-").isdigit() else text
