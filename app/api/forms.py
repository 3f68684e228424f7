"""Forms over HTTP: one turn, what there is, and what a form is like."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic_core import to_json
from starlette.types import Receive, Scope

from app.api.form_schemas import (
    FormAnswer,
    FormDetails,
    FormList,
    FormQuery,
    FormSlotAnswer,
    FormSummary,
)
from app.api.openapi import (
    FORM_DETAILS_EXAMPLE,
    FORM_EXAMPLE,
    FORM_EXAMPLES,
    FORMS_EXAMPLE,
    answers,
    json_body,
)
from app.api.queries import parse_form_query
from app.api.responses import answer_head
from app.api.schemas import FormFault, ResolveOptions
from app.forms import (
    Change,
    Form,
    FormSlot,
    InvalidStateError,
    Turn,
    completed_schema,
    completed_values,
    sentences_of,
    state_json,
    state_of,
    take_turn,
)
from app.http.bodies import BodyLimits, read_json
from app.http.disconnect import HttpClient
from app.http.errors import InvalidRequestError
from app.http.paths import FORM_PATH, FORMS_PATH
from app.http.problems import FieldError
from app.inference.batching import Client
from app.inference.forms import Forms
from app.inference.service import SlotService
from app.tagging.slots import Slot
from app.tagging.tagger import TaggedSentence, Tagger

if TYPE_CHECKING:
    from app.observability.metrics import Metrics

_ERRORS = (400, 404, 408, 409, 413, 415, 422, 429, 503)
MAX_NAME = 100  # characters that a form's name in a path may have
_CONSTRAINTS = ("not_before", "different_from", "excludes", "least", "most", "one_of", "needs")


class FormAnswers:
    """Reads a turn, has its sentences tagged together, and renders what it came to."""

    def __init__(self, service: SlotService, limits: BodyLimits, metrics: "Metrics | None") -> None:
        self._service = service
        self._limits = limits
        self._metrics = metrics

    async def one(self, name: str, scope: Scope, receive: Receive) -> bytes:
        """A FormAnswer to the request, in JSON; raises SlotFillingError."""
        query = parse_form_query(await read_json(scope, receive, self._limits))
        scope["state"]["model"] = self.forms().form(name).model
        return to_json(await self.turn(name, query, HttpClient(receive)))

    def forms(self) -> Forms:
        """Those that are offered now; raises NotReadyError."""
        return self._service.forms()

    async def turn(
        self, name: str, query: FormQuery, client: Client, source: str = "body"
    ) -> dict[str, Any]:
        """
        A FormAnswer; `source`: where the state came from, for the errors.

        Raises UnknownFormError, FormChangedError, InvalidRequestError, and what tagging raises.
        """
        form = self.forms().form(name)
        model = self._service.model(form.model)
        try:
            state = state_of(form, query.state)
        except InvalidStateError as error:
            raise InvalidRequestError(
                [
                    FieldError(location=[source, "state", *fault.location], message=fault.message)
                    for fault in error.faults
                ]
            ) from error
        sentences = sentences_of(form, state, query.text)
        tagged = await self._tagged(model.tagger, sentences.texts, client)
        options = query.resolve
        reference = (options or ResolveOptions()).reference
        turn = take_turn(form, state, sentences, tagged, reference.context)
        if self._metrics is not None:
            kinds = [change.kind for change in turn.changes]
            self._metrics.turned(form.name, turn.status, kinds)
        language = form.language(query.language, None if options is None else options.locale)
        head = answer_head(model, None if options is None else reference)
        return {"form": {"name": form.name, "version": form.version}, **head} | _turn_answer(
            form, turn, language
        )

    async def _tagged(
        self, tagger: Tagger, texts: Sequence[str], client: Client
    ) -> list[Sequence[Slot]]:
        """The slots of each text; what only helps to read the first may be too long to."""
        first, *others = texts
        if not others:
            return [await self._service.tag(tagger, first, client, _slots)]
        taggings = await self._service.tag_together(tagger, first, others, client)
        return [() if tagging is None else tagging.slots for tagging in taggings]


def _slots(tagging: TaggedSentence) -> Sequence[Slot]:
    return tagging.slots


def _turn_answer(form: Form, turn: Turn, language: str) -> dict[str, Any]:
    """What a turn came to, as FormAnswer has it."""
    made: dict[str, Any] = {"status": turn.status}
    if turn.prompt is not None:
        slot, text = turn.prompt
        made["requested_slot"] = slot
        wording = getattr(form.slots[slot], text)[language]
        made["prompt"] = {"id": f"{slot}.{text}", "text": wording}
    made["changes"] = [_change(change) for change in turn.changes]
    if turn.clarify is not None:
        options = list(turn.clarify.options)
        made["clarify"] = {"value": turn.clarify.words, "options": options}
        if form.clarify:
            made["clarify"]["prompt"] = {"id": "clarify", "text": form.clarify[language]}
    if turn.status == "complete":
        made["values"] = completed_values(form, turn.state)
    made["state"] = state_json(form, turn.state)
    return made


def _change(change: Change) -> dict[str, Any]:
    made = {
        "value": change.words or None,
        "from": change.before,
        "to": change.after,
        "reason": change.reason,
        "conflict": change.conflict,
    }
    said = {name: value for name, value in made.items() if value is not None}
    return {"slot": change.slot, "kind": change.kind} | said


router = APIRouter()


async def _form_answers(request: Request) -> FormAnswers:
    form_answers: FormAnswers = request.app.state.form_answers
    return form_answers


AnswersHere = Annotated[FormAnswers, Depends(_form_answers)]
FormName = Annotated[str, Path(max_length=MAX_NAME, description="Name of a form.")]


@router.get(
    FORMS_PATH, tags=["forms"], summary="List the forms", responses=answers(FORMS_EXAMPLE, 503)
)
async def list_forms(answerer: AnswersHere) -> FormList:
    """Every form that a conversation can be had with."""
    forms = answerer.forms()
    return FormList(
        forms=[FormSummary(**_summary(form)) for form in forms],
        errors=[
            FormFault(
                file=fault.file, detail=_told_to_all(fault.file, fault.detail), form=fault.form
            )
            for fault in forms.faults
        ]
        or None,
    )


@router.get(
    FORM_PATH,
    tags=["forms"],
    summary="Describe a form",
    responses=answers(FORM_DETAILS_EXAMPLE, 404, 422, 503),
)
async def describe_form(name: FormName, answerer: AnswersHere) -> FormDetails:
    """The slots of a form with their prompts and constraints, and the JSON Schema of its values."""
    form = answerer.forms().form(name)
    return FormDetails(
        **_summary(form),
        slots=[_slot(slot) for slot in form.slots.values()],
        schema=completed_schema(form),
    )


@router.post(
    FORM_PATH,
    tags=["forms"],
    summary="Take a turn in a conversation with a form",
    response_model=FormAnswer,
    responses=answers(FORM_EXAMPLE, *_ERRORS),
    openapi_extra=json_body(FORM_EXAMPLES, FormQuery),
)
async def take_form_turn(name: FormName, request: Request, answerer: AnswersHere) -> Response:
    """
    Send what was said and the `state` of the last answer.

    The answer says what changed and why, what is asked next, and whether the form is complete. The
    service keeps nothing of a conversation.
    """
    content = await answerer.one(name, request.scope, request.receive)
    return Response(content, media_type="application/json")


def _told_to_all(file: str | None, detail: str) -> str:
    # Where the settings point to is the operator's affair.
    return detail if file is not None else "the folder of forms cannot be read: the log says why"


def _summary(form: Form) -> dict[str, Any]:
    return {
        "name": form.name,
        "version": form.version,
        "model": form.model,
        "description": form.description,
        "languages": list(form.languages),
    }


def _slot(slot: FormSlot) -> FormSlotAnswer:
    texts = {
        name: dict(getattr(slot, name))
        for name in ("prompt", "reprompt", "needs_prompt")
        if getattr(slot, name)
    }
    constraints = {name: getattr(slot, name) for name in _CONSTRAINTS}
    return FormSlotAnswer(
        name=slot.name,
        type=slot.value_type,
        required=slot.required,
        ask=slot.ask,
        prompts=texts,
        constraints={
            name: list(value) if isinstance(value, tuple) else value
            for name, value in constraints.items()
            if value not in (None, ())
        },
        default=slot.default,  # type: ignore[arg-type]  # pydantic reads it
    )
