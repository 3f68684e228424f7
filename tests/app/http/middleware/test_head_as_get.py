"""HEAD is answered wherever GET is, alike but for the body, and opens nothing."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.routing import Mount

from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from benchmarks.harness.service import serving

FILES = ["/page/main.js", "/page/style.css", "/docs/files/swagger-ui.css"]
# What two answers to the same question differ in.
OWN = {"x-request-id", "date", "ratelimit"}


def served_paths(app: Any) -> list[str]:
    """Every path that a GET is for, with a name in it where it takes one."""
    routes = iter_route_contexts(app.routes)
    found = [route.path for route in routes if "GET" in (getattr(route, "methods", None) or ())]
    # The toy bundle has no form.
    return [path.replace("{name}", "toy") for path in found if path and path != "/forms/{name}"]


PATHS = [*served_paths(create_app(Settings())), *FILES]


def test_all_kinds_of_paths_are_among_those_tried() -> None:
    wanted = {"/", "/health/live", "/health/ready", "/models", "/models/toy", "/docs", "/metrics"}
    assert wanted | {"/openapi.json", "/docs/start.js"} <= set(PATHS)
    mounts = {route.path for route in create_app(Settings()).routes if isinstance(route, Mount)}
    assert all(any(path.startswith(mount) for path in FILES) for mount in mounts)


@pytest.fixture(scope="module")
def server(toy_bundle: Path) -> Iterator[httpx2.Client]:
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle)) as (client, _):
        yield client


def headers_of(answer: http.client.HTTPResponse, *but: str) -> dict[str, str]:
    named = {name.lower(): value for name, value in answer.getheaders()}
    return {name: value for name, value in named.items() if name not in {*OWN, *but}}


@pytest.mark.parametrize("path", [*PATHS, "/nothing", "/models/mine", "/page/no.js"])
def test_head_is_answered_as_get_without_the_body(server: httpx2.Client, path: str) -> None:
    line = http.client.HTTPConnection(server.base_url.host, server.base_url.port)
    line.request("GET", path)
    got = line.getresponse()
    content = got.read()
    line.request("HEAD", path)
    head = line.getresponse()
    assert head.read() == b""
    assert head.status == got.status == (200 if path in PATHS else 404)
    # Counts that the first request has changed have other lengths.
    but = ("content-length",) if path == "/metrics" else ()
    assert headers_of(head, *but) == headers_of(got, *but)
    assert (
        path in but or path == "/metrics" or head.getheader("content-length") == str(len(content))
    )
    line.request("GET", "/health/live")
    assert line.getresponse().status == 200, "nothing of a body is left on the line"
    line.close()


@pytest.mark.parametrize("path", PATHS)
def test_no_body_is_sent_whatever_server_it_is(client: TestClient, path: str) -> None:
    answer = client.head(path)
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 0


def test_a_range_is_of_no_head(client: TestClient) -> None:
    answer = client.head("/page/main.js", headers={"range": "bytes=0-9"})
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(client.get("/page/main.js").content))


def test_a_file_that_is_known_is_not_sent_again(client: TestClient) -> None:
    tag = client.head("/page/main.js").headers["etag"]
    assert client.head("/page/main.js", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        *((path, "GET, HEAD") for path in PATHS),
        *((path, "POST") for path in ("/slots", "/slots/batch", "/admin/reload")),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    toy_bundle: Path, tmp_path: Path, path: str, allowed: str
) -> None:
    new_key(tmp_path / "admin-keys", "operator")
    app = create_app(Settings(model_dir=toy_bundle, admin_keys_file=tmp_path / "admin-keys"))
    client = TestClient(app)
    answer = client.delete(path)
    assert answer.status_code == 405
    assert answer.headers.get_list("allow") == [allowed]
    if allowed == "POST":
        head = client.head(path)
        assert head.status_code == 405
        assert head.headers["allow"] == allowed
        assert head.content == b""


def test_head_is_no_way_around_a_key(toy_bundle: Path, tmp_path: Path) -> None:
    key = {"x-api-key": new_key(tmp_path / "keys", "ours")}
    settings = Settings(
        model_dir=toy_bundle,
        api_keys_file=tmp_path / "keys",
        metrics_access="api_key",
        rate_limit="3/minute",
    )
    with TestClient(create_app(settings)) as client:
        for path in ("/models", "/models/toy", "/slots", "/nothing", "/metrics"):
            assert client.head(path).status_code == 401
        assert client.head("/health/ready").status_code == 200
        left = [client.head("/models", headers=key).status_code for _ in range(4)]
        assert left == [200, 200, 200, 429], "and counts as a request"


def test_a_service_that_is_not_ready_says_so_to_head_too(toy_bundle: Path) -> None:
    client = TestClient(create_app(Settings(model_dir=toy_bundle)))  # nothing has been opened
    assert client.head("/health/live").status_code == 200
    assert client.head("/health/ready").status_code == 503


def test_metrics_and_the_log_tell_of_head(
    toy_bundle: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(model_dir=toy_bundle, access_log=True))
    with caplog.at_level("INFO", "app.access"), TestClient(app) as client:
        client.head("/models/toy")
        assert 'endpoint="/models/{name}",model="",status="200"' in client.get("/metrics").text
    fields = caplog.records[0].fields  # type: ignore[attr-defined]
    assert (fields["method"], fields["route"]) == ("HEAD", "/models/{name}")


def test_a_page_of_another_origin_may_ask_by_head(toy_bundle: Path) -> None:
    origin = "https://trips.example"
    app = create_app(Settings(model_dir=toy_bundle, cors_origins=(origin,)))
    asked = {"access-control-request-method": "HEAD", "access-control-request-headers": "x-api-key"}
    assert TestClient(app).options("/models", headers={"origin": origin} | asked).is_success
