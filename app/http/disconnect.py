"""Whether the client of a request is still there, from what ASGI receives."""

from typing import Protocol

from starlette.types import Receive

from app.tagging.errors import SlotFillingError


class ClientDisconnectedError(SlotFillingError):
    """The client closed its connection; the code reaches the log and the metrics only."""

    code = "client_gone"

    def __init__(self) -> None:
        super().__init__("the client has disconnected")


class Client(Protocol):
    """Whoever waits for an answer."""

    def is_disconnected(self) -> bool:
        """Whether it has closed its connection."""

    async def wait_for_disconnect(self) -> object:
        """Return when it has closed its connection."""


class HttpClient:
    """The client of an HTTP request whose body has been read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def is_disconnected(self) -> bool:
        """
        Whether it has closed its connection, without waiting for it.

        The first step of `receive` after the body either ends with http.disconnect or would wait
        for it; then it goes no further.
        """
        step = self._receive().__await__()
        try:
            next(step)
        except StopIteration as end:
            return bool(end.value["type"] == "http.disconnect")
        step.close()
        return False

    async def wait_for_disconnect(self) -> None:
        """Return when it has closed its connection."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
