"""
Slots as someone speaks: partial transcripts come over a WebSocket, and each is answered.

The networks read both ways, so that each partial is tagged whole. Of partials that come faster
than they are answered only the last is: one waits at a time, and gives way to whatever comes
after it. A whole text never gives way; its client is not read on until its turn has come.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from app.access import KeyMissingError, KeyUnknownError, key_shown, owner_of_key
from app.catalogue import NotReadyError, StoppingError
from app.error_handlers import HTTP_PROBLEMS, problem_of, unexpected_error
from app.keys import KeysFile
from app.middleware import BodyTooDeepError, BodyTooLargeError, depth_of
from app.paths import app_path
from app.problems import CodedError, problem
from app.routes import slots_answer, tag_one
from app.schemas import TextQuery
from app.settings import Settings
from app.stream_messages import StreamMessage
from app.tagging.errors import SlotFillingError
from app.tagging.settling import rules_of, whole_words
from app.tagging.tagger import Tagger, Tagging

if TYPE_CHECKING:
    from app.metrics import Metrics

STREAM_PATH = "/slots/stream"
# Codes of RFC 6455 and the registry it began, with which a stream ends.
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
SERVICE_RESTART = 1012
_STOPPING = "the service is about to stop: connect anew"

logger = logging.getLogger(__name__)
router = APIRouter()


class OriginNotAllowedError(CodedError):
    """A page of another origin calls, and no setting lets it."""

    code = "origin_not_allowed"

    def __init__(self) -> None:
        super().__init__(403, "pages of this origin may not call: SLOTLINE_CORS_ORIGINS names some")


class StreamSilentError(CodedError):
    """Nothing has come for too long; the stream ends with the message."""

    code = "stream_idle_timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(408, f"nothing came within {seconds:g} seconds: connect anew")


class StreamsInPlace:
    """Answer 404 to a WebSocket that is not for the stream: nothing else knows what one is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and app_path(scope) != STREAM_PATH:
            code, detail = HTTP_PROBLEMS[HTTPStatus.NOT_FOUND]
            await problem(404, code, detail)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class _Said:
    """
    What a client has said: a text, whole or not; or else what is wrong with its message.

    closing: the code with which the stream ends after it, if it does.
    """

    query: TextQuery | None = None
    final: bool = False
    fault: Exception | None = None
    closing: int | None = None

    @property
    def gives_way(self) -> bool:
        """Whether what comes after it makes it worthless."""
        return self.query is not None and not self.final


class _Place:
    """The one place in which something waits for its answer."""

    def __init__(self) -> None:
        self._waiting: _Said | None = None
        self._changed = asyncio.Condition()

    async def put(self, said: _Said) -> None:
        """Put it in the place of a partial, or wait until the place is free."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting is None or self._waiting.gives_way)
            self._waiting = said
            self._changed.notify_all()

    async def take(self) -> _Said:
        """Wait for what there is to answer, and free the place."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting is not None)
            said, self._waiting = self._waiting, None
            self._changed.notify_all()
        assert said is not None, "waited for"
        return said


class _Stream:
    """One client's WebSocket, from its first message to its last answer."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._state: State = websocket.app.state
        self._settings: Settings = self._state.settings
        self._metrics: Metrics | None = self._state.metrics
        self._keys: KeysFile | None = self._state.api_keys
        self._key = key_shown(websocket.scope)
        self._options: dict[str, Any] = {}
        self._place = _Place()
        self._gone = asyncio.Event()

    async def run(self) -> None:
        """Answer until one of both sides ends it."""
        reading = asyncio.create_task(self._read())
        try:
            while (said := await self._place.take()).query or said.fault:
                await self._answer(said)
                if said.closing is not None:
                    await self._websocket.close(said.closing)
                    return
                if said.final and self._state.stopping:
                    await self._websocket.close(SERVICE_RESTART, _STOPPING)
                    return
            if said.closing is not None:
                await self._websocket.close(said.closing, _STOPPING)
        except WebSocketDisconnect:
            pass  # nobody is left to be told
        finally:
            reading.cancel()

    async def _read(self) -> None:
        """Put what comes where it waits, up to the end."""
        while True:
            known = self._keys is None or self._key is not None
            patience = self._settings.stream_idle_timeout if known else self._settings.read_timeout
            try:
                async with asyncio.timeout(patience):
                    message = await self._websocket.receive()
            except TimeoutError:
                fault = StreamSilentError(patience) if known else KeyMissingError()
                code = GOING_AWAY if known else POLICY_VIOLATION
                await self._place.put(_Said(fault=fault, closing=code))
                return
            if message["type"] == "websocket.disconnect":
                if self._state.stopping and message.get("code") == SERVICE_RESTART:
                    # The server's own word: what waits is answered first.
                    await self._place.put(_Said(closing=SERVICE_RESTART))
                else:
                    self._gone.set()
                    await self._place.put(_Said())
                return
            if (said := self._understood(message)) is not None:
                await self._place.put(said)
                if said.closing is not None:
                    return

    def _understood(self, message: Message) -> _Said | None:
        """What a message asks for, if anything."""
        text: str | None = message.get("text")
        data: bytes = message["bytes"] if text is None else text.encode()
        final = False
        try:
            found = _parsed(data, self._settings)
            final = found.final
            if self._key is None and found.key is not None:
                self._key = found.key.encode()
            self._name_caller()
        except (KeyMissingError, KeyUnknownError) as error:
            return _Said(final=final, fault=error, closing=POLICY_VIOLATION)
        except (CodedError, RequestValidationError) as error:
            return _Said(fault=error)
        self._options |= found.options
        if found.text is None:
            return None
        return _Said(TextQuery(text=found.text, **self._options), found.final)

    def _name_caller(self) -> None:
        """Raises KeyMissingError and KeyUnknownError: a key may be withdrawn meanwhile."""
        if self._keys is not None:
            owner = owner_of_key(self._key, self._keys)
            self._websocket.scope["state"]["caller"] = owner

    async def _answer(self, said: _Said) -> None:
        began = perf_counter()
        refusal = None
        try:
            if said.fault is not None:
                raise said.fault
            assert said.query is not None, "there is a text or a fault"
            answer = await self._found(said.query, final=said.final)
        except (CodedError, RequestValidationError, SlotFillingError) as error:
            refusal = await problem_of(self._websocket, error)
        except Exception as error:
            logger.exception("a text of a stream was not tagged")
            refusal = await unexpected_error(self._websocket, error)
        if refusal is not None:
            answer = _told(said, refusal)
        if self._metrics is not None:
            self._metrics.answered(refusal, perf_counter() - began)
        await self._websocket.send_text(answer.decode())

    async def _found(self, query: TextQuery, *, final: bool) -> bytes:
        state = self._state
        if state.limit is not None:
            from app.rate_limit import caller_of

            state.limit.count(caller_of(self._websocket.scope))
        if state.catalogue is None:
            raise NotReadyError
        tagger: Tagger = state.catalogue.tagger(query.model)
        tell = partial(_whole if final else _so_far, query=query, tagger=tagger)
        limit = self._settings.max_words
        return await tag_one(query, tagger, state.queue, limit, self._departure, tell)

    async def _departure(self) -> Message:
        """As HTTP's receive tells of it."""
        await self._gone.wait()
        return {"type": "http.disconnect"}


