"""HEAD, which FastAPI's routes do not know."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """
    Answer HEAD as GET, without the body (RFC 9110, 9.3.2): FastAPI's routes know no HEAD.

    It stands within the other middleware, which sees the request as it came.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not message.get("more_body", False):
                await send({"type": "http.response.body"})

        # Ranges are of GET alone (RFC 9110, 14.2). A copy: the server still has to see HEAD.
        headers = [header for header in scope["headers"] if header[0] != b"range"]
        await self.app({**scope, "method": "GET", "headers": headers}, receive, send_without_body)
