"""
The page at `/`, where one sees what a sentence says; nothing on it comes from another host.

Its files are in `app/web/page`, as they were written: what is there is what the browser gets.
"""

from os import PathLike, stat_result
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.web.page_headers import page_headers

FOLDER = Path(__file__).parent / "page"
# What the sentence says is text wherever it is shown: the last two stop any attempt at HTML.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
# Asked for anew each time, or after an upgrade old files would meet new ones.
PAGE_HEADERS = {"cache-control": "no-cache", **page_headers(POLICY)}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> FileResponse:
    """The page."""
    return FileResponse(FOLDER / "index.html", headers=PAGE_HEADERS)


class _Files(StaticFiles):
    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(PAGE_HEADERS)
        return response


def install_page(app: FastAPI) -> None:
    """Serve the page and its files."""
    app.include_router(router)
    app.mount("/page", _Files(directory=FOLDER), name="page-files")
