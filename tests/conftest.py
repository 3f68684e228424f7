"""The toy bundle, the service that serves it, and the suite as it runs without torch."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis_settings

from app.main import create_app
from app.settings import Settings
from app.tagging.bundle import add_types, open_bundle, write_bundle
from app.values import read_declaration

# Settings of whoever runs the tests are not theirs; SLOTLINE_DATA is where corpora are.
for name in [
    name for name in os.environ if name.startswith("SLOTLINE_") or name in ("HOST", "PORT")
]:
    if name != "SLOTLINE_DATA":
        del os.environ[name]

# A busy machine is slow, and no test is of time.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without-torch", action="store_true", help="run as where only serving is installed"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--without-torch"):
        for module in ("torch", "onnx"):
            sys.modules[module] = None  # type: ignore[assignment]  # importing it now fails


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("linux") and sys.platform != "linux":
        pytest.skip("only Linux has what it needs")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Where torch is absent nothing of training can be tested, nor what measures it."""
    here = Path(__file__).parent
    of_training = collection_path in (here / "training", here / "benchmarks")
    return True if of_training and find_spec("torch") is None else None


@pytest.fixture(scope="session")
def toy_bundle() -> Path:
    """A real bundle, made by tests/toy.py; not to be written to."""
    return Path(__file__).parent / "toy_bundle"


@pytest.fixture(scope="session")
def toy_without_intents(toy_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same bundle as one that was trained on slots alone."""
    folder, toy = tmp_path_factory.mktemp("bundles") / "plain", open_bundle(toy_bundle)
    about = asdict(toy.manifest) | {"name": "plain"}
    for found in ("format", "version", "files"):
        del about[found]
    write_bundle(folder, replace(toy.contents, intents=()), about)
    return folder


@pytest.fixture(scope="session")
def toy_with_types(toy_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same bundle with types: times, and names of a list that is not of the wheel."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "cities.tsv").write_text(
        "value\tcanonical\tid\n台北\tTaipei\tTPE\n=TPE\tTaipei\tTPE\nBoston\tBoston\tBOS\n"
        "=BOS\tBoston\tBOS\nBig Apple\tNew York\tNYC\n",
        encoding="utf-8",
    )
    (folder / "types.toml").write_text(
        '[values.time_of_departure]\ntype = "datetime"\n'
        '[values.time_of_arrival]\ntype = "datetime"\nanchor = "time_of_departure"\n'
        '[values.destination]\ntype = "name"\nnames = "cities"\n'
        '[names.cities]\nfile = "cities.tsv"\nlicense = "CC0 1.0"\n'
        '[parts_of_day]\nmorning = ["07:00", "11:30"]\n',
        encoding="utf-8",
    )
    bundle = Path(shutil.copytree(toy_bundle, folder / "toy"))
    add_types(bundle, *read_declaration(folder / "types.toml"), "python -m tests.toy")
    return bundle


@pytest.fixture(scope="session")
def client(toy_bundle: Path) -> Iterator[TestClient]:
    """A client of a service with small limits."""
    settings = Settings(
        model_dir=toy_bundle,
        forms_dir=Path(__file__).parent / "toy_forms",
        max_words=20,
        max_batch_size=5,
        max_body_bytes=5_000,
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


WriteVersion = Callable[[Path, str, int], str]


@pytest.fixture(scope="session")
def write_version(toy_bundle: Path) -> WriteVersion:
    """Writes the toy bundle into a folder, under a name, as one of many versions; tells which."""
    toy = open_bundle(toy_bundle)
    about = asdict(toy.manifest)
    for found in ("format", "version", "files"):
        del about[found]

    def write(folder: Path, name: str, number: int) -> str:
        # Of trigrams the toy makes nothing, so that all versions answer alike.
        contents = replace(toy.contents, trigrams=["tai", f"number {number}"])
        return write_bundle(folder, contents, about | {"name": name}).version

    return write
