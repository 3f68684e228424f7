"""The endpoints: read, ask a tagger, answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Depends, Path, Request, Response
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.types import Receive

from app.catalogue import Catalogue, Fault, NotReadyError, StoppingError
from app.openapi import (
    BATCH_EXAMPLE,
    BATCH_EXAMPLES,
    MODEL_EXAMPLE,
    MODELS_EXAMPLE,
    SLOTS_EXAMPLE,
    SLOTS_EXAMPLES,
    answers,
)
from app.queue import SHORT, TaggingQueue, places_of
from app.schemas import (
    BatchAnswer,
    BatchQuery,
    BundleFault,
    CorpusAnswer,
    Health,
    ModelDetails,
    Models,
    ModelSummary,
    SlotsAnswer,
    SlotsQuery,
    TextQuery,
    TokensQuery,
)
from app.settings import Settings
from app.shortcut import Endpoint
from app.tagging.errors import AnswerTooLargeError, TextTooLongError, TooManyTextsError
from app.tagging.offsets import positions
from app.tagging.tagger import Tagger, Tagging
from app.tagging.tokenizer import words_of

JSON = "application/json"
SETTINGS_AT_FAULT = "the folder of bundles, or of trusted keys, cannot be read: the log says why"
TAGGING_PATHS = {"/slots": False, "/slots/batch": True}  # and whether it is long work
QUESTION_ERRORS = (400, 404, 408, 413, 415, 422, 429, 503)

router = APIRouter()
T = TypeVar("T")


# It is async though it waits for nothing: FastAPI runs a plain def in a thread.
async def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue | None = request.app.state.catalogue
    if catalogue is None:
        raise NotReadyError
    return catalogue


CatalogueHere = Annotated[Catalogue, Depends(_catalogue)]


@router.post(
    "/slots",
    tags=["slots"],
    summary="Find the slots of a text",
    response_model=SlotsAnswer,
    responses=answers(SLOTS_EXAMPLE, *QUESTION_ERRORS),
)
async def fill_slots(
    query: Annotated[SlotsQuery, Body(openapi_examples=SLOTS_EXAMPLES)], request: Request
) -> Response:
    """
    Send either `text`, as it was typed, or `tokens`, the words of a sentence cut before.

    Each slot comes with the stretch of the text that fills it, `text[start:end]`, and with the
    probability of just that stretch under that name: `min_confidence` leaves out what is less
    likely. Offsets of `tokens` count tokens. A model that was trained on intents tells the text's.
    """
    return Response(await answer_one(query, request), media_type=JSON)


@router.post(
    "/slots/batch",
    tags=["slots"],
    summary="Find the slots of many texts",
    response_model=BatchAnswer,
    responses=answers(BATCH_EXAMPLE, *QUESTION_ERRORS),
)
async def fill_slots_of_batch(
    query: Annotated[BatchQuery, Body(openapi_examples=BATCH_EXAMPLES)], request: Request
) -> Response:
    """The answers come in the order of the texts, each what the text would get alone."""
    return Response(await answer_batch(query, request), media_type=JSON)


async def answer_one(query: TextQuery | TokensQuery, request: Request) -> bytes:
    """A SlotsAnswer, as JSON."""
    tagger = (await _catalogue(request)).tagger(query.model)
    settings: Settings = request.app.state.settings
    request.scope["state"]["model"] = tagger.manifest.name
    queue: TaggingQueue = request.app.state.queue

    def tell(tagging: Tagging) -> bytes:
        return to_json(slots_answer(tagging, query, tagger))

    return await tag_one(query, tagger, queue, settings.max_words, request.receive, tell)


async def answer_batch(query: BatchQuery, request: Request) -> bytes:
    """A BatchAnswer, as JSON."""
    tagger = (await _catalogue(request)).tagger(query.model)
    settings: Settings = request.app.state.settings
    request.scope["state"]["model"] = tagger.manifest.name
    if len(query.texts) > settings.max_batch_size:
        raise TooManyTextsError(len(query.texts), settings.max_batch_size)

    def tag_all() -> bytes:
        for text in query.texts:
            check_length([text], settings.max_words)
        if query.detail == "distributions":
            # A hundred kilobytes of words can ask for hundreds of megabytes of these.
            words = sum(len(words_of(text)) for text in query.texts)
            probabilities = words * (1 + len(tagger.slots))
            if probabilities > settings.max_probabilities:
                raise AnswerTooLargeError(probabilities, settings.max_probabilities)
        found = [
            _answer(tagging, positions(text, query.offset_unit), query, tagger.slots)
            for text, tagging in zip(query.texts, tagger.tag_texts(query.texts), strict=True)
        ]
        return to_json(signed(tagger) | {"answers": found})

    queue: TaggingQueue = request.app.state.queue
    places = places_of(sum(map(len, query.texts)), len(query.texts))
    return await queue.work(places, tag_all, request.receive)


def read_question(body: bytes) -> TextQuery | TokensQuery:
    """
    A SlotsQuery from JSON; raises ValidationError.

    Each kind refuses the other's field, so that this tells them apart as the schema does, in a
    third of the time.
    """
    try:
        return TextQuery.model_validate_json(body)
    except ValidationError:
        return TokensQuery.model_validate_json(body)


# What Shortcut asks without FastAPI.
SHORTCUTS: Mapping[str, Endpoint] = {
    "/slots": (read_question, answer_one),
    "/slots/batch": (BatchQuery.model_validate_json, answer_batch),
}


@router.get(
    "/models", tags=["models"], summary="List the models", responses=answers(MODELS_EXAMPLE, 503)
)
async def list_models(catalogue: CatalogueHere) -> Models:
    """Every model that a request can name."""
    return Models(
        models=[ModelSummary(**_summary(tagger, catalogue)) for tagger in catalogue],
        errors=[_told_to_all(fault) for fault in catalogue.faults] or None,
    )


def _told_to_all(fault: Fault) -> BundleFault:
    # Where the settings point to is the operator's affair.
    detail = fault.detail if fault.folder is not None else SETTINGS_AT_FAULT
    return BundleFault(**asdict(fault) | {"detail": detail})


@router.get(
    "/models/{name}",
    tags=["models"],
    summary="Describe a model",
    responses=answers(MODEL_EXAMPLE, 404, 422, 503),
)
async def describe_model(
    name: Annotated[str, Path(max_length=100, description="Name of a model, or `name@version`.")],
    catalogue: CatalogueHere,
) -> ModelDetails:
    """What a model was trained on, under which licenses, how, and how well it did."""
    tagger = catalogue.tagger(name)
    manifest = tagger.manifest
    return ModelDetails(
        **_summary(tagger, catalogue),
        corpora=[CorpusAnswer(**asdict(corpus)) for corpus in manifest.corpora],
        metrics=manifest.metrics,
        training_config=manifest.training_config,
        command=manifest.command,
    )


@router.get(
    "/health/live",
    tags=["health"],
    summary="Whether the process answers",
    responses=answers({"status": "alive"}),
)
async def live() -> Health:
    """Restart the service when this does not answer."""
    return Health(status="alive")


@router.get(
    "/health/ready",
    tags=["health"],
    summary="Whether requests are welcome",
    responses=answers({"status": "ready"}, 503),
)
async def ready(catalogue: CatalogueHere, request: Request) -> Health:
    """Ready once every bundle is open and has passed its worked examples, until told to stop."""
    if request.app.state.stopping:
        raise StoppingError
    assert catalogue, "an empty catalogue is not ready"
    return Health(status="ready", skipped_models=list(catalogue.left_out) or None)


async def tag_one(
    query: TextQuery | TokensQuery,
    tagger: Tagger,
    queue: TaggingQueue,
    max_words: int,
    receive: Receive,
    tell: Callable[[Tagging], T],
) -> T:
    """
    Tag one sentence in its turn; `tell` makes the answer of it, where it was tagged.

    Raises TextTooLongError, and what the queue raises, to which `receive` tells who has left.
    """
    sentence, words, size = said_in(query)

    def tag_long() -> T:
        check_length(words, max_words)
        [tagging] = (
            tagger.tag_texts(words) if isinstance(query, TextQuery) else tagger.tag_tokens([words])
        )
        return tell(tagging)

    if size <= SHORT:
        check_length(words, max_words)
        return tell(await queue.tag(tagger, sentence, size, receive))
    return await queue.work(places_of(size), tag_long, receive)


def slots_answer(
    tagging: Tagging, query: TextQuery | TokensQuery, tagger: Tagger
) -> dict[str, Any]:
    """A SlotsAnswer."""
    if isinstance(query, TextQuery):
        places = positions(query.text, query.offset_unit)
    else:
        places = range(len(query.tokens) + 1)
    return signed(tagger) | _answer(tagging, places, query, tagger.slots)


def said_in(query: TextQuery | TokensQuery) -> tuple[str | Sequence[str], Sequence[str], int]:
    """What is to be tagged, the strings that it consists of, and its characters."""
    if isinstance(query, TextQuery):
        return query.text, [query.text], len(query.text)
    return query.tokens, query.tokens, sum(len(token) + 1 for token in query.tokens)


def check_length(words: Sequence[str], limit: int) -> None:
    """
    Raises TextTooLongError.

    It counts only where there can be too many: nothing has more words than characters.
    """
    if sum(len(word) or 1 for word in words) > limit:
        count = sum(len(words_of(word)) or 1 for word in words)
        if count > limit:
            raise TextTooLongError(count, limit)


# What is sent is written as it is, and not made of the models that document it: those would check
# it all once more. Tests hold it to the document.
def _answer(
    tagging: Tagging,
    places: Sequence[int],
    query: TextQuery | TokensQuery | BatchQuery,
    names: Sequence[str],
) -> dict[str, Any]:
    """A TextAnswer of a tagging; places: where each code point or token is for the caller."""
    answer: dict[str, Any] = {
        "slots": [
            {
                "name": slot.name,
                "value": slot.value,
                "start": places[slot.start],
                "end": places[slot.end],
                "confidence": slot.confidence,
            }
            for slot in tagging.slots
            if slot.confidence >= query.min_confidence
        ]
    }
    if tagging.intents:
        ranking = [{"name": name, "confidence": confidence} for name, confidence in tagging.intents]
        answer["intent"] = ranking[0] | {"ranking": ranking}
    if query.detail == "slots":
        return answer
    answer["tokens"] = tokens = [
        {
            "text": token.text,
            "start": places[token.start],
            "end": places[token.end],
            "tag": tag,
            "confidence": confidence,
        }
        for token, tag, confidence in zip(
            tagging.tokens, tagging.tags, tagging.confidences, strict=True
        )
    ]
    if query.detail == "distributions":
        for told, row in zip(tokens, tagging.distributions.tolist(), strict=True):
            told["distribution"] = dict(zip(("O", *names), row, strict=True))
    return answer


def signed(tagger: Tagger) -> dict[str, Any]:
    """Who answers."""
    return {"model": {"name": tagger.manifest.name, "version": tagger.manifest.version}}


def _summary(tagger: Tagger, catalogue: Catalogue) -> dict[str, Any]:
    manifest = tagger.manifest
    return {
        "name": manifest.name,
        "version": manifest.version,
        "description": manifest.description,
        "languages": manifest.languages,
        "slots": list(tagger.slots),
        "intents": list(tagger.intents),
        "default": tagger is catalogue.tagger(),
        "versions": catalogue.versions(manifest.name),
    }
