"""What the images install: locked, hashed, as pyproject.toml has it, and free to give away."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.sbom import license_of, locked

ROOT = Path(__file__).parents[2]
CPU = ROOT / "deploy/requirements.lock"
GPU = ROOT / "deploy/requirements-gpu.lock"
PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CNRI-Python",
    "ISC",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Unlicense",
    "Zlib",
}

each_lock = pytest.mark.parametrize("lock", [CPU, GPU], ids=["cpu", "gpu"])


def wanted() -> list[Requirement]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    signing = project["optional-dependencies"]["signing"]
    return [Requirement(line) for line in project["dependencies"] + signing]


@each_lock
def test_the_lock_satisfies_what_serving_needs(lock: Path) -> None:
    versions = locked(lock.read_text())
    for requirement in wanted():
        name = canonicalize_name(requirement.name)
        if lock == GPU and name == "onnxruntime":
            name = canonicalize_name("onnxruntime-gpu")
        assert name in versions, f"{name} is not locked: make lock"
        assert versions[name] in requirement.specifier, f"{requirement} is not locked: make lock"


def test_the_images_differ_in_where_networks_run() -> None:
    cpu, gpu = locked(CPU.read_text()), locked(GPU.read_text())
    alone = {name for name in cpu.keys() ^ gpu.keys() if not name.startswith("nvidia-")}
    assert alone == {"onnxruntime", "onnxruntime-gpu"}, "both install the same files"
    assert {name: cpu.get(name, version) for name, version in gpu.items()} == gpu


@each_lock
def test_every_file_that_may_be_installed_has_its_hash(lock: Path) -> None:
    text = re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE)
    entry = r"[\w.-]+==\S+( \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    assert re.fullmatch(rf"({entry})+", text), "something else than versions and hashes"


def test_the_images_install_nothing_else() -> None:
    text = (ROOT / "Dockerfile").read_text()
    commands = re.findall(r"pip3? install.*", text)
    assert len(commands) == 2
    for command in commands:
        assert re.search(r"--require-hashes .*-r requirements(-gpu)?\.lock$", command)
    assert "PIP_ONLY_BINARY=:all:" in text


@pytest.mark.parametrize("name", locked(CPU.read_text()))
def test_its_licence_lets_everybody_give_it_away(name: str) -> None:
    try:
        license_id = license_of(distribution(name))
    except PackageNotFoundError:
        pytest.skip("not installed on this system")
    assert license_id, "its license is none that is known: read it, and name it in deploy/sbom.py"
    # Of licenses to choose from too, each must be one of these: so far that has cost nothing.
    names = set(re.split(r" AND | OR |[()]", license_id)) - {""}
    assert names <= PERMISSIVE
