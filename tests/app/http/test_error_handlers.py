"""Every error has one shape, and tells no more than its reader may know."""

import logging
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from app.http.error_handlers import STATUS, install_error_handlers
from app.tagging.errors import BundleInvalidError, SlotFillingError

JSON = {"content-type": "application/json"}
PRIVATE = "4111-1111-1111-1111"


def post(client: TestClient, body: str | bytes, path: str = "/slots", **headers: str) -> Any:
    return client.post(path, content=body, headers=JSON | headers)


BAD_BODIES: dict[str, tuple[str | bytes, int, str]] = {
    "nothing": ("", 422, "invalid_request"),
    "half an object": ('{"text": "', 400, "invalid_json"),
    "no UTF-8": (b'{"text": "\xff"}', 400, "invalid_json"),
    "an abyss": ("[" * 4_000, 400, "invalid_json"),
    "an endless number": ('{"text": ' + "1" * 4_900 + "}", 400, "invalid_json"),
    "a list": ("[]", 422, "invalid_request"),
    "null": ("null", 422, "invalid_request"),
    "no field": ("{}", 422, "invalid_request"),
    "text and tokens": ('{"text": "a", "tokens": ["a"]}', 422, "invalid_request"),
    "a number for a text": ('{"text": 5}', 422, "invalid_request"),
    "null for a text": ('{"text": null}', 422, "invalid_request"),
    "numbers for tokens": ('{"tokens": [1, 2]}', 422, "invalid_request"),
    "half a surrogate pair": (r'{"text": "a\ud800"}', 422, "invalid_request"),
    "half a surrogate pair for a token": (r'{"tokens": ["a", "\udfff"]}', 422, "invalid_request"),
    "half a surrogate pair for a model": (
        r'{"text": "a", "model": "\ud800"}',
        422,
        "invalid_request",
    ),
    "half a surrogate pair for a field": (r'{"text": "a", "\ud800": 1}', 422, "invalid_request"),
    "an unknown field": ('{"text": "a", "modle": "toy"}', 422, "invalid_request"),
    "an unknown detail": ('{"text": "a", "detail": "all"}', 422, "invalid_request"),
    "an unknown unit": ('{"text": "a", "offset_unit": "mile"}', 422, "invalid_request"),
    "a negative confidence": ('{"text": "a", "min_confidence": -0.1}', 422, "invalid_request"),
    "a confidence above one": ('{"tokens": ["a"], "min_confidence": 1.1}', 422, "invalid_request"),
    "words for a confidence": ('{"text": "a", "min_confidence": "high"}', 422, "invalid_request"),
    "a truth for a confidence": ('{"text": "a", "min_confidence": true}', 422, "invalid_request"),
    "bytes of tokens": ('{"tokens": ["a"], "offset_unit": "byte"}', 422, "invalid_request"),
    "no number for a confidence": (
        '{"text": "a", "min_confidence": NaN}',
        422,
        "invalid_request",
    ),
    "an unknown model": ('{"text": "a", "model": "mine"}', 404, "model_not_found"),
    "too long a name": ('{"text": "a", "model": "' + "m" * 101 + '"}', 422, "invalid_request"),
    "too many words": ('{"text": "' + "a " * 21 + '"}', 413, "text_too_long"),
    "too many bytes": ('{"text": "' + "a" * 5_000 + '"}', 413, "body_too_large"),
}


