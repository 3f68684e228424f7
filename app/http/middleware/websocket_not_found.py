"""An answer to a WebSocket that is for no endpoint, which FastAPI's router lacks."""

from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.error_handlers import HTTP_PROBLEMS
from app.http.paths import STREAM_PATH, app_path
from app.http.problems import problem


class WebSocketNotFound:
    """Answer 404 to a WebSocket that is not for the stream."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and app_path(scope) != STREAM_PATH:
            code, detail = HTTP_PROBLEMS[HTTPStatus.NOT_FOUND]
            await problem(404, code, detail)(scope, receive, send)
        else:
            await self.app(scope, receive, send)
