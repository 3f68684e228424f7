"""The one shape of all errors: application/problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from app.api.schemas import Fault, Problem

PROBLEM_JSON = "application/problem+json"


class ProblemResponse(Response):
    """Leaves its code in the scope's state, for the metrics and the log; may be sent repeatedly."""

    code: str

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["code"] = self.code
        kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
        # A list of its own, for middleware adds to it.
        headers = list(self.raw_headers)
        await send({"type": f"{kind}.start", "status": self.status_code, "headers": headers})
        await send({"type": f"{kind}.body", "body": self.body})


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The answer that tells of an error."""
    content = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        errors=None if errors is None else list(errors),
    )
    answer = ProblemResponse(content.model_dump_json(), status, headers, PROBLEM_JSON)
    answer.code = code
    return answer
