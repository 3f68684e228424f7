"""Wires everything together; nobody imports it but who runs it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.api import admin, forms, stream
from app.api.answers import Answers
from app.api.fast_path import FastPath
from app.api.forms import FormAnswers
from app.api.openapi import ADMIN_TAG, DESCRIPTION, TAGS, complete, describe_access
from app.api.routes import router
from app.http.authentication import KEY_HEADER, AccessControl
from app.http.bodies import BodyLimits
from app.http.error_handlers import install_error_handlers
from app.http.middleware.admission import Admission
from app.http.middleware.head_as_get import HeadAsGet
from app.http.middleware.instrumentation import Instrumentation
from app.http.middleware.websocket_not_found import WebSocketNotFound
from app.http.paths import METRICS_PATH, app_path, is_open, set_root_path
from app.http.request_ids import REQUEST_ID
from app.http.route_templates import RequestObserver, RouteTemplates
from app.inference.batching import Batcher
from app.inference.forms import open_forms, reopen_forms
from app.inference.loading import open_registry, reopen_registry
from app.inference.registry import ModelRegistry
from app.inference.reload import Reloader
from app.inference.service import SlotService
from app.observability import tracing
from app.observability.logs import log_request
from app.security.api_keys import KeysFile
from app.settings import Settings
from app.web.api_docs import install_docs
from app.web.playground import install_page

if TYPE_CHECKING:
    from app.http.rate_limit import Limit
    from app.observability.metrics import Metrics


class Application(FastAPI):
    """FastAPI, and around it what happens to every request, the fast path included."""

    entrance: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.entrance is None or scope["type"] == "lifespan":
            await self.behind_entrance(scope, receive, send)
        else:
            set_root_path(scope, self.root_path)
            await self.entrance(scope, receive, send)

    async def behind_entrance(self, scope: Scope, receive: Receive, send: Send) -> None:
        """FastAPI alone, with its middleware."""
        await super().__call__(scope, receive, send)


def create_app(
    settings: Settings | None = None, worker: int | None = None, *, fast_path: bool = True
) -> Application:
    """
    The service; its bundles are opened when it starts, and until then it is not ready.

    Without settings it reads them from the environment: `uvicorn --factory app.main:create_app`.
    `worker` is its number among several; without the fast path FastAPI answers everything, for
    comparison. Raises TracingError.
    """
    settings = settings or Settings()
    batcher = Batcher(settings.max_queue_size, settings.request_timeout)
    state = State({"settings": settings, "registry": None, "batcher": batcher, "stopping": False})
    state.service = SlotService(settings, batcher, lambda: state.registry)
    state.answers = answers = Answers(state.service, BodyLimits.of(settings))
    templates = RouteTemplates()
    metrics = None
    if settings.metrics_access != "off":
        # Only here, for its library takes a while to import.
        from app.observability.metrics import Metrics

        metrics = Metrics(state, worker, settings.workers)
    state.metrics = metrics
    state.form_answers = turns = FormAnswers(state.service, BodyLimits.of(settings), metrics)
    state.tracer_provider = provider = tracing.tracer_provider()
    state.access = access = _access(settings)
    observers = _observers(settings, metrics, traced=provider is not None)
    in_flight = metrics.in_flight if metrics else [0]
    around = [
        Middleware(Instrumentation, templates, observers, in_flight),
        *([_cors(settings.cors_origins)] if settings.cors_origins else []),
        Middleware(Admission, access, batcher),
        *([Middleware(FastPath, answers, turns, traced=provider is not None)] if fast_path else []),
    ]
    within = [Middleware(WebSocketNotFound), Middleware(HeadAsGet)]
    app = Application(
        title="slotline",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=[*TAGS, ADMIN_TAG] if settings.admin_keys_file else TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Relative to where the document is, so that it is right under any prefix. FastAPI would
        # name the root path, which is none where a proxy takes the prefix away.
        servers=[{"url": "."}],
        root_path_in_servers=False,
        lifespan=_lifespan,
        telemetry=TelemetryConfig(
            tracing=provider is not None,
            tracer_provider=provider,
            metrics=False,
            logs=False,
            operation_spans=False,
            auto_configure=False,
            exclude=lambda scope: is_open(app_path(scope)),
        ),
        # FastAPI begins the span of a request, which the rest is to be in.
        middleware=[*around, *within] if provider else within,
    )
    app.state = state
    install_error_handlers(app)
    app.include_router(router)
    app.include_router(forms.router)
    app.include_router(stream.router)
    if settings.admin_keys_file:
        app.state.admin_keys = KeysFile(settings.admin_keys_file)
        app.include_router(admin.router)
    install_page(app)
    install_docs(app)
    if metrics:
        batcher.observers.append(metrics.on_dequeued)
        app.add_route(METRICS_PATH, _read_metrics, include_in_schema=False)
    if provider:
        batcher.observers.append(tracing.spans_of_waiting(provider))
    templates.read(app.routes)
    if provider is None:
        # FastAPI's own layers cost a short request a tenth of its time.
        app.entrance = app.behind_entrance
        for middleware in reversed(around):
            app.entrance = middleware.cls(app.entrance, *middleware.args, **middleware.kwargs)
    return app


def _observers(
    settings: Settings, metrics: "Metrics | None", *, traced: bool
) -> list[RequestObserver]:
    observers: list[RequestObserver] = []
    if metrics:
        observers.append(metrics.on_request_end)
    if settings.access_log:
        observers += [tracing.note_trace, log_request] if traced else [log_request]
    return observers


async def _read_metrics(request: Request) -> Response:
    metrics: Metrics = request.app.state.metrics
    content, media_type = metrics.exposition(request.headers.get("accept", ""))
    return Response(content, media_type=media_type)


def _limit(settings: Settings) -> "Limit | None":
    if settings.rate_limit is None:
        return None
    # Only here, for its library takes a tenth of a second to import.
    from app.http.rate_limit import Limit

    return Limit(settings.rate_limit)


def _access(settings: Settings) -> AccessControl:
    keys = KeysFile(settings.api_keys_file) if settings.api_keys_file else None
    closed = {METRICS_PATH} if settings.metrics_access == "api_key" else ()
    return AccessControl(keys, _limit(settings), closed)


def _cors(origins: Sequence[str]) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["authorization", "content-type", KEY_HEADER, REQUEST_ID],
        expose_headers=[REQUEST_ID, "retry-after", "ratelimit", "ratelimit-policy"],
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    registry = open_registry(
        settings.model_dir,
        settings.default_model,
        settings.device,
        settings.threads,
        largest=settings.max_model_file_bytes,
        trusted=settings.trusted_keys,
        lists=settings.lists_dir,
        skip_invalid_models=settings.skip_invalid_models,
    )
    registry = registry.with_forms(open_forms(settings.forms_dir, registry.form_model))
    complete(app, registry)
    keys, limit = settings.api_keys_file is not None, settings.rate_limit is not None
    describe_access(app, is_open, keys=keys, limit=limit)
    app.state.registry = registry
    metrics: Metrics | None = app.state.metrics
    app.state.reloader = Reloader(app.state, partial(_reopen, settings, metrics))
    counting = None
    if metrics:
        metrics.observe_taggers(registry)
        counting = asyncio.create_task(metrics.keep())
    yield
    app.state.registry = None
    app.state.reloader.close()
    app.state.batcher.close()
    if counting:
        counting.cancel()
    if app.state.tracer_provider:
        tracing.close(app.state.tracer_provider)


def _reopen(
    settings: Settings, metrics: "Metrics | None", previous: ModelRegistry
) -> ModelRegistry:
    after = reopen_registry(
        previous,
        settings.model_dir,
        settings.device,
        settings.threads,
        largest=settings.max_model_file_bytes,
        trusted=settings.trusted_keys,
        lists=settings.lists_dir,
    )
    if metrics:
        metrics.observe_taggers(after)
    return after.with_forms(reopen_forms(previous.forms, settings.forms_dir, after.form_model))
