"""Folders of bundles → the registry of models, at the start and at each reload."""

import ctypes
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.extras import install_command
from app.inference.bundle_folders import bundle_folders
from app.inference.list_folder import ModelLists, read_model_lists, strange_folders
from app.inference.loaded_model import load_model
from app.inference.registry import LoadError, ModelRegistry, RegistryEntry
from app.tagging.bundle import LARGEST_FILE, LoadPolicy, Manifest, open_bundle
from app.tagging.device import Device
from app.tagging.errors import (
    BundleError,
    BundleInvalidError,
    BundleNotFoundError,
    TrustedKeysError,
    ValueListError,
    readable,
)

if TYPE_CHECKING:
    from app.tagging.signatures import TrustedKeys

PREFERRED = "booking"

logger = logging.getLogger(__name__)


def open_registry(
    folder: Path,
    default: str | None = None,
    provider: Device = "cpu",
    threads: int = 1,
    *,
    largest: int = LARGEST_FILE,
    trusted: Path | None = None,
    lists: Path | None = None,
    skip_invalid_models: bool = False,
) -> ModelRegistry:
    """
    Open every bundle in the folder, and test each on its verification examples.

    largest: the limit on the bytes of a file. trusted: public keys, one of which must have signed
    each bundle. lists: the folder of lists of values. Raises BundleError for the first bundle that
    is not valid; with `skip_invalid_models` only if that is the default.
    """
    loader = _BundleLoader(
        folder, provider, threads, LoadPolicy(folder, largest, _trusted_keys(trusted))
    )
    served, broken = loader.open_all()
    for error in broken.values():
        if not skip_invalid_models:
            raise error
        logger.error("left out: %s", error)
    # Invalid bundles count too: else another model would silently become the default.
    errors = {path.name: error for path, error in broken.items()}
    chosen = _default({**served, **errors}, default)
    if chosen not in served:
        raise errors[chosen]
    load_errors = [_load_error(path, error) for path, error in broken.items()]
    if lists is not None:
        faults = _read_lists(served, lists, largest)
        for fault in faults:
            if fault.model is not None and not skip_invalid_models:
                raise BundleError(fault.detail)
            logger.error("left out: %s", fault.detail)
        load_errors += faults
    return ModelRegistry(served.values(), chosen, load_errors)


def find_bundle(
    folder: Path,
    name: str | None = None,
    *,
    largest: int = LARGEST_FILE,
    trusted: Path | None = None,
) -> tuple[Path, Manifest]:
    """
    The folder and manifest of the bundle with a name, or of the default; its network is not run.

    largest, trusted: as for `open_registry`. Raises BundleError.
    """
    policy = LoadPolicy(folder, largest, _trusted_keys(trusted))
    bundles: dict[str, tuple[Path, Manifest]] = {}
    broken: dict[str, BundleError] = {}
    for path in bundle_folders(folder):
        try:
            manifest = open_bundle(path, policy).manifest
            bundles.setdefault(manifest.name, (path, manifest))
        except (BundleInvalidError, BundleNotFoundError) as error:
            broken[path.name] = error
    # Invalid bundles count too: else another model would silently become the default.
    chosen = _default({**broken, **bundles}, name)
    if chosen not in bundles:
        raise broken[chosen]
    return bundles[chosen]


def reopen_registry(
    previous: ModelRegistry,
    folder: Path,
    provider: Device = "cpu",
    threads: int = 1,
    *,
    largest: int = LARGEST_FILE,
    trusted: Path | None = None,
    lists: Path | None = None,
) -> ModelRegistry:
    """
    Open the bundles that are new or changed in the folder, and drop those that are gone.

    A changed bundle keeps its previous version beside it. An invalid one leaves the version that
    was in service, and so does an invalid list of values. The default model stays in service
    whatever happens to its folder. Raises BundleError if the folder itself cannot be read.
    """
    loader = _BundleLoader(
        folder, provider, threads, LoadPolicy(folder, largest, _trusted_keys(trusted))
    )
    served, broken = loader.open_all(previous)
    entries_by_folder = {entry.folder: entry for entry in previous.served}
    load_errors = []
    for path, error in broken.items():
        kept = entries_by_folder.get(path)
        if kept is None or kept.name in served:
            load_errors.append(_load_error(path, error))
        else:
            served[kept.name] = kept
            load_errors.append(_load_error(path, error, kept.name))
    if previous.default not in served:
        [kept] = (entry for entry in previous.served if entry.name == previous.default)
        served[kept.name] = kept
        gone = f"{kept.name} is the default model and no bundle has its name any more"
        load_errors.append(LoadError(readable(kept.folder.name), gone, kept.name))
    if lists is not None:
        load_errors += _read_lists(served, lists, largest)
    return ModelRegistry(served.values(), previous.default, load_errors)


