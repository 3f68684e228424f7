"""Error → status, and the answer that tells of it."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.forms.errors import FormChangedError, UnknownFormError
from app.http.errors import (
    BodyTooLargeError,
    ContentCodingError,
    InvalidApiKeyError,
    InvalidJsonError,
    InvalidRequestError,
    MissingApiKeyError,
    OriginNotAllowedError,
    RateLimitedError,
    ReadTimeoutError,
    StreamIdleTimeoutError,
    UnsupportedMediaTypeError,
)
from app.http.paths import app_path
from app.http.problems import ProblemResponse, field_errors, problem
from app.inference.errors import (
    ClientDisconnectedError,
    DeadlineExceededError,
    NotReadyError,
    OverloadedError,
    StoppingError,
)
from app.tagging.errors import (
    AnswerTooLargeError,
    InputError,
    SlotFillingError,
    TextTooLongError,
    TooManyTextsError,
    UnknownModelError,
)

STATUS: Mapping[type[Exception], int] = {
    InvalidJsonError: 400,
    MissingApiKeyError: 401,
    InvalidApiKeyError: 401,
    OriginNotAllowedError: 403,
    UnknownFormError: 404,
    UnknownModelError: 404,
    ClientDisconnectedError: 408,  # which nobody reads
    ReadTimeoutError: 408,
    StreamIdleTimeoutError: 408,
    FormChangedError: 409,
    AnswerTooLargeError: 413,
    BodyTooLargeError: 413,
    TextTooLongError: 413,
    TooManyTextsError: 413,
    ContentCodingError: 415,
    UnsupportedMediaTypeError: 415,
    InputError: 422,
    InvalidRequestError: 422,
    OverloadedError: 429,
    RateLimitedError: 429,
    SlotFillingError: 500,
    DeadlineExceededError: 503,
    NotReadyError: 503,
    StoppingError: 503,
}
# What Starlette and FastAPI raise with nothing but the name of the status.
HTTP_PROBLEMS: Mapping[int, tuple[str, str]] = {
    404: ("not_found", "no such path: /docs lists the endpoints"),
    405: ("method_not_allowed", "this path has other methods: see /docs"),
}
UNEXPECTED = "the service failed: its log has the cause under the request id"

logger = logging.getLogger(__name__)


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error in the one shape."""
    app.add_exception_handler(SlotFillingError, _own_error)
    app.add_exception_handler(RequestValidationError, _invalid_parameters)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected_error)


def problem_from_error(scope: Scope, error: SlotFillingError) -> ProblemResponse:
    """The response to an error; for errors that are not the caller's, it has no details."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return unexpected_problem(scope, error)
    headers = getattr(error, "headers", None)
    if (seconds := getattr(error, "retry_after", None)) is not None:
        headers = {"retry-after": str(seconds)}
    errors = error.errors if isinstance(error, InvalidRequestError) else None
    return problem(status, error.code, str(error), errors, headers)


def unexpected_problem(scope: Scope, error: Exception) -> ProblemResponse:
    """The response to an unexpected error, without any details."""
    # The traceback follows in the server's own log: the error is raised again.
    request_id = scope.get("state", {}).get("request_id", "")
    logger.error("request %s failed with %s", request_id, type(error).__name__)
    return problem(500, "internal_error", UNEXPECTED)


async def _own_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, SlotFillingError), "registered for no other"
    return problem_from_error(request.scope, error)


async def _invalid_parameters(request: Request, error: Exception) -> ProblemResponse:
    """FastAPI itself reads what is in the path, and no bodies."""
    assert isinstance(error, RequestValidationError), "registered for no other"
    return problem_from_error(request.scope, InvalidRequestError(field_errors(error.errors())))


async def _http_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException), "registered for no other"
    code, detail = HTTP_PROBLEMS.get(error.status_code, ("http_error", error.detail))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"allow": _allowed(request, headers.get("Allow", "GET"))}
    return problem(error.status_code, code, detail, headers=headers)


def _allowed(request: Request, methods: str) -> str:
    """
    The Allow header of a path: the methods of all its routes.

    Starlette names those of the first; files name nothing, and are for GET.
    """
    path = app_path(request.scope)
    allowed = set(methods.split(", "))
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path_regex and route.path_regex.match(path):
            allowed |= route.methods
    return ", ".join(sorted(allowed | {"HEAD"} if "GET" in allowed else allowed))


async def _unexpected_error(request: Request, error: Exception) -> ProblemResponse:
    return unexpected_problem(request.scope, error)
