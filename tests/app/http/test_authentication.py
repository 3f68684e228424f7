"""Who may call, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from tests.app.api.test_openapi import assert_documented
from tests.app.http.test_error_handlers import assert_is_problem

QUESTION = {"text": "leave Taipei"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of keys are; `key` and `admin-key` hold a key of each."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "key").write_text(new_key(folder / "keys", "ours"))
    (folder / "admin-key").write_text(new_key(folder / "admin-keys", "operator"))
    return folder


@pytest.fixture(scope="module")
def closed(toy_bundle: Path, folder: Path) -> Iterator[TestClient]:
    settings = Settings(
        model_dir=toy_bundle,
        api_keys_file=folder / "keys",
        admin_keys_file=folder / "admin-keys",
        rate_limit="1000/minute",
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def key(folder: Path) -> str:
    return (folder / "key").read_text()


@pytest.fixture(scope="module")
def admin_key(folder: Path) -> str:
    return (folder / "admin-key").read_text()


@pytest.mark.parametrize(
    "header",
    [
        ("Authorization", "Bearer {}"),
        ("authorization", "bearer   {}"),
        ("X-API-Key", "{}"),
        ("x-api-key", " {} "),
    ],
)
def test_a_key_lets_in_either_way(closed: TestClient, key: str, header: tuple[str, str]) -> None:
    name, value = header
    response = closed.post("/slots", json=QUESTION, headers={name: value.format(key)})
    assert response.status_code == 200, response.text


def test_a_proxys_own_authorization_leaves_room_for_a_key(closed: TestClient, key: str) -> None:
    headers = {"authorization": "Basic dTpw", "x-api-key": key}
    assert closed.post("/slots", json=QUESTION, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Basic dTpw"},
        {"x-api-key": ""},
    ],
)
def test_without_a_key_there_is_no_answer(closed: TestClient, headers: dict[str, str]) -> None:
    response = closed.post("/slots", json=QUESTION, headers=headers)
    assert_is_problem(response, 401, "missing_api_key")
    assert response.headers["www-authenticate"] == 'Bearer realm="slotline"'
    assert "Authorization: Bearer KEY" in response.json()["detail"]


@pytest.mark.parametrize("headers", [{"authorization": "Bearer no"}, {"x-api-key": "no"}])
def test_a_wrong_key_is_refused_as_one(closed: TestClient, headers: dict[str, str]) -> None:
    response = closed.post("/slots", json=QUESTION, headers=headers)
    assert_is_problem(response, 401, "invalid_api_key")
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_bytes_that_are_no_text_are_a_wrong_key(closed: TestClient) -> None:
    headers = [(b"x-api-key", b"\xff\xfe")]
    assert_is_problem(closed.get("/models", headers=headers), 401, "invalid_api_key")


def test_a_key_that_is_shown_wrongly_is_not_forgiven_for_another(
    closed: TestClient, key: str
) -> None:
    headers = {"authorization": "Bearer no", "x-api-key": key}
    assert closed.get("/models", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/health/live",
        "/health/ready",
        "/docs",
        "/docs/start.js",
        "/docs/files/swagger-ui.css",
        "/openapi.json",
    ],
)
def test_health_and_the_page_are_open(closed: TestClient, path: str) -> None:
    assert closed.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/models", "/models/toy", "/nothing", "/docs/", "/Health/live"])
def test_all_else_is_closed(closed: TestClient, path: str) -> None:
    assert closed.get(path).status_code == 401


def test_a_reload_asks_for_a_key_of_its_own(closed: TestClient, key: str, admin_key: str) -> None:
    def reload(headers: dict[str, str]) -> Any:
        return closed.post("/admin/reload", headers=headers)

    assert_is_problem(reload({}), 401, "missing_api_key")
    assert_is_problem(reload({"x-api-key": key}), 401, "invalid_api_key")
    assert reload({"x-api-key": admin_key}).status_code == 200
    assert closed.get("/models", headers={"x-api-key": admin_key}).status_code == 401


def test_without_keys_for_it_there_is_no_reload(client: TestClient) -> None:
    assert_is_problem(client.post("/admin/reload"), 404, "not_found")
    assert "/admin/reload" not in client.get("/openapi.json").json()["paths"]


def test_the_document_says_where_keys_are_asked_for(closed: TestClient, client: TestClient) -> None:
    document = closed.get("/openapi.json").json()
    schemes = document["components"]["securitySchemes"]
    assert schemes["bearer"]["scheme"] == "bearer"
    assert schemes["header"]["name"] == "X-API-Key"
    wanted = {
        (path, method): [name for scheme in endpoint.get("security", []) for name in scheme]
        for path, methods in document["paths"].items()
        for method, endpoint in methods.items()
    }
    assert wanted.pop(("/admin/reload", "post")) == ["admin"]
    assert {path for (path, _), names in wanted.items() if not names} == {
        "/health/live",
        "/health/ready",
    }
    assert all(names in ([], ["bearer", "header"]) for names in wanted.values())
    assert "securitySchemes" not in client.get("/openapi.json").json()["components"]


def test_refusals_are_documented(closed: TestClient) -> None:
    document = closed.get("/openapi.json").json()
    for path, method in [("/models", "get"), ("/slots", "post"), ("/admin/reload", "post")]:
        response = closed.request(method, path, json=QUESTION if path == "/slots" else None)
        assert_documented(document, path, method, response)
        for status in ("401", "429"):
            if path != "/admin/reload" or status == "401":
                assert document["paths"][path][method]["responses"][status]


ORIGIN = "https://trips.example"


@pytest.fixture(scope="module")
def shared(toy_bundle: Path, folder: Path) -> Iterator[TestClient]:
    """A service that pages of one other origin may ask."""
    settings = Settings(model_dir=toy_bundle, api_keys_file=folder / "keys", cors_origins=(ORIGIN,))
    with TestClient(create_app(settings)) as client:
        yield client


def preflight(client: TestClient, origin: str) -> Any:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-api-key",
    }
    return client.options("/slots", headers=asked)


def test_a_browser_may_ask_for_a_page_of_an_origin_that_is_named(
    shared: TestClient, key: str
) -> None:
    allowed = preflight(shared, ORIGIN)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in allowed.headers
    answer = shared.post("/slots", json=QUESTION, headers={"origin": ORIGIN, "x-api-key": key})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()


def test_a_page_is_told_that_its_key_is_missing(shared: TestClient) -> None:
    refusal = shared.post("/slots", json=QUESTION, headers={"origin": ORIGIN})
    assert refusal.status_code == 401
    assert refusal.headers["access-control-allow-origin"] == ORIGIN


def test_a_browser_may_not_ask_for_another_origin(shared: TestClient, client: TestClient) -> None:
    for service, origin in [(shared, "https://evil.example"), (client, ORIGIN)]:
        assert preflight(service, origin).status_code >= 400
        answer = service.post("/slots", json=QUESTION, headers={"origin": origin})
        assert "access-control-allow-origin" not in answer.headers


def test_browsers_are_kept_from_guessing(client: TestClient) -> None:
    for path in ("/docs", "/docs/files/swagger-ui.css", "/models", "/nothing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_page_can_be_framed_by_nobody(client: TestClient) -> None:
    headers = client.get("/docs").headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
