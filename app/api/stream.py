"""
Slots as someone speaks: partial transcripts come over a WebSocket, and each is answered.

The networks read both ways, so that each partial is tagged whole. Of partials that come faster
than they are answered only the last is: one waits at a time, and gives way to whatever comes
after it. A whole text never gives way; its client is not read on until its turn has come.
"""

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response, WebSocket
from pydantic_core import to_json
from starlette.datastructures import State
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from app.api.form_schemas import FormQuery
from app.api.forms import FormAnswers
from app.api.queries import parse_message
from app.api.responses import render_final, render_partial
from app.api.schemas import TextQuery
from app.http.authentication import AccessControl, key_shown
from app.http.close_codes import GOING_AWAY, POLICY_VIOLATION, SERVICE_RESTART
from app.http.error_handlers import problem_from_error, unexpected_problem
from app.http.errors import (
    InvalidApiKeyError,
    MissingApiKeyError,
    OriginNotAllowedError,
    RequestError,
    StreamIdleTimeoutError,
)
from app.http.paths import STREAM_PATH
from app.inference.errors import NotReadyError, StoppingError
from app.inference.service import SlotService
from app.settings import Settings
from app.tagging.errors import SlotFillingError

if TYPE_CHECKING:
    from app.observability.metrics import Metrics

_STOPPING = "the service is shutting down: connect again"

logger = logging.getLogger(__name__)
router = APIRouter()


@dataclass(frozen=True, slots=True)
class _ClientMessage:
    """
    What a client has sent: a text, whole or not; or else what is wrong with its message.

    form: its name, if texts are for one; turn: of a whole text for a form, what it is a turn of.
    closing: the code with which the stream ends after it, if it does.
    """

    query: TextQuery | None = None
    final: bool = False
    form: str | None = None
    turn: FormQuery | None = None
    error: RequestError | None = None
    closing: int | None = None

    @property
    def is_superseded(self) -> bool:
        """Whether what comes after it makes it worthless."""
        return self.query is not None and not self.final


