"""The JSON of what a client says on a stream."""

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.form_schemas import LanguageWanted, StateWanted
from app.api.schemas import (
    DetailWanted,
    LeastConfidence,
    ModelName,
    Query,
    ResolveWanted,
    Text,
    UnitWanted,
    WholeCharacters,
)


class StreamMessage(Query):
    """
    What a client says.

    Options hold for all texts that follow, until they are given again. The state of a form is no
    option: it belongs to the text that it comes with.
    """

    text: Text | None = Field(default=None, description="What has been said so far.")
    final: bool = Field(default=False, description="Whether that is all of it.")
    key: Annotated[str, Field(max_length=1_000), WholeCharacters] | None = None
    model: ModelName = None
    detail: DetailWanted = "slots"
    offset_unit: UnitWanted = "codepoint"
    min_confidence: LeastConfidence = 0.0
    resolve: ResolveWanted = None
    form: Annotated[str, Field(max_length=100), WholeCharacters] | None = Field(
        default=None, description="The form whose turn a final text is; null: none."
    )
    language: LanguageWanted = None
    state: StateWanted = None

    @model_validator(mode="after")
    def _final_has_a_text(self) -> "StreamMessage":
        if self.final and self.text is None:
            raise PydanticCustomError("final_text", "Give the whole `text` with `final`")
        return self

    @property
    def options(self) -> dict[str, Any]:
        """Those that it gives."""
        given = self.model_fields_set - {"text", "final", "key", "state"}
        return {name: getattr(self, name) for name in given}
