"""Whether the client of a request is still there, from what ASGI receives."""

from starlette.types import Receive


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
