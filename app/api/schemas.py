"""The JSON of requests and answers."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    FailFast,
    Field,
    Tag,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from app.api.resolution_schemas import EXAMPLES as RESOLUTION_EXAMPLES
from app.api.resolution_schemas import Resolution
from app.http.schema_fields import drop_default, left_out
from app.tagging.offsets import OffsetUnit
from app.values import Context, InvalidContextError, Prefer, ValueType, context_of, zone_of
from app.values.remembered import Remembered

# More than any request has, and fewer than take time.
MOST_FIELDS = 100
MOST_OPTIONS = 3
Detail = Literal["slots", "tokens", "distributions"]


def _whole_characters(text: str) -> str:
    """Refuse what JSON can write and no text can hold: half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError(
            "lone_surrogate",
            "Half of a surrogate pair stands alone at character {position}",
            {"position": error.start},
        ) from None
    return text


WholeCharacters = AfterValidator(_whole_characters)
Text = Annotated[str, WholeCharacters]
# One fault of a list is told, not each of a hundred thousand.
Texts = Annotated[list[Text], FailFast()]
ModelName = Annotated[
    Annotated[str, Field(max_length=100), WholeCharacters] | None,
    Field(
        description="Name of the model to ask, or `name@version`; the default model where it is "
        "not given.",
    ),
]
DetailWanted = Annotated[
    Detail,
    Field(
        description="`tokens` adds each word's tag and confidence, and `distributions` also the "
        "probability of each slot, and of none, for each word.",
    ),
]
UnitWanted = Annotated[
    OffsetUnit,
    Field(
        description="What offsets count: Unicode code points (Python), UTF-16 code units "
        "(JavaScript, Java, C#) or bytes of UTF-8 (Go, Rust).",
    ),
]

LeastConfidence = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Slots with a lower confidence are left out; words and their tags stay.",
    ),
]


def _no_unit(unit: Any) -> Any:
    if unit in ("utf16", "byte"):
        raise PydanticCustomError(
            "unit_of_tokens", "Offsets of `tokens` count tokens: leave `offset_unit` out"
        )
    return unit


TokenUnit = Annotated[
    Literal["codepoint"],
    BeforeValidator(_no_unit),
    Field(description="Of no effect: offsets of tokens count tokens."),
]


