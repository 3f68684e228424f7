"""How the service logs: lines for people, or JSON for programs."""

import copy
import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from starlette.types import Scope
from uvicorn.config import LOGGING_CONFIG
from uvicorn.logging import DefaultFormatter

from app.settings import Settings

# Of the request that is served; lines that are logged meanwhile carry it.
current_request: ContextVar[str | None] = ContextVar("current_request", default=None)

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
# What uvicorn tells of WebSockets: only what went wrong is wanted, and no path.
QUIET = "uvicorn.error.quiet"

_WORD = re.compile(r"[\w./:{}@+-]+")
_access = logging.getLogger("app.access")


def log_config(settings: Settings) -> dict[str, Any]:
    """How uvicorn, our own modules and everybody else log, for logging.config."""
    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    formatter: dict[str, Any] = {"()": JsonFormatter, "texts": settings.log_bodies}
    if settings.log_format == "text":
        formatter |= {"()": TextFormatter, "fmt": "%(asctime)s %(levelprefix)s %(message)s"}
    config["formatters"] = {"default": formatter, "access": formatter}
    ours = {"level": "INFO", "propagate": False}
    config["loggers"]["app"] = {"handlers": ["default"], **ours}
    config["loggers"]["app.access"] = {"handlers": ["access"], **ours}
    config["loggers"][QUIET] = {"level": "WARNING"}
    config["root"] = {"handlers": ["default"], "level": "WARNING"}
    return config


class _Discreet(logging.Formatter):
    """
    Leaves the messages of exceptions out, for they may quote what people have said.

    Their types and where they came from stay.
    """

    texts: bool

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  # logging's name
        if self.texts or ei[1] is None:
            return super().formatException(ei)
        chain = reversed(list(_chain(ei[1])))
        return "\n".join(
            f"{type(error).__module__}.{type(error).__qualname__}\n"
            + "".join(traceback.format_tb(error.__traceback__)).rstrip()
            for error in chain
        )


class TextFormatter(_Discreet, DefaultFormatter):
    """uvicorn's lines; `fields` of a record follow its message."""

    def __init__(self, fmt: str, *, texts: bool) -> None:
        super().__init__(fmt)
        self.texts = texts

    def formatTime(self, record: logging.LogRecord, _: str | None = None) -> str:  # noqa: N802
        return _moment(record)

    def format(self, record: logging.LogRecord) -> str:
        return _sound(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        fields = getattr(record, "fields", {})
        shown = (f" {name}={_in_one_word(value)}" for name, value in fields.items())
        return super().formatMessage(record) + "".join(shown)


class JsonFormatter(_Discreet):
    """One object a line; `fields` of a record are fields of the object."""

    def __init__(self, *, texts: bool) -> None:
        super().__init__()
        self.texts = texts

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _sound(record.getMessage()),
        }
        request_id = current_request.get()
        if request_id is not None:
            line["request_id"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = _sound(self.formatException(record.exc_info))
        return json.dumps(line, default=str)


def log_request(scope: Scope, endpoint: str, status: int, seconds: float) -> None:
    """Log the line of a request or a stream that has ended."""
    state, client = scope["state"], scope.get("client")
    fields = {
        "request_id": state.get("request_id"),
        "client": client[0] if client else None,
        "method": scope.get("method", "GET"),  # which every stream begins with
        "route": endpoint,
        "status": status,
        "milliseconds": round(1000 * seconds, 3),
        "model": state.get("model"),
        "caller": state.get("caller"),
        "code": state.get("code"),
        "trace_id": state.get("trace_id"),
        "body": state.get("body"),
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    _access.info("request", extra={"fields": fields})


def _moment(record: logging.LogRecord) -> str:
    """When it was logged, in UTC as ISO 8601 writes it."""
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds")


def _sound(text: str) -> str:
    """The same in what UTF-8 can hold: names of files may have lone surrogates (PEP 383)."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def _in_one_word(value: object) -> str:
    shown = str(value)
    return shown if _WORD.fullmatch(shown) else json.dumps(shown)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
