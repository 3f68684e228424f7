"""Error → status, and the answer that tells of it."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from app.catalogue import NotReadyError, StoppingError
from app.middleware import REQUEST_ID
from app.problems import CodedError, ProblemResponse, problem
from app.queue import ClientGoneError, DeadlineExceededError, OverloadedError
from app.schemas import Fault
from app.tagging.errors import (
    AnswerTooLargeError,
    InputError,
    SlotFillingError,
    TextTooLongError,
    TooManyTextsError,
    UnknownModelError,
)

STATUS: Mapping[type[Exception], int] = {
    TextTooLongError: 413,
    TooManyTextsError: 413,
    AnswerTooLargeError: 413,
    UnknownModelError: 404,
    NotReadyError: 503,
    StoppingError: 503,
    OverloadedError: 429,
    DeadlineExceededError: 503,
    ClientGoneError: 408,  # which nobody reads
    InputError: 422,
    SlotFillingError: 500,
}
# What Starlette and FastAPI raise with nothing but the name of the status.
HTTP_PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("invalid_json", "the body is no JSON in UTF-8 that can be read"),
    404: ("not_found", "there is nothing here; /docs lists what there is"),
    405: ("method_not_allowed", "this path takes other methods: see /docs"),
}
JSON_WANTED = "the body must be JSON, and the content type say so: application/json"
UNEXPECTED = "the service failed; its log says why, under the request id"
# A caller mends no more than these at a time, and a hostile one makes thousands.
MOST_FAULTS = 5
# Of pydantic's messages those that speak of Python, by their types.
_MESSAGES = {
    "dict_type": "Input should be an object",
    "extra_forbidden": "Unknown field",
    "model_attributes_type": "Input should be an object",
    "model_type": "Input should be an object",
}
# The part of a location that is pydantic's and not the caller's.
_KINDS = {"TextQuery", "TokensQuery"}
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")

logger = logging.getLogger(__name__)


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error in the one shape."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(Exception, unexpected_error)


async def problem_of(request: HTTPConnection, error: Exception) -> ProblemResponse:
    """The answer that tells of an error; one that nobody expected is raised again."""
    for kind in type(error).__mro__:
        if kind in _HANDLERS:
            return await _HANDLERS[kind](request, error)
    raise error


def own_problem(error: SlotFillingError) -> ProblemResponse | None:
    """The answer that tells of an error of ours; none for one that nobody expected."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    retry = getattr(error, "retry_after", None)
    headers = None if retry is None else {"retry-after": str(retry)}
    return problem(status, error.code, str(error), headers=headers)


async def _own_error(request: HTTPConnection, error: Exception) -> ProblemResponse:
    assert isinstance(error, SlotFillingError), "registered for no other"
    return own_problem(error) or await unexpected_error(request, error)


async def _invalid_request(_: HTTPConnection, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError), "registered for no other"
    found = error.errors()
    first = found[0]
    if first["type"] == "json_invalid":
        body, place = first["loc"]
        return problem(400, "invalid_json", f"the {body} is not JSON, at character {place}")
    if isinstance(error.body, bytes):
        return problem(415, "unsupported_media_type", JSON_WANTED)
    faults = [_fault(entry) for entry in found[:MOST_FAULTS]]
    detail = "; ".join(f"{'.'.join(map(str, fault.location))}: {fault.message}" for fault in faults)
    return problem(422, "invalid_request", detail, faults)


async def _http_error(_: HTTPConnection, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException), "registered for no other"
    if isinstance(error, CodedError):
        code, detail = error.code, error.detail
    else:
        code, detail = HTTP_PROBLEMS.get(error.status_code, ("http_error", error.detail))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"allow": _allowed(headers.get("Allow", "GET"))}
    return problem(error.status_code, code, detail, headers=headers)


def _allowed(methods: str) -> str:
    """The Allow header of what routes name; files name nothing, and are for GET."""
    found = set(methods.split(", "))
    return ", ".join(sorted(found | {"HEAD"} if "GET" in found else found))


async def unexpected_error(request: HTTPConnection, error: Exception) -> ProblemResponse:
    """The answer that says nothing of it."""
    # The traceback follows in the server's own log: Starlette raises the error again.
    request_id = request.scope.get("state", {}).get("request_id", "")
    logger.error("request %s failed with %s", request_id, type(error).__name__)
    return problem(500, "internal_error", UNEXPECTED, headers={REQUEST_ID: request_id})


_HANDLERS: Mapping[
    type[Exception], Callable[[HTTPConnection, Exception], Awaitable[ProblemResponse]]
] = {
    SlotFillingError: _own_error,
    RequestValidationError: _invalid_request,
    HTTPException: _http_error,
}


def _fault(entry: Mapping[str, Any]) -> Fault:
    """A fault without the value at fault: what callers send may be private, or hostile."""
    location = [
        part
        for part in entry["loc"]
        if part not in _KINDS and (isinstance(part, int) or _PLAIN_NAME.fullmatch(part))
    ]
    return Fault(location=location, message=_MESSAGES.get(entry["type"], entry["msg"]))
