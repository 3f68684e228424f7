"""Wires everything together; nobody imports it but who runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from app import __version__
from app.catalogue import open_catalogue
from app.docs import install_docs
from app.error_handlers import install_error_handlers
from app.middleware import BodyLimit, RequestId
from app.openapi import DESCRIPTION, TAGS, complete
from app.routes import router
from app.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """
    The service; its bundles are opened when it starts, and until then it is not ready.

    Without settings it reads them from the environment: `uvicorn --factory app.main:create_app`.
    """
    settings = settings or Settings()
    app = FastAPI(
        title="slotline",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        middleware=[Middleware(RequestId), Middleware(BodyLimit, limit=settings.max_body)],
    )
    app.state.settings = settings
    app.state.catalogue = None
    install_error_handlers(app)
    app.include_router(router)
    install_docs(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    catalogue = open_catalogue(
        settings.bundles, settings.default_model, settings.provider, settings.threads
    )
    complete(app, catalogue)
    app.state.catalogue = catalogue
    yield
    app.state.catalogue = None
