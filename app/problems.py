"""The one shape of all errors: application/problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from app.schemas import Fault, Problem

PROBLEM_JSON = "application/problem+json"


class CodedError(HTTPException):
    """
    An error of HTTP's own with a code of ours.

    An HTTPException, for FastAPI turns any other that it meets while it reads a body into a 400.
    """

    code: str


class ProblemResponse(Response):
    """Leaves its code in the scope's state, for whoever keeps count."""

    code: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["code"] = self.code
        await super().__call__(scope, receive, send)


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
