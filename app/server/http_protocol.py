"""uvicorn's HTTP protocol, with the limits that it lacks."""

import asyncio
import select
import sys
from collections import OrderedDict
from collections.abc import Callable, Sized
from typing import Any, ClassVar

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.server.joined_writes import JoinedWrites
from app.server.refusals import Farewell, Refusal, error_bytes

# Bytes of a head, or of trailers, that are read on for: browsers and proxies bear a few thousand.
_LARGEST_HEAD = 65_536
# What asks for another protocol, and is of use to nobody where that is not spoken.
_UPGRADE = {b"upgrade", b"http2-settings"}
# Seconds without a request after which a connection may make room for another client.
_UNUSED = 1.0


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


class HttpProtocol(HttpToolsProtocol):
    """
    HTTP with limits and corrections that uvicorn lacks.

    Headers and trailers have a limit. A request to upgrade to another protocol than WebSocket, as
    Java's client sends it, is answered as if it had not asked (RFC 9110, 7.8); the parser would
    read its body as that protocol, or as a request. Valid requests are answered before the 400 for
    malformed data is sent.
    """

    transport: Any  # JoinedWrites, and in the end the one within
    most: ClassVar[int]
    # Connections that are kept for another request, those without one for longest first.
    kept: "ClassVar[OrderedDict[HttpProtocol, None]]"
    refused: Callable[[str], None]
    # Whether a request is being read, its body included.
    _reading = False
    # Whether a head is being read, and how many bytes of it, or of trailers, came after its first.
    _in_head = False
    _head_bytes = 0
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
            transport.set_protocol(Refusal(transport, self.loop))
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
        self.transport.set_protocol(Farewell(self.transport, self.loop))

    def data_received(self, data: bytes) -> None:
        while data and not self.transport.is_closing():
            self._head_bytes += len(data)
            self._received, self._again = data, b""
            super().data_received(data)
            data = self._again
        self._received = self._again = b""
        if self._head_bytes > _LARGEST_HEAD:
            self.send_400_response(f"The head, or trailers, have more than {_LARGEST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.kept.pop(self, None)
        self._reading = self._in_head = True
        self._since, self._head_bytes = self.loop.time(), 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        if not self._is_asked_for_another():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._reading, self._head_bytes = False, 0
        if not self._is_asked_for_another():
            super().on_message_complete()

    def _should_upgrade(self) -> bool:
        """Whether to a WebSocket; that the connection is meant to be, the parser has seen."""
        asked = b",".join(value for name, value in self.headers if name == b"upgrade")
        return b"websocket" in [protocol.strip().lower() for protocol in asked.split(b",")]

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
                options = [option.strip() for option in value.split(b",")]
                value = b", ".join(option for option in options if option.lower() not in _UPGRADE)
            if name not in _UPGRADE:
                lines.append(b"%s: %s" % (name, value))
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's
        self._again = b"\r\n".join([*lines, b"", rest])

    def close_if_idle(self, seconds: float) -> None:
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
        self.transport.write(error_bytes(400, "invalid_http", detail))
        self.transport.close()
