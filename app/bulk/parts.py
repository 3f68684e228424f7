"""
A folder of parts: what was written of each piece, in a file whose name tells which piece.

A part is written to another name and renamed when it is complete, so that each is there once and
whole, whoever is killed, and a run that begins again does what is missing. Names in their order
are the order of the rows. What is no part has a name that readers of such folders skip.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from app.bulk.errors import BulkError

_RUN = "_run.json"


class Parts:
    """The parts in a folder, which is made if it is not there."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder = folder
        self._suffix = suffix

    def claim(self, run: Mapping[str, Any]) -> None:
        """
        Begin a run, or go on with one.

        run: what the parts depend on. Raises BulkError where the folder has parts of a run that
        differs in it, or other files.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        record = self.folder / _RUN
        if not record.exists():
            strange = next((path for path in self.folder.iterdir() if _counts(path)), None)
            if strange and not record.exists():  # which another shard may have written meanwhile
                raise BulkError(
                    f"the folder {self.folder} holds {strange.name}, which no run wrote: name "
                    "another folder"
                )
            with written(record) as file:
                file.write(json.dumps(run, indent=2).encode() + b"\n")
        before = json.loads(record.read_bytes())
        if before != json.loads(json.dumps(run)):
            names = sorted(name for name in {*before, *run} if before.get(name) != run.get(name))
            raise BulkError(
                f"{self.folder} belongs to a run with another {', '.join(names)}: delete it to "
                "begin again, or run the same command as before"
            )

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Keep a second run of the same name out; raises BulkError where one is at work."""
        with (self.folder / f".{name}.lock").open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BulkError(f"another run writes to {self.folder}: wait for its end") from None
            except OSError:  # a file system without locks
                pass
            yield

    def path(self, file: int, piece: int) -> Path:
        """Where the part of a piece of an input file belongs."""
        return self.folder / f"part-{file:05}-{piece:07}{self._suffix}"

    def complete(self) -> set[str]:
        """The names of the parts that are there."""
        return {path.name for path in self.folder.iterdir() if path.name.startswith("part-")}

    def leftovers(self) -> dict[str, list[Path]]:
        """What killed runs left of parts that were not complete, by the parts' names."""
        paths: dict[str, list[Path]] = {}
        for path in self.folder.glob(".part-*.tmp"):
            paths.setdefault(path.name[1:].rsplit(".", 2)[0], []).append(path)
        return paths


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only once it is complete."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _counts(path: Path) -> bool:
    return not path.name.startswith((".", "_"))
