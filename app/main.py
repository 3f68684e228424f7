"""Wires everything together; nobody imports it but who runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from app import __version__, admin
from app.access import KEY_HEADER, ApiKeys, is_open
from app.catalogue import Catalogue, open_catalogue, reopen_catalogue
from app.docs import install_docs
from app.error_handlers import install_error_handlers
from app.keys import KeysFile
from app.middleware import REQUEST_ID, BodyLimits, Overload, RequestId, SafeHeaders
from app.openapi import ADMIN_TAG, DESCRIPTION, TAGS, complete, describe_access
from app.queue import TaggingQueue
from app.reload import Reloader
from app.routes import TAGGING_PATHS, router
from app.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """
    The service; its bundles are opened when it starts, and until then it is not ready.

    Without settings it reads them from the environment: `uvicorn --factory app.main:create_app`.
    """
    settings = settings or Settings()
    queue = TaggingQueue(settings.queue, settings.timeout)
    app = FastAPI(
        title="slotline",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=[*TAGS, ADMIN_TAG] if settings.admin_keys_file else TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        middleware=[
            Middleware(RequestId),
            Middleware(SafeHeaders),
            *_who_may_call(settings),
            Middleware(Overload, queue=queue, paths=TAGGING_PATHS),
            Middleware(
                BodyLimits,
                size=settings.max_body,
                seconds=settings.body_timeout,
                depth=settings.max_depth,
            ),
        ],
    )
    app.state.settings = settings
    app.state.catalogue = None
    app.state.queue = queue
    app.state.stopping = False
    install_error_handlers(app)
    app.include_router(router)
    if settings.admin_keys_file:
        app.state.admin_keys = KeysFile(settings.admin_keys_file)
        app.include_router(admin.router)
    install_docs(app)
    return app


def _who_may_call(settings: Settings) -> list[Middleware]:
    """Pages of other origins, callers with a key, and each as often as the limit allows."""
    found = []
    if settings.cors_origins:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", KEY_HEADER, REQUEST_ID],
            expose_headers=[REQUEST_ID, "retry-after", "ratelimit", "ratelimit-policy"],
        )
        found.append(cors)
    if settings.api_keys_file:
        found.append(Middleware(ApiKeys, keys=KeysFile(settings.api_keys_file)))
    if settings.rate_limit:
        # Only here, for its library takes a tenth of a second to import.
        from app.rate_limit import RateLimit

        found.append(Middleware(RateLimit, limit=settings.rate_limit))
    return found


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    catalogue = open_catalogue(
        settings.bundles,
        settings.default_model,
        settings.provider,
        settings.threads,
        largest=settings.max_bundle,
        trusted=settings.trusted_keys,
        skip_broken=settings.skip_broken,
    )
    complete(app, catalogue)
    keys, limit = settings.api_keys_file is not None, settings.rate_limit is not None
    describe_access(app, is_open, keys=keys, limit=limit)
    app.state.catalogue = catalogue
    app.state.reloader = Reloader(app.state, partial(_reopen, settings))
    yield
    app.state.catalogue = None
    app.state.reloader.close()
    app.state.queue.close()


def _reopen(settings: Settings, before: Catalogue) -> Catalogue:
    return reopen_catalogue(
        before,
        settings.bundles,
        settings.provider,
        settings.threads,
        largest=settings.max_bundle,
        trusted=settings.trusted_keys,
    )