@router.websocket(STREAM_PATH)
async def stream_slots(websocket: WebSocket) -> None:
    """Slots of growing texts; the README documents the messages, as OpenAPI cannot."""
    state: State = websocket.app.state
    try:
        _check_origin(websocket, state.settings)
        if state.api_keys is not None and (shown := key_shown(websocket.scope)) is not None:
            owner_of_key(shown, state.api_keys)
        if state.stopping:
            raise StoppingError
        if state.catalogue is None:
            raise NotReadyError
    except (CodedError, SlotFillingError) as error:
        await websocket.send_denial_response(await problem_of(websocket, error))
        return
    await websocket.accept()
    await _Stream(websocket).run()


def _check_origin(websocket: WebSocket, settings: Settings) -> None:
    """
    Raises OriginNotAllowedError.

    Browsers let any page open a WebSocket to anywhere, but tell which page it was. A proxy may
    have taken TLS off, so that only the hosts are compared.
    """
    origin = websocket.headers.get("origin")
    allowed = settings.cors_origins or ()
    if origin is None or origin in allowed or "*" in allowed:
        return
    _, _, host = origin.partition("://")
    if host.lower() != websocket.headers.get("host", "").lower():
        raise OriginNotAllowedError


def _parsed(data: bytes, settings: Settings) -> StreamMessage:
    """Raises CodedError and RequestValidationError."""
    if len(data) > settings.max_body_bytes:
        raise BodyTooLargeError(settings.max_body_bytes)
    brackets = data.count(b"[") + data.count(b"{")
    if brackets > settings.max_depth and depth_of(data) > settings.max_depth:
        raise BodyTooDeepError(settings.max_depth)
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _not_json(error.start) from error
    except json.JSONDecodeError as error:
        raise _not_json(error.pos) from error
    except (ValueError, RecursionError) as error:  # more digits, or brackets, than Python reads
        raise _not_json(0) from error
    try:
        return StreamMessage.model_validate(found)
    except ValidationError as error:
        faults = [
            {**fault, "loc": ("message", *fault["loc"])}
            for fault in error.errors(include_url=False)
        ]
        raise RequestValidationError(faults) from error


def _not_json(place: int) -> RequestValidationError:
    return RequestValidationError([{"type": "json_invalid", "loc": ("message", place)}])


def _so_far(tagging: Tagging, query: TextQuery, tagger: Tagger) -> bytes:
    rules, words = rules_of(tagger.manifest.metrics), whole_words(query.text, tagging.tokens)
    whole = query.model_copy(update={"min_confidence": 0.0, "detail": "slots"})
    found = slots_answer(tagging, whole, tagger)
    slots = [
        told | {"stable": rules.settle(slot, words)}
        for told, slot in zip(found["slots"], tagging.slots, strict=True)
        if slot.confidence >= query.min_confidence
    ]
    return to_json({"text": query.text, "final": False, "model": found["model"], "slots": slots})


def _whole(tagging: Tagging, query: TextQuery, tagger: Tagger) -> bytes:
    return to_json({"text": query.text, "final": True} | slots_answer(tagging, query, tagger))


def _told(said: _Said, problem: Response) -> bytes:
    """What there is in place of an answer; `final`: whether it is the whole that has none."""
    return b'{"final":%s,"problem":%s}' % (to_json(said.final), bytes(problem.body))
