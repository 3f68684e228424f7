"""The fast path: `POST /slots` without FastAPI's routing, dependencies and responses."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.answers import Answers
from app.http.error_handlers import problem_from_error
from app.http.paths import SLOTS_PATH, app_path
from app.tagging.errors import SlotFillingError


class FastPath:
    """
    Answer `POST /slots` by the functions that FastAPI's endpoint calls, and leave it the rest.

    It stands within Admission and is a path through all that is done for every request, not
    around it. `request.state.fast_path` says that it has answered.
    """

    def __init__(self, app: ASGIApp, answers: Answers, *, traced: bool = False) -> None:
        """traced: whether FastAPI has begun a span, which is to get the name of the route."""
        self.app = app
        self.answers = answers
        self.traced = traced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or app_path(scope) != SLOTS_PATH:
            await self.app(scope, receive, send)
            return
        scope["state"]["fast_path"] = True
        if self.traced:
            from app.observability.tracing import name_span

            name_span("POST", SLOTS_PATH)
        try:
            content = await self.answers.one(scope, receive)
        except SlotFillingError as error:
            await problem_from_error(scope, error)(scope, receive, send)
            return
        headers = [
            (b"content-length", b"%d" % len(content)),
            (b"content-type", b"application/json"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})
