"""Where corpora are."""

import os
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from training.errors import ExperimentError

DATA_VARIABLE = "SLOTLINE_DATA"
DEFAULT_DATA = "../shared/data"


def data_folder() -> Path:
    """Where corpora are that an experiment names by a path of their own."""
    return Path(os.environ.get(DATA_VARIABLE, DEFAULT_DATA))


def folder_of(package: str) -> Path:
    """Where an installed package's data are, or the data folder where none is named."""
    if not package:
        return data_folder()
    if find_spec(package) is None:
        raise ExperimentError(f"there is no package {package} to read from: install it")
    return Path(str(files(package)))
