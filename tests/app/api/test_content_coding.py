"""A compressed body is refused by the name of its coding (RFC 9110, 15.5.16), in every way in."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from benchmarks.harness.service import serving
from tests.app.api.test_openapi import assert_documented
from tests.app.http.test_error_handlers import assert_is_problem

CODE = "unsupported_content_coding"
BODIES: dict[str, Any] = {
    "/slots": {"text": "leave Taipei"},
    "/slots/batch": {"texts": ["leave Taipei"]},
    "/admin/reload": {},
}
# What the header says, and the coding that a refusal names.
REFUSED = {
    "gzip": "gzip",
    "x-gzip": "x-gzip",
    "GZip": "gzip",
    "identity ,deflate": "deflate",
    "br": "br",
    "zstd": "zstd",
    "compress": "compress",
    "utf-8": "utf-8",
    "identity, gzip": "gzip",
    "gzip, identity": "gzip",
    "gzip;q=1": "unknown",
    "<script>": "unknown",
    "a" * 41: "unknown",
}
ACCEPTED = ["identity", "Identity", "identity, identity", "", ","]


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a file of keys of the operator's; `key` holds one of them."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "key").write_text(new_key(folder / "keys", "operator"))
    return folder


@pytest.fixture(scope="module", params=["with the fast paths", "with tracing", "in the process"])
def service(
    request: pytest.FixtureRequest, toy_bundle: Path, admin: Path
) -> Iterator[httpx2.Client | TestClient]:
    """Past ASGI where it can be; by FastAPI, as where there are traces; and by the shortcut."""
    if request.param == "in the process":
        settings = Settings(model_dir=toy_bundle, admin_keys_file=admin / "keys")
        with TestClient(create_app(settings)) as client:
            yield client
        return
    traces = {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    variables = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_ADMIN_KEYS_FILE": str(admin / "keys"),
        **(traces if request.param == "with tracing" else {}),
    }
    with serving(**variables) as (client, _):
        yield client


def post(
    service: httpx2.Client | TestClient, path: str, body: bytes, admin: Path, *codings: str
) -> Any:
    headers = [
        ("content-type", "application/json"),
        ("authorization", f"Bearer {(admin / 'key').read_text()}"),
        *(("content-encoding", coding) for coding in codings),
    ]
    return service.post(path, content=body, headers=headers)


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("coding", REFUSED)
def test_a_coding_is_refused_by_its_name(
    service: httpx2.Client | TestClient, admin: Path, path: str, coding: str
) -> None:
    plain = json.dumps(BODIES[path]).encode()
    for body in (gzip.compress(plain), zlib.compress(plain), plain):
        answer = post(service, path, body, admin, coding)
        assert_is_problem(answer, 415, CODE)
        assert f"the content coding {REFUSED[coding]} is" in answer.json()["detail"]
        assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("coding", ACCEPTED)
def test_no_coding_is_no_fault(
    service: httpx2.Client | TestClient, admin: Path, path: str, coding: str
) -> None:
    answer = post(service, path, json.dumps(BODIES[path]).encode(), admin, coding)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", BODIES)
def test_a_coding_may_be_in_the_second_header(
    service: httpx2.Client | TestClient, admin: Path, path: str
) -> None:
    body = json.dumps(BODIES[path]).encode()
    assert post(service, path, body, admin, "identity", "identity").status_code == 200
    assert_is_problem(post(service, path, body, admin, "identity", "br"), 415, CODE)


def test_another_media_type_is_told_after_the_coding(
    service: httpx2.Client | TestClient,
) -> None:
    headers = {"content-type": "text/plain", "content-encoding": "gzip"}
    assert_is_problem(service.post("/slots", content=b"a", headers=headers), 415, CODE)


def test_what_needs_no_body_is_answered(service: httpx2.Client | TestClient) -> None:
    headers = {"content-encoding": "gzip"}
    assert service.get("/models", headers=headers).status_code == 200
    assert service.post("/nothing", headers=headers).status_code == 404
    assert service.post("/models", headers=headers).status_code == 405


def test_a_body_that_is_too_large_is_told_of_its_coding_first(
    service: httpx2.Client | TestClient, admin: Path
) -> None:
    assert_is_problem(post(service, "/slots", b"a" * 2_000_000, admin, "gzip"), 415, CODE)


@pytest.mark.parametrize("path", BODIES)
def test_a_key_is_asked_for_first(toy_bundle: Path, admin: Path, path: str) -> None:
    settings = Settings(
        model_dir=toy_bundle, api_keys_file=admin / "keys", admin_keys_file=admin / "keys"
    )
    with TestClient(create_app(settings)) as client:
        refusal = client.post(path, content=b"a", headers={"content-encoding": "gzip"})
        assert_is_problem(refusal, 401, "missing_api_key")


@pytest.mark.parametrize("path", BODIES)
def test_the_refusal_is_documented(
    service: httpx2.Client | TestClient, admin: Path, path: str
) -> None:
    document = service.get("/openapi.json").json()
    assert_documented(document, path, "post", post(service, path, b"a", admin, "gzip"))
