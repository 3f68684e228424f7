"""uvicorn's WebSocket protocol, with the refusals and the end that it lacks."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.http.close_codes import SERVICE_RESTART
from app.observability.logs import QUIET
from app.server.refusals import error_bytes

_QUIET = logging.getLogger(QUIET)


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that is answered before it ends with the server, and does not end for ever."""

    refused: Callable[[str], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._closing_since: float | None = None
        self.logger = self.conn.logger = _QUIET

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.handshake_initiated and not self.transport.is_closing():
            self._refuse()  # a head that websockets does not read, to which uvicorn says nothing

    def handle_connect(self, event: Any) -> None:
        if self.conn.accept(event).status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            super().handle_connect(event)
        else:
            self._refuse()

    def _refuse(self) -> None:
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.refused("invalid_http")
        detail = "This asks for a WebSocket, and is no handshake of one (RFC 6455, 4.1)."
        version = {"sec-websocket-version": "13"}
        self.transport.write(error_bytes(400, "invalid_http", detail, version))
        self.transport.close()

    async def send(self, message: Any) -> None:
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True  # by a refusal, which uvicorn would log as a fault

    def shutdown(self) -> None:
        if self.handshake_complete and not self.close_sent:
            self.stop_keepalive()
            # The stream closes when it has answered what it has.
            self.queue.put_nowait({"type": "websocket.disconnect", "code": SERVICE_RESTART})
        else:
            super().shutdown()

    def close_if_idle(self, seconds: float) -> None:
        """Break off what is closed on this side, and not read to the end on the other."""
        if not self.transport.is_closing():
            return
        now = self.loop.time()
        if self._closing_since is None:
            self._closing_since = now
        elif now - self._closing_since > seconds:
            self.transport.abort()
