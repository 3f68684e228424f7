"""
What can be wrong with a request, beside what it asks of the models; each has a status.

RequestError
├── InvalidJsonError              400
├── MissingApiKeyError            401
├── InvalidApiKeyError            401
├── OriginNotAllowedError         403
├── ReadTimeoutError              408
├── StreamIdleTimeoutError        408
├── BodyTooLargeError             413
├── ContentCodingError            415
├── UnsupportedMediaTypeError     415
├── InvalidRequestError           422
└── RateLimitedError              429
"""

import re
from collections.abc import Mapping, Sequence

from app.http.problems import FieldError
from app.tagging.errors import SlotFillingError

_HOW_TO_SEND_A_KEY = "send one as `Authorization: Bearer KEY` or `X-API-Key: KEY`"
# What names a content coding, and may be repeated in an answer.
_CODING = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,40}")


class RequestError(SlotFillingError):
    """The caller can mend the request; `headers` go with the answer."""

    code = "invalid_request"

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.headers = headers or {}


class InvalidJsonError(RequestError):
    """The body, or a message of a stream, is not valid UTF-8 JSON, or is nested too deeply."""

    code = "invalid_json"


class MissingApiKeyError(RequestError):
    """The request has no API key."""

    code = "missing_api_key"

    def __init__(self) -> None:
        challenge = {"www-authenticate": 'Bearer realm="slotline"'}
        super().__init__(f"an API key is required: {_HOW_TO_SEND_A_KEY}", challenge)


class InvalidApiKeyError(RequestError):
    """The API key of the request is unknown or was revoked."""

    code = "invalid_api_key"

    def __init__(self) -> None:
        challenge = {"www-authenticate": 'Bearer realm="slotline", error="invalid_token"'}
        super().__init__("invalid or revoked API key", challenge)


class OriginNotAllowedError(RequestError):
    """A page of an origin that `SLOTLINE_CORS_ORIGINS` does not name tried to open a stream."""

    code = "origin_not_allowed"

    def __init__(self) -> None:
        super().__init__("origin not allowed; add it to SLOTLINE_CORS_ORIGINS")


class ReadTimeoutError(RequestError):
    """The body did not arrive within `SLOTLINE_READ_TIMEOUT`; the connection is closed."""

    code = "read_timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the body did not arrive within {seconds:g} seconds", {"connection": "close"}
        )


class StreamIdleTimeoutError(RequestError):
    """The stream had no message for `SLOTLINE_STREAM_IDLE_TIMEOUT`, and is closed."""

    code = "stream_idle_timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no message arrived within {seconds:g} seconds: connect again")


class BodyTooLargeError(RequestError):
    """The body, or a message of a stream, is larger than `SLOTLINE_MAX_BODY_BYTES`."""

    code = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body is larger than the limit of {limit} bytes")


class ContentCodingError(RequestError):
    """The body is compressed; send it without `Content-Encoding`."""

    code = "unsupported_content_coding"

    def __init__(self, coding: str) -> None:
        named = coding if _CODING.fullmatch(coding) else "unknown"
        super().__init__(
            f"the content coding {named} is not supported: "
            "send the body uncompressed, without Content-Encoding",
            {"accept-encoding": "identity"},
        )


class UnsupportedMediaTypeError(RequestError):
    """The content type is not `application/json`."""

    code = "unsupported_media_type"

    def __init__(self) -> None:
        super().__init__("send JSON with the header Content-Type: application/json")


class InvalidRequestError(RequestError):
    """The JSON does not match the schema; `errors` names each field that is wrong."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(
            "; ".join(f"{'.'.join(map(str, error.location))}: {error.message}" for error in errors)
        )
        self.errors = errors


class RateLimitedError(RequestError):
    """The caller sent more requests than `SLOTLINE_RATE_LIMIT` allows; see `Retry-After`."""

    code = "rate_limited"

    def __init__(self, limit: object, seconds: int, headers: Mapping[str, str]) -> None:
        super().__init__(
            f"rate limit of {limit} exceeded: try again in {seconds} s",
            {**headers, "retry-after": str(seconds)},
        )
