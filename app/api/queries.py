"""The one reader of what callers send: the bytes of a body or a message → a query."""

import asyncio
import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from types import coroutine
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.types import Message, Receive, Scope

from app.api.schemas import BatchQuery, Fault, SlotsQuery, TextQuery, TokensQuery
from app.api.stream_messages import StreamMessage
from app.http.disconnect import ClientDisconnectedError
from app.http.errors import (
    BodyTooLargeError,
    ContentCodingError,
    InvalidJsonError,
    InvalidRequestError,
    ReadTimeoutError,
    UnsupportedMediaTypeError,
)
from app.settings import Settings

# A caller mends no more than these at a time, and a hostile one makes thousands.
MOST_ERRORS = 5
# Of a body, what may get into the log where that is asked for.
_MOST_LOGGED = 4096
_BOM = b"\xef\xbb\xbf"
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

_T = TypeVar("_T")
_SLOTS: TypeAdapter[TextQuery | TokensQuery] = TypeAdapter(SlotsQuery)
_BATCH = TypeAdapter(BatchQuery)
_MESSAGE = TypeAdapter(StreamMessage)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Most bytes of a body, most seconds until it is there, and whether the log may quote it."""

    max_bytes: int
    timeout: float
    log_bodies: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "BodyLimits":
        """Those that the operator has set."""
        log_bodies = settings.access_log and settings.log_bodies
        return cls(settings.max_body_bytes, settings.read_timeout, log_bodies)


def parse_query(body: bytes) -> TextQuery | TokensQuery:
    """
    What the body of a single request asks; raises InvalidJsonError, InvalidRequestError.

    Nearly all send a text. Each kind refuses the other's field, so that trying one schema first
    gives what the schema of both gives, in a third of the time.
    """
    try:
        return TextQuery.model_validate_json(body)
    except ValidationError:
        return _parse(_SLOTS, body, "body")


def parse_batch(body: bytes) -> BatchQuery:
    """What the body of a batch asks; raises InvalidJsonError, InvalidRequestError."""
    return _parse(_BATCH, body, "body")


def parse_message(data: bytes, limit: int) -> StreamMessage:
    """
    What a message of a stream says; `limit`: its most bytes.

    Raises BodyTooLargeError, InvalidJsonError, InvalidRequestError.
    """
    if len(data) > limit:
        raise BodyTooLargeError(limit)
    return _parse(_MESSAGE, data, "message")


def _parse(schema: TypeAdapter[_T], data: bytes, source: str) -> _T:
    data = data.removeprefix(_BOM)
    try:
        return schema.validate_json(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        if found[0]["type"] != "json_invalid":
            raise _invalid(found, source) from error
        if "recursion limit" in found[0]["ctx"]["error"]:
            detail = f"the lists and objects of the {source} are nested too deeply"
            raise InvalidJsonError(detail) from error
    if not data:
        raise InvalidRequestError([Fault(location=[source], message="Field required")])
    try:
        return schema.validate_python(_python_json(data, source))
    except ValidationError as error:
        raise _invalid(error.errors(include_url=False), source) from error


def _python_json(data: bytes, source: str) -> Any:
    """
    What Python reads where pydantic-core does not; raises InvalidJsonError.

    Python tells the character at fault. And it reads half of a surrogate pair, which JSON can
    write and no text can hold: the schema refuses that by name.
    """
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError as error:
        place = error.start
    except json.JSONDecodeError as error:
        place = error.pos
    except (ValueError, RecursionError):  # more digits, or brackets, than Python reads
        place = 0
    raise InvalidJsonError(f"the {source} is not JSON, at character {place}")


def _invalid(errors: Sequence[Mapping[str, Any]], source: str) -> InvalidRequestError:
    within = [{**error, "loc": (source, *error["loc"])} for error in errors[:MOST_ERRORS]]
    return InvalidRequestError(field_errors(within))


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Pydantic's errors without the values: what callers send may be private, or hostile."""
    return [
        Fault(
            location=[
                part
                for part in error["loc"]
                if part not in _KINDS and (isinstance(part, int) or _PLAIN_NAME.fullmatch(part))
            ],
            message=_MESSAGES.get(error["type"], error["msg"]),
        )
        for error in errors[:MOST_ERRORS]
    ]


async def read_json(scope: Scope, receive: Receive, limits: BodyLimits) -> bytes:
    """
    The body of a request, which must be JSON; nothing is read beyond the limit of bytes.

    Raises ContentCodingError, BodyTooLargeError, ReadTimeoutError, ClientDisconnectedError, and
    last, unless there is no body, UnsupportedMediaTypeError.
    """
    check_coding(scope)
    if (declared := content_length(scope)) is not None and declared > limits.max_bytes:
        raise BodyTooLargeError(limits.max_bytes)
    chunks: list[bytes] = []
    size, until, more = 0, 0.0, True
    try:
        while more:
            # Most bodies have come with their heads. The clock is set only for one that must be
            # waited for: to set it costs twice what it costs to parse a query.
            step = receive().__await__()
            try:
                awaited = next(step)
            except StopIteration as end:
                message: Message = end.value
            else:
                until = until or asyncio.get_running_loop().time() + limits.timeout
                message = await _in_time(step, awaited, until, limits.timeout)
            if message["type"] == "http.disconnect":
                raise ClientDisconnectedError
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limits.max_bytes:
                raise BodyTooLargeError(limits.max_bytes)
            chunks.append(chunk)
            more = message.get("more_body", False)
    finally:
        if limits.log_bodies:
            scope["state"]["body"] = b"".join(chunks)[:_MOST_LOGGED].decode(errors="replace")
    body = b"".join(chunks)
    if body and not is_json(scope):
        raise UnsupportedMediaTypeError
    return body


def check_coding(scope: Scope) -> None:
    """Raises ContentCodingError where the headers name a content coding (RFC 9110, 8.4)."""
    for name, value in scope["headers"]:
        if name == b"content-encoding":
            for coding in str(value, "latin-1").lower().split(","):
                coding = coding.strip()
                if coding not in ("", "identity"):
                    raise ContentCodingError(coding)


def content_length(scope: Scope) -> int | None:
    """The bytes that a body is said to have; None where that is not said."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            # Servers refuse what is no number; a number of more digits than 18 is large enough.
            return int(value[:18]) if value.isdigit() else None
    return None


def is_json(scope: Scope) -> bool:
    """Whether the headers say that the body is JSON, or of a type built on it (RFC 6839)."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind: bytes = value.partition(b";")[0].strip().lower()
            if kind == b"application/json":
                return True
            return kind.startswith(b"application/") and kind.endswith(b"+json")
    return False


async def _in_time(
    step: Generator[Any, None, Message], awaited: Any, until: float, seconds: float
) -> Message:
    """What is received; raises ReadTimeoutError."""
    try:
        async with asyncio.timeout_at(until):
            return await _rest(step, awaited)
    except TimeoutError:
        raise ReadTimeoutError(seconds) from None


@coroutine
def _rest(step: Generator[Any, None, Message], awaited: Any) -> Generator[Any, None, Message]:
    yield awaited
    return (yield from step)
