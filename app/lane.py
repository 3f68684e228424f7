"""
The shortest way from a short question to its answer: past ASGI.

Nearly every question comes in one piece and nothing is wrong with it. It needs no task, no
messages and no middleware: it is read, waits in the queue, and its answer is written, head and
body at once. What the middleware does for all others, limits, keys, request ids and metrics, is
done here by the same functions; and what is unusual in any way goes the way of all others.
"""

import asyncio
from collections.abc import Callable, Iterable, MutableSequence, Sequence
from functools import partial
from time import perf_counter
from typing import Any, ClassVar

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.datastructures import State
from starlette.types import Scope
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.access import key_shown, owner_of_key
from app.error_handlers import own_problem
from app.middleware import REQUEST_ID, SAFE_HEADERS, request_id_of
from app.observation import Watcher
from app.paths import app_path
from app.problems import CodedError
from app.queue import SHORT, OverloadedError, TaggingQueue, Waiting
from app.routes import check_length, read_question, said_in, slots_answer
from app.schemas import TextQuery, TokensQuery
from app.shortcut import is_json
from app.tagging.errors import SlotFillingError
from app.tagging.tagger import Tagger, Tagging

PATH = "/slots"
_JSON = (b"content-type", b"application/json")
_CLOSE = (b"connection", b"close")

Headers = Sequence[tuple[bytes, bytes]]
# Writes an answer: status, headers and body; or has ASGI make one where there is no status.
Reply = Callable[[int | None, Headers, bytes], None]


class Lane:
    """
    Answers what is asked at PATH, where it can.

    watchers and held: as of Observed; a question with one of the headers `unusual` is left alone.
    """

    def __init__(
        self,
        state: State,
        watchers: Iterable[Watcher],
        held: MutableSequence[int] | memoryview,
        unusual: Iterable[bytes],
    ) -> None:
        self._state = state
        self._settings = state.settings
        self._queue: TaggingQueue = state.queue
        self._keys = state.api_keys
        refusal = own_problem(OverloadedError())
        assert refusal is not None, "it has a status of its own"
        self._refusal = refusal
        self._watchers = tuple(watchers)
        self._held = held
        self._unusual = frozenset(unusual)

    def take(
        self, scope: Scope, body: bytes, has_left: Callable[[float], bool], reply: Reply
    ) -> bool:
        """Whether `reply` will be called, with an answer or a refusal: ASGI has all the rest."""
        began = perf_counter()
        headers, settings, told = dict(scope["headers"]), self._settings, scope["state"]
        catalogue = self._state.catalogue  # another when bundles were opened anew
        if (
            len(headers) < len(scope["headers"])
            or not self._unusual.isdisjoint(headers)
            or catalogue is None
        ):
            return False
        try:
            if self._keys is not None:
                told["caller"] = owner_of_key(key_shown(scope), self._keys)
            if self._queue.full(long=False):
                self._refuse(scope, reply)
                return True
            if (
                not is_json(scope["headers"])
                or len(body) > settings.max_body_bytes
                or body.count(b"[") + body.count(b"{") > settings.max_depth
            ):
                return False
            query = read_question(body)
            tagger = catalogue.tagger(query.model)
            sentence, words, size = said_in(query)
            if size > SHORT:
                return False
            check_length(words, settings.max_words)
        except (ValidationError, SlotFillingError, CodedError):
            return False
        told["request_id"] = request_id_of(scope)
        told["model"] = tagger.manifest.name

        def done(waiting: Waiting, found: Tagging | Exception) -> None:
            self._held[0] -= 1
            self._queue.left(waiting)
            try:
                status, headers, content = _answer(found, query, tagger, told)
            except Exception:  # ASGI will meet it again and tell of it: the turn must go on
                reply(None, (), b"")
                return
            self._end(scope, began, reply, status, headers, content)

        self._held[0] += 1
        self._queue.enter(Waiting(tagger, sentence, size, has_left, done))
        return True

    def _refuse(self, scope: Scope, reply: Reply) -> None:
        """Say no in its turn, without a look at what is asked."""
        told, began = scope["state"], perf_counter()
        told["request_id"], told["code"] = request_id_of(scope), self._refusal.code

        def tell() -> None:
            self._held[0] -= 1
            refusal = self._refusal
            content = bytes(refusal.body)
            self._end(scope, began, reply, refusal.status_code, refusal.raw_headers, content)

        self._held[0] += 1
        self._queue.refuse(tell)

    def _end(
        self, scope: Scope, began: float, reply: Reply, status: int, headers: Headers, body: bytes
    ) -> None:
        request_id = REQUEST_ID.encode(), scope["state"]["request_id"].encode()
        reply(status, [*headers, *SAFE_HEADERS, request_id], body)
        for tell in self._watchers:
            tell(scope, PATH, status, perf_counter() - began)


