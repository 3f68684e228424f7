"""
The bounded queue in front of the taggers, which forms batches.

Most texts are short. Those that wait are tagged together, a few at a time, on the event loop
itself, because handing them to a thread takes longer than tagging them. Long texts and batch
requests would block the loop, so one thread works on them in order. Neither kind takes the other's
places.
"""

import asyncio
import time
from asyncio import FIRST_COMPLETED
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from app.inference.errors import ClientDisconnectedError, DeadlineExceededError, OverloadedError
from app.tagging.tagger import TaggedSentence, Tagger

# Characters of a text that is tagged in about a millisecond; a longer text is long work.
SHORT = 1_000
# Sentences of one batch, and their characters: the loop has others to serve.
_BATCH = 64
_BATCH_SIZE = 5 * SHORT
# Texts of a batch request that take one place.
_TEXTS = 8
# Rejections sent for each answer, so that three times the load that the service can bear has all
# its answers and rejections at once.
_REJECTIONS = 2
# Seconds that a rejection is held back at most.
_HELD = 0.5
# Answers within which a rejection passes, where so many are held that the pace above is too slow:
# else all would pass together when they have been held for long enough.
_HELD_ANSWERS = 8 * _BATCH
# A batch waits while more rejections than these come at each look of the loop, and for no more
# than twice as many as a batch lets ask again.
_FEW = 8
_MANY = 2 * _BATCH * (1 + _REJECTIONS)
# Clients hardly ever disconnect sooner, and to look costs a little.
_PATIENCE = 0.01

T = TypeVar("T")
# Called when a request leaves the queue: whether it was long work, since when it waited, and when
# its turn came (None: never), in seconds of time.monotonic; in the context of the request.
QueueObserver = Callable[[bool, float, float | None], None]


class Client(Protocol):
    """A client that waits for an answer."""

    def is_disconnected(self) -> bool:
        """Whether the client has closed its connection."""

    async def wait_for_disconnect(self) -> object:
        """Return when the client has closed its connection."""


@dataclass(slots=True)
class PendingSentence:
    """
    A sentence of `size` characters that waits to be tagged; `sentence` is a text or its tokens.

    began: when its batch ran, in seconds of time.monotonic. places: 1 for the first sentence of a
    request, 0 for sentences that only help to read it.
    """

    tagger: Tagger
    sentence: str | Sequence[str]
    size: int
    client: Client
    answer: asyncio.Future[TaggedSentence]
    since: float = field(default_factory=time.monotonic)
    began: float | None = None
    places: int = 1


