"""
Traces, where the standard variables of OpenTelemetry ask for them and the extra is installed.

FastAPI itself makes the span of a request; here are the provider that sends it on, and the spans
within it. Nothing of the SDK is imported before it is asked for.
"""

import logging
import os
import time
from threading import Thread
from typing import TYPE_CHECKING

from starlette.types import Scope

from app.extras import install_command

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

    from app.inference.batching import QueueObserver

# Seconds that the last spans have to be sent when the service ends.
_FAREWELL = 1.0

logger = logging.getLogger(__name__)


class TracingError(Exception):
    """The variables ask for an exporter that is not available; the message says what to do."""


def tracer_provider() -> "TracerProvider | None":
    """
    The provider that makes spans and sends them, or None if the variables ask for no traces.

    Raises TracingError.
    """
    chosen = os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if not chosen and (
        os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    ):
        chosen = "otlp"
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    if chosen in ("", "none") or disabled:
        return None
    try:
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = _exporter(chosen)
    except ImportError as error:
        logger.warning(
            "tracing is off because a package is not installed (%s): %s",
            error,
            install_command("tracing"),
        )
        return None
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: "slotline"}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _exporter(chosen: str) -> "SpanExporter":
    if chosen == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    if chosen != "otlp":
        raise TracingError(f"OTEL_TRACES_EXPORTER: {chosen!r} is none of otlp, console and none")
    name = "OTEL_EXPORTER_OTLP_PROTOCOL"
    traces = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
    protocol = os.environ.get(traces) or os.environ.get(name) or "http/protobuf"
    if protocol != "http/protobuf":
        raise TracingError(f"{name}: {protocol!r} is not http/protobuf")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def spans_of_waiting(provider: "TracerProvider") -> "QueueObserver":
    """Makes the spans `queue` and `tagging` within a request's."""
    tracer = provider.get_tracer("slotline")

    def notify(long: bool, since: float, began: float | None) -> None:
        now = time.monotonic()
        # Spans are dated by the wall clock, and what has passed is measured by the other.
        base = time.time_ns() - int(now * 1e9)
        turn = now if began is None else began
        attributes = {"slotline.long": long}
        for name, start, end in (("queue", since, turn), ("tagging", began, now)):
            if start is not None:
                span = tracer.start_span(
                    name, attributes=attributes, start_time=base + int(start * 1e9)
                )
                span.end(base + int(end * 1e9))

    return notify


def name_span(method: str, route: str) -> None:
    """Name the span of the request after its route, as FastAPI's router does."""
    from opentelemetry.trace import get_current_span

    span = get_current_span()
    span.update_name(f"{method} {route}")
    span.set_attribute("http.route", route)


def note_trace(scope: Scope, _endpoint: str, _status: int, _seconds: float) -> None:
    """Leave the request's trace in its scope's state."""
    from opentelemetry.trace import format_trace_id, get_current_span

    trace = get_current_span().get_span_context().trace_id
    scope["state"]["trace_id"] = format_trace_id(trace)


def close(provider: "TracerProvider") -> None:
    """Send the remaining spans, for a limited time, as the collector may not answer."""
    last = Thread(target=provider.shutdown, daemon=True)
    last.start()
    last.join(_FAREWELL)
