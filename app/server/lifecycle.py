"""The HTTP server: uvicorn, with limits and an end that it lacks."""

import asyncio
import logging
import select
import signal
import socket
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sized
from functools import partial
from http import HTTPStatus
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, cast

import httptools
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.address import address_error, url_of
from app.http.close_codes import SERVICE_RESTART
from app.http.problems import problem
from app.http.request_ids import REQUEST_ID, new_request_id
from app.inference.reload import Reloader
from app.observability.logs import QUIET, log_config
from app.server.acceptor import Acceptor
from app.server.fair_share import FairShare
from app.server.joined_writes import JoinedWrites
from app.server.signals import hangup_is_a_word, hear_hangups
from app.server.supervisor import ALIVE, READY, RELOADED, Line
from app.settings import Settings

if TYPE_CHECKING:
    from app.observability.metrics import Metrics

_startup = logging.getLogger("app")
_QUIET = logging.getLogger(QUIET)
_CLOSE = (b"connection", b"close")
# Seconds that a refused connection is read on, lest what its client sends wipe out the answer
# (RFC 9112, 9.6), and how many are at a time.
_LINGER = 1.0
_LINGERING = 200
# Bytes of a head, or of trailers, that are read on for: browsers and proxies bear a few thousand.
_LARGEST_HEAD = 65_536
# What asks for another protocol, and is of use to nobody where that is not spoken.
_UPGRADE = {b"upgrade", b"http2-settings"}
# Seconds without a request after which a connection may make room for another client.
_UNUSED = 1.0
# Seconds that there are for answers even where the notice has used up the grace.
_LEAST = 0.2


class Server(uvicorn.Server):
    """
    One that says that it stops.

    Told to by SIGTERM it is no longer ready and asks its clients to connect anew, serves on for
    the notice, then takes no more, and ends when all is answered or the grace is over. SIGINT,
    and SIGTERM once more, spare the notice.
    """

    def __init__(
        self,
        app: FastAPI,
        settings: Settings,
        keeper: Line | None = None,
        share: FairShare | None = None,
    ) -> None:
        super().__init__(_config(app, settings))
        self._keeper = keeper
        self._share = share
        self._acceptor: Acceptor | None = None
        self._app = app
        self._settings = settings
        self._told_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None = None) -> None:
        """Begin to stop."""
        self._app.state.stopping = True
        if self._told_at is None:
            self._told_at = time.monotonic()
            if sig == signal.SIGTERM:
                return
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """
        Begin to serve; a worker whose keeper is no more stops by itself.

        Raises AddressError where another has begun to listen at the port meanwhile.
        """
        await super().startup([])  # uvicorn's own way to accept is not ours
        listeners = sockets or []
        try:
            for listener in listeners:
                listener.listen(self.config.backlog)
        except OSError as error:
            raise address_error(self._settings.host, self._settings.port, error) from error
        if listeners and not self._keeper:  # which has told it
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
        if self._keeper or hangup_is_a_word():
            hear_hangups(loop, reloader.follow)
        if self._keeper:
            reloader.tell_others = partial(self._keeper.say, RELOADED)
            loop.add_reader(self._keeper, self._orphaned, self._keeper)
            self._keeper.say(READY)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; whether to take no more."""
        over = await super().on_tick(counter)
        if self._acceptor:
            self._acceptor.note_connections()
        if counter % 10 == 0:
            if self._keeper:
                self._keeper.say(ALIVE)
            for connection in list(self.server_state.connections):
                if isinstance(connection, _LimitedProtocol | _StreamProtocol):
                    connection.cut_if_silent(self._settings.read_timeout)
        if self._told_at is None:
            return over
        if _CLOSE not in self.server_state.default_headers:
            self.server_state.default_headers.append(_CLOSE)
        return over or time.monotonic() > self._told_at + self._settings.shutdown_delay

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what was accepted, and break off what does not end in time."""
        if self._acceptor:
            self._acceptor.close()
        now = time.monotonic()
        told_at = now if self._told_at is None else self._told_at
        try:
            async with asyncio.timeout(
                max(_LEAST, told_at + self._settings.shutdown_timeout - now)
            ):
                await super().shutdown(sockets)
        except TimeoutError:
            for connection in list(self.server_state.connections):
                connection.transport.abort()

    def _orphaned(self, keeper: Line) -> None:
        asyncio.get_running_loop().remove_reader(keeper)
        metrics: Metrics | None = self._app.state.metrics
        if metrics:
            metrics.abandon()
        self.handle_exit(signal.SIGTERM)