class RejectionPacer:
    """
    Delays rejections, so that they keep pace with answers.

    Hundreds of clients that retry at once after a rejection would otherwise take the time of the
    accepted requests. A few rejections may pass at any time, and `_REJECTIONS` for each answer, or
    more if very many are delayed.
    """

    def __init__(self) -> None:
        self.count = 0  # rejections so far, those that are held included
        self._allowed = _REJECTIONS * _TEXTS
        # Each with the latest time at which it passes. All share one timer, which is cheaper.
        self._held: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self) -> None:
        """Wait until a rejection may be sent, for half a second at most."""
        self.count += 1
        if self._allowed:
            self._allowed -= 1
            return
        loop = asyncio.get_running_loop()
        passed: asyncio.Future[None] = loop.create_future()
        latest = loop.time() + _HELD
        self._held.append((latest, passed))
        if self._timer is None:
            self._timer = loop.call_at(latest, self._release_late)
        await passed

    def release(self, answers: int) -> None:
        """Let the rejections pass that go with so many answers."""
        pace = int(max(_REJECTIONS, len(self._held) / _HELD_ANSWERS) * answers)
        while self._held and pace:
            pace -= _pass(self._held.popleft()[1])
        self._allowed = min(self._allowed + pace, _REJECTIONS * _TEXTS)

    def release_all(self) -> None:
        """Let every rejection pass, because no request waits."""
        while self._held:
            _pass(self._held.popleft()[1])
        self._allowed = _REJECTIONS * _TEXTS

    def _release_late(self) -> None:
        """Let the rejections pass that were delayed for the longest time allowed."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._held and self._held[0][0] <= now:
            _pass(self._held.popleft()[1])
        self._timer = loop.call_at(self._held[0][0], self._release_late) if self._held else None


class Batcher:
    """
    Tags the sentences of requests in batches, in the order of arrival.

    `places` bounds the short texts that wait, and separately the long work that waits or runs. Of
    long work, a batch request takes one place for every eight texts, which are tagged in the time
    of one, and a text one for every thousand characters. A request that comes while a place is free
    is accepted whole. `timeout` is in seconds. A batcher belongs to one event loop.
    """

    def __init__(self, places: int, timeout: float) -> None:
        self.places = places
        self.timeout = timeout
        self.working = 0  # places of long work
        self.observers: list[QueueObserver] = []
        self.pacer = RejectionPacer()
        self._pending: deque[PendingSentence] = deque()
        self._taken = 0  # places of those
        self._rejected_since = 0  # that a batch has waited for
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tagging")

    @property
    def waiting(self) -> int:
        """The number of short texts that wait."""
        return self._taken

    def full(self, *, long: bool) -> bool:
        """Whether the next request, of long work or of a short text, is rejected."""
        return (self.working if long else self._taken) >= self.places

    async def tag(
        self, tagger: Tagger, sentence: str | Sequence[str], size: int, client: Client
    ) -> TaggedSentence:
        """
        Tag a short text, or tokens, of `size` characters.

        Raises OverloadedError, DeadlineExceededError and ClientDisconnectedError.
        """
        [tagging] = await self.tag_together(tagger, [(sentence, size)], client)
        return tagging

    async def tag_together(
        self, tagger: Tagger, sentences: Sequence[tuple[str | Sequence[str], int]], client: Client
    ) -> list[TaggedSentence]:
        """
        Tag short sentences of one request, each given with its characters; they take one place.

        Raises what `tag` raises.
        """
        if self.full(long=False):
            raise OverloadedError
        if not self._pending:
            _soon(self._gather, 1, self.pacer.count)
        loop = asyncio.get_running_loop()
        added = [
            PendingSentence(tagger, sentence, size, client, loop.create_future())
            for sentence, size in sentences
        ]
        for pending in added[1:]:
            pending.places = 0
        self._taken += 1
        self._pending.extend(added)
        try:
            return [await pending.answer for pending in added]
        finally:
            for pending in added:
                # Of several that fail, one is reported.
                if not pending.answer.cancel() and not pending.answer.cancelled():
                    pending.answer.exception()
                for notify in self.observers:
                    notify(False, pending.since, pending.began)

    async def work(self, cost: int, task: Callable[[], T], client: Client) -> T:
        """
        Run long work in the thread; `cost` is the number of places that it takes.

        Raises what `tag` raises. A task whose turn has not come by the deadline is not begun. One
        that has begun keeps its places until it ends, because a thread cannot be stopped.
        """
        if self.full(long=True):
            raise OverloadedError
        self.working += cost
        since, began, wanted = time.monotonic(), None, True

        def begin() -> T:
            nonlocal began
            if not wanted or time.monotonic() - since > self.timeout:
                raise DeadlineExceededError(self.timeout)
            began = time.monotonic()
            return task()

        running = asyncio.get_running_loop().run_in_executor(self._thread, begin)

        def end(task: asyncio.Future[T]) -> None:
            self.working -= cost
            self._release_rejections(cost)
            if not task.cancelled():
                task.exception()  # so that an error that nothing awaits is not logged

        running.add_done_callback(end)
        gone = asyncio.ensure_future(client.wait_for_disconnect())
        try:
            awaited: set[asyncio.Future[Any]] = {running, gone}
            await asyncio.wait(awaited, timeout=self.timeout, return_when=FIRST_COMPLETED)
        finally:
            wanted = False
            gone.cancel()
            for notify in self.observers:
                notify(True, since, began)
        if running.done():
            return running.result()
        raise ClientDisconnectedError if gone.done() else DeadlineExceededError(self.timeout)

    def close(self) -> None:
        """Begin no more work."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _gather(self, waited: int, rejected: int) -> None:
        """
        Run a batch, unless more requests have come since the last look of the event loop.

        Clients that were answered together ask again one after another, and requests that come
        while the loop reads are on their way. While there is room, a larger batch costs less per
        sentence. If the queue is full, other requests are read and rejected first: a request that
        is read behind one batch and waits for the next has waited for both. `waited` and `rejected`
        are how many sentences waited, and how many had been rejected, at the last look.
        """
        waiting, count = len(self._pending), self.pacer.count
        if self.full(long=False):
            self._rejected_since += count - rejected
            wait = count - rejected > _FEW and self._rejected_since < _MANY
        else:
            wait = waited < waiting < _BATCH
        if wait:
            _soon(self._gather, waiting, count)
        else:
            self._run_batch()

    def _run_batch(self) -> None:
        """Tag some of the sentences that have waited longest; come back if more wait."""
        self._rejected_since = 0
        batch: list[PendingSentence] = []
        size, before, now = 0, len(self._pending), time.monotonic()
        while self._pending and len(batch) < _BATCH:
            first = self._pending[0]
            size += first.size
            if batch and size > _BATCH_SIZE:
                break
            self._pending.popleft()
            self._taken -= first.places
            if self._is_wanted(first, now):
                first.began = now
                batch.append(first)
        groups: dict[tuple[Tagger, bool], list[PendingSentence]] = {}
        for pending in batch:
            group_key = pending.tagger, isinstance(pending.sentence, str)
            groups.setdefault(group_key, []).append(pending)
        for group in groups.values():
            _tag(group)
        self._release_rejections(before - len(self._pending))
        if self._pending:
            _soon(self._gather, len(self._pending), self.pacer.count)

    def _is_wanted(self, pending: PendingSentence, now: float) -> bool:
        """
        Whether a client still waits for the sentence.

        A sentence that waited too long gets the error as its answer.
        """
        waited = now - pending.since
        if pending.answer.cancelled():
            return False
        if waited > self.timeout:
            pending.answer.set_exception(DeadlineExceededError(self.timeout))
        elif waited > _PATIENCE and pending.client.is_disconnected():
            pending.answer.set_exception(ClientDisconnectedError())
        else:
            return True
        return False

    def _release_rejections(self, answers: int) -> None:
        self.pacer.release(answers)
        if not self._pending and not self.working:
            # Twice: a request is read at one look, and its task begins behind the next.
            _soon(_soon, self._release_all_rejections)

    def _release_all_rejections(self) -> None:
        """Let every rejection pass, unless work has come in the meantime."""
        if not self._pending and not self.working:
            self.pacer.release_all()


