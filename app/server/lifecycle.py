"""The HTTP server: uvicorn, with limits and an end that it lacks."""

import asyncio
import logging
import signal
import socket
import time
from collections import OrderedDict
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, cast

import uvicorn
from fastapi import FastAPI

from app.address import address_error, url_of
from app.inference.reload import Reloader
from app.observability.logs import log_config
from app.server.acceptor import Acceptor
from app.server.fair_share import FairShare
from app.server.http_protocol import HttpProtocol
from app.server.signals import install_reload_handler, sighup_means_reload
from app.server.supervisor import HEARTBEAT, READY, RELOADED, ControlPipe
from app.server.websocket_protocol import WebSocketProtocol
from app.settings import Settings

if TYPE_CHECKING:
    from app.observability.metrics import Metrics

_startup = logging.getLogger("app")
_CLOSE = (b"connection", b"close")
# Seconds that there are for answers even where the notice has used up the grace.
_LEAST = 0.2


class Server(uvicorn.Server):
    """
    A server that announces its shutdown.

    On SIGTERM it reports not ready, asks its clients to reconnect elsewhere, and keeps serving for
    the shutdown delay. Then it accepts no more connections, and ends when all requests are answered
    or the shutdown timeout is over. SIGINT, or a second SIGTERM, skips the delay.
    """

    def __init__(
        self,
        app: FastAPI,
        settings: Settings,
        control_pipe: ControlPipe | None = None,
        share: FairShare | None = None,
    ) -> None:
        super().__init__(_config(app, settings))
        self._control_pipe = control_pipe
        self._share = share
        self._acceptor: Acceptor | None = None
        self._app = app
        self._settings = settings
        self._shutdown_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None = None) -> None:
        """Begin to stop."""
        self._app.state.stopping = True
        if self._shutdown_at is None:
            self._shutdown_at = time.monotonic()
            if sig == signal.SIGTERM:
                return
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """
        Begin to serve; a worker whose supervisor is no more stops by itself.

        Raises AddressError where another has begun to listen at the port meanwhile.
        """
        await super().startup([])  # uvicorn's own way to accept is not ours
        listeners = sockets or []
        try:
            for listener in listeners:
                listener.listen(self.config.backlog)
        except OSError as error:
            raise address_error(self._settings.host, self._settings.port, error) from error
        if listeners and not self._control_pipe:  # which has told it
            _startup.info("running on %s (press Ctrl+C to quit)", url_of(listeners[0]))
        protocol = partial(
            cast("type", self.config.http_protocol_class),
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        self._acceptor = Acceptor(listeners, protocol, self.server_state.connections, self._share)
        reloader: Reloader = self._app.state.reloader
        loop = asyncio.get_running_loop()
        if self._control_pipe or sighup_means_reload():
            install_reload_handler(loop, reloader.follow)
        if self._control_pipe:
            reloader.tell_others = partial(self._control_pipe.send, RELOADED)
            loop.add_reader(self._control_pipe, self._orphaned, self._control_pipe)
            self._control_pipe.send(READY)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; whether to take no more."""
        over = await super().on_tick(counter)
        if self._acceptor:
            self._acceptor.note_connections()
        if counter % 10 == 0:
            if self._control_pipe:
                self._control_pipe.send(HEARTBEAT)
            for connection in list(self.server_state.connections):
                if isinstance(connection, HttpProtocol | WebSocketProtocol):
                    connection.close_if_idle(self._settings.read_timeout)
        if self._shutdown_at is None:
            return over
        if _CLOSE not in self.server_state.default_headers:
            self.server_state.default_headers.append(_CLOSE)
        return over or time.monotonic() > self._shutdown_at + self._settings.shutdown_delay

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what was accepted, and break off what does not end in time."""
        if self._acceptor:
            self._acceptor.close()
        now = time.monotonic()
        shutdown_at = now if self._shutdown_at is None else self._shutdown_at
        try:
            async with asyncio.timeout(
                max(_LEAST, shutdown_at + self._settings.shutdown_timeout - now)
            ):
                await super().shutdown(sockets)
        except TimeoutError:
            for connection in list(self.server_state.connections):
                connection.transport.abort()

    def _orphaned(self, control_pipe: ControlPipe) -> None:
        asyncio.get_running_loop().remove_reader(control_pipe)
        metrics: Metrics | None = self._app.state.metrics
        if metrics:
            metrics.abandon()
        self.handle_exit(signal.SIGTERM)


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    metrics: Metrics | None = app.state.metrics
    refused = metrics.rejected if metrics else lambda _: None
    limits = {
        "most": settings.max_connections,
        "kept": OrderedDict(),
        "refused": staticmethod(refused),
    }
    limited = type("LimitedProtocol", (HttpProtocol,), limits)
    stream = type("StreamProtocol", (WebSocketProtocol,), {"refused": staticmethod(refused)})
    return uvicorn.Config(
        app,
        http=limited,
        ws=stream,
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,  # messages are short
        lifespan="off",
        log_config=log_config(settings),
        timeout_keep_alive=cast("int", settings.keep_alive_timeout),  # to the loop, any number
        access_log=False,  # our own has more to say
        server_header=False,
    )
