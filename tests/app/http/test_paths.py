"""Every rule about paths holds under a prefix too: keys, limits, metrics, logs, streams, pages."""

import http.client
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette._utils import get_route_path
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import WebSocketDenialResponse
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.http.paths import STREAM_PATH, app_path
from app.inference.batching import Batcher
from app.main import create_app
from app.observability import tracing
from app.security.api_keys import new_key
from app.settings import Settings
from benchmarks.harness.service import serving
from tests.app.http.test_error_handlers import assert_is_problem

APP = Path(__file__).parents[3] / "app"
QUESTION = {"text": "leave Taipei"}
# Names of open paths and folders among them: what follows such a prefix is not open.
PREFIXES = ["/page", "/docs", "/docs/files", "/health", "/metrics", "/nlu", "/nlu/v1", "/nlu/"]
# Each a way to write a closed path that something might take for an open one.
TRICKS = [
    *("//slots", "/./slots", "/slots/", "/%73lots", "/slots%2f", "/%2fslots", "/slots%00"),
    *("/page/../slots", "/page/%2e%2e/slots", "/page%2f..%2fslots", "/page/..%2fslots"),
    *("/docs/files/../../slots", "/health/live/../../slots", "/health/live/slots"),
    *("/openapi.json/../slots", "/metrics/../slots", "/docs/slots", "/docs/start.js/../../slots"),
    *("/page/slots", "/page//slots", "/page;/slots", "/%70age/../slots", "/Page/../slots"),
]


@pytest.mark.parametrize(
    ("path", "root", "within"),
    [
        ("/slots", "", "/slots"),
        ("/nlu/slots", "/nlu", "/slots"),
        ("/nlu//slots", "/nlu/", "/slots"),
        ("/page/slots", "/page", "/slots"),
        ("/nlux/slots", "/nlu", "/nlux/slots"),
        ("/slots", "/nlu", "/slots"),
        ("/nlu", "/nlu", ""),
        ("/nlu/", "/nlu", "/"),
        ("/nlu/nlu/slots", "/nlu", "/nlu/slots"),
        ("nlu/slots", "nlu", "/slots"),
    ],
)
def test_a_path_within_the_app_lacks_the_prefix(path: str, root: str, within: str) -> None:
    assert app_path({"path": path, "root_path": root}) == within


PIECES = st.lists(st.sampled_from(["/", "nlu", "page", "slots", "x", ".."]), max_size=6).map(
    "".join
)


@given(PIECES, PIECES)
def test_a_path_is_what_starlette_routes_by(path: str, root: str) -> None:
    for whole in (path, root + path):
        scope = {"type": "http", "path": whole, "root_path": root}
        assert app_path(scope) == get_route_path(scope)
    assert app_path({"path": path}) == path


def test_nothing_else_reads_the_path_of_a_request() -> None:
    raw = re.compile(r"""scope(\[|\.get\()["'](raw_)?(path|root_path)["']|\burl\.path\b""")
    readers = {path.name for path in APP.rglob("*.py") if raw.search(path.read_text("utf-8"))}
    assert readers == {"paths.py"}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a file of keys; `key` holds one of them."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "key").write_text(new_key(folder / "keys", "ours"))
    return folder


@pytest.fixture(scope="module", params=PREFIXES)
def prefixed(
    request: pytest.FixtureRequest, toy_bundle: Path, keys: Path
) -> Iterator[httpx2.Client]:
    """A client of uvicorn's own command, which puts a prefix that a proxy took away back."""
    command = ("uvicorn", "--factory", "app.main:create_app", "--port", "0", "--root-path")
    settings = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_API_KEYS_FILE": str(keys / "keys"),
        "SLOTLINE_RATE_LIMIT": "10000/minute",
        "SLOTLINE_METRICS_ACCESS": "public",
    }
    with serving(*command, request.param, **settings) as (client, _):
        yield client


