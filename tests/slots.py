"""What tags spell, for tests that look at the values."""

from collections.abc import Iterable, Sequence

from app.tagging.slots import Slot, read_spans
from app.tagging.tokenizer import Token


def read_slots(text: str, tokens: Sequence[Token], tags: Iterable[str]) -> list[Slot]:
    """The slots of the tags, as stretches of the text."""
    edges = [
        (span.name, tokens[span.start].start, tokens[span.end - 1].end) for span in read_spans(tags)
    ]
    return [Slot(name, text[start:end], start, end) for name, start, end in edges]
