"""The fast path answers as FastAPI would, byte for byte, whatever the settings."""

import asyncio
import gc
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.types import Message

from app.api.openapi import SLOTS_EXAMPLES
from app.http.authentication import KEY_HEADER
from app.inference.batching import PendingSentence
from app.main import create_app
from app.observability import tracing
from app.security.api_keys import new_key
from app.settings import Settings
from app.tagging.tagger import TaggedSentence
from benchmarks.harness.service import serving
from tests.app.http.test_error_handlers import BAD_BODIES

TEXT = {"text": "leave Taipei on November 2nd"}
BODY = json.dumps(TEXT).encode()
LIMITS: dict[str, Any] = {"max_words": 20, "max_body_bytes": 5_000}
ORIGIN = "https://trips.example"
JSON = {"content-type": "application/json"}


class Pair:
    """A service with the fast path, and the same without it."""

    def __init__(self, **settings: Any) -> None:
        self.apps = [create_app(Settings(**settings), fast_path=fast) for fast in (True, False)]
        self.clients = [TestClient(app, raise_server_exceptions=False) for app in self.apps]

    def __enter__(self) -> "Pair":
        for client in self.clients:
            client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.__exit__()

    def post(self, body: str | bytes, headers: Mapping[str, str] = JSON) -> Any:
        """Post to both; the answer of both, which is the same."""
        answers = []
        for client in self.clients:
            headers = {"x-request-id": "same", **headers}
            answer = client.post("/slots", content=body, headers=headers)
            answers.append((answer.status_code, answer.headers.multi_items(), answer.content))
        assert answers[0] == answers[1]
        assert self.took_fast_path > 0
        return answer

    @property
    def took_fast_path(self) -> float:
        """Requests that have taken it, as the metrics have it."""
        fast, slow = (app.state.metrics for app in self.apps)
        for metrics in (fast, slow):
            metrics.settle()
        assert slow.registry.get_sample_value("slotline_fast_path_total") == 0
        count: float = fast.registry.get_sample_value("slotline_fast_path_total")
        return count


@pytest.fixture(scope="module")
def pair(toy_bundle: Path) -> Iterator[Pair]:
    with Pair(model_dir=toy_bundle, **LIMITS) as pair:
        yield pair


@pytest.mark.parametrize("example", SLOTS_EXAMPLES)
def test_an_answer_is_the_same(pair: Pair, example: str) -> None:
    assert pair.post(json.dumps(SLOTS_EXAMPLES[example]["value"])).status_code == 200


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_refusal_is_the_same(pair: Pair, case: str) -> None:
    body, status, code = BAD_BODIES[case]
    answer = pair.post(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


ODD: dict[str, tuple[dict[str, str], int]] = {
    "no content type": ({}, 415),
    "an empty content type": ({"content-type": ""}, 415),
    "a charset": ({"content-type": "application/json; charset=utf-8"}, 200),
    "another charset": ({"content-type": "Application/JSON ;charset=latin-1"}, 200),
    "a type built on JSON": ({"content-type": "application/problem+json"}, 200),
    "lines of JSON": ({"content-type": "application/jsonl"}, 415),
    "plain text": ({"content-type": "text/plain"}, 415),
    "two types": ({"content-type": "application/json, text/plain"}, 415),
    "gzip": (JSON | {"content-encoding": "gzip"}, 415),
    "identity": (JSON | {"content-encoding": "identity"}, 200),
    "a forwarded address": (JSON | {"x-forwarded-for": "192.0.2.7"}, 200),
    "an origin": (JSON | {"origin": ORIGIN}, 200),
    "a question first": (JSON | {"expect": "100-continue"}, 200),
    "a wish for text": (JSON | {"accept": "text/plain"}, 200),
    "a trace": (JSON | {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}, 200),
}


@pytest.mark.parametrize("case", ODD)
def test_an_odd_request_is_the_same(pair: Pair, case: str) -> None:
    headers, status = ODD[case]
    assert pair.post(BODY, headers).status_code == status


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le", "latin-1"])
def test_an_encoding_means_the_same(pair: Pair, encoding: str) -> None:
    body = json.dumps({"text": "leave Zürich"}, ensure_ascii=False).encode(encoding)
    assert pair.post(body).status_code == (200 if "utf-8" in encoding else 400)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(-1, 2)
    | st.sampled_from(["", "leave Taipei", "toy", "mine", "slots", "tokens", "byte", "codepoint"])
    | st.text(st.characters(codec=None), max_size=4),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values),
    max_leaves=4,
)
_FIELDS = ("text", "tokens", "texts", "model", "detail", "offset_unit", "min_confidence", "more")
_QUERIES = st.dictionaries(st.sampled_from(_FIELDS), _VALUES) | st.just(TEXT)


