"""
The keys that callers show: a file of names and hashes, read again when it changes.

    slotline keys new NAME --file keys      makes a key, shows it once, appends its hash

A key is 256 random bits, so that a plain SHA-256 keeps it: a slow hash is for what people think
up and guessers can try out. Here it would only cost every request its time.
"""

import hashlib
import logging
import re
import secrets
import time
from pathlib import Path

from app.tagging.errors import SlotFillingError

FILE_VARIABLE = "SLOTLINE_API_KEYS_FILE"
# By which scanners for leaked secrets, and people, know it.
PREFIX = "slotline_"
_LINE = re.compile(r"([A-Za-z0-9._-]{1,64})\s+sha256:([0-9a-f]{64})")
_LARGEST = 1_048_576  # bytes of a file of keys

logger = logging.getLogger(__name__)


class KeysFileError(SlotFillingError):
    """The operator can mend the file of keys."""

    code = "keys_file"


class KeysFile:
    """
    The keys that are in a file now.

    The file is checked for changes every `seconds`. If it cannot be read any more, or is malformed,
    the log has an error and the previous keys stay valid. Raises KeysFileError if this is so at
    the start, or if the file has no key.
    """

    def __init__(self, path: Path, seconds: float = 1.0) -> None:
        self._path = path
        self._seconds = seconds
        self._stamp = _stamp(path)
        self._names = read_keys(path)
        self._fault = ""
        if not self._names:
            raise KeysFileError(f"{path} holds no key: {_remedy(path)}")
        self._looked = time.monotonic()

    def owner(self, key: bytes) -> str | None:
        """The name of the key; None for one that is not in the file."""
        if time.monotonic() - self._looked >= self._seconds:
            self._look()
        # A dict may be asked, whose time depends on what it holds: an attacker can neither choose
        # the hash of a guess nor learn from it anything about a key of 256 random bits.
        return self._names.get(hashlib.sha256(key).hexdigest())

    def _look(self) -> None:
        self._looked = time.monotonic()
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._names = read_keys(self._path)
        except KeysFileError as error:
            if isinstance(error.__cause__, OSError):
                self._stamp = None  # it may be read the next time
            if str(error) != self._fault:
                logger.error("keeping the API keys that were read before: %s", error)
            self._fault = str(error)
            return
        self._fault = ""
        logger.info("%s holds %d keys now", self._path, len(self._names))


def read_keys(path: Path) -> dict[str, str]:
    """
    The names in a file by their keys' hashes; raises KeysFileError.

    What is wrong is named by its line alone: someone may have put a key there.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise KeysFileError(f"{path} has more than {_LARGEST} bytes")
        text = content.decode("utf-8-sig")  # editors of Windows begin files with a mark
    except OSError as error:
        raise KeysFileError(f"{path} cannot be read ({error.strerror}): {_remedy(path)}") from error
    except UnicodeDecodeError as error:
        raise KeysFileError(f"{path} is not text in UTF-8: save it as that") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise KeysFileError(
                f"{path}, line {number}: expected a name and sha256: with 64 hexadecimal digits; "
                f"{_remedy(path)}"
            )
        name, digest = match.groups()
        if digest in names or name in taken:
            raise KeysFileError(f"{path}, line {number}: this name or key stands there twice")
        names[digest] = name
        taken.add(name)
    return names


def new_key(path: Path, name: str) -> str:
    """
    A new key, of which the file gets the hash.

    Raises KeysFileError where the name is taken or none, or the file is not one of keys.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    line = f"{name} sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    if not _LINE.fullmatch(line):
        raise KeysFileError(
            f"{name!r} is no name: it has 1 to 64 of A-Z, a-z, 0-9, dots, hyphens and underscores"
        )
    try:
        if path.exists():
            if name in read_keys(path).values():
                raise KeysFileError(f"{path} has a key named {name} already: take another name")
            content = path.read_bytes()
            line = line if content.endswith(b"\n") or not content else f"\n{line}"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        raise KeysFileError(f"{path} cannot be written ({error.strerror})") from error
    return key


def _remedy(path: Path) -> str:
    return f"create a key with slotline keys new NAME --file {path}"


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What changes whenever the file does, or who may read it."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
