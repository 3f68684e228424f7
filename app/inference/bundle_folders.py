"""Finding the folders that hold bundles."""

import os
import re
from pathlib import Path

from app.tagging.bundle import FILES, MANIFEST
from app.tagging.errors import BundleNotFoundError, readable

# What systems put into any folder: names with a mark (`$RECYCLE.BIN`, `@eaDir`, `#recycle`,
# `~snapshot`, `__MACOSX`), and those without.
_MARKS = tuple("$@#~_")
_SYSTEM_FOLDER = re.compile(
    r"lost\+found|found\.\d{3}|recycle[rd]|system volume information|cvs|paxheaders?(\..*)?"
    r"|gnusparsefile\..*|network trash folder|temporary items|thevolumesettingsfolder",
    re.IGNORECASE,
)


def bundle_folders(folder: Path) -> list[Path]:
    """
    The folders of bundles in a folder, or the folder itself if it is one.

    Raises BundleNotFoundError if there is none, or the folder cannot be read.
    """
    if os.path.lexists(folder / MANIFEST):
        return [folder]
    try:
        with os.scandir(folder) as entries:
            folders = sorted(folder / entry.name for entry in entries if _is_folder(entry))
    except OSError as error:
        raise BundleNotFoundError(
            f"the bundles' folder {readable(folder)} cannot be read ({error.strerror}); "
            "set SLOTLINE_MODEL_DIR to a folder that holds bundles"
        ) from error
    bundles = [path for path in folders if not _is_of_the_system(path)]
    if not bundles:
        raise BundleNotFoundError(
            f"the folder {readable(folder)} holds no bundle; make one with slotline fit, "
            "or set SLOTLINE_MODEL_DIR to a folder that holds some"
        )
    return bundles


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that may not be followed: opening it reports that
        return True


def _is_of_the_system(path: Path) -> bool:
    """
    Whether a folder is hidden, or a system's by its name and without a file of a bundle.

    Any other folder without a bundle is an error, because its files may not have been copied.
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