@given(query=_QUERIES, cut=st.integers(-9, 99))
def test_whatever_is_sent_is_answered_the_same(pair: Pair, query: Any, cut: int) -> None:
    body = json.dumps(query)
    for sent in (body, body[:cut], body + body[:cut]):
        pair.post(sent)


@pytest.mark.parametrize(
    ("settings", "headers", "expected"),
    [
        ({"access_log": True}, {"x-forwarded-for": "192.0.2.7"}, {}),
        ({"access_log": True, "log_bodies": True, "log_format": "json"}, {}, {}),
        ({"rate_limit": "1000/hour"}, {}, {"ratelimit-policy": '"default";q=1000;w=3600'}),
        ({"cors_origins": ORIGIN}, {"origin": ORIGIN}, {"access-control-allow-origin": ORIGIN}),
        ({"cors_origins": ORIGIN}, {"origin": "https://elsewhere.example"}, {}),
        ({"cors_origins": "*"}, {}, {}),
    ],
)
def test_no_setting_turns_it_off(
    toy_bundle: Path,
    settings: dict[str, Any],
    headers: dict[str, str],
    expected: dict[str, str],
) -> None:
    with Pair(model_dir=toy_bundle, **LIMITS, **settings) as pair:
        for body, status in ((BODY, 200), (b"{}", 422)):
            answer = pair.post(body, JSON | headers)
            assert answer.status_code == status
            assert expected.items() <= answer.headers.items()
        assert pair.took_fast_path == 2


