"""
What a folder in models/ holds: write, read, verify.

    manifest.json      what the bundle is, how it was made, the SHA-256 of every file
    model.onnx         the network: words, trigrams, lengths → tag_scores, tag_probabilities and,
                       if trained, intent_scores, intent_probabilities
    words.txt, trigrams.txt, slots.txt, intents.txt
                       the vocabularies: an entry a line, in the order of the graph's ids
    lexicon.txt        the words that letters make, for languages without blanks (lexicon.py)
    NAME.tsv           lists of names, if slots have types (app/values/names.py)
    examples.jsonl     the verification examples: sentences and the scores that the graph must give
    manifest.json.sig  the signature of manifest.json, if the bundle is signed (signatures.py)
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from app.tagging.errors import BundleInvalidError, BundleNotFoundError, readable
from app.tagging.features import Featurizer
from app.tagging.lexicon import Lexicon
from app.tagging.vocabulary import Vocabulary

if TYPE_CHECKING:
    from app.tagging.signatures import TrustedKeys

# Of formats 2 and 3 the graph gave no probabilities, and those of 2 had no types.
FORMAT = 4
MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
GRAPH = "model.onnx"
EXAMPLES = "examples.jsonl"
_VOCABULARIES = ("words.txt", "trigrams.txt", "slots.txt", "intents.txt")
OUTSIDE = "O"  # the tag of a word that fills no slot
LEXICON = "lexicon.txt"
LIST = re.compile(r"[A-Za-z0-9_-]{1,60}\.tsv")
_FILES = {GRAPH, EXAMPLES, LEXICON, *_VOCABULARIES}
FILES = frozenset({MANIFEST, SIGNATURE, *_FILES})
# The last field of a manifest, lest one of the experiment's be taken for it.
_DIGEST = re.compile(rb'"digest": "[0-9a-f]{64}"(?=\n\}\n\Z)')
# What to do where line ends are not as written: Git for Windows turns LF into CRLF by default.
_LINE_ENDS = (
    "git's core.autocrlf does that: put the line `* -text` into a .gitattributes beside the "
    "bundle, then delete its files and check them out again; or copy it anew, byte by byte"
)
LARGEST_FILE = 268_435_456
LONGEST_NAME = 80
NAMES = f"a name has at most {LONGEST_NAME} printable characters and no @, / or \\"


@dataclass(frozen=True, slots=True)
class CorpusNote:
    """
    Where the training data came from, and what its owners allow and ask for.

    name: Name of the corpus, list or vectors.
    license: License of the data.
    citation: What to cite.
    source: Where the data was obtained.
    """

    name: str
    license: str
    citation: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    What a bundle says of itself.

    format: Version of this format.
    name: Name of the model in the API.
    version: The first 12 digits of a SHA-256 over the hashes of all files, so equal versions are
        equal bundles.
    description: One sentence about the model.
    languages: Languages of the model, as BCP 47 tags.
    punctuation: Whether the network reads punctuation (`"read"`), or was trained on transcribed
        speech (`"ignored"`).
    corpora: The training data and their licenses.
    metrics: Figures of the model by name, such as `dev_slot_f1`, `dev_calibration_error`,
        `temperature`, `stability_words` and `stability_words_confidence`.
    seed: Random seed of the training.
    training_config: The experiment, with all defaults filled in.
    packages: Versions of Python and of the packages that made the bundle.
    command: The command that makes the bundle again.
    files: SHA-256 of each file, by name.
    types: Which slot has which type of value, and the lists of names.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    format: int
    name: str
    version: str
    description: str
    languages: list[str]
    punctuation: Literal["read", "ignored"]
    corpora: list[CorpusNote]
    metrics: dict[str, float]
    seed: int
    training_config: dict[str, Any]
    packages: dict[str, str]
    command: str
    files: dict[str, str]
    # Which slot has which type: app.values.read_types reads it.
    types: dict[str, Any] | None = None


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
    lexicon: Sequence[str] = ()
    lists: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened bundle, its files verified but its graph not yet run."""

    manifest: Manifest
    contents: Contents

    @property
    def featurizer(self) -> Featurizer:
        """A featurizer over the bundle's vocabularies; raises BundleInvalidError."""
        contents = self.contents
        try:
            lexicon = Lexicon(contents.lexicon)
        except ValueError as error:
            raise BundleInvalidError(self.manifest.name, f"{LEXICON}: {error}") from error
        return Featurizer(Vocabulary(contents.words), Vocabulary(contents.trigrams), lexicon)


@dataclass(frozen=True, slots=True)
class LoadPolicy:
    """
    What is checked before the contents of a bundle are used.

    root: the folder that no file of it may lie outside of, the bundle's own where it is None;
    largest: bytes of a file; trusted: whose signature it must bear, nobody's where it is None.
    """

    root: Path | None = None
    largest: int = LARGEST_FILE
    trusted: "TrustedKeys | None" = None


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)
_EXAMPLE: TypeAdapter[Example] = TypeAdapter(Example)


