"""The definition of a form: its slots, their constraints, and the prompts that ask for them."""

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

    value_type: the type of its values, `text` if it has none. slot_type: how its words are read,
    None for `text`. required: a complete form has it (or one that it excludes). ask: the form asks
    for it. prompt, reprompt, needs_prompt: the questions, by language. frame: a sentence with `{}`
    for the answer, which tells the tagger the slot. label: what people call the slot. skip: words
    that leave it empty. needs: the part that a datetime must have. not_before: `now`, or slots
    whose values it must not wholly precede. choices: of a slot of type `text`, the words for each
    value. anchor: the slot whose day "the next day" follows.
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
        """
        The group of the slot's type.

        Only the words around a value tell slots of one group apart: a date fits a datetime slot
        too.
        """
        return "moment" if self.value_type in TIMES else self.value_type

    @property
    def may_be_skipped(self) -> bool:
        """Whether the form asks for the slot and is complete without it."""
        return self.ask and not self.required


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """
    A form, checked against the model that it names.

    `version` changes whenever its file does. `attempts` is how often it asks for one slot before it
    gives up, `min_confidence` what a tagged slot needs to count.
    """

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
        """
        The first of the wanted languages that the form has prompts in.

        `wanted` are BCP 47 tags. The form's own first language is used if it has none of them.
        """
        for language in wanted:
            if language is not None:
                code = language.replace("_", "-").split("-")[0].lower()
                if code in self.languages:
                    return code
        return self.languages[0]
