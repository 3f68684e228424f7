"""What happens to bundles and connections; no test of its own, but what tests and soaks do."""

import hashlib
import json
import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2

BODY = b'{"text": "leave Taipei"}'
REQUEST = (
    b"POST /slots HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


def damages(folder: Path, name: str, positions: int) -> Iterator[str]:
    """
    Damage a file of a bundle in one way after another; it is whole again when all are over.

    It is cut off and has a bit turned at so many positions, is another of the bundle's files, is
    gone, cannot be read, and is the last that a full disk had room for. What is yielded says what
    the damage is.
    """
    whole = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    path, content = folder / name, whole[name]
    for step in range(positions):
        at = len(content) * step // positions
        path.write_bytes(content[:at])
        yield f"{name} is cut off at {at}"
        turned = content[at] ^ 1 << step % 8
        path.write_bytes(content[:at] + bytes([turned]) + content[at + 1 :])
        yield f"{name} has a bit turned at {at}"
    for other in whole.keys() - {name}:
        path.write_bytes(whole[other])
        yield f"{name} is {other}"
    path.unlink()
    yield f"{name} is gone"
    path.mkdir()
    yield f"{name} is a folder"
    path.rmdir()
    path.symlink_to(path)
    yield f"{name} is a link to itself"
    path.unlink()
    if os.geteuid():  # root may read everything
        path.touch(0)
        yield f"{name} is for nobody to read"
        path.unlink()
    path.write_bytes(content[: len(content) // 2])
    missing = [later for later in whole if later > name]
    for later in missing:
        (folder / later).unlink()
    yield f"the disk was full in the midst of {name}"
    for later in (name, *missing):
        (folder / later).write_bytes(whole[later])


def connect(address: httpx2.URL) -> socket.socket:
    """A connection to the service."""
    line = socket.create_connection((address.host, address.port or 80))
    line.settimeout(60)
    return line


def reset(line: socket.socket) -> None:
    """Break a connection off, so that the other side is told of no orderly end."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def break_off_everywhere(address: httpx2.URL, step: int = 7) -> int:
    """Reset, close and half-close connections at many places of a request; how many."""
    broken = 0
    for cut in range(0, len(REQUEST) + 1, step):
        for end in ("reset", "close", "half-close"):
            line = connect(address)
            line.sendall(REQUEST[:cut])
            if end == "half-close":
                line.shutdown(socket.SHUT_WR)
                while line.recv(65_536):
                    pass
            if end == "reset":
                reset(line)
            else:
                line.close()
            broken += 1
    return broken


@contextmanager
def idle_connections(address: httpx2.URL, count: int) -> Iterator[list[socket.socket]]:
    """So many connections on which nothing is said."""
    with ExitStack() as lines:
        yield [lines.enter_context(connect(address)) for _ in range(count)]


def edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["digest"]
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def replace_file(folder: Path, name: str, content: bytes) -> None:
    """Another file under the name, with all that the manifest says of it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = manifest["files"] | {name: hashlib.sha256(content).hexdigest()}
    whole = "".join(files[name] for name in sorted(files))
    version = hashlib.sha256(whole.encode()).hexdigest()[:12]
    edit(folder, lambda found: found.update(files=files, version=version))
