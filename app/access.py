"""Who may call: plain ASGI classes that ask for a key, and answer those who lack one."""

from collections.abc import Collection

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.keys import KeysFile
from app.paths import app_path
from app.problems import CodedError, problem

KEY_HEADER = "x-api-key"
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
_HOW = "send one as `Authorization: Bearer KEY` or `X-API-Key: KEY`"


class KeyMissingError(CodedError):
    """The request shows no key."""

    code = "missing_api_key"

    def __init__(self) -> None:
        challenge = {"www-authenticate": 'Bearer realm="slotline"'}
        super().__init__(401, f"this needs a key: {_HOW}", challenge)


class KeyUnknownError(CodedError):
    """The request shows a key that opens nothing here."""

    code = "invalid_api_key"

    def __init__(self) -> None:
        challenge = {"www-authenticate": 'Bearer realm="slotline", error="invalid_token"'}
        super().__init__(
            401, "this key is not, or no longer, one of those that are known", challenge
        )


def is_open(path: str) -> bool:
    """Whether a path within the app is for those without a key too."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def key_shown(scope: Scope) -> bytes | None:
    """The key in the headers, if there is one."""
    shown = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, credentials = value.strip().partition(b" ")
            # Of another scheme it is for somebody else, such as a proxy.
            if scheme.lower() == b"bearer":
                return bytes(credentials.strip())
        elif name == KEY_HEADER.encode():
            shown = bytes(value.strip())
    return shown


def owner_of_key(shown: bytes | None, keys: KeysFile) -> str:
    """The name of the key that was shown; raises KeyMissingError, KeyUnknownError."""
    if not shown:
        raise KeyMissingError
    owner = keys.owner(shown)
    if owner is None:
        raise KeyUnknownError
    return owner


async def admin_only(request: Request) -> None:
    """A dependency of what changes the service; its keys are of a file of their own."""
    keys: KeysFile = request.app.state.admin_keys
    owner_of_key(key_shown(request.scope), keys)


class ApiKeys:
    """
    Let in who shows a key, and anybody to the open paths but those that are `closed`.

    The key's name is in `request.state.caller`. What the admin's keys are for is not for these.
    """

    def __init__(self, app: ASGIApp, keys: KeysFile, closed: Collection[str] = ()) -> None:
        self.app = app
        self.keys = keys
        self.closed = closed

    def _asks(self, path: str) -> bool:
        return path in self.closed or not (is_open(path) or path == RELOAD_PATH)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._asks(app_path(scope)):
            try:
                owner = owner_of_key(key_shown(scope), self.keys)
            except (KeyMissingError, KeyUnknownError) as error:
                code, headers = error.code, error.headers
                refusal = problem(error.status_code, code, error.detail, headers=headers)
                await refusal(scope, receive, send)
                return
            scope.setdefault("state", {})["caller"] = owner
        await self.app(scope, receive, send)
