"""The bundles that are open, found by name."""

import ctypes
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.forms import FormModel
from app.inference.forms import Forms
from app.inference.slot_types import types_of
from app.tagging.bundle import FILES, LARGEST_FILE, MANIFEST, Bundle, Manifest, Terms, open_bundle
from app.tagging.device import Device
from app.tagging.errors import (
    BundleError,
    BundleInvalidError,
    BundleNotFoundError,
    TrustedKeysError,
    UnknownModelError,
    readable,
)
from app.tagging.slots import Slot
from app.tagging.tagger import Tagger
from app.values import Context, Resolution, SlotType, resolve_slots

if TYPE_CHECKING:
    from app.tagging.signatures import TrustedKeys

PREFERRED = "booking"
# What systems put into any folder: names with a mark (`$RECYCLE.BIN`, `@eaDir`, `#recycle`,
# `~snapshot`, `__MACOSX`), and those without.
_MARKS = tuple("$@#~_")
_SYSTEM_FOLDER = re.compile(
    r"lost\+found|found\.\d{3}|recycle[rd]|system volume information|cvs|paxheaders?(\..*)?"
    r"|gnusparsefile\..*|network trash folder|temporary items|thevolumesettingsfolder",
    re.IGNORECASE,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """A model that answers: its tagger, and the types of its slots by their names."""

    tagger: Tagger
    types: Mapping[str, SlotType]

    @property
    def manifest(self) -> Manifest:
        """What the bundle says of itself."""
        return self.tagger.manifest

    def resolve(
        self, text: str, slots: Sequence[Slot], context: Context
    ) -> list[Resolution | None]:
        """The values of the slots of a text, None for those without a type."""
        spans = [(slot.name, slot.start, slot.end) for slot in slots]
        return resolve_slots(text, spans, self.types, context)


@dataclass(frozen=True, slots=True)
class Served:
    """A model that answers, the folder it was read from, and the version that it replaced."""

    folder: Path
    model: LoadedModel
    before: LoadedModel | None = None

    @property
    def name(self) -> str:
        """What it is called in requests."""
        return self.model.manifest.name

    @property
    def versions(self) -> dict[str, LoadedModel]:
        """The models that can be asked for, by version, the present one first."""
        models = (self.model, self.before) if self.before else (self.model,)
        return {model.manifest.version: model for model in models}


@dataclass(frozen=True, slots=True)
class Fault:
    """
    Why the bundle in a folder, or in none of them, cannot be served.

    `model` is the name under which an earlier version of it goes on answering, if one does.
    """

    folder: str | None
    detail: str
    model: str | None = None


class Catalogue:
    """
    The bundles that answer; `default` does where no name is given.

    Never changes: another takes its place. `faults` are of bundles that are broken; `left_out`
    names the folders of those of which no version answers. `forms` build on these models.
    """

    def __init__(
        self,
        served: Iterable[Served],
        default: str,
        faults: Sequence[Fault] = (),
        forms: Forms | None = None,
    ) -> None:
        self.served = tuple(sorted(served, key=lambda entry: entry.name))
        self._models: dict[str, LoadedModel] = {}
        for entry in self.served:
            self._models[entry.name] = entry.model
            for version, model in entry.versions.items():
                self._models[f"{entry.name}@{version}"] = model
        assert default in self._models, "the default model is among the bundles"
        self.default = default
        self.faults = tuple(faults)
        self.forms = Forms() if forms is None else forms
        self.left_out = tuple(
            fault.folder for fault in faults if fault.folder is not None and fault.model is None
        )

    def __iter__(self) -> Iterator[Tagger]:
        return iter(entry.model.tagger for entry in self.served)

    def tagger(self, name: str | None = None) -> Tagger:
        """The tagger of a model, or of its version as NAME@VERSION; raises UnknownModelError."""
        return self.model(name).tagger

    def model(self, name: str | None = None) -> LoadedModel:
        """A model, or its version as NAME@VERSION; raises UnknownModelError."""
        try:
            return self._models[self.default if name is None else name]
        except KeyError:
            pass
        wanted, at, _ = str(name).partition("@")
        versions = self.versions(wanted) if at else []
        names = [f"{wanted}@{version}" for version in versions]
        raise UnknownModelError(str(name), names or [entry.name for entry in self.served])

    def at_fault(self, detail: str) -> "Catalogue":
        """The same, with a fault that is of no one bundle."""
        known = [fault for fault in self.faults if fault.folder is not None]
        return Catalogue(self.served, self.default, [Fault(None, detail), *known], self.forms)

    def with_forms(self, forms: Forms) -> "Catalogue":
        """The same with other forms."""
        return Catalogue(self.served, self.default, self.faults, forms)

    def form_model(self, name: str) -> FormModel | None:
        """What forms need to know of a model; None if it is not here."""
        model = self._models.get(name)
        return None if model is None else FormModel(model.tagger.slots, model.types)

    def versions(self, name: str) -> list[str]:
        """The versions that can be asked for, the present one first; none of an unknown name."""
        return [
            version for entry in self.served if entry.name == name for version in entry.versions
        ]


def open_catalogue(
    folder: Path,
    default: str | None = None,
    provider: Device = "cpu",
    threads: int = 1,
    *,
    largest: int = LARGEST_FILE,
    trusted: Path | None = None,
    skip_invalid_models: bool = False,
) -> Catalogue:
    """
    Open every bundle in the folder and prove each on its worked examples.

    largest: bytes of a file; trusted: public keys, one of which must have signed each bundle.
    Raises BundleError for the first that is not as it should be; where these are skipped, only
    for the one that is the default.
    """
    shelf = _Shelf(folder, provider, threads, Terms(folder, largest, _trusted_keys(trusted)))
    served, broken = shelf.open_all()
    for error in broken.values():
        if not skip_invalid_models:
            raise error
        logger.error("left out: %s", error)
    # Counted in, lest another model answer in its place unnoticed.
    errors = {path.name: error for path, error in broken.items()}
    chosen = _default({**served, **errors}, default)
    if chosen not in served:
        raise errors[chosen]
    faults = [_fault(path, error) for path, error in broken.items()]
    return Catalogue(served.values(), chosen, faults)


def find_bundle(
    folder: Path,
    name: str | None = None,
    *,
    largest: int = LARGEST_FILE,
    trusted: Path | None = None,
) -> tuple[Path, Manifest]:
    """
    The folder and manifest of the bundle with a name, or of the default; its network is not run.

    largest, trusted: as for `open_catalogue`. Raises BundleError.
    """
    terms = Terms(folder, largest, _trusted_keys(trusted))
    found: dict[str, tuple[Path, Manifest]] = {}
    broken: dict[str, BundleError] = {}
    for path in _bundle_folders(folder):
        try:
            manifest = open_bundle(path, terms).manifest
            found.setdefault(manifest.name, (path, manifest))
        except (BundleInvalidError, BundleNotFoundError) as error:
            broken[path.name] = error
    # The broken are counted in, lest another model answer in the place of one of them.
    chosen = _default({**broken, **found}, name)
    if chosen not in found:
        raise broken[chosen]
    return found[chosen]


def reopen_catalogue(
    before: Catalogue,
    folder: Path,
    provider: Device = "cpu",
    threads: int = 1,
    *,
    largest: int = LARGEST_FILE,
    trusted: Path | None = None,
) -> Catalogue:
    """
    Open what is new or changed in the folder, and drop what is no longer there.

    A changed bundle keeps its version before; one that is broken leaves the one that answered,
    and the default model answers whatever becomes of its folder. Raises BundleError where nothing
    can be said of the folder.
    """
    shelf = _Shelf(folder, provider, threads, Terms(folder, largest, _trusted_keys(trusted)))
    served, broken = shelf.open_all(before)
    places = {entry.folder: entry for entry in before.served}
    faults = []
    for path, error in broken.items():
        kept = places.get(path)
        if kept is None or kept.name in served:
            faults.append(_fault(path, error))
        else:
            served[kept.name] = kept
            faults.append(_fault(path, error, kept.name))
    if before.default not in served:
        [kept] = (entry for entry in before.served if entry.name == before.default)
        served[kept.name] = kept
        gone = f"{kept.name} is the default model and no bundle has its name any more"
        faults.append(Fault(readable(kept.folder.name), gone, kept.name))
    return Catalogue(served.values(), before.default, faults)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where bundles are, and how they are opened."""

    folder: Path
    provider: Device
    threads: int
    terms: Terms

    def open_all(
        self, before: Catalogue | None = None
    ) -> tuple[dict[str, Served], dict[Path, BundleError]]:
        """Bundles by their names, and by their folders what is wrong with the others."""
        known = {entry.name: entry for entry in before.served} if before else {}
        places = {entry.folder for entry in known.values()}
        served: dict[str, Served] = {}
        broken: dict[Path, BundleError] = {}
        # First those that answer: whoever takes the name of one of them is at fault.
        for path in sorted(_bundle_folders(self.folder), key=lambda path: path not in places):
            try:
                entry = self._open(path, known)
                if entry.name in served:
                    raise BundleInvalidError(
                        str(path),
                        f"another bundle is named {entry.name!r} too",
                        "rename one of them",
                    )
            except (BundleInvalidError, BundleNotFoundError) as error:
                broken[path] = error
            else:
                served[entry.name] = entry
        _give_memory_back()
        return served, broken

    def _open(self, path: Path, known: Mapping[str, Served]) -> Served:
        """Raises BundleError."""
        bundle = open_bundle(path, self.terms)
        known_model = known.get(bundle.manifest.name)
        if known_model is None:
            return Served(path, self._load(bundle))
        present = known_model.model
        if present.manifest == bundle.manifest:
            return replace(known_model, folder=path)
        model = self._load(bundle)
        if present.manifest.version == bundle.manifest.version:
            return Served(path, model, known_model.before)
        return Served(path, model, present)

    def _load(self, bundle: Bundle) -> LoadedModel:
        types = types_of(bundle)
        return LoadedModel(Tagger(bundle, self.provider, self.threads), types)


def _give_memory_back() -> None:
    """Let the system have what opening bundles took: glibc would keep some megabytes of it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # in other C libraries there is none
        trim(0)


def _trusted_keys(path: Path | None) -> "TrustedKeys | None":
    if path is None:
        return None
    try:
        from app.tagging.signatures import read_trusted_keys
    except ImportError as error:
        raise TrustedKeysError(
            path, "cryptography is not installed: pip install 'slotline[signing]'"
        ) from error
    return read_trusted_keys(path)


def _fault(path: Path, error: BundleError, model: str | None = None) -> Fault:
    """What callers may know of it too: not where on the machine the folder is."""
    name = readable(path.name)
    detail = str(error).replace(readable(path), name) if name else str(error)
    return Fault(name, detail, model)


def _bundle_folders(folder: Path) -> list[Path]:
    if os.path.lexists(folder / MANIFEST):
        return [folder]
    try:
        with os.scandir(folder) as entries:
            found = sorted(folder / entry.name for entry in entries if _is_folder(entry))
    except OSError as error:
        raise BundleNotFoundError(
            f"the bundles' folder {readable(folder)} cannot be read ({error.strerror}); "
            "set SLOTLINE_MODEL_DIR to a folder that holds bundles"
        ) from error
    bundles = [path for path in found if not _is_of_the_system(path)]
    if not bundles:
        raise BundleNotFoundError(
            f"the folder {readable(folder)} holds no bundle; make one with slotline fit, "
            "or set SLOTLINE_MODEL_DIR to a folder that holds some"
        )
    return bundles


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to where nobody may look: it is reported when it is opened
        return True


def _is_of_the_system(path: Path) -> bool:
    """
    Whether a folder is none of ours: hidden, or by its name a system's and without a bundle's file.

    Any other that holds no bundle is a fault: it may be one that was not copied.
    """
    name = path.name
    if name.startswith("."):
        return True
    if not (name.startswith(_MARKS) or _SYSTEM_FOLDER.fullmatch(name)):
        return False
    try:
        return FILES.isdisjoint(inside.name for inside in path.iterdir())
    except OSError:  # such folders are often for the system alone
        return True


def _default(names: Mapping[str, object], wanted: str | None) -> str:
    if wanted is None:
        return PREFERRED if PREFERRED in names else min(names)
    if wanted not in names:
        raise BundleNotFoundError(
            f"the default model {wanted!r} is not among the bundles: "
            f"{', '.join(sorted(map(readable, names)))}; "
            "set SLOTLINE_DEFAULT_MODEL to one of them"
        )
    return wanted
