"""Request id, security headers, and the observers of what ends: around everything else."""

from collections.abc import Iterable, MutableSequence
from http import HTTPStatus
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.error_handlers import unexpected_problem
from app.http.paths import app_path
from app.http.request_ids import REQUEST_ID, request_id_of
from app.http.route_templates import RequestObserver, RouteTemplates
from app.observability.logs import current_request

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_REQUEST_ID = REQUEST_ID.encode()


class Instrumentation:
    """
    Give each request an id, the caller's own where it sent a decent one; tell of it when it ends.

    The id is in `request.state.request_id`, in the answer, and in whatever is logged meanwhile.
    Observers get each request, and each stream, when it has ended; in_flight[0]: how many have
    not. Headers that keep browsers from guessing what an answer is, and from telling where a link
    was, go with all answers.
    """

    def __init__(
        self,
        app: ASGIApp,
        templates: RouteTemplates,
        observers: Iterable[RequestObserver],
        in_flight: MutableSequence[int] | memoryview,
    ) -> None:
        self.app = app
        self.templates = templates
        self.observers = tuple(observers)
        self.in_flight = in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        began, status, started = perf_counter(), 500, False
        endpoint = self.templates.of(app_path(scope))
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = request_id_of(scope)
        current_request.set(request_id)

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started
            kind = message["type"]
            if kind in ("http.response.start", "websocket.http.response.start"):
                status, started = message["status"], True
                added = (*SECURITY_HEADERS, (_REQUEST_ID, request_id.encode()))
                message["headers"] = [*message.get("headers", ()), *added]
            elif kind == "websocket.accept":
                status, started = HTTPStatus.SWITCHING_PROTOCOLS, True
                added_id = _REQUEST_ID, request_id.encode()
                message["headers"] = [*message.get("headers", ()), added_id]
            await send(message)

        self.in_flight[0] += 1
        try:
            await self.app(scope, receive, send_with_headers)
        except BaseException as error:
            state["code"] = "internal_error"
            if isinstance(error, Exception) and scope["type"] == "http" and not started:
                await unexpected_problem(scope, error)(scope, receive, send_with_headers)
            raise
        finally:
            self.in_flight[0] -= 1
            for notify in self.observers:
                notify(scope, endpoint, status, perf_counter() - began)