def write_bundle(folder: Path, contents: Contents, about: Mapping[str, Any]) -> Manifest:
    """
    Write a bundle; `about` holds the manifest's fields but for format, version and files.

    The version is a digest of the files and types, so equal versions are equal bundles. The
    manifest is written last: a folder that was left half-written has none or one that does not
    fit. Raises BundleInvalidError where the name is not one that can be asked for.
    """
    types = about.get("types")
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
    if contents.lexicon:
        files[LEXICON] = _lines(contents.lexicon)
    files |= contents.lists
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    manifest = _MANIFEST.validate_python(
        {
            "format": FORMAT,
            "version": _version(digests, types),
            "files": digests,
            **about,
        }
    )
    _check_name(folder, manifest.name)
    stale = {SIGNATURE, *_FILES, *_lists_in(folder)} - files.keys()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    _write_manifest(folder, manifest)
    return manifest


def add_metrics(folder: Path, figures: Mapping[str, float]) -> Manifest:
    """
    Write figures into a bundle's manifest; its version stays, and a signature no longer holds.

    Raises what `open_bundle` does.
    """
    manifest = open_bundle(folder).manifest
    manifest = replace(manifest, metrics=manifest.metrics | dict(figures))
    (folder / SIGNATURE).unlink(missing_ok=True)
    _write_manifest(folder, manifest)
    return manifest


def add_types(
    folder: Path, types: Mapping[str, Any] | None, lists: Mapping[str, bytes], command: str
) -> Manifest:
    """
    Give a bundle's slots types, in place of those that it had; it gets another version.

    `lists` are the files that the types name, and `command` makes the bundle again. Raises what
    `open_bundle` does.
    """
    bundle = open_bundle(folder)
    about = {name: getattr(bundle.manifest, name) for name in Manifest.__slots__}
    for derived in ("format", "version", "files"):
        del about[derived]
    about |= {"types": types, "command": command}
    return write_bundle(folder, replace(bundle.contents, lists=lists), about)


