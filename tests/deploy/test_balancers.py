"""
Three instances behind nginx and HAProxy as deploy/ sets them up, while all of them change.

One story for both balancers at once: under load, and with a hundred streams open, the instances are
replaced in turn by such as serve another version of the model, and one is killed.
"""

import asyncio
import json
import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("cryptography")

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from benchmarks.harness.service import serving
from tests.conftest import WriteVersion
from tests.deploy.balancers import HAPROXY, NGINX, Front, free_ports, haproxy, nginx

INSTANCES = 3
CALLERS = 4
# A hundred through both.
SPEAKERS = 50
# Seconds between two texts of a caller, and of a speaker.
PAUSE = 0.04
SPOKEN = 1.5
BODY = json.dumps({"text": "leave Taipei"}).encode()
REQUEST = (
    b"POST /slots HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)
SERVICE_RESTART = 1012
# The machine may be so busy that a handshake takes long.
PATIENT: dict[str, Any] = {"open_timeout": None, "ping_interval": None}

BALANCERS = [
    pytest.param("nginx", marks=pytest.mark.skipif(NGINX is None, reason="nginx is not installed")),
    pytest.param(
        "haproxy", marks=pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")
    ),
]


class Instance:
    """One process of the service, at a port that stays."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._stack = ExitStack()
        self._process: subprocess.Popen[str] | None = None

    def start(self, bundles: Path) -> None:
        client, self._process = self._stack.enter_context(
            serving(
                PORT=str(self.port),
                SLOTLINE_MODEL_DIR=str(bundles),
                # Of a machine that stands still for a moment no test is meant to be.
                SLOTLINE_MAX_QUEUE_SIZE="1000",
                SLOTLINE_REQUEST_TIMEOUT="60",
            )
        )
        assert client.get("/health/ready").status_code == 200

    def stop(self) -> None:
        assert self._process
        self._process.terminate()
        assert self._process.wait(timeout=60) == 0
        self._stack.close()

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()
        self._stack.close()

    def close(self) -> None:
        self._stack.close()


@dataclass
class Seen:
    """What came of all that was asked through a balancer."""

    front: Front
    trust: ssl.SSLContext
    # The versions that answered, those since the last change, and what was no answer.
    versions: Counter[str] = field(default_factory=Counter)
    latest: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    # Final texts that were sent, and that were answered; the codes with which streams ended.
    sent: int = 0
    answered: int = 0
    closes: Counter[int] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    streams: int = 0

    def note(self, answer: dict[str, Any]) -> None:
        if "model" not in answer:
            self.lost.append(f"no tagging: {answer}")
            return
        version = answer["model"]["version"]
        self.versions[version] += 1
        self.latest[version] += 1


@dataclass
class Story:
    """How it went: through each balancer, and which versions were deployed."""

    seen: dict[str, Seen]
    before: str
    after: str


@pytest.fixture(scope="module")
def story(write_version: WriteVersion, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("balancers")
    old, new = (write_version(folder / name / "toy", "toy", at) for at, name in enumerate("ab"))
    instances = [Instance(port) for port in free_ports(INSTANCES)]
    with ExitStack() as stack:
        for instance in instances:
            stack.callback(instance.close)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda instance: instance.start(folder / "a"), instances))
        seen = {}
        for name, start in (("nginx", nginx), ("haproxy", haproxy)):
            if {"nginx": NGINX, "haproxy": HAPROXY}[name]:
                (folder / name).mkdir()
                ports = [instance.port for instance in instances]
                front = stack.enter_context(start(folder / name, ports, 1_000, patience=60))
                trust = ssl.create_default_context(cafile=str(front.trust))
                seen[name] = Seen(front, trust)
        asyncio.run(_tell(instances, seen, folder / "b"))
        yield Story(seen, old, new)


async def _tell(instances: list[Instance], seen: dict[str, Seen], new: Path) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for each in seen.values():
            for _ in range(CALLERS):
                group.create_task(_call(each, stop))
            for number in range(SPEAKERS):
                group.create_task(_speak(each, number, stop))
        await _until(lambda: all(each.streams == SPEAKERS for each in seen.values()))
        for instance in instances:
            await asyncio.to_thread(instance.stop)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(instance.start, new)
        await _until(lambda: all(each.streams == SPEAKERS for each in seen.values()))
        for each in seen.values():
            each.latest.clear()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(instances[1].kill)
        await asyncio.sleep(1.5)
        await asyncio.to_thread(instances[1].start, new)
        await asyncio.sleep(1)
        await _until(lambda: all(each.streams == SPEAKERS for each in seen.values()))
        stop.set()


async def _until(fact: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not fact():
        assert time.monotonic() < until, "not all streams are open"
        await asyncio.sleep(0.05)


async def _call(seen: Seen, stop: asyncio.Event) -> None:
    """Ask, one request after the other, on a connection that is kept as long as it may be."""
    while not stop.is_set():
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", seen.front.tls, ssl=seen.trust, server_hostname="localhost"
        )
        try:
            kept = True
            while kept and not stop.is_set():
                writer.write(REQUEST)
                status, head, body = await _read(reader)
                if status == HTTPStatus.OK:
                    seen.note(json.loads(body))
                else:
                    seen.lost.append(f"{status}: {body!r}")
                kept = b"connection: close" not in head
                await asyncio.sleep(PAUSE)
        except (OSError, asyncio.IncompleteReadError) as error:
            seen.lost.append(repr(error))
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(head.split()[1]), head, await reader.readexactly(length)


async def _speak(seen: Seen, number: int, stop: asyncio.Event) -> None:
    """Send final texts on a stream; where it ends begin another, and send again what is open."""
    url = f"wss://localhost:{seen.front.tls}/slots/stream"
    await asyncio.sleep(number * SPOKEN / SPEAKERS)
    waiting = False
    while not stop.is_set() or waiting:
        try:
            async with connect(
                url, ssl=seen.trust, host="127.0.0.1", compression=None, **PATIENT
            ) as stream:
                seen.streams += 1
                try:
                    while not stop.is_set() or waiting:
                        if not waiting:
                            seen.sent += 1
                            waiting = True
                        await stream.send('{"text": "leave Taipei", "final": true}')
                        answer = json.loads(await stream.recv())
                        seen.note(answer)
                        seen.answered += 1
                        waiting = False
                        await asyncio.sleep(SPOKEN)
                finally:
                    seen.streams -= 1
        except ConnectionClosed as closed:
            seen.closes[closed.rcvd.code if closed.rcvd else 0] += 1
        except InvalidStatus as refusal:
            seen.refused[refusal.response.status_code] += 1


@pytest.mark.parametrize("balancer", BALANCERS)
def test_no_request_is_lost(story: Story, balancer: str) -> None:
    seen = story.seen[balancer]
    assert seen.lost == []
    assert seen.versions.total() > 200


@pytest.mark.parametrize("balancer", BALANCERS)
def test_each_answer_names_a_version_that_is_deployed(story: Story, balancer: str) -> None:
    seen = story.seen[balancer]
    assert set(seen.versions) == {story.before, story.after}
    assert set(seen.latest) == {story.after}, "once it is the only one"


@pytest.mark.parametrize("balancer", BALANCERS)
def test_every_final_text_is_answered(story: Story, balancer: str) -> None:
    seen = story.seen[balancer]
    assert seen.answered == seen.sent
    assert seen.sent > 2 * SPEAKERS
    assert not seen.refused, "the handshake is sent to another instance"


@pytest.mark.parametrize("balancer", BALANCERS)
def test_streams_of_an_instance_that_stops_are_asked_to_connect_anew(
    story: Story, balancer: str
) -> None:
    closes = story.seen[balancer].closes
    assert closes[SERVICE_RESTART] >= SPEAKERS / 2, "each instance was replaced"
    assert set(closes) <= {SERVICE_RESTART, 0, 1006}, "0: by the one that was killed"
