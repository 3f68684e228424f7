"""
What a folder in models/ holds: write, read, verify.

    manifest.json    what it is, how it was made, the SHA-256 of every other file
    model.onnx       words, trigrams, lengths → tag_scores and, where trained, intent_scores
    words.txt, trigrams.txt, slots.txt, intents.txt
                     an entry a line, in the order of the graph's ids
    examples.jsonl   sentences with the scores that the graph must give for them
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from app.tagging.errors import BundleInvalidError, BundleNotFoundError
from app.tagging.features import Featurizer
from app.tagging.vocabulary import Vocabulary

FORMAT = 1
MANIFEST = "manifest.json"
GRAPH = "model.onnx"
EXAMPLES = "examples.jsonl"
_VOCABULARIES = ("words.txt", "trigrams.txt", "slots.txt", "intents.txt")
NOTHING = "other"  # what fills no slot, as the lecture calls it
_FILES = {GRAPH, EXAMPLES, *_VOCABULARIES}


@dataclass(frozen=True, slots=True)
class CorpusNote:
    """Where the training data came from and what its owners allow and ask for."""

    name: str
    licence: str
    citation: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    format: int
    name: str
    version: str
    description: str
    languages: list[str]
    punctuation: Literal["read", "ignored"]
    corpora: list[CorpusNote]
    figures: dict[str, float]
    seed: int
    experiment: dict[str, Any]
    packages: dict[str, str]
    command: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and the tag scores that the graph must give: a list of scores a word."""

    tokens: list[str]
    tags: list[str]
    scores: list[list[float]]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bundle is made of, apart from its manifest."""

    graph: bytes
    words: Sequence[str]
    trigrams: Sequence[str]
    slots: Sequence[str]
    intents: Sequence[str] = ()
    examples: Sequence[Example] = field(default=())


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened bundle, its files verified but its graph not yet run."""

    manifest: Manifest
    contents: Contents

    @property
    def featurizer(self) -> Featurizer:
        """A featurizer over the bundle's vocabularies."""
        return Featurizer(Vocabulary(self.contents.words), Vocabulary(self.contents.trigrams))


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)
_EXAMPLE: TypeAdapter[Example] = TypeAdapter(Example)


def write_bundle(folder: Path, contents: Contents, about: Mapping[str, Any]) -> Manifest:
    """
    Write a bundle; `about` holds the manifest's fields but for format, version and files.

    The version is a digest of the files, so equal versions are equal bundles. The manifest is
    written last: a folder that was left half-written has none or one that does not fit.
    """
    files = {
        GRAPH: contents.graph,
        "words.txt": _lines(contents.words),
        "trigrams.txt": _lines(contents.trigrams),
        "slots.txt": _lines(contents.slots),
        EXAMPLES: _lines(
            json.dumps(asdict(example), ensure_ascii=False) for example in contents.examples
        ),
    }
    if contents.intents:
        files["intents.txt"] = _lines(contents.intents)
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    version = hashlib.sha256("".join(digests.values()).encode()).hexdigest()[:12]
    manifest = _MANIFEST.validate_python(
        {"format": FORMAT, "version": version, "files": digests, **about}
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    for stale in _FILES - files.keys():
        (folder / stale).unlink(missing_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def open_bundle(folder: Path) -> Bundle:
    """
    Read a bundle and verify its format version and the hash of every file.

    Raises BundleNotFoundError where there is no manifest, BundleInvalidError where something
    is not as the manifest says.
    """
    manifest = _read_manifest(folder)
    if absent := {GRAPH, EXAMPLES, *_VOCABULARIES[:3]} - manifest.files.keys():
        raise BundleInvalidError(str(folder), f"its manifest names no {', '.join(sorted(absent))}")
    if strange := manifest.files.keys() - _FILES:
        raise BundleInvalidError(
            str(folder), f"its manifest names files of no bundle: {', '.join(sorted(strange))}"
        )
    files = {name: _read_file(folder, name, digest) for name, digest in manifest.files.items()}
    try:
        words, trigrams, slots, intents = (
            files.get(name, b"").decode().split("\n")[:-1] for name in _VOCABULARIES
        )
        examples = [_EXAMPLE.validate_json(line) for line in files[EXAMPLES].splitlines()]
    except (UnicodeDecodeError, ValidationError) as error:
        raise BundleInvalidError(str(folder), f"a file cannot be read: {error}") from error
    if NOTHING in slots:
        raise BundleInvalidError(
            str(folder), f"a slot is named {NOTHING!r}", "that is the word for no slot: rename it"
        )
    contents = Contents(files[GRAPH], words, trigrams, slots, intents, examples)
    return Bundle(manifest, contents)


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BundleNotFoundError(
            f"{folder} holds no {MANIFEST}, so no bundle; make one with python -m training fit"
        ) from None
    except OSError as error:
        raise BundleInvalidError(str(folder), f"{MANIFEST} cannot be read: {error}") from error
    try:
        found = json.loads(raw)
    except ValueError as error:
        raise BundleInvalidError(str(folder), f"{MANIFEST} is not JSON: {error}") from error
    version = found.get("format") if isinstance(found, dict) else None
    if version != FORMAT:
        raise BundleInvalidError(
            str(folder),
            f"its format version is {version!r} and this release reads {FORMAT}",
            "export it again with this release",
        )
    try:
        return _MANIFEST.validate_python(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BundleInvalidError(
            str(folder), f"{MANIFEST}, {where}: {first['msg'].lower()}"
        ) from error


def _read_file(folder: Path, name: str, digest: str) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise BundleInvalidError(str(folder), f"{name} cannot be read: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise BundleInvalidError(str(folder), f"{name} is not the file that the manifest names")
    return content


def _lines(entries: Any) -> bytes:
    return "".join(f"{entry}\n" for entry in entries).encode()
