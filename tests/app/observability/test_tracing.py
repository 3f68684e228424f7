"""Traces, from a running service to a collector."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.extras import install_command
from app.main import create_app
from app.observability import tracing
from app.observability.tracing import TracingError, tracer_provider
from app.settings import Settings
from benchmarks.harness.service import serving

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADERS = {"traceparent": f"00-{TRACE}-{PARENT}-01"}


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """The address of one that takes what is sent to it."""
    received: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            assert self.path == "/v1/traces"
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()
        thread.join()


def spans_in(received: list[ExportTraceServiceRequest]) -> list[Span]:
    return [
        span
        for request in received
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def test_a_trace_arrives_and_goes_on_from_the_callers(toy_bundle: Path) -> None:
    with collector() as (address, received):
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "50"}
        with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (client, _):
            client.post("/slots", json={"text": "leave Taipei"}, headers=HEADERS)
            client.post("/slots/batch", json={"texts": ["leave Taipei"]})
            until = time.monotonic() + 60
            while len(spans_in(received)) < 6 and time.monotonic() < until:
                time.sleep(0.05)
    first: list[Span] = []
    second: list[Span] = []
    for span in spans_in(received):
        (first if span.trace_id.hex() == TRACE else second).append(span)
    for spans, name in ((first, "POST /slots"), (second, "POST /slots/batch")):
        by_name = {span.name: span for span in spans}
        assert set(by_name) == {name, "queue", "tagging"}
        request, queue, tagging = by_name[name], by_name["queue"], by_name["tagging"]
        assert queue.parent_span_id == tagging.parent_span_id == request.span_id
        times = [request.start_time_unix_nano, queue.start_time_unix_nano]
        times += [queue.end_time_unix_nano, tagging.end_time_unix_nano]
        assert times == sorted(times)
        assert queue.end_time_unix_nano == tagging.start_time_unix_nano
    assert {span.parent_span_id.hex() for span in first if span.name.startswith("POST")} == {PARENT}
    assert "Taipei" not in str(received)
    names = {
        attribute.value.string_value
        for request in received
        for resource in request.resource_spans
        for attribute in resource.resource.attributes
        if attribute.key == "service.name"
    }
    assert names == {"slotline"}


def test_a_collector_that_is_gone_holds_nobody_up(toy_bundle: Path) -> None:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "SLOTLINE_SHUTDOWN_DELAY": "0.1",
    }
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **settings) as (client, process):
        assert client.post("/slots", json={"text": "leave Taipei"}).status_code == 200
        process.terminate()
        assert process.wait(timeout=60) == 0


@pytest.fixture
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_no_variables")
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://here:4318"},
        {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://here:4318"},
    ],
)
def test_nobody_is_traced_unasked(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert tracer_provider() is None


@pytest.mark.usefixtures("_no_variables")
@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"OTEL_TRACES_EXPORTER": "jaeger"}, "'jaeger' is none of otlp, console and none"),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "'grpc' is not http/protobuf",
        ),
    ],
)
def test_what_cannot_be_had_is_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], fault: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(TracingError, match=fault):
        tracer_provider()


@pytest.mark.usefixtures("_no_variables")
def test_without_the_extra_there_are_no_traces_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    assert tracer_provider() is None
    assert install_command("tracing") in caplog.text


@pytest.mark.usefixtures("_no_variables")
def test_a_service_has_the_name_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "trips")
    provider = tracer_provider()
    assert provider is not None
    assert provider.resource.attributes["service.name"] == "trips"
    tracing.close(provider)


def test_the_line_of_a_request_names_its_trace(
    monkeypatch: pytest.MonkeyPatch, toy_bundle: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spans, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(tracing, "tracer_provider", lambda: provider)
    settings = Settings(model_dir=toy_bundle, access_log=True)
    with caplog.at_level("INFO", "app.access"), TestClient(create_app(settings)) as client:
        client.post("/slots", json={"text": "leave Taipei"}, headers=HEADERS)
    [record] = [record for record in caplog.records if record.name == "app.access"]
    assert record.fields["trace_id"] == TRACE  # type: ignore[attr-defined]
    assert len(spans.get_finished_spans()) == 3


def test_who_waits_in_vain_has_no_span_of_tagging() -> None:
    spans, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    tracing.spans_of_waiting(provider)(True, time.monotonic() - 1, None)
    [span] = spans.get_finished_spans()
    assert span.name == "queue"
    assert span.start_time is not None
    assert span.end_time is not None
    assert 1e9 <= span.end_time - span.start_time < 60e9
