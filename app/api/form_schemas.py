"""The JSON of forms: what a turn is asked and answers, and how a form describes itself."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from app.api.resolution_schemas import Resolution
from app.api.schemas import (
    FormFault,
    LocaleTag,
    ModelVersion,
    Query,
    Resolved,
    ResolveWanted,
    Text,
)
from app.forms import ChangeKind, StateJson, Status
from app.http.schema_fields import drop_default, left_out

LanguageWanted = Annotated[
    LocaleTag | None,
    Field(
        description="Language of the prompts, as a BCP 47 tag; that of the locale where it is not "
        "given, and the form's first where the form does not have it.",
    ),
]
StateWanted = Annotated[
    StateJson | None,
    Field(
        description="The `state` of the last answer; absent or null at the beginning. A client may "
        "edit it, and it is checked."
    ),
]


class FormQuery(Query):
    """What a user said to a form, and the state of the conversation."""

    text: Text = Field(
        default="", description="What was said; an empty text gets the question that is open."
    )
    state: StateWanted = None
    resolve: ResolveWanted = None
    language: LanguageWanted = None


class TextValue(BaseModel):
    """The words of a slot that has no type."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["text"]
    value: str


FormValue = Resolution | TextValue


class FormVersion(BaseModel):
    """The form that answered."""

    name: str
    version: str = Field(description="Changes with the form's file.")


class Prompt(BaseModel):
    """What to say next."""

    id: str = Field(description="Slot and text of it, for a client that has its own wording.")
    text: str


class FormChange(BaseModel):
    """What a turn did to a slot, and why."""

    slot: str
    kind: ChangeKind
    value: str | SkipJsonSchema[None] = left_out("The words that were said for it.")
    before: FormValue | SkipJsonSchema[None] = Field(
        default=None,
        alias="from",
        description="The value that was there.",
        json_schema_extra=drop_default,
    )
    after: FormValue | SkipJsonSchema[None] = Field(
        default=None,
        alias="to",
        description="The value that is there now; of a rejection, the one that was not taken.",
        json_schema_extra=drop_default,
    )
    reason: str | SkipJsonSchema[None] = left_out("Why the value was rejected.")
    conflict: str | SkipJsonSchema[None] = left_out(
        "The slot whose value the rejected one contradicts."
    )


class Clarification(BaseModel):
    """A question with options: words that may be for several slots."""

    value: str = Field(description="The words.")
    options: list[str] = Field(description="The slots.")
    prompt: Prompt | SkipJsonSchema[None] = left_out("The question, where the form has one.")


class FormAnswer(BaseModel):
    """A turn of a conversation with a form."""

    form: FormVersion
    model: ModelVersion
    resolved: Resolved | SkipJsonSchema[None] = left_out(
        "What values were resolved against, where `resolve` was sent."
    )
    status: Status
    requested_slot: str | SkipJsonSchema[None] = left_out("The slot that is asked for.")
    prompt: Prompt | SkipJsonSchema[None] = left_out("The question, where a slot is asked for.")
    changes: list[FormChange] = Field(description="In the order of the form's slots.")
    clarify: Clarification | SkipJsonSchema[None] = left_out(
        "The question that decides for which slot words are."
    )
    values: dict[str, FormValue] | SkipJsonSchema[None] = left_out(
        "The completed form, where `status` is `complete`; its JSON Schema is the form's `schema`."
    )
    state: StateJson = Field(description="To be sent with the next text.")


class FormSummary(FormVersion):
    """The name of a form and what it is for."""

    model: str
    description: str
    languages: list[str]


class FormList(BaseModel):
    """The forms that are offered."""

    forms: list[FormSummary]
    errors: list[FormFault] | SkipJsonSchema[None] = left_out(
        "What could not be read at the last reload, if anything."
    )


class FormSlotAnswer(BaseModel):
    """A slot of a form."""

    name: str
    type: str = Field(description="Of its value; `text` where the slot has no type.")
    required: bool
    ask: bool = Field(description="Whether the form asks for it.")
    prompts: dict[str, dict[str, str]] = Field(description="`prompt`, `reprompt`, … by language.")
    constraints: dict[str, Any] = Field(description="As in the form's file.")
    default: FormValue | SkipJsonSchema[None] = left_out("Its value where it stays empty.")


class FormDetails(FormSummary):
    """Everything about a form."""

    slots: list[FormSlotAnswer]
    completed: dict[str, Any] = Field(
        alias="schema", description="JSON Schema of the values of a completed form."
    )
