"""
A folder of parts: one output file for each piece of the input, named after the piece.

A part is written under a temporary name and renamed when it is complete. So each part exists once
and whole, even if processes are killed, and a repeated run writes only what is missing. Sorted
names give the order of the rows. Other files have names that readers of such folders skip.
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
    """The parts in a folder; `claim` creates the folder."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder = folder
        self._suffix = suffix

    def claim(self, run: Mapping[str, Any]) -> None:
        """
        Begin a run in the folder, or continue one.

        `run` is what the parts depend on. Raises BulkError if the folder has parts of a run for
        which that differs, or other files.
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
        """Keep out a second run of the same name; raises BulkError if one is active."""
        with (self.folder / f".{name}.lock").open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BulkError(f"another run writes to {self.folder}: wait for its end") from None
            except OSError:  # a file system without locks
                pass
            yield

    def path(self, file: int, piece: int) -> Path:
        """The path of the part for a piece of an input file."""
        return self.folder / f"part-{file:05}-{piece:07}{self._suffix}"

    def complete(self) -> set[str]:
        """The names of the parts that exist."""
        return {path.name for path in self.folder.iterdir() if path.name.startswith("part-")}

    def leftovers(self) -> dict[str, list[Path]]:
        """The temporary files of killed runs, by the name of the part."""
        paths: dict[str, list[Path]] = {}
        for path in self.folder.glob(".part-*.tmp"):
            paths.setdefault(path.name[1:].rsplit(".", 2)[0], []).append(path)
        return paths


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Open a file that gets its name only once it is complete."""
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