class _FairFlow(FlowControl):
    """
    Reads on only when no request that was read ahead waits.

    uvicorn reads on with every answer: of a client that pipelines thousands of requests it would
    parse one read after another, and all others would wait.
    """

    def __init__(self, transport: asyncio.Transport, waiting: Sized) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


class _LimitedProtocol(HttpToolsProtocol):
    """
    HTTP with what uvicorn does not limit or gets wrong.

    Heads and trailers, which come behind a body and are no headers, end somewhere. A request for
    another protocol than WebSocket, as Java's client sends it, is answered as if it had asked for
    none (RFC 9110, 7.8); the parser would take its body for that protocol, or for a request. And
    who is told that something is no HTTP has had the answers to what was.
    """

    transport: Any  # JoinedWrites, and in the end the one within
    most: ClassVar[int]
    # Connections that are kept for another request, those without one for longest first.
    kept: "ClassVar[OrderedDict[_LimitedProtocol, None]]"
    refused: Callable[[str], None]
    # Whether a request is being read, its body included.
    _reading = False
    # Whether a head is being read, and how many bytes of it, or of trailers, came after its first.
    _in_head = False
    _unheard = 0
    # What is being read, and what is to be read anew.
    _received = _again = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        joined = JoinedWrites(transport)
        super().connection_made(joined)
        # uvicorn has no setting for how far it reads ahead, and no other names for what reads on
        # and what waits: tests/app/server/test_uvicorn.py fails when they change.
        self.flow = _FairFlow(joined, self.pipeline)
        self._since = self.loop.time()
        if len(self.connections) > self.most and not self._make_room():
            self.connections.discard(self)
            transport.set_protocol(_Refusal(transport, self.loop))
            self.refused("too_many_connections")

    def connection_lost(self, exc: Exception | None) -> None:
        self.kept.pop(self, None)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self.transport.flush()  # to HEAD no body is written
        super().on_response_complete()
        self._since = self.loop.time()
        if self._is_kept() and not self.transport.is_closing():
            self.kept[self] = None

    def timeout_keep_alive_handler(self) -> None:
        """Let the connection go, unless a request has come at the last moment."""
        if self.transport.get_write_buffer_size():
            self.transport.close()  # when the last answer has been read
        elif not self.transport.is_closing() and not self._has_unread():
            self._let_go()

    def shutdown(self) -> None:
        """Close where nothing is asked; what has come unread is answered, with `close`."""
        if not (self._is_kept() and self._has_unread()):
            super().shutdown()

    def _make_room(self) -> bool:
        """Whether a connection that is kept, and used by nobody for a while, has been let go."""
        while self.kept:
            oldest = next(iter(self.kept))
            if self.loop.time() - oldest._since < _UNUSED:
                return False
            del self.kept[oldest]
            # Else it is in use: its request is about to be read, or its answer by the client.
            if not oldest.transport.get_write_buffer_size() and not oldest._has_unread():
                oldest._let_go()
                return True
        return False

    def _is_kept(self) -> bool:
        """Whether all is answered that was asked, and nothing of another request is there."""
        return self.cycle is not None and self.cycle.response_complete and not self._reading

    def _has_unread(self) -> bool:
        """Whether the system holds bytes, or an end, that the loop has not read yet."""
        asked = select.poll()
        asked.register(self.transport.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(asked.poll(0))

    def _let_go(self) -> None:
        """
        End a connection that is kept.

        Of a request that is on its way the client hears the end of the connection at once and no
        reset, and may ask again on another (RFC 9110, 9.2.2).
        """
        self._unset_keepalive_if_required()
        self.kept.pop(self, None)
        self.connections.discard(self)
        self.transport.set_protocol(_Farewell(self.transport, self.loop))

    def data_received(self, data: bytes) -> None:
        while data and not self.transport.is_closing():
            self._unheard += len(data)
            self._received, self._again = data, b""
            super().data_received(data)
            data = self._again
        self._received = self._again = b""
        if self._unheard > _LARGEST_HEAD:
            self.send_400_response(f"The head, or trailers, have more than {_LARGEST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.kept.pop(self, None)
        self._reading = self._in_head = True
        self._since, self._unheard = self.loop.time(), 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._unheard = False, 0
        if not self._is_asked_for_another():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unheard = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._reading, self._unheard = False, 0
        if not self._is_asked_for_another():
            super().on_message_complete()

    def _should_upgrade(self) -> bool:
        """Whether to a WebSocket; that the connection is meant to be, the parser has seen."""
        asked = b",".join(value for name, value in self.headers if name == b"upgrade")
        return b"websocket" in [each.strip().lower() for each in asked.split(b",")]

    def handle_websocket_upgrade(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport = self.transport.wrapped
            super().handle_websocket_upgrade()
        else:
            self.send_400_response("A WebSocket begins before the answer to what was asked.")

    def _is_asked_for_another(self) -> bool:
        """Whether the request is for a protocol that nobody here speaks."""
        return (
            self.parser.should_upgrade()
            and self.parser.get_method() != b"CONNECT"
            and not self._should_upgrade()
        )

    def _unsupported_upgrade_warning(self) -> None:
        """Read the request anew without what asks for another protocol."""
        if not self._is_asked_for_another():
            return
        stop = sys.exception()
        assert isinstance(stop, httptools.HttpParserUpgrade), "uvicorn has just caught it"
        rest = self._received[stop.args[0] :]
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            if name == b"connection":
                options = [each.strip() for each in value.split(b",")]
                value = b", ".join(each for each in options if each.lower() not in _UPGRADE)
            if name not in _UPGRADE:
                lines.append(b"%s: %s" % (name, value))
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's
        self._again = b"\r\n".join([*lines, b"", rest])

    def cut_if_silent(self, seconds: float) -> None:
        """
        Close the connection if the head of a request has been awaited for too long.

        One that is kept may wait longer for its next request; uvicorn's timer for that ends with
        the first byte, which may be that of an empty line.
        """
        silent = self.loop.time() - self._since
        if self._is_kept():
            if silent > self.timeout_keep_alive:
                self.timeout_keep_alive_handler()
        elif silent > seconds and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        if self.transport.is_closing():
            return
        self.refused("invalid_http")
        last = self.cycle
        if last is not None and not last.response_complete and not last.more_body:
            # Its answer, and those before it, come first; and then the end.
            last.keep_alive = False
            self.flow.pause_reading()
            return
        detail = f"{msg} It is not HTTP/1.1 as RFC 9112 has it."
        self.transport.write(_answer(400, "invalid_http", detail))
        self.transport.close()


class _StreamProtocol(WebSocketsSansIOProtocol):
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
        self.transport.write(_answer(400, "invalid_http", detail, version))
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

    def cut_if_silent(self, seconds: float) -> None:
        """Break off what is closed on this side, and not read to the end on the other."""
        if not self.transport.is_closing():
            return
        now = self.loop.time()
        if self._closing_since is None:
            self._closing_since = now
        elif now - self._closing_since > seconds:
            self.transport.abort()


class _Farewell(asyncio.Protocol):
    """
    The end of a connection: nothing more is sent, and what still comes is not heeded.

    It is read for a moment all the same: closed at once, the connection would be reset.
    """

    lingering: ClassVar[set[asyncio.Transport]] = set()

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport = transport
        if len(self.lingering) >= _LINGERING:
            transport.close()
            return
        transport.write_eof()
        self.lingering.add(transport)
        loop.call_later(_LINGER, transport.close)

    def connection_lost(self, _: Exception | None) -> None:
        self.lingering.discard(self.transport)


class _Refusal(_Farewell):
    """A connection beyond the limit: it is told so."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        detail = "more clients are connected than can be served: connect again later"
        transport.write(_answer(503, "too_many_connections", detail, {"retry-after": "1"}))
        super().__init__(transport, loop)


def _answer(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> bytes:
    """An error as it is written to a connection that ends with it."""
    more = (headers or {}) | {"connection": "close", REQUEST_ID: new_request_id()}
    answer = problem(status, code, detail, headers=more)
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
    lines = [b"%s: %s" % header for header in answer.raw_headers]
    return b"\r\n".join([head, *lines, b"", bytes(answer.body)])


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    metrics: Metrics | None = app.state.metrics
    refused = metrics.rejected if metrics else lambda _: None
    limits = {
        "most": settings.max_connections,
        "kept": OrderedDict(),
        "refused": staticmethod(refused),
    }
    limited = type("LimitedProtocol", (_LimitedProtocol,), limits)
    stream = type("StreamProtocol", (_StreamProtocol,), {"refused": staticmethod(refused)})
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
