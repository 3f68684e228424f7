"""What accepts connections, in a loop of its own with sockets of the system."""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Iterator

import pytest

import app.server.acceptor
from app.server.acceptor import Acceptor
from app.server.fair_share import ConnectionTable, FairShare


class Peer(asyncio.Protocol):
    """Keeps a connection among those that there are."""

    connections: set["Peer"]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.connections.add(self)


@pytest.fixture
def listeners() -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=200))
            for _ in range(2)
        ]


@pytest.fixture
def peers() -> Iterator[set[Peer]]:
    Peer.connections = set()
    yield Peer.connections
    Peer.connections = set()


@contextlib.contextmanager
def connected(listeners: list[socket.socket], count: int) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for listener in listeners:
            for _ in range(count):
                stack.enter_context(socket.create_connection(listener.getsockname()))
        yield


async def accept(acceptor: Acceptor, peers: set[Peer], seconds: float) -> int:
    """How many connections there are when so much time has passed."""
    await asyncio.sleep(seconds)
    acceptor.close()
    found = len(peers)
    for peer in peers:
        peer.transport.close()
    await asyncio.sleep(0)
    return found


def test_all_that_wait_at_all_sockets_are_accepted(
    listeners: list[socket.socket], peers: set[Peer]
) -> None:
    async def serve() -> int:
        return await accept(Acceptor(listeners, Peer, peers), peers, 0.5)

    with connected(listeners, 100):
        assert asyncio.run(serve()) == 200


def test_one_that_is_closed_while_it_pauses_looks_no_more(
    listeners: list[socket.socket], peers: set[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.server.acceptor, "_YIELD", 0.3)
    memory = ConnectionTable.create(2)
    ahead, other = (FairShare(ConnectionTable(memory, 2), number) for number in (0, 1))
    os.close(memory)
    other.begin()

    async def serve() -> int:
        acceptor = Acceptor(listeners, Peer, range(1_000), ahead)  # more than the other has
        await asyncio.sleep(0.1)
        acceptor.close()
        for listener in listeners:
            listener.close()
        await asyncio.sleep(0.5)  # in which no timer may look at a closed socket
        return len(peers)

    faults: list[object] = []

    async def watched() -> int:
        asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
        return await serve()

    with connected(listeners, 5):
        assert asyncio.run(watched()) == 0
    assert faults == []


class Exhausted(socket.socket):
    """A listener on a system that has no file left for some time."""

    tries = 0
    fault = errno.EMFILE

    def accept(self) -> tuple[socket.socket, object]:
        self.tries += 1
        if self.tries == 1:
            raise OSError(self.fault, os.strerror(self.fault))
        return super().accept()


@pytest.mark.parametrize("fault", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_without_a_file_it_tries_again_later_and_says_so_once(
    peers: set[Peer],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    fault: int,
) -> None:
    monkeypatch.setattr(app.server.acceptor, "_BACKOFF", 0.2)
    with Exhausted() as listener:
        listener.fault = fault
        listener.bind(("127.0.0.1", 0))
        listener.listen(10)

        async def serve() -> tuple[int, int]:
            acceptor = Acceptor([listener], Peer, peers)
            await asyncio.sleep(0.1)
            return listener.tries, await accept(acceptor, peers, 0.5)

        with connected([listener], 3):
            assert asyncio.run(serve()) == (1, 3)
    [record] = caplog.records
    assert record.getMessage() == f"new connections wait: {os.strerror(fault)}"


def test_a_client_that_has_gone_before_it_is_accepted_harms_no_other(peers: set[Peer]) -> None:
    with Exhausted() as listener:
        listener.fault = errno.ECONNABORTED
        listener.bind(("127.0.0.1", 0))
        listener.listen(10)

        async def serve() -> int:
            return await accept(Acceptor([listener], Peer, peers), peers, 0.2)

        with connected([listener], 3):
            assert asyncio.run(serve()) == 3


def test_others_learn_how_many_connections_there_are(
    listeners: list[socket.socket], peers: set[Peer]
) -> None:
    memory = ConnectionTable.create(2)
    share = FairShare(ConnectionTable(memory, 2), 0)
    table = ConnectionTable(memory, 2)
    os.close(memory)

    async def serve() -> dict[int, tuple[int, int]]:
        acceptor = Acceptor(listeners, Peer, peers, share)
        await asyncio.sleep(0.2)
        acceptor.note_connections()
        noted = table.others(1)
        await accept(acceptor, peers, 0)
        return noted

    with connected(listeners, 3):
        noted = asyncio.run(serve())
    assert noted[0][0] == 6
    assert table.others(1) == {}, "a closed one accepts no more"
