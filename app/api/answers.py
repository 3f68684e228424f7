"""From a request to the JSON of its answer, for FastAPI's endpoints and for the fast path."""

from functools import partial

from starlette.types import Receive, Scope

from app.api.queries import parse_batch, parse_query
from app.api.responses import render_batch, render_slots
from app.api.schemas import TextQuery
from app.http.bodies import BodyLimits, read_json
from app.http.disconnect import HttpClient
from app.inference.service import SlotService


class Answers:
    """Reads, asks the service and renders; raises SlotFillingError where there is no answer."""

    def __init__(self, service: SlotService, limits: BodyLimits) -> None:
        self._service = service
        self._limits = limits

    async def one(self, scope: Scope, receive: Receive) -> bytes:
        """A SlotsAnswer to the request, in JSON."""
        query = parse_query(await read_json(scope, receive, self._limits))
        model = self._service.model(query.model)
        scope["state"]["model"] = model.manifest.name
        sentence = query.text if isinstance(query, TextQuery) else query.tokens
        render = partial(render_slots, query=query, model=model)
        return await self._service.tag(model.tagger, sentence, HttpClient(receive), render)

    async def batch(self, scope: Scope, receive: Receive) -> bytes:
        """A BatchAnswer to the request, in JSON."""
        query = parse_batch(await read_json(scope, receive, self._limits))
        model = self._service.model(query.model)
        scope["state"]["model"] = model.manifest.name
        return await self._service.tag_batch(
            model.tagger,
            query.texts,
            HttpClient(receive),
            partial(render_batch, query=query, model=model),
            distributions=query.detail == "distributions",
        )