def cost_of(characters: int, texts: int = 1) -> int:
    """The number of places that long work takes."""
    return max(1, -(-texts // _TEXTS), -(-characters // SHORT))


def _soon(act: Callable[..., None], *arguments: Any) -> None:
    """
    Call `act` after the event loop has read its connections once more.

    Clients that were answered together ask again one after another. A batch that began with the
    first of them would leave the others for the next batch, and the two halves would take turns
    from then on.
    """
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.call_soon, act, *arguments)


def _pass(rejection: asyncio.Future[None]) -> bool:
    """Let a rejection pass; returns whether it had not passed before."""
    if rejection.done():
        return False
    rejection.set_result(None)
    return True


def _tag(batch: Sequence[PendingSentence]) -> None:
    """Tag sentences of one kind (texts or tokens) for one tagger, and set their answers."""
    tagger = batch[0].tagger
    try:
        if isinstance(batch[0].sentence, str):
            taggings = tagger.tag_texts([str(pending.sentence) for pending in batch])
        else:
            taggings = tagger.tag_tokens([pending.sentence for pending in batch])
    except Exception as error:  # the endpoint reports it, and only that request shall fail
        if len(batch) == 1:
            batch[0].answer.set_exception(error)
        else:
            for pending in batch:
                _tag([pending])
        return
    for pending, tagging in zip(batch, taggings, strict=True):
        pending.answer.set_result(tagging)
