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
    """The body, or a stream's message, is not JSON in UTF-8, or nested too deeply."""

    code = "invalid_json"


class MissingApiKeyError(RequestError):
    """The request has no API key."""

    code = "missing_api_key"

    def __init__(self) -> None:
        challenge = {"www-authenticate": 'Bearer realm="slotline"'}
        super().__init__(f"this needs a key: {_HOW_TO_SEND_A_KEY}", challenge)


class InvalidApiKeyError(RequestError):
    """The request has an API key that is not, or no longer, in the file of keys."""

    code = "invalid_api_key"

    def __init__(self) -> None:
        challenge = {"www-authenticate": 'Bearer realm="slotline", error="invalid_token"'}
        super().__init__("invalid or revoked API key", challenge)


class OriginNotAllowedError(RequestError):
    """A page of another origin opens a stream, and no setting allows it."""

    code = "origin_not_allowed"

    def __init__(self) -> None:
        super().__init__("origin not allowed; add it to SLOTLINE_CORS_ORIGINS")


class ReadTimeoutError(RequestError):
    """The body did not arrive in time; the connection ends with the answer."""

    code = "read_timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the body did not come within {seconds:g} seconds", {"connection": "close"}
        )


class StreamIdleTimeoutError(RequestError):
    """No message has come for too long; the stream ends with the answer."""

    code = "stream_idle_timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"nothing came within {seconds:g} seconds: connect anew")


class BodyTooLargeError(RequestError):
    """The body has more bytes than the service agrees to read."""

    code = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body is larger than the limit of {limit} bytes")


class ContentCodingError(RequestError):
    """The body is compressed, or encoded in another way than the service reads."""

    code = "unsupported_content_coding"

    def __init__(self, coding: str) -> None:
        named = coding if _CODING.fullmatch(coding) else "unknown"
        super().__init__(
            f"the body has the content coding {named}, which is not read here: "
            "send it as it is, without Content-Encoding",
            {"accept-encoding": "identity"},
        )


class UnsupportedMediaTypeError(RequestError):
    """The content type is not JSON's."""

    code = "unsupported_media_type"

    def __init__(self) -> None:
        super().__init__("the body must be JSON, and the content type say so: application/json")


class InvalidRequestError(RequestError):
    """The JSON is not such a request; `errors` say what is wrong with which field."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(
            "; ".join(f"{'.'.join(map(str, error.location))}: {error.message}" for error in errors)
        )
        self.errors = errors


class RateLimitedError(RequestError):
    """The caller has sent more requests than the limit; headers: what there is to know of it."""

    code = "rate_limited"

    def __init__(self, limit: object, seconds: int, headers: Mapping[str, str]) -> None:
        super().__init__(
            f"more than {limit}: ask again in {seconds} s",
            {**headers, "retry-after": str(seconds)},
        )
