"""
What FastAPI costs: endpoints of the service's schemas that answer one thing, whatever is asked.

    FLOOR_ANSWER='{"model": …}' PORT=8001 python -m benchmarks.floor

The server and its settings are the service's. There is no middleware, and nothing is computed.
"""

import os

import uvicorn
from fastapi import FastAPI

from app.address import bind
from app.api.schemas import BatchAnswer, BatchQuery, SlotsAnswer, SlotsQuery, TextAnswer
from app.server.lifecycle import Server
from app.settings import Settings

ANSWER = "FLOOR_ANSWER"


def create_floor(answer: SlotsAnswer) -> FastAPI:
    """The two endpoints; a batch is answered as if each text had this answer."""
    floor = FastAPI(openapi_url=None)
    floor.state.metrics = None  # as the server asks
    text = TextAnswer(slots=answer.slots, intent=answer.intent, tokens=answer.tokens)

    @floor.post("/slots")
    async def slots(query: SlotsQuery) -> SlotsAnswer:  # noqa: ARG001
        return answer

    @floor.post("/slots/batch")
    async def batch(query: BatchQuery) -> BatchAnswer:
        return BatchAnswer(model=answer.model, answers=[text] * len(query.texts))

    return floor


def main() -> None:
    """Serve until told to stop."""
    floor = create_floor(SlotsAnswer.model_validate_json(os.environ[ANSWER]))
    settings = Settings()
    config = Server(floor, settings).config
    config.backlog = 100  # connections that wait; the service sees to that itself
    uvicorn.Server(config).run(sockets=list(bind(settings.host, settings.port)))


if __name__ == "__main__":
    main()
