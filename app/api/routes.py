"""The endpoints: read, ask a tagger, answer."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.api.answers import Answers
from app.api.openapi import (
    BATCH_EXAMPLE,
    BATCH_EXAMPLES,
    MODEL_EXAMPLE,
    MODELS_EXAMPLE,
    SLOTS_EXAMPLE,
    SLOTS_EXAMPLES,
    answers,
    json_body,
)
from app.api.schemas import (
    BatchAnswer,
    BatchQuery,
    BundleFault,
    CorpusAnswer,
    Health,
    ModelDetails,
    Models,
    ModelSummary,
    SlotsAnswer,
    TextQuery,
    TokensQuery,
)
from app.http.paths import BATCH_PATH, SLOTS_PATH
from app.inference.errors import NotReadyError, StoppingError
from app.inference.loaded_model import LoadedModel
from app.inference.registry import LoadError, ModelRegistry

SETTINGS_AT_FAULT = "the folder of bundles, or of trusted keys, cannot be read: the log says why"
QUESTION_ERRORS = (400, 404, 408, 413, 415, 422, 429, 503)
_JSON = "application/json"

router = APIRouter()


# It is async though it waits for nothing: FastAPI runs a plain def in a thread.
async def _registry(request: Request) -> ModelRegistry:
    registry: ModelRegistry | None = request.app.state.registry
    if registry is None:
        raise NotReadyError
    return registry


async def _answers(request: Request) -> Answers:
    answerer: Answers = request.app.state.answers
    return answerer


RegistryHere = Annotated[ModelRegistry, Depends(_registry)]
AnswersHere = Annotated[Answers, Depends(_answers)]


@router.post(
    SLOTS_PATH,
    tags=["slots"],
    summary="Find the slots of a text",
    response_model=SlotsAnswer,
    responses=answers(SLOTS_EXAMPLE, *QUESTION_ERRORS),
    openapi_extra=json_body(SLOTS_EXAMPLES, TextQuery, TokensQuery),
)
async def fill_slots(request: Request, answerer: AnswersHere) -> Response:
    """
    Send either `text`, as it was typed, or `tokens`, the words of a sentence cut before.

    Each slot comes with the stretch of the text that fills it, `text[start:end]`, and with the
    probability of just that stretch under that name: `min_confidence` leaves out what is less
    likely. Offsets of `tokens` count tokens. A model that was trained on intents tells the text's.

    With `resolve`, a slot that has a type comes with its value: a date, a time, a number, a name.
    A value is given only if every word was understood; else `unresolved` says why.
    """
    content = await answerer.one(request.scope, request.receive)
    return Response(content, media_type=_JSON)


@router.post(
    BATCH_PATH,
    tags=["slots"],
    summary="Find the slots of many texts",
    response_model=BatchAnswer,
    responses=answers(BATCH_EXAMPLE, *QUESTION_ERRORS),
    openapi_extra=json_body(BATCH_EXAMPLES, BatchQuery),
)
async def fill_slots_of_batch(request: Request, answerer: AnswersHere) -> Response:
    """The answers come in the order of the texts, each what the text would get alone."""
    content = await answerer.batch(request.scope, request.receive)
    return Response(content, media_type=_JSON)


@router.get(
    "/models", tags=["models"], summary="List the models", responses=answers(MODELS_EXAMPLE, 503)
)
async def list_models(registry: RegistryHere) -> Models:
    """Every model that a request can name."""
    return Models(
        models=[ModelSummary(**_summary(model, registry)) for model in registry.models],
        errors=[_told_to_all(fault) for fault in registry.load_errors] or None,
    )


def _told_to_all(fault: LoadError) -> BundleFault:
    # Where the settings point to is the operator's affair.
    detail = fault.detail if fault.folder or fault.model else SETTINGS_AT_FAULT
    return BundleFault(**asdict(fault) | {"detail": detail})


@router.get(
    "/models/{name}",
    tags=["models"],
    summary="Describe a model",
    responses=answers(MODEL_EXAMPLE, 404, 422, 503),
)
async def describe_model(
    name: Annotated[str, Path(max_length=100, description="Name of a model, or `name@version`.")],
    registry: RegistryHere,
) -> ModelDetails:
    """What a model was trained on, under which licenses, how, and how well it did; its types."""
    model = registry.model(name)
    manifest = model.manifest
    types = manifest.types or {}
    return ModelDetails(
        **_summary(model, registry),
        corpora=[CorpusAnswer(**asdict(corpus)) for corpus in manifest.corpora],
        metrics=manifest.metrics,
        training_config=manifest.training_config,
        command=manifest.command,
        names=types.get("names"),
        parts_of_day=types.get("parts_of_day"),
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
async def ready(registry: RegistryHere, request: Request) -> Health:
    """Ready once every bundle is open and has passed its examples, until told to stop."""
    if request.app.state.stopping:
        raise StoppingError
    assert registry, "an empty registry is not ready"
    return Health(status="ready", skipped_models=list(registry.skipped) or None)


def _summary(model: LoadedModel, registry: ModelRegistry) -> dict[str, Any]:
    manifest, tagger = model.manifest, model.tagger
    return {
        "name": manifest.name,
        "version": manifest.version,
        "lists": model.lists.version if model.lists else None,
        "description": manifest.description,
        "languages": manifest.languages,
        "slots": list(tagger.slots),
        "intents": list(tagger.intents),
        "default": model is registry.model(),
        "versions": registry.versions(manifest.name),
        "types": (manifest.types or {}).get("values"),
    }
