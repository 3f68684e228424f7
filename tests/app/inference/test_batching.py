"""Who waits for a tagger, who is refused, and who is served with whom."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from starlette.types import Message

from app.http.disconnect import HttpClient
from app.inference.batching import SHORT, Batcher, Client, RejectionPacer, cost_of
from app.inference.errors import ClientDisconnectedError, DeadlineExceededError, OverloadedError
from app.tagging.bundle import open_bundle
from app.tagging.tagger import TaggedSentence, Tagger

T = TypeVar("T")


class Diary(Tagger):
    """A tagger that notes what it was asked at once, and cannot bear a certain word."""

    def __init__(self, folder: Path) -> None:
        super().__init__(open_bundle(folder))
        self.turns: list[list[Any]] = []

    def tag_texts(self, texts: Sequence[str]) -> list[TaggedSentence]:
        self.turns.append(list(texts))
        if "unbearable" in texts:
            raise ValueError("unbearable")
        return super().tag_texts(texts)

    def tag_tokens(self, sentences: Sequence[Sequence[str]]) -> list[TaggedSentence]:
        self.turns.append(list(sentences))
        return super().tag_tokens(sentences)


@pytest.fixture
def tagger(toy_bundle: Path) -> Diary:
    return Diary(toy_bundle)


async def _nothing() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("waits for ever")


async def _disconnect() -> Message:
    return {"type": "http.disconnect"}


patient = HttpClient(_nothing)
gone = HttpClient(_disconnect)


def within(places: int, ask: Callable[[Batcher], Awaitable[T]], timeout: float = 5) -> T:
    """What comes of asking a queue in a loop of its own."""

    async def run() -> T:
        queue = Batcher(places, timeout)
        try:
            return await ask(queue)
        finally:
            queue.close()
            assert (queue.waiting, queue.working) == (0, 0), "every place is given back"

    return asyncio.run(run())


def asking(
    queue: Batcher, tagger: Tagger, sentences: Sequence[Any], size: int = 10
) -> list[asyncio.Task[TaggedSentence]]:
    return [
        asyncio.ensure_future(queue.tag(tagger, sentence, size, patient)) for sentence in sentences
    ]


def refusals(results: Sequence[object]) -> int:
    return sum(isinstance(result, OverloadedError) for result in results)


def test_a_sentence_is_tagged(tagger: Diary) -> None:
    tagging = within(1, lambda queue: queue.tag(tagger, "leave Taipei", 12, patient))
    assert [slot.value for slot in tagging.slots] == ["Taipei"]


@pytest.mark.parametrize(("asked", "refused"), [(3, 0), (4, 1), (9, 6)])
def test_as_many_may_wait_as_there_are_places(tagger: Diary, asked: int, refused: int) -> None:
    async def ask(queue: Batcher) -> list[Any]:
        return await asyncio.gather(
            *asking(queue, tagger, ["leave Taipei"] * asked), return_exceptions=True
        )

    assert refusals(within(3, ask)) == refused
    assert sum(map(len, tagger.turns)) == asked - refused


def test_those_that_wait_are_tagged_together_in_order_and_by_sixty_four(tagger: Diary) -> None:
    texts = [f"leave Taipei {number}" for number in range(150)]

    async def ask(queue: Batcher) -> list[TaggedSentence]:
        return await asyncio.gather(*asking(queue, tagger, texts))

    taggings = within(150, ask)
    assert tagger.turns == [texts[:64], texts[64:128], texts[128:]]
    assert [tagging.tokens[-1].text for tagging in taggings] == list(map(str, range(150)))


def test_those_that_come_while_the_loop_looks_once_more_are_tagged_with_the_first(
    tagger: Diary,
) -> None:
    async def ask(queue: Batcher) -> None:
        [first] = asking(queue, tagger, ["leave Taipei"])
        await asyncio.sleep(0)  # until it waits
        await asyncio.gather(first, *asking(queue, tagger, ["to Boston"]))

    within(2, ask)
    assert tagger.turns == [["leave Taipei", "to Boston"]]


@pytest.mark.parametrize(("count", "turns"), [(10, [10]), (100, [64, 36])])
def test_those_that_come_one_after_another_are_tagged_together_up_to_sixty_four(
    tagger: Diary, count: int, turns: list[int]
) -> None:
    async def ask(queue: Batcher) -> None:
        asked = []
        for number in range(count):
            asked += asking(queue, tagger, [str(number)])
            await asyncio.sleep(0)
        await asyncio.gather(*asked)

    within(count, ask)
    assert [len(turn) for turn in tagger.turns] == turns


def test_others_have_the_loop_between_two_turns(tagger: Diary) -> None:
    seen: list[int] = []

    async def watch() -> None:
        while len(tagger.turns) < 3:
            seen.append(len(tagger.turns))
            await asyncio.sleep(0)

    async def ask(queue: Batcher) -> None:
        await asyncio.gather(watch(), *asking(queue, tagger, ["go"] * 150))

    within(150, ask)
    assert {1, 2} <= set(seen)


def test_a_turn_has_no_more_characters_than_five_short_texts_may(tagger: Diary) -> None:
    async def ask(queue: Batcher) -> None:
        await asyncio.gather(*asking(queue, tagger, "abcdefg", SHORT))

    within(64, ask)
    assert tagger.turns == [list("abcde"), list("fg")]


def test_texts_and_tokens_and_taggers_are_kept_apart(tagger: Diary, toy_bundle: Path) -> None:
    other = Diary(toy_bundle)
    words = ["leave", "Taipei"]

    async def ask(queue: Batcher) -> list[TaggedSentence]:
        mine = asking(queue, tagger, ["to Boston", words, "to New York"])
        return await asyncio.gather(*mine, *asking(queue, other, ["to Taipei"]))

    taggings = within(64, ask)
    assert tagger.turns == [["to Boston", "to New York"], [words]]
    assert other.turns == [["to Taipei"]]
    values = [[slot.value for slot in tagging.slots] for tagging in taggings]
    assert values == [["Boston"], ["Taipei"], ["New York"], ["Taipei"]]


def test_the_fault_of_one_is_not_that_of_those_beside_it(tagger: Diary) -> None:
    async def ask(queue: Batcher) -> list[Any]:
        tasks = asking(queue, tagger, ["to Boston", "unbearable", "to Taipei"])
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, second, third = within(64, ask)
    assert isinstance(second, ValueError)
    assert [first.slots[0].value, third.slots[0].value] == ["Boston", "Taipei"]


async def stall(question: Coroutine[Any, Any, T]) -> T:
    """Ask while the loop is busy for a while, so that the question has to wait."""
    task = asyncio.ensure_future(question)
    asyncio.get_running_loop().call_soon(time.sleep, 0.05)
    return await task


def test_what_has_waited_too_long_is_not_tagged(tagger: Diary) -> None:
    def ask(queue: Batcher) -> Awaitable[TaggedSentence]:
        return stall(queue.tag(tagger, "go", 2, patient))

    with pytest.raises(DeadlineExceededError, match=r"0\.02 seconds"):
        within(1, ask, timeout=0.02)
    assert tagger.turns == []
    within(1, ask, timeout=5)
    assert tagger.turns == [["go"]]


def test_whose_client_has_gone_is_not_tagged(tagger: Diary) -> None:
    with pytest.raises(ClientDisconnectedError):
        within(1, lambda queue: stall(queue.tag(tagger, "go", 2, gone)))
    assert tagger.turns == []


def test_what_is_cancelled_is_not_tagged(tagger: Diary) -> None:
    async def ask(queue: Batcher) -> None:
        [task] = asking(queue, tagger, ["go"])
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0.01)
        assert task.cancelled()

    within(1, ask)
    assert tagger.turns == []


def test_a_look_at_the_client_takes_nothing_from_it() -> None:
    async def look() -> tuple[bool, bool, Message]:
        said: asyncio.Queue[Message] = asyncio.Queue()
        before = HttpClient(said.get).is_disconnected()
        said.put_nowait({"type": "http.request"})
        return before, gone.is_disconnected(), await said.get()

    assert asyncio.run(look()) == (False, True, {"type": "http.request"})


@pytest.mark.parametrize(
    ("characters", "texts", "places"),
    [(0, 0, 1), (10, 1, 1), (1_000, 1, 1), (1_001, 1, 2), (400, 8, 1), (450, 9, 2), (9_000, 9, 9)],
)
def test_what_takes_longer_takes_more_places(characters: int, texts: int, places: int) -> None:
    assert cost_of(characters, texts) == places


def test_long_work_is_done_in_another_thread() -> None:
    threads = within(1, lambda queue: queue.work(1, threading.current_thread, patient))
    assert threads is not threading.current_thread()


@pytest.mark.parametrize(("asked", "refused"), [(3, 0), (4, 1), (9, 6)])
def test_long_work_has_as_many_places_and_leaves_those_of_sentences(
    tagger: Diary, asked: int, refused: int
) -> None:
    async def ask(queue: Batcher) -> list[Any]:
        go_on = threading.Event()
        works = [asyncio.ensure_future(queue.work(1, go_on.wait, patient)) for _ in range(asked)]
        await asyncio.sleep(0)
        await asyncio.gather(*asking(queue, tagger, ["go"] * 3))
        go_on.set()
        return await asyncio.gather(*works, return_exceptions=True)

    assert refusals(within(3, ask)) == refused


def test_work_may_be_larger_than_all_places_together() -> None:
    assert within(2, lambda queue: queue.work(99, lambda: "done", patient)) == "done"


def test_the_fault_of_work_is_told() -> None:
    def fail() -> None:
        raise ValueError("unbearable")

    with pytest.raises(ValueError, match="unbearable"):
        within(2, lambda queue: queue.work(1, fail, patient))


@pytest.mark.parametrize(
    ("client", "error"), [(patient, DeadlineExceededError), (gone, ClientDisconnectedError)]
)
def test_work_that_nobody_waits_for_is_not_begun_and_what_runs_keeps_its_places(
    client: Client, error: type[Exception]
) -> None:
    begun: list[str] = []

    async def ask(queue: Batcher) -> None:
        go_on = threading.Event()
        running = asyncio.ensure_future(queue.work(3, go_on.wait, client))
        waiting = asyncio.ensure_future(queue.work(4, lambda: begun.append("late"), client))
        for work in (running, waiting):
            with pytest.raises(error):
                await work
        assert queue.working == 7
        go_on.set()
        while queue.working:
            await asyncio.sleep(0.001)

    within(9, ask, timeout=0.05)
    assert begun == []


def test_two_rejections_are_sent_for_an_answer(tagger: Diary) -> None:
    async def ask(queue: Batcher) -> None:
        rejections = [asyncio.ensure_future(queue.pacer.wait()) for _ in range(200)]
        asked = asking(queue, tagger, ["go"] * 100)
        await asyncio.sleep(0)
        while len(tagger.turns) < 1:
            assert sum(rejection.done() for rejection in rejections) <= 16  # which are free
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert [rejection.done() for rejection in rejections] == [True] * 144 + [False] * 56
        await asyncio.gather(*asked)
        await asyncio.gather(*rejections)  # nothing waits any more that they could disturb

    within(100, ask)
    assert [len(turn) for turn in tagger.turns] == [64, 36]


def test_rejections_keep_pace_where_those_who_were_answered_ask_again_at_once(
    tagger: Diary,
) -> None:
    async def ask(queue: Batcher) -> None:
        async def caller() -> None:
            for _ in range(2):
                await queue.tag(tagger, "go", 2, patient)

        asking_twice = asyncio.ensure_future(caller())
        await asyncio.sleep(0)
        rejections = [asyncio.ensure_future(queue.pacer.wait()) for _ in range(50)]
        while len(tagger.turns) < 2:
            # Those that are free, and two for the answer.
            assert sum(rejection.done() for rejection in rejections) <= 18
            await asyncio.sleep(0)
        await asking_twice
        await asyncio.gather(*rejections)  # nothing waits any more that they could disturb

    within(1, ask)


def test_rejections_keep_pace_where_those_who_were_answered_are_read_before_they_wait(
    tagger: Diary,
) -> None:
    async def ask(queue: Batcher) -> None:
        async def caller() -> None:
            for _ in range(2):
                await queue.tag(tagger, "go", 2, patient)
                # As a server: it reads the next request, and then begins a task.
                await asyncio.sleep(0)
                await asyncio.sleep(0)

        asking_twice = asyncio.ensure_future(caller())
        await asyncio.sleep(0)
        rejections = [asyncio.ensure_future(queue.pacer.wait()) for _ in range(50)]
        while len(tagger.turns) < 2:
            assert sum(rejection.done() for rejection in rejections) <= 18
            await asyncio.sleep(0)
        await asking_twice
        await asyncio.gather(*rejections)

    within(1, ask)


@pytest.mark.parametrize(
    ("coming", "at_least", "at_most"),
    [
        # coming: rejections at each step of the loop; the others: how many come before the batch
        (0, 0, 0),
        (1, 0, 20),
        (40, 384, 600),
    ],
)
def test_with_a_full_queue_the_crowd_is_rejected_before_the_batch_but_not_for_ever(
    tagger: Diary, coming: int, at_least: int, at_most: int
) -> None:
    async def ask(queue: Batcher) -> int:
        asked = asking(queue, tagger, ["go"] * 3)
        rejections: list[asyncio.Task[None]] = []
        while not tagger.turns and len(rejections) < 5_000:
            rejections += [asyncio.ensure_future(queue.pacer.wait()) for _ in range(coming)]
            await asyncio.sleep(0)
        before = len(rejections)
        await asyncio.gather(*asked, *rejections)
        return before

    assert at_least <= within(3, ask) <= at_most
    assert tagger.turns == [["go"] * 3]


def test_with_room_in_the_queue_a_batch_waits_for_no_rejections(tagger: Diary) -> None:
    async def ask(queue: Batcher) -> int:
        asked = asking(queue, tagger, ["go"] * 3)
        rejections: list[asyncio.Task[None]] = []
        while not tagger.turns:
            rejections += [asyncio.ensure_future(queue.pacer.wait()) for _ in range(40)]
            await asyncio.sleep(0)
        before = len(rejections)
        await asyncio.gather(*asked, *rejections)
        return before

    assert within(64, ask) < 384


@pytest.mark.parametrize(("held", "passed"), [(100, 100), (1_000, 128), (2_048, 256)])
def test_more_rejections_pass_for_an_answer_where_very_many_are_held(
    held: int, passed: int
) -> None:
    async def wait() -> int:
        pacer = RejectionPacer()
        for _ in range(16):
            await pacer.wait()
        rejections = [asyncio.ensure_future(pacer.wait()) for _ in range(held)]
        await asyncio.sleep(0)
        pacer.release(64)
        await asyncio.sleep(0)
        done = [rejection.done() for rejection in rejections]
        assert done == sorted(done, reverse=True), "those that were held first"
        pacer.release_all()
        await asyncio.gather(*rejections)
        return sum(done)

    assert asyncio.run(wait()) == passed


def test_each_rejection_is_held_for_its_own_half_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.inference.batching._HELD", 0.1)

    async def held(pacer: RejectionPacer, after: float) -> float:
        await asyncio.sleep(after)
        since = asyncio.get_running_loop().time()
        await pacer.wait()
        return asyncio.get_running_loop().time() - since

    async def wait() -> list[float]:
        pacer = RejectionPacer()
        for _ in range(16):
            await pacer.wait()
        # The last comes when none has been held for a while.
        return await asyncio.gather(*(held(pacer, after) for after in (0, 0.06, 0.3)))

    assert all(0.09 < seconds < 30 for seconds in asyncio.run(wait()))


def test_a_few_rejections_are_sent_at_once_and_none_is_held_longer_than_its_client_is_told() -> (
    None
):
    async def wait() -> float:
        pacer = RejectionPacer()
        for _ in range(16):
            with pytest.raises(StopIteration):  # it ends without having waited
                pacer.wait().send(None)
        since = time.monotonic()
        await pacer.wait()
        return time.monotonic() - since

    assert 0.4 < asyncio.run(wait()) < 30


def test_a_rejection_whose_client_has_gone_takes_nobodys_turn() -> None:
    async def wait() -> None:
        pacer = RejectionPacer()
        for _ in range(16):
            await pacer.wait()
        gone, *others = (asyncio.ensure_future(pacer.wait()) for _ in range(4))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        pacer.release(1)
        await asyncio.sleep(0)
        assert [other.done() for other in others] == [True, True, False]
        pacer.release_all()
        await others[-1]

    asyncio.run(wait())


def test_sentences_of_one_request_are_tagged_at_once_and_take_one_place(tagger: Diary) -> None:
    texts = [("leave Boston", 12), ("go to Denver", 12), ("tomorrow", 8)]

    async def ask(batcher: Batcher) -> list[Any]:
        asked = [batcher.tag_together(tagger, texts, patient) for _ in range(3)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second, third = within(2, ask)
    assert [len(first), len(second)] == [3, 3]
    assert isinstance(third, OverloadedError)
    assert tagger.turns == [[text for text, _ in texts] * 2]


def test_a_place_is_free_again_when_its_request_was_answered(tagger: Diary) -> None:
    async def ask(batcher: Batcher) -> int:
        for _ in range(3):
            await batcher.tag_together(tagger, [("leave", 5), ("go", 2)], patient)
        return batcher.waiting

    assert within(1, ask) == 0


def test_a_sentence_that_fails_fails_its_request_alone(tagger: Diary) -> None:
    async def ask(batcher: Batcher) -> list[Any]:
        bad = batcher.tag_together(tagger, [("leave", 5), ("unbearable", 10)], patient)
        good = batcher.tag_together(tagger, [("leave", 5), ("go", 2)], patient)
        return list(await asyncio.gather(bad, good, return_exceptions=True))

    bad, good = within(4, ask)
    assert isinstance(bad, ValueError)
    assert len(good) == 2
