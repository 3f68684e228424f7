"""The path of a request within the app, which is what every rule about paths is written for."""

from starlette.types import Scope

SLOTS_PATH = "/slots"
BATCH_PATH = "/slots/batch"
STREAM_PATH = "/slots/stream"
FORMS_PATH = "/forms"
FORM_PATH = "/forms/{name}"
RELOAD_PATH = "/admin/reload"
METRICS_PATH = "/metrics"
# For whatever keeps the service running, and for a browser, which sends no key with a page.
OPEN_PATHS = frozenset(
    {
        *("/", "/docs", "/docs/start.js", "/openapi.json"),
        *("/health/live", "/health/ready", METRICS_PATH),
    }
)
OPEN_FOLDERS = ("/docs/files/", "/page/")


def app_path(scope: Scope) -> str:
    """
    The path within the app, as Starlette routes it: the request's path without its root path.

    Servers and apps that this one is mounted in put their prefix before `scope["path"]` and name
    it in `scope["root_path"]`. Nothing may compare `scope["path"]` itself: under a prefix it is
    not what the router looks at. A path that lacks the prefix is left as it is. Routing into a
    mount changes the scope's root path, so ask for this before the request is passed on.
    """
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/"):
        return path[len(root) :]
    return path


def set_root_path(scope: Scope, root: str) -> None:
    """Have the app's own root path, if it has one, hold in the server's place, as FastAPI does."""
    if root:
        scope["root_path"] = root


def is_open(path: str) -> bool:
    """Whether a path within the app is for those without a key too."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)
