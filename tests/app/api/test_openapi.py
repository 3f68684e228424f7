"""The OpenAPI document says what the service does, and its examples run as they stand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from app.api.schemas import BatchAnswer, Detail, SlotsAnswer
from app.http.problems import Problem
from app.inference.batching import SHORT
from app.main import create_app
from app.settings import Settings
from tests.app.http.test_error_handlers import BAD_BODIES, post


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


def endpoints(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, endpoint in methods.items():
            yield path, method, endpoint


def faults(document: dict[str, Any], schema: dict[str, Any], instance: Any) -> list[str]:
    """Where an instance is not as a schema of the document has it; extra fields count too."""
    whole = schema | {"components": document["components"], "unevaluatedProperties": False}
    validator = jsonschema_rs.Draft202012Validator(whole)
    return [error.message for error in validator.iter_errors(instance)]


def assert_documented(document: dict[str, Any], path: str, method: str, response: Any) -> None:
    """The answer has a status, a type and a content that the document has too."""
    documented = document["paths"][path][method]["responses"][str(response.status_code)]
    content = documented["content"][response.headers["content-type"]]
    assert faults(document, content["schema"], response.json()) == []


def test_every_endpoint_is_explained(document: dict[str, Any]) -> None:
    for path, method, endpoint in endpoints(document):
        assert endpoint["summary"], path
        assert endpoint["description"], path
        assert endpoint["tags"][0] in {tag["name"] for tag in document["tags"]}, path
        assert "example" in endpoint["responses"]["200"]["content"]["application/json"], path
        if method == "post":
            assert endpoint["requestBody"]["content"]["application/json"]["examples"], path


def test_every_example_of_a_request_gets_the_answer_that_is_documented(
    client: TestClient, document: dict[str, Any]
) -> None:
    for path, method, endpoint in endpoints(document):
        parameters = endpoint.get("parameters", [])
        address = path.format(**{entry["name"]: entry["example"] for entry in parameters})
        body = endpoint.get("requestBody", {}).get("content", {}).get("application/json", {})
        for example in body.get("examples", {"none": {"value": None}}).values():
            assert method == "get" or faults(document, body["schema"], example["value"]) == []
            response = client.request(method, address, json=example["value"])
            assert response.status_code == 200, (path, example, response.text)
            assert_documented(document, path, method, response)


@pytest.mark.parametrize("detail", get_args(Detail))
@pytest.mark.parametrize(
    ("path", "question", "model"),
    [
        ("/slots", {"text": "from New York 🎉 tomorrow"}, SlotsAnswer),
        ("/slots", {"text": ""}, SlotsAnswer),
        ("/slots", {"text": "from Boston tomorrow " + " " * SHORT}, SlotsAnswer),
        ("/slots", {"tokens": ["from", "New", "York", ""]}, SlotsAnswer),
        ("/slots/batch", {"texts": ["from New York", "", "thank you"]}, BatchAnswer),
    ],
)
def test_what_is_written_without_a_model_is_what_the_model_would_write(
    client: TestClient,
    toy_without_intents: Path,
    document: dict[str, Any],
    path: str,
    question: dict[str, Any],
    model: type[BaseModel],
    detail: str,
) -> None:
    with TestClient(create_app(Settings(model_dir=toy_without_intents))) as plain:
        for asked in (client, plain):
            response = asked.post(path, json=question | {"detail": detail})
            assert response.status_code == 200
            assert_documented(document, path, "post", response)
            again = model.model_validate_json(response.content, strict=True)
            assert again.model_dump_json().encode() == response.content


def test_every_example_of_an_answer_is_such_an_answer(document: dict[str, Any]) -> None:
    for path, _, endpoint in endpoints(document):
        for status, response in endpoint["responses"].items():
            for content in response["content"].values():
                found = faults(document, content["schema"], content["example"])
                assert found == [], (path, status)


@pytest.mark.parametrize("case", BAD_BODIES)
def test_every_error_is_documented(client: TestClient, document: dict[str, Any], case: str) -> None:
    body, _, _ = BAD_BODIES[case]
    for path in ("/slots", "/slots/batch"):
        assert_documented(document, path, "post", post(client, body, path))


# Whether there is a body, and whether it is Unicode, is no matter of a schema.
REFUSED_BY_SCHEMA = [
    case
    for case, (body, status, _) in BAD_BODIES.items()
    if status == 422 and body and "surrogate" not in case
]


@pytest.mark.parametrize("case", REFUSED_BY_SCHEMA)
def test_the_schema_refuses_what_the_service_refuses(document: dict[str, Any], case: str) -> None:
    schema = document["paths"]["/slots"]["post"]["requestBody"]["content"]["application/json"]
    assert faults(document, schema["schema"], json.loads(BAD_BODIES[case][0]))


def test_no_null_is_promised_that_is_never_sent(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for schema, field in [
        ("TextAnswer", "tokens"),
        ("TextAnswer", "intent"),
        ("TokenAnswer", "distribution"),
    ]:
        assert "anyOf" not in schemas[schema]["properties"][field]
        assert "default" not in schemas[schema]["properties"][field]
        assert field not in schemas[schema]["required"]
    assert schemas["Problem"]["required"] == Problem.model_json_schema()["required"]


def test_errors_are_documented_as_problems_only(document: dict[str, Any]) -> None:
    for path, _, endpoint in endpoints(document):
        for status, response in endpoint["responses"].items():
            expected = "application/json" if status == "200" else "application/problem+json"
            assert list(response["content"]) == [expected], (path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]
