"""An ASGI application asked without a server."""

import asyncio

from starlette.types import ASGIApp, Message, Scope


def run(app: ASGIApp, scope: Scope) -> list[Message]:
    """What is sent in answer to a request without a body."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    return sent
