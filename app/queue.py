"""
The bounded queue in front of the taggers.

What people say is short: those texts that are waiting are tagged together, a few at a time, on
the event loop itself, for a thread is found later than they are tagged. Long texts and batches
would hold the loop up, so that one thread works on them, and takes them in turn.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from app.tagging.errors import SlotFillingError
from app.tagging.tagger import Tagger, Tagging

# Characters that are tagged in about a millisecond, in one text or in all of one turn.
SHORT = 1_000
# Sentences of a turn: a network gains nothing beyond, and the loop has others to serve.
_TURN = 8
# Nobody leaves sooner, and to look costs a little.
_PATIENCE = 0.01

T = TypeVar("T")
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class OverloadedError(SlotFillingError):
    """The queue is full."""

    code = "overloaded"
    headers = {"retry-after": "1"}

    def __init__(self) -> None:
        super().__init__("more requests are waiting than can be answered soon: ask again later")


class DeadlineExceededError(SlotFillingError):
    """The request waited longer than requests may."""

    code = "deadline_exceeded"
    headers = {"retry-after": "1"}

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the answer was not there within {seconds:g} seconds: ask again later")


class ClientGoneError(SlotFillingError):
    """Nobody waits for the answer any more; told to the log and to nobody else."""

    code = "client_gone"

    def __init__(self) -> None:
        super().__init__("the client has gone away")


@dataclass(slots=True)
class _Waiting:
    """A sentence that waits; `sentence` is a text or its tokens."""

    tagger: Tagger
    sentence: str | Sequence[str]
    size: int
    answer: asyncio.Future[Tagging]
    receive: Receive
    since: float


class TaggingQueue:
    """
    Whoever waits for a tagger, in the order of arrival.

    `places` bounds all that wait or are at work: a sentence takes one; a batch one for every
    eight texts, which are tagged in the time of one; a long text one for every thousand characters.
    Whoever comes while a place is free gets in, with all that it brings.
    Times are seconds. Belongs to one event loop.
    """

    def __init__(self, places: int, timeout: float) -> None:
        self.places = places
        self.timeout = timeout
        self.taken = 0
        self._waiting: deque[_Waiting] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tagging")

    @property
    def full(self) -> bool:
        """Whether the next to come is refused."""
        return self.taken >= self.places

    async def tag(
        self, tagger: Tagger, sentence: str | Sequence[str], size: int, receive: Receive
    ) -> Tagging:
        """
        Tag a short text, or tokens, of `size` characters.

        Raises OverloadedError, DeadlineExceededError, and ClientGoneError as `receive` tells.
        """
        if self.full:
            raise OverloadedError
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._take_turn)
        answer: asyncio.Future[Tagging] = loop.create_future()
        self._waiting.append(
            _Waiting(tagger, sentence, size, answer, receive, time.monotonic())
        )
        self.taken += 1
        return await answer

    async def work(self, places: int, task: Callable[[], T], receive: Receive) -> T:
        """
        Do in the thread what takes long.

        Raises what `tag` raises. A task whose turn has not come by then is not begun; one that
        was begun keeps its places until it has ended, for a thread cannot be stopped.
        """
        if self.full:
            raise OverloadedError
        self.taken += places
        wanted = True

        def begin() -> T | None:
            return task() if wanted else None

        running = asyncio.get_running_loop().run_in_executor(self._thread, begin)
        running.add_done_callback(lambda _: self._free(places))
        gone = asyncio.ensure_future(_departure(receive))
        try:
            await asyncio.wait(
                {running, gone}, timeout=self.timeout, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            wanted = False
            gone.cancel()
        ...