class Query(BaseModel):
    """What all that callers send has in common."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, fields: Any) -> Any:
        """To name each of a hundred thousand unknown fields takes a second, and five are told."""
        if isinstance(fields, dict) and len(fields) > MOST_FIELDS:
            raise PydanticCustomError(
                "too_many_fields", "There are at most {most} fields", {"most": MOST_FIELDS}
            )
        return fields


# RFC 3339; Python alone reads more, such as dates of weeks.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_LEAP_SECOND = re.compile(r"(?<=:\d\d):60")
_LOCALE = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,6}"


def _moment(value: Any) -> Any:
    """A point in time from a string of RFC 3339."""
    if isinstance(value, str) and len(value) <= 50 and _MOMENT.fullmatch(value):
        try:
            # A leap second is the one before it: datetime has none.
            moment = datetime.fromisoformat(_LEAP_SECOND.sub(":59", value.upper()))
        except ValueError:
            pass
        else:
            if 2 <= moment.year <= 9998:  # so that every offset has a year
                return moment
    if isinstance(value, datetime):
        return value
    raise PydanticCustomError(
        "reference_time", "Give a time with its offset, such as 2026-11-29T09:00:00+01:00"
    )


def _zone(name: str) -> str:
    try:
        zone_of(name)
    except InvalidContextError:
        raise PydanticCustomError(
            "time_zone", "Give a name of the IANA time zone database, such as Europe/London"
        ) from None
    return name


def _locale(tag: str) -> str:
    if not re.fullmatch(_LOCALE, tag):
        raise PydanticCustomError("locale", "Give a BCP 47 tag, such as en-GB")
    return tag


LocaleTag = Annotated[
    str, AfterValidator(_locale), Field(json_schema_extra={"pattern": f"^{_LOCALE}$"})
]


class ResolveOptions(Query):
    """What the values of slots are resolved against."""

    reference_time: Annotated[datetime, BeforeValidator(_moment)] | None = Field(
        default=None,
        description="When the text was said, with an offset (RFC 3339); the server's clock where "
        "it is not given.",
    )
    time_zone: (
        Annotated[str, AfterValidator(_zone), Field(json_schema_extra={"format": "iana-time-zone"})]
        | None
    ) = Field(
        default=None,
        description="Name in the IANA time zone database of where it was said, such as "
        "`Europe/London`. Without it, what is relative to the present is `needs_reference`.",
    )
    locale: LocaleTag = Field(
        default="en",
        description="BCP 47 tag of who said it. The region decides what `11/2` and a dollar are.",
    )

    @property
    def reference(self) -> "Reference":
        """What they say, and the present where they give no time."""
        return _reference_at(int(time.time()), self) if self.reference_time is None else self._own

    @cached_property
    def _own(self) -> "Reference":
        assert self.reference_time is not None, "it is given"
        return _reference(self.reference_time, self)


class Reference(NamedTuple):
    """What values are resolved against, and how the answer repeats it."""

    context: Context
    resolved: Mapping[str, str]


def _reference(moment: datetime, options: ResolveOptions) -> Reference:
    context = context_of(moment, options.time_zone, options.locale, moment)
    resolved = {"reference_time": moment.astimezone(context.zone or moment.tzinfo).isoformat()}
    if options.time_zone is not None:
        resolved["time_zone"] = options.time_zone
    resolved["locale"] = options.locale
    return Reference(context, resolved)


@lru_cache(256)
def _reference_at(second: int, options: ResolveOptions) -> Reference:
    return _reference(datetime.fromtimestamp(second, UTC), options)


# Most callers send the same options with every request, or for a while: what is known needs no
# check, and keeps what was made of it.
_KNOWN_OPTIONS: Remembered[tuple[tuple[str, Any], ...], ResolveOptions] = Remembered(512, 500_000)


def _known_or_read(fields: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """The options that were made of the same fields before, else those that `read` makes."""
    if type(fields) is not dict or len(fields) > MOST_OPTIONS:
        return read(fields)
    key = tuple(fields.items())
    try:
        found = _KNOWN_OPTIONS.get(key)
    except TypeError:  # a value that is a list or an object, which `read` refuses
        return read(fields)
    if found is None:
        found = read(fields)
        # Equal times may have other offsets, which answers repeat; equal strings are the same.
        if all(value is None or type(value) is str for value in fields.values()):
            _KNOWN_OPTIONS.put(key, found)
    return found


ResolveWanted = Annotated[
    ResolveOptions | None,
    WrapValidator(_known_or_read),
    Field(
        description="Gives each slot that has a type its value as `resolution`; null is as "
        "absent. `GET /models/{name}` lists the types.",
    ),
]


class TextQuery(Query):
    """A running text to find slots in."""

    text: Text = Field(description="The text as it was typed; an empty one has no slots.")
    model: ModelName = None
    detail: DetailWanted = "slots"
    offset_unit: UnitWanted = "codepoint"
    min_confidence: LeastConfidence = 0.0
    resolve: ResolveWanted = None


class TokensQuery(Query):
    """A sentence that the caller has cut into words; offsets in the answer count these."""

    tokens: Texts = Field(description="The words of the sentence, in order.")
    model: ModelName = None
    detail: DetailWanted = "slots"
    offset_unit: TokenUnit = "codepoint"
    min_confidence: LeastConfidence = 0.0
    resolve: ResolveWanted = None


def _kind(query: Any) -> str | None:
    if not isinstance(query, dict):
        return "TokensQuery" if isinstance(query, TokensQuery) else "TextQuery"
    if "text" in query and "tokens" in query:
        return None
    if "tokens" in query:
        return "TokensQuery"
    # One of them misspelt, and not left out: then the fields that are not known are named.
    return "TextQuery" if "text" in query or query.keys() - TextQuery.model_fields else None


SlotsQuery = Annotated[
    Annotated[TextQuery, Tag("TextQuery")] | Annotated[TokensQuery, Tag("TokensQuery")],
    Discriminator(
        _kind,
        custom_error_type="text_or_tokens",
        custom_error_message="Give either `text` or `tokens`, and not both",
    ),
]


class BatchQuery(Query):
    """Running texts to find slots in."""

    texts: Texts = Field(description="The texts; the answers come in their order.")
    model: ModelName = None
    detail: DetailWanted = "slots"
    offset_unit: UnitWanted = "codepoint"
    min_confidence: LeastConfidence = 0.0
    resolve: ResolveWanted = None


class ModelVersion(BaseModel):
    """The model that answered."""

    name: str
    version: str = Field(
        description="Changes with the model's files and types, and only with them."
    )
    lists: str | SkipJsonSchema[None] = left_out(
        "Version of the operator's lists of values, where the model has any; changes with them."
    )


class Resolved(BaseModel):
    """What values were resolved against."""

    reference_time: str = Field(
        description="That of the request, or the server's clock; in the time zone, if given."
    )
    time_zone: str | SkipJsonSchema[None] = left_out("That of the request, if given.")
    locale: str


class SlotAnswer(BaseModel):
    """A slot that the text fills."""

    name: str
    value: str = Field(description="The text from `start` to `end`.")
    start: int
    end: int = Field(description="Exclusive.")
    confidence: float = Field(description="Probability of just this stretch under this name.")
    resolution: Resolution | SkipJsonSchema[None] = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="The value of the words, or why they have none, where `resolve` was sent and "
        "the slot has a type.",
        json_schema_extra=drop_default,
        examples=RESOLUTION_EXAMPLES,
    )


class TokenAnswer(BaseModel):
    """A word of the text."""

    text: str
    start: int
    end: int = Field(description="Exclusive.")
    tag: str = Field(
        description="`B-` and a slot's name where a slot begins, `I-` where it goes on, else `O`."
    )
    confidence: float = Field(description="Probability of the tag.")
    distribution: dict[str, float] | SkipJsonSchema[None] = left_out(
        "Probability of each slot, and of none as `O`; they sum to one."
    )


class RankedIntent(BaseModel):
    """What the text may be for."""

    name: str
    confidence: float = Field(description="Probability of the intent among all that there are.")


class IntentAnswer(RankedIntent):
    """What the text is for."""

    ranking: list[RankedIntent] = Field(
        description="The likeliest intents, five at most, the first of them once more."
    )


class TextAnswer(BaseModel):
    """The slots of one text."""

    slots: list[SlotAnswer] = Field(description="In the order of the text.")
    intent: IntentAnswer | SkipJsonSchema[None] = left_out(
        "What the text is for, where the model knows intents and the text has a word. A text for "
        "two things has an intent of its own where the corpus joins their names."
    )
    tokens: list[TokenAnswer] | SkipJsonSchema[None] = left_out(
        "The words of the text, where `detail` asks for them."
    )


class _Signed(BaseModel):
    model: ModelVersion
    resolved: Resolved | SkipJsonSchema[None] = left_out(
        "What values were resolved against, where `resolve` was sent."
    )


class SlotsAnswer(TextAnswer, _Signed):
    """The slots of one text, and the model that found them."""


class BatchAnswer(_Signed):
    """The slots of each text, and the model that found them."""

    answers: list[TextAnswer] = Field(description="One for each text, in order.")


class SlotTypeAnswer(BaseModel):
    """What values a slot has, and how its words are read."""

    type: ValueType
    prefer: Prefer | SkipJsonSchema[None] = left_out(
        "Which of several dates is meant; `future` where it is absent."
    )
    bare_duration: Literal["offset"] | SkipJsonSchema[None] = left_out(
        "`offset` where three days are in three days."
    )
    anchor: str | SkipJsonSchema[None] = left_out("The slot that the next day follows.")
    names: str | SkipJsonSchema[None] = left_out("The list of its names.")


class NameListAnswer(BaseModel):
    """A list of names that slots have as values."""

    license: str = "not stated"
    citation: str = ""
    source: str = ""


class ModelSummary(ModelVersion):
    """A model that can be asked."""

    description: str
    languages: list[str] = Field(description="BCP 47 tags.")
    slots: list[str] = Field(description="The names that its slots can have.")
    intents: list[str] = Field(
        description="The intents that it tells apart; none where it was trained on none."
    )
    default: bool = Field(description="Whether it answers requests that name no model.")
    versions: list[str] = Field(
        description="Those that can be asked for as `name@version`, the present one first."
    )
    types: dict[str, SlotTypeAnswer] | SkipJsonSchema[None] = left_out(
        "Slots whose values `resolve` gives, with their types, if there are any."
    )


class BundleFault(BaseModel):
    """Why a bundle cannot be served as it is on disk."""

    folder: str | SkipJsonSchema[None] = left_out("The folder of the bundle, if it is of one.")
    model: str | SkipJsonSchema[None] = left_out(
        "The model of which the version before, or the list of values, stays in use, if one does."
    )
    detail: str


class Models(BaseModel):
    """The models that can be asked."""

    models: list[ModelSummary]
    errors: list[BundleFault] | SkipJsonSchema[None] = left_out(
        "What is wrong with bundles that are broken, if any."
    )


class FormFault(BaseModel):
    """A file of a form that is broken, or none: then the folder of forms cannot be read."""

    file: str | None
    detail: str = Field(description="What is wrong, and with which entry of the file.")
    form: str | None = Field(
        description="The form whose last good version answers in its place, if one does."
    )


class Reload(BaseModel):
    """What a reload has done."""

    loaded: list[ModelVersion] = Field(description="The models that are new or changed.")
    unloaded: list[str] = Field(description="The models that are no more.")
    errors: list[BundleFault] = Field(description="What could not be opened; empty if all could.")
    form_errors: list[FormFault] | SkipJsonSchema[None] = left_out(
        "The files of forms that could not be read, if any."
    )


class CorpusAnswer(BaseModel):
    """A source of the model's training data."""

    name: str
    license: str
    citation: str
    source: str


class ModelDetails(ModelSummary):
    """Everything about a model."""

    corpora: list[CorpusAnswer] = Field(description="What it was trained on.")
    metrics: dict[str, float] = Field(description="How well it did when it was made.")
    training_config: dict[str, Any] = Field(description="The settings that it was trained with.")
    command: str = Field(description="The command that makes it again.")
    names: dict[str, NameListAnswer] | SkipJsonSchema[None] = left_out(
        "The lists of names of its types, if there are any, and on what terms they may be used."
    )
    parts_of_day: dict[str, tuple[str, str]] | SkipJsonSchema[None] = left_out(
        "The hours of parts of the day, where they are the model's own."
    )


class Health(BaseModel):
    """How the service is."""

    status: Literal["alive", "ready"]
    skipped_models: list[str] | SkipJsonSchema[None] = left_out(
        "The folders of bundles that are broken and were left out, if any; the log says why."
    )
