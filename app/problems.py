"""The one shape of all errors: application/problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import Response
from starlette.exceptions import HTTPException

from app.schemas import Fault, Problem

PROBLEM_JSON = "application/problem+json"


class CodedError(HTTPException):
    """
    An error of HTTP's own with a code of ours.

    An HTTPException, for FastAPI turns any other that it meets while it reads a body into a 400.
    """

    code: str


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that tells of an error."""
    content = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        errors=None if errors is None else list(errors),
    )
    return Response(content.model_dump_json(), status, headers, PROBLEM_JSON)
