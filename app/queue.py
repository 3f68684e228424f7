"""
The bounded queue in front of the taggers.

What people say is short: those texts that are waiting are tagged together, a few at a time, on
the event loop itself, for a thread is found later than they are tagged. Long texts and batches
would hold the loop up, so that one thread works on them, and takes them in turn; neither kind
takes the places of the other.
"""

import asyncio
import time
from asyncio import FIRST_COMPLETED
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.types import Receive

from app.tagging.errors import SlotFillingError
from app.tagging.tagger import Tagger, Tagging

# Characters of a text that is tagged in about a millisecond.
SHORT = 1_000
# Sentences of a turn, and their characters: the loop has others to serve.
_TURN = 64
_TURN_SIZE = 5 * SHORT
# Texts of a batch that take one place.
_TEXTS = 8
# Refusals told for each answer, so that three times the load that can be borne has all its
# answers and refusals at once.
_REFUSALS = 2
# Seconds that a refusal waits for them at most.
_HELD = 0.5
# Nobody leaves sooner, and to look costs a little.
_PATIENCE = 0.01

T = TypeVar("T")
# Told at the end of all waiting whether it was for long work, since when, and when the turn came;
# in the context of the request.
Watch = Callable[[bool, float, float | None], None]


class OverloadedError(SlotFillingError):
    """The queue is full."""

    code = "overloaded"
    retry_after = 1  # seconds: headers know no less

    def __init__(self) -> None:
        super().__init__("more requests are waiting than can be answered soon: ask again later")


class DeadlineExceededError(SlotFillingError):
    """The request waited longer than requests may."""

    code = "deadline_exceeded"
    retry_after = 1  # seconds: headers know no less

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the answer was not there within {seconds:g} seconds: ask again later")


class ClientGoneError(SlotFillingError):
    """Nobody waits for the answer any more; told to the log and to nobody else."""

    code = "client_gone"

    def __init__(self) -> None:
        super().__init__("the client has gone away")


@dataclass(slots=True)
class Waiting:
    """
    A sentence of `size` characters that waits; `sentence` is a text or its tokens.

    has_left: whether nobody waits for it any more, asked with the seconds that it has waited;
    done: told its tagging, or the error that takes its place, and given this, lest it hold on to
    what holds on to it: that would be left to the garbage collector.
    """

    tagger: Tagger
    sentence: str | Sequence[str]
    size: int
    has_left: Callable[[float], bool]
    done: Callable[["Waiting", Tagging | Exception], None]
    since: float = field(default_factory=time.monotonic)
    began: float | None = None