def open_bundle(folder: Path, policy: LoadPolicy | None = None) -> Bundle:
    """
    Read a bundle and verify that it keeps to the policy, its format version and all hashes.

    Raises BundleNotFoundError where there is no manifest, BundleInvalidError where something
    is not as the manifest says.
    """
    policy = policy or LoadPolicy()
    manifest = _read_manifest(folder, policy)
    if absent := {GRAPH, EXAMPLES, *_VOCABULARIES[:3]} - manifest.files.keys():
        raise BundleInvalidError(str(folder), f"its manifest names no {', '.join(sorted(absent))}")
    has_types = manifest.types is not None
    lists = {name for name in manifest.files if has_types and LIST.fullmatch(name)}
    if strange := manifest.files.keys() - _FILES - lists:
        raise BundleInvalidError(
            str(folder), f"its manifest names files of no bundle: {', '.join(sorted(strange))}"
        )
    if manifest.version != _version(manifest.files, manifest.types):
        raise BundleInvalidError(
            str(folder), f"its version {manifest.version!r} is not that of its files"
        )
    files = {}
    for name, digest in manifest.files.items():
        files[name] = _content(folder, name, policy)
        if not _has_sha256(digest, files[name]):
            _check_line_ends(folder, name, files[name], partial(_has_sha256, digest))
            raise BundleInvalidError(str(folder), f"{name} is not the file that the manifest names")
    try:
        words, trigrams, slots, intents = (
            files.get(name, b"").decode().split("\n")[:-1] for name in _VOCABULARIES
        )
        lexicon = files.get(LEXICON, b"").decode().split("\n")[:-1]
        examples = [_EXAMPLE.validate_json(line) for line in files[EXAMPLES].splitlines()]
    except (UnicodeDecodeError, ValidationError) as error:
        raise BundleInvalidError(str(folder), f"a file cannot be read: {error}") from error
    for name, entries in zip(_VOCABULARIES, (words, trigrams, slots, intents), strict=True):
        if len(set(entries)) < len(entries):
            raise BundleInvalidError(str(folder), f"{name} holds an entry twice")
    if OUTSIDE in slots:
        raise BundleInvalidError(
            str(folder), f"a slot is named {OUTSIDE!r}", "that is the word for no slot: rename it"
        )
    contents = Contents(
        files[GRAPH],
        words,
        trigrams,
        slots,
        intents,
        examples,
        lexicon,
        {name: files[name] for name in sorted(lists)},
    )
    return Bundle(manifest, contents)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    described = asdict(manifest)
    if manifest.types is None:
        del described["types"]
    described["digest"] = "0" * 64
    raw = (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()
    digest = b'"digest": "%s"' % _digest(raw).encode()
    (folder / MANIFEST).write_bytes(_DIGEST.sub(digest, raw))


def _read_manifest(folder: Path, policy: LoadPolicy) -> Manifest:
    try:
        (folder / MANIFEST).lstat()
    except PermissionError as error:
        raise BundleInvalidError(
            str(folder), f"it cannot be read: {error.strerror}", "let the service look into it"
        ) from error
    except OSError as error:
        raise BundleNotFoundError(
            f"{readable(folder)} holds no {MANIFEST}, so no bundle; make one with slotline fit"
        ) from error
    raw = _content(folder, MANIFEST, policy)
    # Before anything is made of it: what nobody answers for is not even parsed.
    if policy.trusted and not _is_signed(folder, raw, policy):
        _check_line_ends(folder, MANIFEST, raw, partial(_is_signed, folder, policy=policy))
        raise BundleInvalidError(
            str(folder),
            f"it bears no signature ({SIGNATURE}) of a key in SLOTLINE_TRUSTED_KEYS",
            "look where it came from, then sign it with slotline sign",
        )
    try:
        described = json.loads(raw)
        # Escapes can spell half of a surrogate pair, which no answer can hold.
        json.dumps(described, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BundleInvalidError(str(folder), f"{MANIFEST} is not JSON: {error}") from error
    version = described.get("format") if isinstance(described, dict) else None
    if version != FORMAT:
        raise BundleInvalidError(
            str(folder),
            f"its format version is {version!r} and this release reads {FORMAT}",
            "make it again: slotline export CHECKPOINT --out FOLDER, or train it with the command "
            "in its manifest",
        )
    digest = described.pop("digest", None)  # taken out of what was changed on purpose
    if digest is not None and digest != _digest(raw):
        _check_line_ends(folder, MANIFEST, raw, lambda content: digest == _digest(content))
        raise BundleInvalidError(
            str(folder),
            f"{MANIFEST} is not as it was written",
            "restore it, or take its digest out if it was changed on purpose",
        )
    try:
        manifest = _MANIFEST.validate_python(described)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BundleInvalidError(
            str(folder), f"{MANIFEST}, {where}: {first['msg'].lower()}"
        ) from error
    _check_name(folder, manifest.name)
    return manifest


def _lists_in(folder: Path) -> list[str]:
    """The lists of the bundle that a folder holds, if it holds one."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return [name for name in files if LIST.fullmatch(name)]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return []


def _is_signed(folder: Path, manifest: bytes, policy: LoadPolicy) -> bool:
    return (
        policy.trusted is not None
        and os.path.lexists(folder / SIGNATURE)
        and policy.trusted.verify(manifest, _content(folder, SIGNATURE, policy))
    )


def _has_sha256(digest: str, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == digest


def _check_line_ends(
    folder: Path, name: str, content: bytes, is_right: Callable[[bytes], bool]
) -> None:
    """
    Raise a BundleInvalidError of its own where only the line ends of a file have changed.

    `is_right` tells whether a content is what was written.
    """
    with_lf = content.replace(b"\r\n", b"\n")
    for restored in (with_lf, with_lf.replace(b"\n", b"\r\n"), content.replace(b"\r", b"\n")):
        if restored != content and is_right(restored):
            raise BundleInvalidError(
                str(folder),
                f"{name} has other line ends than when it was written, and is else undamaged",
                _LINE_ENDS,
            )


def can_be_asked_for(name: str) -> bool:
    """Whether a bundle may have the name: a part of an address, where `@` begins a version."""
    return name.isprintable() and 0 < len(name) <= LONGEST_NAME and not set(name) & set("@/\\")


def _check_name(folder: Path, name: str) -> None:
    if not can_be_asked_for(name):
        raise BundleInvalidError(
            str(folder), f"its name {name!r} is none that can be asked for", NAMES
        )


def _digest(manifest: bytes) -> str:
    """Of the file but for the digest in it."""
    return hashlib.sha256(_DIGEST.sub(b"", manifest)).hexdigest()


def _version(digests: Mapping[str, str], types: Mapping[str, Any] | None) -> str:
    whole = "".join(digests[name] for name in sorted(digests))
    if types is not None:
        whole += json.dumps(types, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def _content(folder: Path, name: str, policy: LoadPolicy) -> bytes:
    """What is in a file of the bundle, if it is a file, within the root and not too large."""
    root = policy.root or folder
    try:
        path = Path(os.path.realpath(folder / name, strict=True))
        if not path.is_relative_to(root.resolve()):
            raise BundleInvalidError(
                str(folder), f"{name} leads out of the folder of bundles", "copy it there"
            )
        # What has become a link since is not followed; a pipe would let us wait for its writer.
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise BundleInvalidError(str(folder), f"{name} cannot be read: it is no file")
            content = file.read(policy.largest + 1)
    except OSError as error:
        raise BundleInvalidError(str(folder), f"{name} cannot be read: {error.strerror}") from error
    if len(content) > policy.largest:
        raise BundleInvalidError(
            str(folder),
            f"{name} has more than {policy.largest} bytes",
            "make it smaller, or raise SLOTLINE_MAX_MODEL_FILE_BYTES",
        )
    return content


def _lines(entries: Any) -> bytes:
    return "".join(f"{entry}\n" for entry in entries).encode()
