"""What is told of each request once it has ended, to the metrics and to the log."""

import re
from collections.abc import Callable, Iterable, MutableSequence, Sequence
from http import HTTPStatus
from time import perf_counter

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.paths import app_path

# Told of a request its scope, endpoint, status, and seconds; in the scope's state are `model` and,
# where it was refused or failed, the `code` of the answer.
Watcher = Callable[[Scope, str, int, float], None]
UNKNOWN = "unknown"
# What an answer begins with; a stream's has a status only where it is refused.
_BEGINNINGS = {
    "http": ("http.response.start",),
    "websocket": ("websocket.accept", "websocket.http.response.start"),
}
# Of a body, what may get into the log where that is asked for.
_MOST_OF_A_BODY = 4096


class Endpoints:
    """The templates of all paths: what callers send as a path is theirs, and without bound."""

    def __init__(self) -> None:
        self._whole: set[str] = set()
        self._patterns: list[tuple[re.Pattern[str], str]] = []

    def read(self, routes: Sequence[BaseRoute]) -> None:
        """Take in what the routes lead to."""
        found = iter_route_contexts(routes)
        self._patterns += [
            (route.path_regex, route.path) for route in found if route.path and route.path_regex
        ]
        self._whole = {name for _, name in self._patterns}

    def of(self, path: str) -> str:
        """The template of a path within the app, whether or not its method is served."""
        if path in self._whole:
            return path
        return next((name for pattern, name in self._patterns if pattern.match(path)), UNKNOWN)


class Observed:
    """
    Tell the watchers of each request, and of each stream, when it has ended.

    held[0]: those that have not. `texts` puts a request's body into the scope's state.
    """

    def __init__(
        self,
        app: ASGIApp,
        endpoints: Endpoints,
        watchers: Iterable[Watcher],
        held: MutableSequence[int] | memoryview,
        *,
        texts: bool = False,
    ) -> None:
        self.app = app
        self.endpoints = endpoints
        self.watchers = tuple(watchers)
        self.held = held
        self.texts = texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in _BEGINNINGS:
            await self.app(scope, receive, send)
            return
        # What ends without an answer has one made outside of here, for an unexpected error.
        status = 500
        began = perf_counter()
        endpoint = self.endpoints.of(app_path(scope))

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] in _BEGINNINGS[scope["type"]]:
                status = message.get("status", HTTPStatus.SWITCHING_PROTOCOLS)
            await send(message)

        state = scope.setdefault("state", {})
        self.held[0] += 1
        try:
            if self.texts and scope["type"] == "http":
                receive = _kept(receive, state)
            await self.app(scope, receive, send_and_note)
        except BaseException:
            state["code"] = "internal_error"
            raise
        finally:
            self.held[0] -= 1
            for tell in self.watchers:
                tell(scope, endpoint, status, perf_counter() - began)


def _kept(receive: Receive, state: dict[str, object]) -> Receive:
    """The same, keeping the body's beginning as it comes."""
    body = bytearray()

    async def receive_and_keep() -> Message:
        message = await receive()
        body.extend(message.get("body", b"")[: _MOST_OF_A_BODY - len(body)])
        state["body"] = body.decode(errors="replace")
        return message

    return receive_and_keep
