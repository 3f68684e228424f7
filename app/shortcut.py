"""The shortest way from a question to its answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.error_handlers import problem_of
from app.paths import app_path

# Who reads a body, or raises ValidationError, and who answers what it asks, in JSON.
Endpoint = tuple[Callable[[bytes], Any], Callable[[Any, Request], Awaitable[bytes]]]


class Shortcut:
    """
    Ask the endpoints of some paths what FastAPI would ask them, and send what they give.

    It reads the same question by the same schema, in one step, and is spared routing,
    dependencies and copies. What is not a right question in plain JSON goes FastAPI's way, where
    it is told what is wrong with it.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, Endpoint]) -> None:
        self.app = app
        self.endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self.endpoints.get(app_path(scope)) if scope["type"] == "http" else None
        if endpoint is None or scope["method"] != "POST" or not is_json(scope["headers"]):
            await self.app(scope, receive, send)
            return
        read, answer = endpoint
        request = Request(scope, receive)
        messages: list[Message] = []
        try:
            while not messages or messages[-1].get("more_body", False):
                messages.append(await receive())
            query = _query(read, messages)
            if query is not None:
                content = await answer(query, request)
        except Exception as error:  # nobody outside tells of it in our shape
            response = await problem_of(request, error)
            await response(scope, receive, send)
            return
        if query is None:
            await self.app(scope, _replayed(messages, receive), send)
            return
        length = b"%d" % len(content)
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def is_json(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether they say that the body is JSON."""
    for name, value in headers:
        if name == b"content-type":
            return value.partition(b";")[0].strip().lower() == b"application/json"
    return False


def _query(read: Callable[[bytes], Any], messages: Sequence[Message]) -> Any:
    """What the body asks; None where it does not, or is cut off."""
    if messages[-1]["type"] != "http.request":
        return None
    try:
        return read(b"".join([message.get("body", b"") for message in messages]))
    except ValidationError:
        return None


def _replayed(messages: Sequence[Message], receive: Receive) -> Receive:
    """The same messages, from the first."""
    again = iter(messages)

    async def replay() -> Message:
        return next(again, None) or await receive()

    return replay
