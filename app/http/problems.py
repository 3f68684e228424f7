"""The one shape of all errors: application/problem+json (RFC 9457)."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema
from starlette.types import Receive, Scope, Send

from app.http.schema_fields import left_out

PROBLEM_JSON = "application/problem+json"
# A caller mends no more than these at a time, and a hostile one makes thousands.
MOST_ERRORS = 5


# Of pydantic's messages those that speak of Python, by their types.
_MESSAGES = {
    "dict_type": "Input should be an object",
    "extra_forbidden": "Unknown field",
    "list_type": "Input should be a valid list",
    "model_attributes_type": "Input should be an object",
    "model_type": "Input should be an object",
}


# The part of a location that is pydantic's and not the caller's.
_KINDS = {"TextQuery", "TokensQuery"}


_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


class FieldError(BaseModel):
    """One thing that is wrong with a request."""

    location: list[str | int] = Field(description="The way to it, such as `body`, `texts`, 2.")
    message: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it; programs tell errors apart by `code`."""

    type: str = Field(description="Always `about:blank`: `code` says more.")
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(description="What is wrong and what to do.")
    code: str
    errors: list[FieldError] | SkipJsonSchema[None] = left_out(
        "The faults of an `invalid_request`, one by one."
    )


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
    errors: Sequence[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The response that describes an error, as problem+json."""
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


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's errors without the values: what callers send may be private, or hostile."""
    return [
        FieldError(
            location=[
                part
                for part in error["loc"]
                if part not in _KINDS and (isinstance(part, int) or _PLAIN_NAME.fullmatch(part))
            ],
            message=_MESSAGES.get(error["type"], error["msg"]),
        )
        for error in errors[:MOST_ERRORS]
    ]
