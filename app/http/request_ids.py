"""The id of each request: in its answer, in the log lines about it, and in reports of errors."""

import random
import re

from starlette.types import Scope

REQUEST_ID = "x-request-id"
_NAME = REQUEST_ID.encode()
# What may go into a log line and a header as it came.
_PLAIN = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


def request_id_of(scope: Scope) -> str:
    """The caller's own id where it sent a decent one, or a new one."""
    for name, value in scope["headers"]:
        if name == _NAME:
            return value.decode() if _PLAIN.fullmatch(value) else new_request_id()
    return new_request_id()


def new_request_id() -> str:
    """
    128 random bits.

    They are no secret, so that the system need not be asked for each: that takes longer than to
    parse a query.
    """
    return f"{random.getrandbits(128):032x}"