class _LatestMailbox:
    """The one place in which something waits for its answer."""

    def __init__(self) -> None:
        self._waiting: _ClientMessage | None = None
        self._changed = asyncio.Condition()

    async def put(self, message: _ClientMessage) -> None:
        """Put it in the place of a partial, or wait until the place is free."""
        async with self._changed:
            await self._changed.wait_for(
                lambda: self._waiting is None or self._waiting.is_superseded
            )
            self._waiting = message
            self._changed.notify_all()

    async def take(self) -> _ClientMessage:
        """Wait for what there is to answer, and free the place."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting is not None)
            message, self._waiting = self._waiting, None
            self._changed.notify_all()
        assert message is not None, "waited for"
        return message


class _Stream:
    """One client's WebSocket, from its first message to its last answer."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._state: State = websocket.app.state
        self._settings: Settings = self._state.settings
        self._metrics: Metrics | None = self._state.metrics
        self._service: SlotService = self._state.service
        self._forms: FormAnswers = self._state.form_answers
        self._access: AccessControl = self._state.access
        self._key = key_shown(websocket.scope)
        self._options: dict[str, Any] = {}
        self._mailbox = _LatestMailbox()
        self._disconnected = asyncio.Event()

    def is_disconnected(self) -> bool:
        """Whether the client has closed the stream."""
        return self._disconnected.is_set()

    async def wait_for_disconnect(self) -> None:
        """Return when the client has closed the stream."""
        await self._disconnected.wait()

    async def run(self) -> None:
        """Answer until one of both sides ends it."""
        reading = asyncio.create_task(self._read())
        try:
            while (message := await self._mailbox.take()).query or message.error:
                await self._answer(message)
                if message.closing is not None:
                    await self._websocket.close(message.closing)
                    return
                if message.final and self._state.stopping:
                    await self._websocket.close(SERVICE_RESTART, _STOPPING)
                    return
            if message.closing is not None:
                await self._websocket.close(message.closing, _STOPPING)
        except WebSocketDisconnect:
            pass  # nobody is left to be told
        finally:
            reading.cancel()

    async def _read(self) -> None:
        """Put what comes where it waits, up to the end."""
        while True:
            known = self._access.keys is None or self._key is not None
            patience = self._settings.stream_idle_timeout if known else self._settings.read_timeout
            try:
                async with asyncio.timeout(patience):
                    message = await self._websocket.receive()
            except TimeoutError:
                error = StreamIdleTimeoutError(patience) if known else MissingApiKeyError()
                code = GOING_AWAY if known else POLICY_VIOLATION
                await self._mailbox.put(_ClientMessage(error=error, closing=code))
                return
            if message["type"] == "websocket.disconnect":
                if self._state.stopping and message.get("code") == SERVICE_RESTART:
                    # The server's own word: what waits is answered first.
                    await self._mailbox.put(_ClientMessage(closing=SERVICE_RESTART))
                else:
                    self._disconnected.set()
                    await self._mailbox.put(_ClientMessage())
                return
            if (understood := self._understood(message)) is not None:
                await self._mailbox.put(understood)
                if understood.closing is not None:
                    return

    def _understood(self, message: Message) -> _ClientMessage | None:
        """What a message asks for, if anything."""
        text: str | None = message.get("text")
        data: bytes = message["bytes"] if text is None else text.encode()
        final = False
        try:
            sent = parse_message(data, self._settings.max_body_bytes)
            final = sent.final
            if self._key is None and sent.key is not None:
                self._key = sent.key.encode()
            # Each time, for a key may be withdrawn meanwhile.
            self._access.authenticate(self._websocket.scope, self._key)
        except (MissingApiKeyError, InvalidApiKeyError) as error:
            return _ClientMessage(final=final, error=error, closing=POLICY_VIOLATION)
        except RequestError as error:
            return _ClientMessage(error=error)
        self._options |= sent.options
        if sent.text is None:
            return None
        options = dict(self._options)
        form, language = options.pop("form", None), options.pop("language", None)
        turn = None
        if form is not None and sent.final:
            turn = FormQuery(
                text=sent.text,
                state=sent.state,
                resolve=options.get("resolve"),
                language=language,
            )
        return _ClientMessage(TextQuery(text=sent.text, **options), sent.final, form, turn)

    async def _answer(self, message: _ClientMessage) -> None:
        began = perf_counter()
        scope, problem = self._websocket.scope, None
        try:
            if message.error is not None:
                raise message.error
            assert message.query is not None, "there is a text or an error"
            answer = await self._answer_to(message.query, message)
        except SlotFillingError as error:
            problem = problem_from_error(scope, error)
        except Exception as error:
            logger.exception("a text of a stream was not tagged")
            problem = unexpected_problem(scope, error)
        if problem is not None:
            answer = _error_response(message, problem)
        if self._metrics is not None:
            status, code = (problem.status_code, problem.code) if problem else (200, None)
            self._metrics.answered(status, code, perf_counter() - began)
        await self._websocket.send_text(answer.decode())

    async def _answer_to(self, query: TextQuery, message: _ClientMessage) -> bytes:
        self._access.count(self._websocket.scope)
        if message.form is not None and message.turn is not None:
            turn = await self._forms.turn(message.form, message.turn, self, "message")
            return to_json({"text": query.text, "final": True} | turn)
        name = query.model
        if message.form is not None:  # what is being said for it is read by its model
            name = self._service.forms().form(message.form).model
        model = self._service.model(name)
        render_text = render_final if message.final else render_partial
        render = partial(render_text, query=query, model=model)
        return await self._service.tag(model.tagger, query.text, self, render)


@router.websocket(STREAM_PATH)
async def stream_slots(websocket: WebSocket) -> None:
    """Slots of growing texts. OpenAPI cannot describe the messages: docs/how-to/stream.md does."""
    state: State = websocket.app.state
    access: AccessControl = state.access
    try:
        _check_origin(websocket, state.settings)
        if (key := key_shown(websocket.scope)) is not None:
            access.authenticate(websocket.scope, key)
        if state.stopping:
            raise StoppingError
        if state.registry is None:
            raise NotReadyError
    except SlotFillingError as error:
        await websocket.send_denial_response(problem_from_error(websocket.scope, error))
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


def _error_response(message: _ClientMessage, problem: Response) -> bytes:
    """What there is in place of an answer; `final`: whether it is the whole that has none."""
    return b'{"final":%s,"problem":%s}' % (to_json(message.final), bytes(problem.body))