def assert_is_problem(response: Any, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"]
    problem = response.json()
    assert problem.keys() - {"errors"} == {"type", "title", "status", "detail", "code"}
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_bad_request_is_a_problem(client: TestClient, case: str) -> None:
    body, status, code = BAD_BODIES[case]
    assert_is_problem(post(client, body), status, code)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/slots/", 404, "not_found"),
        ("GET", "/slots", 405, "method_not_allowed"),
        ("DELETE", "/models", 405, "method_not_allowed"),
        ("BREW", "/models", 405, "method_not_allowed"),
        ("GET", "/models/mine", 404, "model_not_found"),
        ("GET", "/models/" + "m" * 101, 422, "invalid_request"),
        ("GET", "/docs/files/swagger-ui.js", 404, "not_found"),
    ],
)
def test_a_wrong_path_or_method_is_a_problem(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    assert_is_problem(client.request(method, path), status, code)


def test_a_wrong_method_is_told_the_right_one(client: TestClient) -> None:
    assert client.get("/slots").headers["allow"] == "POST"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain"])
def test_what_does_not_call_itself_json_is_refused(client: TestClient, kind: str) -> None:
    response = post(client, '{"text": "a"}', **{"content-type": kind})
    assert_is_problem(response, 415, "unsupported_media_type")
    assert "application/json" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "location", "message"),
    [
        ('{"texts": ["a", 5, 6]}', ["body", "texts", 1], "Input should be a valid string"),
        ('{"texts": "a"}', ["body", "texts"], "Input should be a valid list"),
        ('{"texts": [], "modle": "toy"}', ["body", "modle"], "Unknown field"),
    ],
)
def test_a_fault_is_told_with_its_place(
    client: TestClient, body: str, location: list[str], message: str
) -> None:
    response = post(client, body, "/slots/batch")
    assert response.json()["errors"] == [{"location": location, "message": message}]
    assert message in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"txt": "a"}', "body.text: Field required; body.txt: Unknown field"),
        ('{"token": ["a"]}', "body.text: Field required; body.token: Unknown field"),
        ('{"model": "toy"}', "body: Give either `text` or `tokens`, and not both"),
        ('{"text": "a", "tokens": []}', "body: Give either `text` or `tokens`, and not both"),
    ],
)
def test_a_misspelt_text_is_told_from_none(client: TestClient, body: str, detail: str) -> None:
    assert post(client, body).json()["detail"] == detail


def test_a_unit_for_tokens_is_refused_with_the_reason(client: TestClient) -> None:
    body, _, _ = BAD_BODIES["bytes of tokens"]
    assert "Offsets of `tokens` count tokens" in post(client, body).json()["detail"]


def test_hundreds_of_faults_make_a_short_answer(client: TestClient) -> None:
    body = "{" + ",".join(f'"field{number}": 1' for number in range(90)) + ', "text": "a"}'
    answer = post(client, body)
    assert len(answer.content) < 2_000
    assert "Unknown field" in answer.json()["detail"]


def test_more_fields_than_any_request_has_are_one_fault(client: TestClient) -> None:
    body = "{" + ",".join(f'"field{number}": 1' for number in range(100)) + ', "text": "a"}'
    answer = post(client, body)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "body: There are at most 100 fields"


@pytest.mark.parametrize(
    "body",
    [
        f'{{"text": ["{PRIVATE}"]}}',
        f'{{"text": "a", "{PRIVATE}": 1}}',
        f'{{"text": "a", "detail": "{PRIVATE}"}}',
        f'{{"text": "a", "offset_unit": {{"{PRIVATE}": 1}}}}',
        f'{{"text": "{PRIVATE}" {PRIVATE}',
        f'{{"text": "{PRIVATE} \\ud800"}}',
        f'{{"text": "{PRIVATE * 300}"}}',
        f'"{PRIVATE}"',
    ],
)
def test_an_error_never_repeats_what_was_sent(client: TestClient, body: str) -> None:
    response = post(client, body)
    assert response.status_code in {400, 413, 422}
    assert PRIVATE[:6] not in response.text


@pytest.fixture
def faulty() -> TestClient:
    """A service whose endpoints raise."""
    app = FastAPI()
    install_error_handlers(app)

    @app.get("/unexpected")
    async def unexpected() -> None:
        raise RuntimeError(PRIVATE)

    @app.get("/bundle")
    async def bundle() -> None:
        raise BundleInvalidError("toy", PRIVATE)

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "short and stout", {"x-spout": "yes"})

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/unexpected", "/bundle"])
def test_what_nobody_expected_is_told_to_the_log_alone(
    faulty: TestClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR):
        response = faulty.get(path)
    assert response.status_code == 500
    assert response.json()["code"] == "internal_error"
    assert PRIVATE not in response.text
    assert "failed with" in caplog.text


def test_any_other_status_keeps_its_text_and_headers(faulty: TestClient) -> None:
    response = faulty.get("/teapot")
    assert response.status_code == 418
    assert response.json()["detail"] == "short and stout"
    assert response.headers["x-spout"] == "yes"


def test_every_error_of_ours_has_a_status() -> None:
    assert STATUS[SlotFillingError] == 500


def test_too_long_a_name_is_told_in_characters(client: TestClient) -> None:
    answer = client.post("/slots", json={"text": "a", "model": "m" * 101})
    assert "body.model: String should have at most 100 characters" in answer.json()["detail"]


def test_the_allow_header_names_the_methods_of_all_routes_of_a_path(client: TestClient) -> None:
    assert client.put("/forms/trip").headers["allow"] == "GET, HEAD, POST"
    assert client.put("/models").headers["allow"] == "GET, HEAD"