class _Refused:
    """One who was refused and is to be told so, after a while at any rate."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._latest = asyncio.get_running_loop().call_later(_HELD, self.go)

    def go(self) -> bool:
        """Tell; whether that had not been done before."""
        if self._latest.cancelled():
            return False
        self._latest.cancel()
        self._tell()
        return True


class TaggingQueue:
    """
    Whoever waits for a tagger, in the order of arrival.

    `places` bounds the short texts that wait, and again the long work that waits or is done:
    of that, a batch takes one for every eight texts, which are tagged in the time of one, and a
    text one for every thousand characters. Whoever comes while a place is free gets in, with all
    that it brings.
    Times are seconds. Belongs to one event loop.
    """

    def __init__(self, places: int, timeout: float) -> None:
        self.places = places
        self.timeout = timeout
        self.working = 0  # places of long work
        self.watchers: list[Watch] = []
        self._waiting: deque[Waiting] = deque()
        self._refused: deque[_Refused] = deque()
        self._refusals = _REFUSALS * _TEXTS  # that may be told
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tagging")

    @property
    def waiting(self) -> int:
        """Short texts that wait."""
        return len(self._waiting)

    def full(self, *, long: bool) -> bool:
        """Whether the next to come is refused."""
        return (self.working if long else len(self._waiting)) >= self.places

    def enter(self, waiting: Waiting) -> None:
        """Have a short text, or tokens, tagged in its turn; raises OverloadedError."""
        if self.full(long=False):
            raise OverloadedError
        if not self._waiting:
            _soon(self._take_turn)
        self._waiting.append(waiting)

    def left(self, waiting: Waiting) -> None:
        """Tell the watchers of one that waits no more."""
        for watch in self.watchers:
            watch(False, waiting.since, waiting.began)

    async def tag(
        self, tagger: Tagger, sentence: str | Sequence[str], size: int, receive: Receive
    ) -> Tagging:
        """
        Tag a short text, or tokens, of `size` characters.

        Raises OverloadedError, DeadlineExceededError, and ClientGoneError as `receive` tells.
        """
        answer: asyncio.Future[Tagging] = asyncio.get_running_loop().create_future()

        def gone(waited: float) -> bool:
            return answer.cancelled() or (waited > _PATIENCE and has_left(receive))

        def done(_: Waiting, found: Tagging | Exception) -> None:
            if answer.cancelled():
                return
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found)

        waiting = Waiting(tagger, sentence, size, gone, done)
        self.enter(waiting)
        try:
            return await answer
        finally:
            self.left(waiting)

    async def work(self, places: int, task: Callable[[], T], receive: Receive) -> T:
        """
        Do in the thread what takes long.

        Raises what `tag` raises. A task whose turn has not come by then is not begun; one that
        was begun keeps its places until it has ended, for a thread cannot be stopped.
        """
        if self.full(long=True):
            raise OverloadedError
        self.working += places
        since, began, wanted = time.monotonic(), None, True

        def begin() -> T:
            nonlocal began
            if not wanted or time.monotonic() - since > self.timeout:
                raise DeadlineExceededError(self.timeout)
            began = time.monotonic()
            return task()

        running = asyncio.get_running_loop().run_in_executor(self._thread, begin)

        def end(task: asyncio.Future[T]) -> None:
            self.working -= places
            self._let_refusals_go(places)
            if not task.cancelled():
                task.exception()  # which nobody may have waited for

        running.add_done_callback(end)
        gone = asyncio.ensure_future(_departure(receive))
        try:
            awaited: set[asyncio.Future[Any]] = {running, gone}
            await asyncio.wait(awaited, timeout=self.timeout, return_when=FIRST_COMPLETED)
        finally:
            wanted = False
            gone.cancel()
            for watch in self.watchers:
                watch(True, since, began)
        if running.done():
            return running.result()
        raise ClientGoneError if gone.done() else DeadlineExceededError(self.timeout)

    def refuse(self, tell: Callable[[], None]) -> None:
        """
        Have `tell` called when one who was refused may be told, and not before this returns.

        Refusals keep pace with answers, or clients that ask again at once, in their hundreds,
        would take the time of those that were accepted.
        """
        if self._may_refuse():
            asyncio.get_running_loop().call_soon(tell)
        else:
            self._refused.append(_Refused(tell))

    async def refusal(self) -> None:
        """Wait until one who was refused may be told."""
        if self._may_refuse():
            return
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.refuse(lambda: None if told.done() else told.set_result(None))
        await told

    def close(self) -> None:
        """Begin nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _take_turn(self) -> None:
        """Tag a few of those that wait the longest, and come back if there are more."""
        turn: list[Waiting] = []
        size, before, now = 0, len(self._waiting), time.monotonic()
        while self._waiting and len(turn) < _TURN:
            first = self._waiting[0]
            size += first.size
            if turn and size > _TURN_SIZE:
                break
            self._waiting.popleft()
            if self._still_wanted(first, now):
                first.began = now
                turn.append(first)
        alike: dict[tuple[Tagger, bool], list[Waiting]] = {}
        for waiting in turn:
            kind = waiting.tagger, isinstance(waiting.sentence, str)
            alike.setdefault(kind, []).append(waiting)
        for together in alike.values():
            _tag(together)
        self._let_refusals_go(before - len(self._waiting))
        if self._waiting:
            _soon(self._take_turn)

    def _still_wanted(self, waiting: Waiting, now: float) -> bool:
        waited = now - waiting.since
        if waited > self.timeout:
            waiting.done(waiting, DeadlineExceededError(self.timeout))
        elif waiting.has_left(waited):
            waiting.done(waiting, ClientGoneError())
        else:
            return True
        return False

    def _may_refuse(self) -> bool:
        """Whether a refusal may be told at once; it counts as told."""
        if not self._refusals:
            return False
        self._refusals -= 1
        return True

    def _let_refusals_go(self, answers: int) -> None:
        pace = _REFUSALS * answers
        while self._refused and pace:
            pace -= self._refused.popleft().go()
        self._refusals = min(self._refusals + pace, _REFUSALS * _TEXTS)
        if not self._waiting and not self.working:
            _soon(self._let_the_rest_go)

    def _let_the_rest_go(self) -> None:
        """As nothing waits that they could disturb, and nothing has come since that was so."""
        if self._waiting or self.working:
            return
        while self._refused:
            self._refused.popleft().go()
        self._refusals = _REFUSALS * _TEXTS


def _soon(act: Callable[[], None]) -> None:
    """
    Act when the loop has once more read what is there.

    Clients that were answered together ask again one after another. A turn that began with the
    first of them would leave the others for the next, and these two halves would be served in
    turns for good.
    """
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.call_soon, act)


def places_of(characters: int, texts: int = 1) -> int:
    """The places that are taken by what is tagged in the thread."""
    return max(1, -(-texts // _TEXTS), -(-characters // SHORT))


def has_left(receive: Receive) -> bool:
    """
    Whether the client has gone away, seen without waiting for it to do so.

    The first step of `receive`, after the body has come, either ends with http.disconnect or
    would wait for it; then it goes no further.
    """
    step = receive().__await__()
    try:
        next(step)
    except StopIteration as end:
        return bool(end.value["type"] == "http.disconnect")
    step.close()
    return False


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _tag(waiting: Sequence[Waiting]) -> None:
    """Answer sentences of one kind that one tagger is asked for."""
    tagger = waiting[0].tagger
    try:
        if isinstance(waiting[0].sentence, str):
            taggings = tagger.tag_texts([str(one.sentence) for one in waiting])
        else:
            taggings = tagger.tag_tokens([one.sentence for one in waiting])
    except Exception as error:  # whoever asked can tell of it, and only they shall fail
        if len(waiting) == 1:
            waiting[0].done(waiting[0], error)
        else:
            for one in waiting:
                _tag([one])
        return
    for one, tagging in zip(waiting, taggings, strict=True):
        one.done(one, tagging)
