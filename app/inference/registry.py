"""The models in service, found by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forms import FormModel
from app.inference.forms import Forms
from app.inference.loaded_model import LoadedModel
from app.tagging.errors import UnknownModelError
from app.tagging.tagger import Tagger


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """A model in service, the folder it was read from, and the version that it replaced."""

    folder: Path
    model: LoadedModel
    previous: LoadedModel | None = None

    @property
    def name(self) -> str:
        """The name of the model in requests."""
        return self.model.manifest.name

    @property
    def versions(self) -> dict[str, LoadedModel]:
        """The models that requests can name, by version, the present one first."""
        models = (self.model, self.previous) if self.previous else (self.model,)
        return {model.manifest.version: model for model in models}


@dataclass(frozen=True, slots=True)
class LoadError:
    """
    Why the bundle in a folder cannot be served; `folder` is None if the error concerns none.

    `model` is the name under which an earlier version of it stays in service, None if none does.
    """

    folder: str | None
    detail: str
    model: str | None = None


class ModelRegistry:
    """
    The models in service; `default` is used where a request names none.

    A registry never changes; a reload puts another in its place. `load_errors` are those of invalid
    bundles. `skipped` names the folders of bundles of which no version is in service. `forms` are
    built on these models.
    """

    def __init__(
        self,
        served: Iterable[RegistryEntry],
        default: str,
        load_errors: Sequence[LoadError] = (),
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
        self.load_errors = tuple(load_errors)
        self.forms = Forms() if forms is None else forms
        self.skipped = tuple(
            error.folder
            for error in load_errors
            if error.folder is not None and error.model is None
        )

    def __iter__(self) -> Iterator[Tagger]:
        return iter(entry.model.tagger for entry in self.served)

    @property
    def models(self) -> list[LoadedModel]:
        """The present version of each model."""
        return [entry.model for entry in self.served]

    def tagger(self, name: str | None = None) -> Tagger:
        """The tagger of a model, NAME or NAME@VERSION; raises UnknownModelError."""
        return self.model(name).tagger

    def model(self, name: str | None = None) -> LoadedModel:
        """A model, NAME or NAME@VERSION, or the default; raises UnknownModelError."""
        try:
            return self._models[self.default if name is None else name]
        except KeyError:
            pass
        wanted, separator, _ = str(name).partition("@")
        versions = self.versions(wanted) if separator else []
        names = [f"{wanted}@{version}" for version in versions]
        raise UnknownModelError(str(name), names or [entry.name for entry in self.served])

    def with_error(self, detail: str) -> "ModelRegistry":
        """The same registry with an error that concerns no single bundle."""
        known = [error for error in self.load_errors if error.folder or error.model]
        return ModelRegistry(
            self.served, self.default, [LoadError(None, detail), *known], self.forms
        )

    def with_forms(self, forms: Forms) -> "ModelRegistry":
        """The same registry with other forms."""
        return ModelRegistry(self.served, self.default, self.load_errors, forms)

    def form_model(self, name: str) -> FormModel | None:
        """What forms need to know of a model, None if it is unknown."""
        model = self._models.get(name)
        return None if model is None else FormModel(model.tagger.slots, model.types)

    def versions(self, name: str) -> list[str]:
        """The versions of a model, the present one first; empty if it is unknown."""
        return [
            version for entry in self.served if entry.name == name for version in entry.versions
        ]
