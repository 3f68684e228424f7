"""
The page that shows and tries the API; nothing on it comes from another host.

Swagger UI's own files are those in the package fastapi-swagger. Its other half, which would
serve them, is not used: it reads them anew for every request and builds absolute addresses.
"""

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from app.web.page_headers import page_headers

# Relative addresses, so that a proxy may serve all this under a path of its own.
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>slotline</title>
<link rel="icon" type="image/png" href="docs/files/favicon-32x32.png">
<link rel="stylesheet" href="docs/files/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/files/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# Without validatorUrl the page would send the document to swagger.io to be checked.
START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""
# The browser holds the page to its promise. Swagger UI sets styles inline and draws with data:.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = page_headers(POLICY)

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def page() -> HTMLResponse:
    """The page."""
    return HTMLResponse(PAGE, headers=PAGE_HEADERS)


@router.get("/docs/start.js")
async def start() -> Response:
    """The lines that start Swagger UI; in the page itself the policy would stop them."""
    return Response(START, media_type="text/javascript")


def install_docs(app: FastAPI) -> None:
    """Serve the page and its files."""
    app.include_router(router)
    files = StaticFiles(packages=[("fastapi_swagger", "resources")])
    app.mount("/docs/files", files, name="docs-files")
