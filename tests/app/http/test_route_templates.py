"""Paths are told as their templates."""

import pytest
from fastapi import APIRouter, FastAPI

from app.http.route_templates import RouteTemplates


def templates() -> RouteTemplates:
    router = APIRouter()
    for path in ("/slots", "/models/{name}"):
        router.add_api_route(path, lambda: None)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router)
    app.mount("/files", FastAPI())
    found = RouteTemplates()
    found.read(app.routes)
    return found


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/slots", "/slots"),
        ("/models/mine", "/models/{name}"),
        ("/models/{name}", "/models/{name}"),
        ("/models/mine/more", "unknown"),
        ("/files/a.css", "/files"),
        ("/slots/", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_path_is_told_as_its_template(path: str, template: str) -> None:
    assert templates().of(path) == template
