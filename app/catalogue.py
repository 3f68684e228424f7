"""The bundles opened at start-up, found by name."""

from collections.abc import Iterator
from pathlib import Path

from app.tagging.bundle import MANIFEST, open_bundle
from app.tagging.errors import (
    BundleInvalidError,
    BundleNotFoundError,
    SlotFillingError,
    UnknownModelError,
)
from app.tagging.tagger import Provider, Tagger

PREFERRED = "booking"


class NotReadyError(SlotFillingError):
    """The bundles are not open, or no longer."""

    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("the service is opening its bundles: ask again in a second")


class Catalogue:
    """Taggers by their bundles' names; `default` answers where no name is given."""

    def __init__(self, taggers: dict[str, Tagger], default: str) -> None:
        assert default in taggers, "the default model is among the bundles"
        self._taggers = dict(sorted(taggers.items()))
        self.default = default

    def __iter__(self) -> Iterator[Tagger]:
        return iter(self._taggers.values())

    def tagger(self, name: str | None = None) -> Tagger:
        """The tagger of a bundle; raises UnknownModelError."""
        try:
            return self._taggers[self.default if name is None else name]
        except KeyError:
            raise UnknownModelError(str(name), self._taggers) from None


def open_catalogue(
    folder: Path, default: str | None = None, provider: Provider = "cpu", threads: int = 1
) -> Catalogue:
    """
    Open every bundle in the folder and prove each on its worked examples.

    Raises BundleError for the first that is not as it should be.
    """
    taggers: dict[str, Tagger] = {}
    for path in _bundle_folders(folder):
        tagger = Tagger(open_bundle(path), provider, threads)
        name = tagger.manifest.name
        if name in taggers:
            raise BundleInvalidError(
                str(path), f"another bundle in {folder} is named {name!r} too", "rename one of them"
            )
        taggers[name] = tagger
    return Catalogue(taggers, _default(taggers, default))


def _bundle_folders(folder: Path) -> list[Path]:
    if (folder / MANIFEST).exists():
        return [folder]
    try:
        found = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        raise BundleNotFoundError(
            f"the bundles' folder {folder} cannot be read ({error.strerror}); "
            "set SLOTLINE_BUNDLES to a folder that holds bundles"
        ) from error
    # Volumes keep their own business in hidden folders.
    bundles = [path for path in found if not path.name.startswith(".")]
    if not bundles:
        raise BundleNotFoundError(
            f"the folder {folder} holds no bundle; make one with python -m training fit, "
            "or set SLOTLINE_BUNDLES to a folder that holds some"
        )
    return bundles


def _default(names: dict[str, Tagger], wanted: str | None) -> str:
    if wanted is None:
        return PREFERRED if PREFERRED in names else min(names)
    if wanted not in names:
        raise BundleNotFoundError(
            f"the default model {wanted!r} is not among the bundles: {', '.join(sorted(names))}; "
            "set SLOTLINE_DEFAULT_MODEL to one of them"
        )
    return wanted
