"""The fast path: slots and turns of forms without FastAPI's routing, dependencies and responses."""

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.answers import Answers
from app.api.forms import MAX_NAME, FormAnswers
from app.http.error_handlers import problem_from_error
from app.http.paths import FORM_PATH, FORMS_PATH, SLOTS_PATH, app_path
from app.tagging.errors import SlotFillingError

_FORM = FORMS_PATH + "/"


class FastPath:
    """
    Answer `POST /slots` and `POST /forms/{name}` by the functions that FastAPI's endpoints call.

    It leaves FastAPI the rest. It stands within Admission and is a path through all that is done
    for every request, not around it. `request.state.fast_path` says that it has answered.
    """

    def __init__(
        self, app: ASGIApp, answers: Answers, forms: FormAnswers, *, traced: bool = False
    ) -> None:
        """traced: whether FastAPI has begun a span, which is to get the name of the route."""
        self.app = app
        self.answers = answers
        self.forms = forms
        self.traced = traced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._endpoint(scope, receive)
        if found is None:
            await self.app(scope, receive, send)
            return
        template, answer = found
        scope["state"]["fast_path"] = True
        if self.traced:
            from app.observability.tracing import name_span

            name_span("POST", template)
        try:
            content = await answer()
        except SlotFillingError as error:
            await problem_from_error(scope, error)(scope, receive, send)
            return
        headers = [
            (b"content-length", b"%d" % len(content)),
            (b"content-type", b"application/json"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _endpoint(
        self, scope: Scope, receive: Receive
    ) -> tuple[str, Callable[[], Awaitable[bytes]]] | None:
        """The route and its answer, if the request is one of those that are answered here."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        path = app_path(scope)
        if path == SLOTS_PATH:
            return SLOTS_PATH, lambda: self.answers.one(scope, receive)
        if path.startswith(_FORM):
            name = path[len(_FORM) :]
            if name and "/" not in name and len(name) <= MAX_NAME:
                return FORM_PATH, lambda: self.forms.one(name, scope, receive)
        return None
