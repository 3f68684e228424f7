"""Wires everything together; nobody imports it but who runs it."""

import asyncio
from collections.abc import AsyncIterator, MutableSequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from app import __version__, admin, stream, tracing
from app.access import KEY_HEADER, METRICS_PATH, ApiKeys, is_open
from app.catalogue import Catalogue, open_catalogue, reopen_catalogue
from app.docs import install_docs
from app.error_handlers import install_error_handlers
from app.keys import KeysFile
from app.lane import Lane
from app.logs import log_request
from app.middleware import REQUEST_ID, BodyLimits, HeadAsGet, Overload, RequestId, SafeHeaders
from app.observation import Endpoints, Observed, Watcher
from app.openapi import ADMIN_TAG, DESCRIPTION, TAGS, complete, describe_access
from app.pages import install_page
from app.paths import app_path
from app.queue import TaggingQueue
from app.reload import Reloader
from app.routes import SHORTCUTS, TAGGING_PATHS, router
from app.settings import Settings
from app.shortcut import Shortcut

if TYPE_CHECKING:
    from app.metrics import Metrics
    from app.rate_limit import Limit


def create_app(settings: Settings | None = None, worker: int | None = None) -> FastAPI:
    """
    The service; its bundles are opened when it starts, and until then it is not ready.

    Without settings it reads them from the environment: `uvicorn --factory app.main:create_app`.
    `worker` is its number among several. Raises TracingError.
    """
    settings = settings or Settings()
    queue = TaggingQueue(settings.max_queue_size, settings.request_timeout)
    state = State({"settings": settings, "catalogue": None, "queue": queue, "stopping": False})
    endpoints = Endpoints()
    metrics = None
    if settings.metrics_access != "off":
        # Only here, for its library takes a while to import.
        from app.metrics import Metrics

        metrics = Metrics(state, worker, settings.workers)
    state.metrics = metrics
    state.tracer_provider = provider = tracing.tracer_provider()
    keys = KeysFile(settings.api_keys_file) if settings.api_keys_file else None
    limit = _limit(settings)
    watchers = _watchers(settings, metrics, traced=provider is not None)
    held = metrics.held if metrics else [0]
    texts = settings.access_log and settings.log_bodies
    app = FastAPI(
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
        middleware=[
            Middleware(RequestId),
            *([Middleware(Observed, endpoints, watchers, held, texts=texts)] if watchers else []),
            Middleware(SafeHeaders),
            Middleware(stream.StreamsInPlace),
            *_who_may_call(settings, keys, limit),
            Middleware(Overload, queue=queue, paths=TAGGING_PATHS),
            Middleware(
                BodyLimits,
                size=settings.max_body_bytes,
                seconds=settings.read_timeout,
                depth=settings.max_depth,
            ),
            # A trace has the route in it, which FastAPI finds.
            *([] if provider else [Middleware(Shortcut, endpoints=SHORTCUTS)]),
            Middleware(HeadAsGet),
        ],
    )
    state.api_keys = keys
    state.limit = limit
    app.state = state
    install_error_handlers(app)
    app.include_router(router)
    app.include_router(stream.router)
    if settings.admin_keys_file:
        app.state.admin_keys = KeysFile(settings.admin_keys_file)
        app.include_router(admin.router)
    install_page(app)
    install_docs(app)
    if metrics:
        queue.watchers.append(metrics.waited)
        app.add_route(METRICS_PATH, _read_metrics, include_in_schema=False)
    if provider:
        queue.watchers.append(tracing.spans_of_waiting(provider))
    state.lane = _lane(state, watchers, held)
    endpoints.read(app.routes)
    return app


def _watchers(settings: Settings, metrics: "Metrics | None", *, traced: bool) -> list[Watcher]:
    watchers: list[Watcher] = []
    if metrics:
        watchers.append(metrics.ended)
    if settings.access_log:
        watchers += [tracing.note_trace, log_request] if traced else [log_request]
    return watchers


def _lane(
    state: State, watchers: list[Watcher], held: MutableSequence[int] | memoryview
) -> Lane | None:
    """None where each request gets a span, a limit, or its body into the log."""
    settings: Settings = state.settings
    if state.tracer_provider or state.limit or (settings.access_log and settings.log_bodies):
        return None
    unusual = [b"content-encoding"]
    if settings.cors_origins:
        unusual.append(b"origin")
    if settings.access_log:
        unusual.append(b"x-forwarded-for")  # which the server puts in the client's place, for ASGI
    return Lane(state, watchers, held, unusual)


async def _read_metrics(request: Request) -> Response:
    metrics: Metrics = request.app.state.metrics
    content, media_type = metrics.exposition(request.headers.get("accept", ""))
    return Response(content, media_type=media_type)


def _limit(settings: Settings) -> "Limit | None":
    if settings.rate_limit is None:
        return None
    # Only here, for its library takes a tenth of a second to import.
    from app.rate_limit import Limit

    return Limit(settings.rate_limit)


def _who_may_call(
    settings: Settings, keys: KeysFile | None, limit: "Limit | None"
) -> list[Middleware]:
    """Pages of other origins, callers with a key, and each as often as the limit allows."""
    found = []
    if settings.cors_origins:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["authorization", "content-type", KEY_HEADER, REQUEST_ID],
            expose_headers=[REQUEST_ID, "retry-after", "ratelimit", "ratelimit-policy"],
        )
        found.append(cors)
    if keys:
        closed = {METRICS_PATH} if settings.metrics_access == "api_key" else ()
        found.append(Middleware(ApiKeys, keys=keys, closed=closed))
    if limit:
        from app.rate_limit import RateLimit

        found.append(Middleware(RateLimit, limit=limit))
    return found


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    catalogue = open_catalogue(
        settings.model_dir,
        settings.default_model,
        settings.device,
        settings.threads,
        largest=settings.max_model_file_bytes,
        trusted=settings.trusted_keys,
        skip_invalid_models=settings.skip_invalid_models,
    )
    complete(app, catalogue)
    keys, limit = settings.api_keys_file is not None, settings.rate_limit is not None
    describe_access(app, is_open, keys=keys, limit=limit)
    app.state.catalogue = catalogue
    metrics: Metrics | None = app.state.metrics
    app.state.reloader = Reloader(app.state, partial(_reopen, settings, metrics))
    counting = None
    if metrics:
        metrics.watch(catalogue)
        counting = asyncio.create_task(metrics.keep())
    yield
    app.state.catalogue = None
    app.state.reloader.close()
    app.state.queue.close()
    if counting:
        counting.cancel()
    if app.state.tracer_provider:
        tracing.close(app.state.tracer_provider)


def _reopen(settings: Settings, metrics: "Metrics | None", before: Catalogue) -> Catalogue:
    after = reopen_catalogue(
        before,
        settings.model_dir,
        settings.device,
        settings.threads,
        largest=settings.max_model_file_bytes,
        trusted=settings.trusted_keys,
    )
    if metrics:
        metrics.watch(after)
    return after
