"""Which slot of an experiment's bundle has which type of value."""

from collections.abc import Collection

from app.values import Declared, InvalidDeclarationError, read_declaration
from training.errors import ExperimentError
from training.experiment import Experiment
from training.paths import folder_of


def read_slot_types(experiment: Experiment, slots: Collection[str]) -> Declared | None:
    """
    The types that the experiment declares, if it does, for a bundle with these slots.

    Raises ExperimentError.
    """
    source = experiment.types
    if source is None:
        return None
    try:
        return read_declaration(folder_of(source.package) / source.path, slots)
    except InvalidDeclarationError as error:
        raise ExperimentError(f"experiment {experiment.name}, [types]: {error}") from error