def _answer(
    found: Tagging | Exception, query: TextQuery | TokensQuery, tagger: Tagger, told: dict[str, Any]
) -> tuple[int, Headers, bytes]:
    """Status, headers and body; raises what nobody expected. An error's code goes into `told`."""
    if isinstance(found, Tagging):
        content = to_json(slots_answer(found, query, tagger))
        return 200, [_JSON, (b"content-length", b"%d" % len(content))], content
    refusal = own_problem(found) if isinstance(found, SlotFillingError) else None
    if refusal is None:
        raise found
    told["code"] = refusal.code
    return refusal.status_code, refusal.raw_headers, bytes(refusal.body)


class _Reading(FlowControl):
    """
    Goes on only when nothing of what was read awaits its turn.

    uvicorn reads on with every answer: the requests of who sends thousands ahead, and listens to
    none, would be taken apart one after another, and all others wait.
    """

    def __init__(self, transport: asyncio.Transport, ahead: Sequence[Any]) -> None:
        super().__init__(transport)
        self._ahead = ahead

    def resume_reading(self) -> None:
        """Read on, where nothing waits."""
        if not self._ahead:
            super().resume_reading()


class LaneProtocol(HttpToolsProtocol):
    """Lets the lane, if there is one, have what it takes, and ASGI the rest."""

    lane: ClassVar[Lane | None] = None
    _cycle_of_lane: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to read."""
        super().connection_made(transport)
        self.flow = _Reading(transport, self.pipeline)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if (
            self.lane
            and app_path(cycle.scope) == PATH
            and cycle.scope["method"] == "POST"
            and not cycle.waiting_for_100_continue
        ):
            # Its body is still to be read.
            self._cycle_of_lane = cycle
        else:
            super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        """Read what there is; a question in it is whole, or else not for the lane."""
        super().data_received(data)
        self._take_lane()

    def on_response_complete(self) -> None:
        """Go on with what has come meanwhile."""
        super().on_response_complete()
        self._take_lane()

    def _take_lane(self) -> None:
        cycle, self._cycle_of_lane = self._cycle_of_lane, None
        if cycle is None:
            return
        # Who does not read answers gets no more of them: ASGI waits for that.
        if cycle.more_body or self.flow.write_paused or not self._taken(cycle):
            super()._start_asgi_task(cycle, self.app)

    def _taken(self, cycle: Any) -> bool:
        assert self.lane is not None, "who has none takes none"
        return self.lane.take(
            cycle.scope,
            bytes(cycle.body),
            lambda _: cycle.disconnected,
            partial(self._reply, cycle),
        )

    def _reply(self, cycle: Any, status: int | None, headers: Headers, content: bytes) -> None:
        if status is None:
            super()._start_asgi_task(cycle, self.app)
            return
        if cycle.disconnected:
            return
        lines = [*self.server_state.default_headers, *headers]
        if _CLOSE in lines:
            cycle.keep_alive = False
        elif not cycle.keep_alive:
            lines.append(_CLOSE)
        head = b"".join([b"%s: %s\r\n" % line for line in lines])
        self.transport.write(b"%s%s\r\n%s" % (STATUS_LINE[status], head, content))
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()