@dataclass(frozen=True, slots=True)
class _BundleLoader:
    """Opens the bundles of a folder."""

    folder: Path
    provider: Device
    threads: int
    policy: LoadPolicy

    def open_all(
        self, previous: ModelRegistry | None = None
    ) -> tuple[dict[str, RegistryEntry], dict[Path, BundleError]]:
        """The bundles by name, and the errors of the others by folder."""
        known = {entry.name: entry for entry in previous.served} if previous else {}
        served_folders = {entry.folder for entry in known.values()}
        served: dict[str, RegistryEntry] = {}
        broken: dict[Path, BundleError] = {}
        # Bundles in service come first: of two with one name, the new one is the error.
        for path in sorted(
            bundle_folders(self.folder), key=lambda path: path not in served_folders
        ):
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

    def _open(self, path: Path, known: Mapping[str, RegistryEntry]) -> RegistryEntry:
        """Open a bundle, or keep the model of it that is in service; raises BundleError."""
        bundle = open_bundle(path, self.policy)
        known_model = known.get(bundle.manifest.name)
        if known_model is None:
            return RegistryEntry(path, load_model(bundle, self.provider, self.threads))
        present = known_model.model
        if present.manifest == bundle.manifest:
            return replace(known_model, folder=path)
        model = load_model(bundle, self.provider, self.threads)
        if present.manifest.version == bundle.manifest.version:
            return RegistryEntry(path, model, known_model.previous)
        return RegistryEntry(path, model, present)


def _read_lists(served: dict[str, RegistryEntry], folder: Path, largest: int) -> list[LoadError]:
    """
    Give the models the lists that the folder has now, and return the errors of the others.

    The previous version of a model keeps its lists. Raises ValueListError if the folder cannot be
    read.
    """
    try:
        strange = strange_folders(folder, served)
    except OSError as error:
        raise ValueListError(
            ".", f"the folder of lists cannot be read ({error.strerror}); set SLOTLINE_LISTS_DIR"
        ) from error
    load_errors = [
        LoadError(None, f"list {name}: there is no model of that name, so its lists are not read")
        for name in strange
    ]
    for name, entry in served.items():
        model = entry.model
        try:
            lists, errors = read_model_lists(folder, model.tagger, _lists_before(entry), largest)
        except OSError as error:
            errors = [ValueListError(name, f"its lists cannot be read: {error.strerror}")]
            lists = model.lists
        load_errors += [LoadError(None, str(error), name) for error in errors]
        changed = model.with_lists(lists)
        if changed is not model:
            served[name] = replace(entry, model=changed)
    return load_errors


def _lists_before(entry: RegistryEntry) -> ModelLists | None:
    """The lists of a model, or of the version that a new one has just replaced."""
    if entry.model.lists is None and entry.previous is not None:
        return entry.previous.lists
    return entry.model.lists


def _give_memory_back() -> None:
    """Return freed memory to the system, of which glibc would keep some megabytes."""
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
            path, f"cryptography is not installed: {install_command('signing')}"
        ) from error
    return read_trusted_keys(path)


def _load_error(path: Path, error: BundleError, model: str | None = None) -> LoadError:
    """The error as callers may see it, without the path of the folder on this machine."""
    name = readable(path.name)
    detail = str(error).replace(readable(path), name) if name else str(error)
    return LoadError(name, detail, model)


def _default(names: Mapping[str, object], wanted: str | None) -> str:
    """The name of the default model; raises BundleNotFoundError if it does not exist."""
    if wanted is None:
        return PREFERRED if PREFERRED in names else min(names)
    if wanted not in names:
        raise BundleNotFoundError(
            f"the default model {wanted!r} is not among the bundles: "
            f"{', '.join(sorted(map(readable, names)))}; "
            "set SLOTLINE_DEFAULT_MODEL to one of them"
        )
    return wanted
