"""What a form is: its slots, what they must satisfy, and what is said to ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.forms.resolution_checks import ResolutionType
from app.values import Resolution, SlotType
from app.values.moments import TIMES

__all__ = ["Form", "FormSlot", "Need", "Texts", "WordLists"]

# By language.
Texts = Mapping[str, str]
WordLists = Mapping[str, tuple[str, ...]]
Need = Literal["day", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSlot:
    """
    A slot of a form.

    required: a completed form has it (or one that it excludes). ask: the form asks for it.
    frame: the answer with words around it that say which slot it fills. label: what people call
    the slot. skip: words that leave it empty. choices: of a slot of type `text`, the words of each
    value. not_before: `now`, or slots that it must not lie wholly before.
    """

    name: str
    value_type: ResolutionType
    slot_type: SlotType | None
    required: bool
    ask: bool
    prompt: Texts
    reprompt: Texts
    needs_prompt: Texts
    frame: Texts
    label: WordLists
    skip: WordLists
    default: Resolution | None = None
    needs: Need | None = None
    not_before: tuple[str, ...] = ()
    different_from: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    one_of: tuple[object, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    anchor: str | None = None

    @property
    def group(self) -> str:
        """Types of one group can be told apart only by what is said around them."""
        return "moment" if self.value_type in TIMES else self.value_type

    @property
    def may_be_skipped(self) -> bool:
        """Whether the form is complete without it though it asks for it."""
        return self.ask and not self.required


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form, checked against its model; `version` changes with its file."""

    name: str
    version: str
    model: str
    languages: tuple[str, ...]
    description: str
    slots: Mapping[str, FormSlot]
    attempts: int
    min_confidence: float
    cancel: WordLists
    skip: WordLists
    clarify: Texts

    def language(self, *wanted: str | None) -> str:
        """The first of the languages that the form speaks; its own first if it speaks none."""
        for language in wanted:
            if language is not None:
                code = language.replace("_", "-").split("-")[0].lower()
                if code in self.languages:
                    return code
        return self.languages[0]
