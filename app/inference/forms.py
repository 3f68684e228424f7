"""The forms that the service offers, read from a folder, at the start and at each reload."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from app.forms import MAX_FILE, Form, FormModel, InvalidFormError, UnknownFormError, read_form
from app.tagging.errors import readable

__all__ = ["FormFault", "Forms", "open_forms", "reopen_forms"]

SUFFIX = ".toml"
ModelOf = Callable[[str], FormModel | None]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FormFault:
    """
    Why the form in a file cannot be offered.

    `file` is None if the whole folder cannot be read. `form` is the name under which the last good
    version of the form stays in service, None if there is none.
    """

    file: str | None
    detail: str
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms in service, by name, and the files that they come from."""

    by_name: Mapping[str, Form] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)  # by name
    faults: tuple[FormFault, ...] = ()

    def __iter__(self) -> Iterator[Form]:
        return iter(self.by_name.values())

    def form(self, name: str) -> Form:
        """The form of a name; raises UnknownFormError."""
        form = self.by_name.get(name)
        if form is None:
            raise UnknownFormError(name, self.by_name)
        return form


def open_forms(folder: Path | None, model_of: ModelOf) -> Forms:
    """
    Read every form of the folder, or without a folder the forms that the service ships with.

    A shipped form whose model is missing is left out. Raises InvalidFormError for the first file of
    the folder that is not valid.
    """
    if folder is None:
        return _shipped(model_of)
    by_name: dict[str, Form] = {}
    sources: dict[str, str] = {}
    for path in _paths(folder):
        form = _read(path, model_of, sources)
        by_name[form.name], sources[form.name] = form, path.name
    return Forms(by_name, sources)


def reopen_forms(before: Forms, folder: Path | None, model_of: ModelOf) -> Forms:
    """
    Read the folder again.

    An invalid file leaves the previous version of its form in service if its model is there. Never
    raises: what is wrong is among the faults, and in the log.
    """
    if folder is None:
        return _shipped(model_of)
    try:
        paths = _paths(folder)
    except InvalidFormError as error:
        kept = {form.name: form for form in before if model_of(form.model) is not None}
        fault = FormFault(None, error.detail)
        logger.error("forms not reloaded: %s", error)
        return Forms(kept, before.sources, (fault,))
    by_name: dict[str, Form] = {}
    sources: dict[str, str] = {}
    faults = []
    served = {source: name for name, source in before.sources.items()}
    # First those that answer: another file that takes the name of one of them is at fault.
    for path in sorted(paths, key=lambda path: path.name not in served):
        try:
            form = _read(path, model_of, sources)
        except InvalidFormError as error:
            logger.error("not reloaded: %s", error)
            name = served.get(path.name)
            kept_form = before.by_name.get(name or "")
            if kept_form is None or kept_form.name in by_name or not model_of(kept_form.model):
                faults.append(FormFault(readable(path.name), error.detail))
                continue
            faults.append(FormFault(readable(path.name), error.detail, name))
            form = kept_form
        by_name[form.name], sources[form.name] = form, path.name
    _log_changes(before, by_name)
    ordered = sorted(faults, key=lambda fault: fault.file or "")
    return Forms(dict(sorted(by_name.items())), sources, tuple(ordered))


def _log_changes(before: Forms, by_name: Mapping[str, Form]) -> None:
    known = {form.name: form.version for form in before}
    for form in by_name.values():
        if known.pop(form.name, None) != form.version:
            logger.info("opened form %s, version %s", form.name, form.version)
    for name in known:
        logger.info("withdrew form %s", name)


def _shipped(model_of: ModelOf) -> Forms:
    """The forms that the service ships with, as far as their models are there."""
    by_name: dict[str, Form] = {}
    sources: dict[str, str] = {}
    for entry in (files("app.forms") / "shipped").iterdir():
        if not entry.name.endswith(SUFFIX):
            continue
        try:
            form = read_form(entry.read_bytes(), entry.name, model_of)
        except InvalidFormError:  # its model is not here, or is another of this name
            continue
        by_name[form.name], sources[form.name] = form, entry.name
    return Forms(by_name, sources)


def _paths(folder: Path) -> list[Path]:
    """The files of forms in a folder; raises InvalidFormError if it cannot be read."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix == SUFFIX and not path.name.startswith(".")
        )
    except OSError as error:
        raise InvalidFormError(
            folder.name,
            f"the folder {readable(folder)} cannot be read ({error.strerror}); "
            "set SLOTLINE_FORMS_DIR to a folder of forms",
        ) from error


def _read(path: Path, model_of: ModelOf, sources: Mapping[str, str]) -> Form:
    """Read the form of a file; raises InvalidFormError."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise InvalidFormError(path.name, f"cannot be read ({error.strerror})") from error
    form = read_form(content, path.name, model_of)
    if form.name in sources:
        raise InvalidFormError(
            path.name, f"{sources[form.name]} has a form of the name {form.name!r} too"
        )
    return form
