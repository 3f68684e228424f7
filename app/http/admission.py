"""
What happens to every request before and after it is answered, whichever way it takes.

Two plain ASGI classes, and between them only CORS, whose headers errors need too. What the fast
path answers has gone through them as everything else has.
"""

from collections.abc import Iterable, MutableSequence
from http import HTTPStatus
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.authentication import AccessControl
from app.http.bodies import content_length
from app.http.error_handlers import problem_from_error, unexpected_problem
from app.http.errors import RequestError
from app.http.paths import BATCH_PATH, SLOTS_PATH, app_path
from app.http.request_ids import REQUEST_ID, request_id_of
from app.http.route_templates import RequestObserver, RouteTemplates
from app.inference.batching import SHORT, Batcher
from app.inference.errors import OverloadedError
from app.observability.logs import current_request

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_REQUEST_ID = REQUEST_ID.encode()
# JSON writes a character in twelve bytes at most, as two escapes of a surrogate pair. A body of
# more than these, and some for the other fields, is of a long text, or has no use for its bytes.
_LONGEST_SHORT_BODY = 12 * SHORT + 2_000


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


class Admission:
    """
    Let in who has a key and is within the limit, while the queue has room, before a body is read.

    Streams are admitted by their messages, and by the same AccessControl.
    """

    def __init__(self, app: ASGIApp, access: AccessControl, batcher: Batcher) -> None:
        self.app = app
        self.access = access
        self.batcher = batcher
        self.overloaded = problem_from_error({}, OverloadedError())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = app_path(scope)
        try:
            headers = self.access.admit(scope, path)
        except RequestError as error:
            await problem_from_error(scope, error)(scope, receive, send)
            return
        if headers:
            send = _with_headers(send, headers.items())
        if self._is_overloaded(scope, path):
            await self.batcher.pacer.wait()
            await self.overloaded(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_overloaded(self, scope: Scope, path: str) -> bool:
        """
        Whether the queue that the request belongs to is full, whatever its body may say.

        Where the length of the body does not tell which of both, the queue itself decides when
        the body has been read.
        """
        if path == BATCH_PATH:
            return self.batcher.full(long=True)
        if path != SLOTS_PATH:
            return False
        short, long = self.batcher.full(long=False), self.batcher.full(long=True)
        if short == long:
            return short
        length = content_length(scope)
        if length is not None and length <= SHORT:
            return short
        if length is not None and length > _LONGEST_SHORT_BODY:
            return long
        return False


def _with_headers(send: Send, headers: Iterable[tuple[str, str]]) -> Send:
    added = [(name.encode(), value.encode()) for name, value in headers]

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            # What an error says of the same is the same.
            names = {name for name, _ in added}
            kept = [header for header in message.get("headers", ()) if header[0] not in names]
            message["headers"] = [*kept, *added]
        await send(message)

    return send_with_headers
