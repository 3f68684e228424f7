"""The one reader of what callers send: the bytes of a body or a message → a query."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.api.form_schemas import FormQuery
from app.api.schemas import BatchQuery, SlotsQuery, TextQuery, TokensQuery
from app.api.stream_messages import StreamMessage
from app.http.errors import (
    BodyTooLargeError,
    InvalidJsonError,
    InvalidRequestError,
)
from app.http.problems import MOST_ERRORS, FieldError, field_errors

_BOM = b"\xef\xbb\xbf"

_T = TypeVar("_T")
_SLOTS: TypeAdapter[TextQuery | TokensQuery] = TypeAdapter(SlotsQuery)
_BATCH = TypeAdapter(BatchQuery)
_FORM = TypeAdapter(FormQuery)
_MESSAGE = TypeAdapter(StreamMessage)


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


def parse_form_query(body: bytes) -> FormQuery:
    """Parse the body of a turn of a form; raises InvalidJsonError, InvalidRequestError."""
    return _parse(_FORM, body, "body")


def parse_message(data: bytes, limit: int) -> StreamMessage:
    """
    Parse a message of a stream of at most `limit` bytes.

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
        errors = error.errors(include_url=False)
        if errors[0]["type"] != "json_invalid":
            raise _invalid(errors, source) from error
        if "recursion limit" in errors[0]["ctx"]["error"]:
            detail = f"the lists and objects of the {source} are nested too deeply"
            raise InvalidJsonError(detail) from error
    if not data:
        raise InvalidRequestError([FieldError(location=[source], message="Field required")])
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