def test_a_key_is_asked_for(toy_bundle: Path, tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys", "ours")
    with Pair(model_dir=toy_bundle, api_keys_file=tmp_path / "keys") as pair:
        assert pair.post(BODY, JSON | {KEY_HEADER: key}).status_code == 200
        for headers in ({}, {KEY_HEADER: "wrong"}):
            assert pair.post(BODY, JSON | headers).status_code == 401


def test_the_limit_of_a_caller_is_the_same_and_each_request_counts_once(toy_bundle: Path) -> None:
    with Pair(model_dir=toy_bundle, rate_limit="3/hour") as pair:
        answers = [pair.post(BODY) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    left = [answer.headers["ratelimit"].split(";")[1] for answer in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0", "r=0"]


@pytest.mark.parametrize(
    ("queue", "status"), [({"places": 0}, 429), ({"timeout": -1}, 503)], ids=["full", "late"]
)
def test_the_queue_refuses_the_same(toy_bundle: Path, queue: dict[str, int], status: int) -> None:
    with Pair(model_dir=toy_bundle) as pair:
        pair.post(BODY)
        for app in pair.apps:
            vars(app.state.batcher).update(queue)
        for text in ("go", "g" * 2_000, "é" * 900):
            assert pair.post(json.dumps({"text": text})).status_code == status


def test_a_service_that_is_not_ready_says_so_the_same(toy_bundle: Path) -> None:
    with Pair(model_dir=toy_bundle) as pair:
        pair.post(BODY)
        for app in pair.apps:
            app.state.registry = None
        assert pair.post(BODY).status_code == 503


def test_an_unexpected_fault_is_told_the_same(
    toy_bundle: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> list[TaggedSentence]:
        raise ValueError("unbearable")

    with Pair(model_dir=toy_bundle) as pair:
        pair.post(BODY)
        for app in pair.apps:
            app.state.registry.tagger().tag_texts = fail
        assert pair.post(BODY).status_code == 500
        assert [app.state.metrics.in_flight[0] for app in pair.apps] == [0, 0]
    assert "failed with ValueError" in caplog.text


def test_the_log_has_the_same_line(toy_bundle: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = {"access_log": True, "log_bodies": True}
    with (
        caplog.at_level("INFO", "app.access"),
        Pair(model_dir=toy_bundle, **LIMITS, **settings) as pair,
    ):
        for body in (BODY, b"{}", b"{", b" " * 6_000):
            caplog.clear()
            pair.post(body)
            fast, slow = (record.fields for record in caplog.records)  # type: ignore[attr-defined]
            assert fast.pop("milliseconds") > 0
            assert slow.pop("milliseconds") > 0
            assert fast == slow
            assert fast["route"] == "/slots"
            assert len(body) > 5_000 or fast["body"] == body.decode()


def test_a_trace_is_the_same(toy_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spans, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(tracing, "tracer_provider", lambda: provider)
    with Pair(model_dir=toy_bundle, **LIMITS) as pair:
        for body in (BODY, b"{}"):
            spans.clear()
            pair.post(body)
            fast, slow = [
                (span.name, dict(span.attributes or {}), span.status.status_code)
                for span in spans.get_finished_spans()
                if span.parent is None
            ]
            assert fast == slow
            assert fast[0] == "POST /slots"
            assert fast[1]["http.route"] == "/slots"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slots", 405),
        ("HEAD", "/slots", 405),
        ("PUT", "/slots", 405),
        ("POST", "/slots/", 404),
        ("POST", "/slots/batch", 422),
        ("GET", "/models", 200),
    ],
)
def test_what_is_for_another_endpoint_is_left_to_fastapi(
    toy_bundle: Path, method: str, path: str, status: int
) -> None:
    app = create_app(Settings(model_dir=toy_bundle))
    with TestClient(app) as client:
        body = b"" if method in ("GET", "HEAD") else BODY
        assert client.request(method, path, content=body, headers=JSON).status_code == status
        app.state.metrics.settle()
        count = app.state.metrics.registry.get_sample_value("slotline_fast_path_total")
    assert count == 0


def test_a_running_service_serves_with_all_that_an_operator_may_turn_on(
    toy_bundle: Path, tmp_path: Path
) -> None:
    key = new_key(tmp_path / "keys", "ours")
    variables = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_ACCESS_LOG": "true",
        "SLOTLINE_LOG_BODIES": "true",
        "SLOTLINE_RATE_LIMIT": "1000/hour",
        "SLOTLINE_CORS_ORIGINS": ORIGIN,
        "SLOTLINE_API_KEYS_FILE": str(tmp_path / "keys"),
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    }
    headers = {KEY_HEADER: key, "x-forwarded-for": "192.0.2.7", "origin": ORIGIN}
    with serving(**variables) as (client, _):
        for _ in range(3):
            answer = client.post("/slots", json=TEXT, headers=headers)
            assert answer.status_code == 200
            assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "slotline_fast_path_total 3.0" in client.get("/metrics").text


def test_a_request_leaves_nothing_to_the_garbage_collector(toy_bundle: Path) -> None:
    def there() -> list[object]:
        # Not isinstance: it asks objects for their class, and some of torch's warn of that.
        return [
            each for each in gc.get_objects() if type(each) in (PendingSentence, TaggedSentence)
        ]

    async def ask(app: FastAPI) -> list[object]:
        messages = [{"type": "http.request", "body": BODY, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            return messages.pop()

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/slots",
            "headers": [(b"content-type", b"application/json")],
        }
        async with app.router.lifespan_context(app):
            gc.disable()
            try:
                before = there()  # other tests' affair
                await app(scope, receive, send)
                await asyncio.sleep(0)  # until the loop has let go of its last step
                left = [each for each in there() if not any(each is other for other in before)]
            finally:
                gc.enable()
        assert sent[0]["status"] == 200
        return left

    assert asyncio.run(ask(create_app(Settings(model_dir=toy_bundle)))) == []
