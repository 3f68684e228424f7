"""What the OpenAPI document says beyond types: examples that run as they stand, and errors."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.openapi.models import Components, Example
from pydantic.json_schema import models_json_schema

from app.api.form_schemas import FormQuery
from app.api.schemas import BatchQuery, Query, TextQuery, TokensQuery
from app.http.paths import FORM_PATH
from app.http.problems import Problem
from app.inference.registry import ModelRegistry

DESCRIPTION = """
Finds the slots of a sentence. In *I would like to arrive Taipei on November 2nd*,
the destination is *Taipei* and the time of arrival is *November 2nd*.

Every error is `application/problem+json` with a `code` that programs can rely on.
A request may have an `X-Request-ID`; the response repeats it, and the log has it.
"""
TAGS = [
    {"name": "slots", "description": "Find the slots of texts."},
    {"name": "forms", "description": "Collect slots over several turns."},
    {"name": "models", "description": "List and describe the models."},
    {"name": "health", "description": "For load balancers and orchestrators."},
]
ADMIN_TAG = {"name": "admin", "description": "Change the models; needs an admin key."}
_COMPONENTS = "#/components/schemas/"
_QUERIES = (BatchQuery, FormQuery, TextQuery, TokensQuery)
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key, as `Authorization`."},
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same key, for clients that use `Authorization` for something else.",
    },
}
_ADMIN_SCHEMES = {"admin": {"type": "http", "scheme": "bearer", "description": "An admin key."}}

_ARRIVE = "i would like to arrive Taipei on November 2nd"
_LEAVE = "leave Taipei on November 2nd"
_CHINESE = "我想在11月2日到达台北"

_RESOLVE = {
    "reference_time": "2026-11-29T09:00:00+00:00",
    "time_zone": "Europe/London",
    "locale": "en-GB",
}

SLOTS_EXAMPLES: dict[str, Example] = {
    "text": {"summary": "A sentence", "value": {"text": _ARRIVE}},
    "chinese": {"summary": "A sentence in Chinese", "value": {"text": _CHINESE}},
    "sure": {
        "summary": "Slots that are right nine times in ten at least",
        "value": {"text": _LEAVE, "min_confidence": 0.9},
    },
    "tokens": {"summary": "A sentence cut into words", "value": {"tokens": _LEAVE.split()}},
    "tags": {
        "summary": "Each word's tag and confidence",
        "value": {"text": _LEAVE, "detail": "tokens"},
    },
    "distributions": {
        "summary": "The probability of every slot for each word",
        "value": {"text": _LEAVE, "detail": "distributions"},
    },
    "utf16": {
        "summary": "Offsets as JavaScript counts them",
        "value": {"text": f"✈️ {_ARRIVE} 🎉", "offset_unit": "utf16"},
    },
    "resolve": {
        "summary": "Values of slots beside their words",
        "value": {"text": _ARRIVE, "resolve": _RESOLVE},
    },
}
BATCH_EXAMPLES: dict[str, Example] = {
    "texts": {"summary": "Two sentences", "value": {"texts": [_ARRIVE, _LEAVE]}},
    "tags": {
        "summary": "Two sentences, with each word's tag",
        "value": {"texts": [_LEAVE, _CHINESE], "detail": "tokens", "offset_unit": "byte"},
    },
    "sure": {
        "summary": "Two sentences, with the slots that are likelier than not",
        "value": {"texts": [_ARRIVE, _CHINESE], "min_confidence": 0.5},
    },
    "resolve": {
        "summary": "Two sentences, with values of slots beside their words",
        "value": {"texts": [_ARRIVE, _CHINESE], "resolve": _RESOLVE},
    },
}

_VERSION = {"name": "booking", "version": "5d1f0c7a9e42"}
_ARRIVE_SLOTS = [
    {"name": "destination", "value": "Taipei", "start": 23, "end": 29, "confidence": 0.998},
    {
        "name": "time_of_arrival",
        "value": "November 2nd",
        "start": 33,
        "end": 45,
        "confidence": 0.991,
    },
]
_LEAVE_SLOTS = [
    {"name": "place_of_departure", "value": "Taipei", "start": 6, "end": 12, "confidence": 0.997},
    {
        "name": "time_of_departure",
        "value": "November 2nd",
        "start": 16,
        "end": 28,
        "confidence": 0.992,
    },
]
_MODEL = {
    **_VERSION,
    "description": "Flights, trains and buses, in English and Chinese",
    "languages": ["en", "zh"],
    "slots": ["destination", "place_of_departure", "time_of_arrival", "time_of_departure"],
    "intents": [],
    "default": True,
    "versions": ["5d1f0c7a9e42", "b07e3a52d981"],
    "types": {
        "destination": {"type": "name", "names": "places"},
        "place_of_departure": {"type": "name", "names": "places"},
        "time_of_arrival": {"type": "datetime", "prefer": "future", "bare_duration": "offset"},
        "time_of_departure": {"type": "datetime", "prefer": "future", "bare_duration": "offset"},
    },
}
SLOTS_EXAMPLE = {"model": _VERSION, "slots": _ARRIVE_SLOTS}
BATCH_EXAMPLE = {
    "model": _VERSION,
    "answers": [{"slots": _ARRIVE_SLOTS}, {"slots": _LEAVE_SLOTS}],
}
MODELS_EXAMPLE = {"models": [_MODEL]}
MODEL_EXAMPLE = {
    **_MODEL,
    "corpora": [
        {
            "name": "sgd-travel",
            "license": "CC BY-SA 4.0",
            "citation": "Rastogi et al., 2020, The Schema-Guided Dialogue Dataset",
            "source": "The travel domains of Schema-Guided Dialogue",
        }
    ],
    "metrics": {"slot_f1": 97.1},
    "training_config": {"network": {"cell": "lstm", "hidden": 128}},
    "command": "slotline fit training/experiments/booking.toml",
    "names": {
        "places": {"license": "CC BY 4.0", "citation": "GeoNames", "source": "geonames.org"},
    },
}
_TRIP = {"name": "trip", "version": "72077fb59277"}
FORM_EXAMPLES: dict[str, Example] = {
    "beginning": {"summary": "The first question", "value": {"text": ""}},
    "text": {
        "summary": "Values, of which some are relative to the present",
        "value": {"text": "from Boston to Denver on Friday", "resolve": _RESOLVE},
    },
    "chinese": {"summary": "Prompts in Chinese", "value": {"text": "", "language": "zh"}},
}
FORM_EXAMPLE = {
    "form": _TRIP,
    "model": _VERSION,
    "status": "asking",
    "requested_slot": "place_of_departure",
    "prompt": {"id": "place_of_departure.prompt", "text": "Where are you leaving from?"},
    "changes": [
        {
            "slot": "destination",
            "kind": "filled",
            "value": "Denver",
            "to": {"type": "name", "id": "DEN", "value": "Denver"},
        }
    ],
    "state": {
        "form": "trip",
        "version": "72077fb59277",
        "slots": {
            "destination": {
                "value": "Denver",
                "resolution": {"type": "name", "id": "DEN", "value": "Denver"},
            }
        },
        "skipped": [],
        "requested_slot": "place_of_departure",
        "attempts": 0,
        "recent": ["destination"],
    },
}
_FORM = {
    **_TRIP,
    "model": "booking",
    "description": "A journey by plane, train or bus",
    "languages": ["en", "zh"],
}
FORMS_EXAMPLE = {"forms": [_FORM]}
FORM_DETAILS_EXAMPLE = {
    **_FORM,
    "slots": [
        {
            "name": "passengers",
            "type": "count",
            "required": False,
            "ask": False,
            "prompts": {},
            "constraints": {"least": 1, "most": 9},
            "default": {"type": "count", "value": 1},
        }
    ],
    "schema": {"type": "object", "properties": {"passengers": {"type": "object"}}},
}
RELOAD_EXAMPLE = {
    "loaded": [_VERSION],
    "unloaded": [],
    "errors": [
        {
            "folder": "snips",
            "model": "snips",
            "detail": "bundle snips: words.txt is not the file that the manifest names; "
            "restore it or export it again",
        }
    ],
}

_ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("invalid_json", "the body is not JSON, at character 17"),
    401: (
        "missing_api_key",
        "an API key is required: send one as `Authorization: Bearer KEY` or `X-API-Key: KEY`",
    ),
    404: ("model_not_found", "there is no model 'bookings'; there are: booking"),
    408: (
        "read_timeout",
        "the body did not arrive within 10 seconds",
    ),
    409: (
        "form_changed",
        "the state belongs to another version of this form: begin again without a state",
    ),
    413: (
        "text_too_long",
        "the text has 212 words and the limit is 200: send it in shorter parts",
    ),
    415: (
        "unsupported_media_type",
        "send JSON with the header Content-Type: application/json",
    ),
    422: (
        "invalid_request",
        "body.text: Input should be a valid string",
    ),
    429: (
        "overloaded",
        "the queue is full: try again later",
    ),
    503: (
        "not_ready",
        "the service is loading its models: try again in a second",
    ),
}
_MEANINGS: Mapping[int, str] = {
    400: "The body is not valid JSON, or is nested too deeply.",
    401: "No API key, or one that is not valid here; `code` says which.",
    404: "No such model, or form.",
    408: "The body did not arrive in time.",
    409: "The state belongs to another version of the form.",
    413: "The body, a text, a batch or its response is over a limit; `code` says which.",
    415: "The content type is not JSON, or the body is compressed; `code` says which.",
    422: "The JSON does not match the schema.",
    429: "The queue is full, or the rate limit is exceeded; `Retry-After` says how long to wait.",
    503: "The service is starting or stopping, or the response was not ready in time.",
}


def json_body(examples: Mapping[str, Example], *queries: type[Query]) -> dict[str, Any]:
    """What an endpoint documents of its body, which it reads itself: one of these queries."""
    schemas = [{"$ref": f"{_COMPONENTS}{query.__name__}"} for query in queries]
    schema = schemas[0] if len(schemas) == 1 else {"oneOf": schemas, "title": "Query"}
    content = {"application/json": {"schema": schema, "examples": dict(examples)}}
    return {"requestBody": {"content": content, "required": True}}


def answers(example: Mapping[str, Any], *errors: int) -> dict[int | str, dict[str, Any]]:
    """What an endpoint documents: an example of its answer, and the errors it can give."""
    documented: dict[int | str, dict[str, Any]] = {
        200: {"content": {"application/json": {"example": example}}}
    }
    for status in errors:
        code, detail = _ERRORS[status]
        title = HTTPStatus(status).phrase
        problem = {"type": "about:blank", "title": title, "status": status}
        documented[status] = {
            "model": Problem,
            "description": _MEANINGS[status],
            "content": {
                "application/json": {"example": problem | {"detail": detail, "code": code}}
            },
        }
    return documented


def describe_access(
    app: FastAPI, is_open: Callable[[str], bool], *, keys: bool, limit: bool
) -> None:
    """
    Say in the document where keys are asked for, and requests counted.

    To be called after `complete`, which changes the same document.
    """
    document = app.openapi()
    schemes: dict[str, Any] = {}
    for path, endpoints in document["paths"].items():
        for endpoint in endpoints.values():
            if ADMIN_TAG["name"] in endpoint["tags"]:
                endpoint["security"] = [{name: []} for name in _ADMIN_SCHEMES]
                schemes |= _ADMIN_SCHEMES
            elif not is_open(path):
                if keys:
                    endpoint["security"] = [{name: []} for name in _SCHEMES]
                    endpoint["responses"]["401"] = _problem_response(401)
                    schemes |= _SCHEMES
                if limit:
                    endpoint["responses"].setdefault("429", _problem_response(429))
    if schemes:
        document["components"]["securitySchemes"] = schemes


def _problem_response(status: int) -> dict[str, Any]:
    documented = answers({}, status)[status]
    example = documented["content"]["application/json"]["example"]
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema, "example": example}}
    return {"description": documented["description"], "content": content}


def complete(app: FastAPI, registry: ModelRegistry) -> None:
    """
    Give the document what FastAPI cannot know.

    That is the schemas of bodies, which endpoints read themselves; problem+json; and the name of a
    model that is here.

    FastAPI makes the document once and keeps it, so this changes what /openapi.json sends.
    """
    document = app.openapi()
    _, queries = models_json_schema(
        [(query, "validation") for query in _QUERIES], ref_template=f"{_COMPONENTS}{{model}}"
    )
    # As FastAPI writes schemas: in the order of the standard, without what is null.
    written = Components(schemas=queries["$defs"])
    schemas = document["components"]["schemas"] | jsonable_encoder(
        written.schemas, by_alias=True, exclude_none=True
    )
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    for path, endpoints in document["paths"].items():
        for endpoint in endpoints.values():
            endpoint["responses"] = endpoint.pop("responses")  # behind the body, as is usual
            for status, response in endpoint["responses"].items():
                if int(status) >= 400:
                    content = response["content"]
                    content["application/problem+json"] = content.pop("application/json")
            for parameter in endpoint.get("parameters", []):
                if path == "/models/{name}":
                    parameter["example"] = registry.default
                elif path == FORM_PATH:
                    parameter["example"] = next((form.name for form in registry.forms), "trip")
