"""Who is let in, before a body is read."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.authentication import AccessControl
from app.http.bodies import content_length
from app.http.error_handlers import problem_from_error
from app.http.errors import RequestError
from app.http.paths import BATCH_PATH, SLOTS_PATH, app_path
from app.inference.batching import SHORT, Batcher
from app.inference.errors import OverloadedError

# JSON writes a character in twelve bytes at most, as two escapes of a surrogate pair. A body of
# more than these, and some for the other fields, is of a long text, or has no use for its bytes.
_LONGEST_SHORT_BODY = 12 * SHORT + 2_000


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