def test_a_key_is_asked_for_under_a_prefix(prefixed: httpx2.Client, keys: Path) -> None:
    for path, body in [("/slots", QUESTION), ("/slots/batch", {"texts": ["leave Taipei"]})]:
        assert_is_problem(prefixed.post(path, json=body), 401, "missing_api_key")
        headers = {"x-api-key": (keys / "key").read_text()}
        answer = prefixed.post(path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert "ratelimit" in answer.headers
    for path in ("/models", "/models/toy", "/nothing"):
        assert prefixed.get(path).status_code == 401


def test_what_is_open_is_open_under_a_prefix(prefixed: httpx2.Client) -> None:
    for path in ("/", "/docs", "/docs/start.js", "/openapi.json", "/page/main.js", "/metrics"):
        assert prefixed.get(path).status_code == 200, path
    for path in ("/health/live", "/health/ready", "/docs/files/swagger-ui.css"):
        answer = prefixed.get(path)
        assert answer.status_code == 200, path
        assert "ratelimit" not in answer.headers


@pytest.mark.parametrize("trick", TRICKS)
def test_no_way_to_write_a_path_spares_the_key_under_a_prefix(
    prefixed: httpx2.Client, trick: str
) -> None:
    assert_no_answer(prefixed.base_url, trick)


def assert_no_answer(server: httpx2.URL, path: str) -> None:
    """By a client that sends the path as it is written, where others tidy it up."""
    connection = http.client.HTTPConnection(server.host, server.port)
    for method in ("POST", "GET", "HEAD"):
        body = json.dumps(QUESTION) if method == "POST" else None
        connection.request(method, path, body, {"content-type": "application/json"})
        answer = connection.getresponse()
        assert answer.status in (401, 404, 405), (method, path, answer.read())
        answer.read()
    connection.close()


def test_a_prefix_that_is_sent_twice_is_no_way_in(prefixed: httpx2.Client) -> None:
    for prefix in PREFIXES:
        assert_no_answer(prefixed.base_url, f"{prefix}/slots")


def test_metrics_name_endpoints_under_a_prefix(prefixed: httpx2.Client, keys: Path) -> None:
    headers = {"x-api-key": (keys / "key").read_text()}
    prefixed.post("/slots", json=QUESTION, headers=headers)
    prefixed.get("/models/toy", headers=headers)
    prefixed.get("/page/main.js")
    text = prefixed.get("/metrics").text
    for endpoint in ("/slots", "/models/{name}", "/page"):
        assert re.search(rf'requests_total{{endpoint="{re.escape(endpoint)}",.*status="200"', text)


def test_a_stream_asks_for_a_key_under_a_prefix(prefixed: httpx2.Client, keys: Path) -> None:
    address = str(prefixed.base_url).replace("http", "ws").rstrip("/")
    with connect(f"{address}{STREAM_PATH}", proxy=None) as stream:
        stream.send(json.dumps(QUESTION))
        assert json.loads(stream.recv())["problem"]["code"] == "missing_api_key"
    key = {"x-api-key": (keys / "key").read_text()}
    with connect(f"{address}{STREAM_PATH}", additional_headers=key, proxy=None) as stream:
        stream.send(json.dumps(QUESTION))
        assert json.loads(stream.recv())["slots"]
    for path in ("/slots", f"/page{STREAM_PATH}", f"{STREAM_PATH}/", f"/{STREAM_PATH}"):
        with pytest.raises(InvalidStatus) as refused, connect(f"{address}{path}", proxy=None):
            pass
        assert refused.value.response.status_code == 404


@pytest.fixture(scope="module")
def plain(toy_bundle: Path, keys: Path) -> Iterator[httpx2.Client]:
    """A client of the service's own server, at the root."""
    settings = {"SLOTLINE_API_KEYS_FILE": str(keys / "keys")}
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (client, _):
        yield client


@pytest.mark.parametrize("trick", ["/slots", *TRICKS])
def test_no_way_to_write_a_path_spares_the_key_at_the_root(
    plain: httpx2.Client, trick: str
) -> None:
    assert_no_answer(plain.base_url, trick)


@contextmanager
def mounted(app: FastAPI, prefix: str, parent: type[Starlette] = Starlette) -> Iterator[TestClient]:
    """A client of another application, in which the app is mounted."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with app.router.lifespan_context(app):
            yield

    outer = parent(routes=[Mount(prefix, app)], lifespan=lifespan)
    with TestClient(outer, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("parent", [Starlette, FastAPI])
@pytest.mark.parametrize("prefix", ["/nlu", "/page", "/docs", "/health/live", "/t/{tenant}"])
def test_a_mounted_app_asks_for_a_key(
    toy_bundle: Path, keys: Path, prefix: str, parent: type[Starlette]
) -> None:
    settings = Settings(model_dir=toy_bundle, api_keys_file=keys / "keys", rate_limit="1000/minute")
    here = prefix.format(tenant="page")
    with mounted(create_app(settings), prefix, parent) as client:
        assert_is_problem(client.post(f"{here}/slots", json=QUESTION), 401, "missing_api_key")
        for trick in TRICKS:
            assert client.post(here + trick, json=QUESTION).status_code in (401, 404, 405)
        key = {"x-api-key": (keys / "key").read_text()}
        assert client.post(f"{here}/slots", json=QUESTION, headers=key).status_code == 200
        assert client.get(f"{here}/health/ready").json() == {"status": "ready"}
        assert client.get(f"{here}/page/main.js").status_code == 200
        with client.websocket_connect(here + STREAM_PATH) as stream:
            stream.send_json(QUESTION)
            assert stream.receive_json()["problem"]["code"] == "missing_api_key"
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            client.websocket_connect(f"{here}/page{STREAM_PATH}"),
        ):
            pass
        assert refused.value.status_code == 404


@pytest.mark.parametrize("prefix", ["", "/nlu"])
@pytest.mark.parametrize("root", ["/nlu", "/page"])
def test_a_server_may_leave_the_prefix_in_the_path_or_not(
    toy_bundle: Path, keys: Path, prefix: str, root: str
) -> None:
    """Some servers name a root path that their paths lack, as where a proxy takes it away."""
    settings = Settings(model_dir=toy_bundle, api_keys_file=keys / "keys")
    app = create_app(settings)
    app.root_path = root  # which FastAPI tells each request
    with TestClient(app) as client:
        here = root if prefix else ""
        assert client.get(f"{here}/health/live").status_code == 200
        assert client.post(f"{here}/slots", json=QUESTION).status_code == 401
        for trick in TRICKS:
            assert client.post(here + trick, json=QUESTION).status_code in (401, 404, 405)


def test_a_full_queue_refuses_under_a_prefix(
    toy_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mounted(create_app(Settings(model_dir=toy_bundle)), "/nlu") as client:
        for path, is_long in (("/nlu/slots", False), ("/nlu/slots/batch", True)):
            with monkeypatch.context() as patch:
                patch.setattr(Batcher, "full", lambda _, *, long, full=is_long: long is full)
                assert_is_problem(client.post(path, json=QUESTION), 429, "overloaded")
                assert client.get("/nlu/models").status_code == 200


def test_the_log_names_endpoints_under_a_prefix(
    toy_bundle: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(model_dir=toy_bundle, access_log=True))
    with caplog.at_level("INFO", "app.access"), mounted(app, "/nlu") as client:
        client.post("/nlu/slots", json=QUESTION)
        client.get("/nlu/models/toy")
        client.get("/nlu/page/main.js")
        with client.websocket_connect(f"/nlu{STREAM_PATH}"):
            pass
    routes = [
        record.fields["route"]  # type: ignore[attr-defined]
        for record in caplog.records
        if record.name == "app.access"
    ]
    assert routes == ["/slots", "/models/{name}", "/page", STREAM_PATH]


def test_open_paths_are_not_traced_under_a_prefix(
    monkeypatch: pytest.MonkeyPatch, toy_bundle: Path
) -> None:
    spans, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(tracing, "tracer_provider", lambda: provider)
    with mounted(create_app(Settings(model_dir=toy_bundle)), "/nlu") as client:
        for path in ("/health/live", "/health/ready", "/docs", "/page/main.js"):
            client.get(f"/nlu{path}")
        client.get("/nlu/models")
    assert [span.name for span in spans.get_finished_spans()] == ["GET /models"]


def test_the_fast_path_is_taken_under_a_prefix(
    toy_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def routed(*_: object) -> None:
        raise AssertionError("the fast path answers")

    app = create_app(Settings(model_dir=toy_bundle))
    monkeypatch.setattr(app.router, "app", routed)
    with mounted(app, "/nlu") as client:
        assert client.post("/nlu/slots", json=QUESTION).status_code == 200


@pytest.mark.parametrize("prefix", ["/nlu", "/page", "/t/{tenant}"])
def test_the_document_leads_to_the_endpoints_from_where_it_is_read(
    toy_bundle: Path, prefix: str
) -> None:
    """Clients resolve a relative server against the document's address (OpenAPI 3.1, 4.8.5)."""
    with mounted(create_app(Settings(model_dir=toy_bundle)), prefix) as client:
        document = client.get(f"{prefix.format(tenant='we')}/openapi.json")
        [server] = document.json()["servers"]
        base = urljoin(str(document.url), server["url"]).rstrip("/")
        for path in ("/slots", "/slots/batch"):
            body = {"texts": ["leave Taipei"]} if path.endswith("batch") else QUESTION
            assert client.post(base + path, json=body).status_code == 200
        for path in ("/models", "/health/ready"):
            assert client.get(base + path).status_code == 200
