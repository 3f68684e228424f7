"""
Lists what an image holds: `python -m deploy.sbom ROOT LOCK MODELS`, run where the image is built.

ROOT is the image's root file system. What is printed is CycloneDX JSON: the packages that are
installed, with their licenses; Debian's packages; this Python; and the bundles in MODELS. That it
lists each package of LOCK, in the version there, is made sure of.
"""

import json
import re
import sys
import sysconfig
from collections.abc import Iterable
from email.parser import HeaderParser
from importlib.metadata import Distribution, distributions
from pathlib import Path
from platform import python_version
from typing import Any
from urllib.parse import quote

from app import __version__

Component = dict[str, Any]

_LOCKED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
# What packages call their license that do not have it as an SPDX expression.
_SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "MIT License": "MIT",
}


class MissingPackageError(Exception):
    """What is locked is not installed."""


def main(root: Path, lock: Path, models: Path) -> None:
    """Print the list."""
    site = root / sysconfig.get_path("purelib").lstrip("/")
    packages = listed(distributions(path=[str(site)]), locked(lock.read_text()))
    others = [python(), *debian_packages(root), *bundles(models)]
    json.dump(bill([*packages, *others]), sys.stdout, indent=1)


def bill(components: Iterable[Component]) -> dict[str, Any]:
    """The whole document; the same for the same components."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "container",
                "name": "slotline",
                "version": __version__,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": list(components),
    }


def locked(lock: str) -> dict[str, str]:
    """The versions of a lock by their packages' normalised names."""
    return {_normalised(name): version for name, version in _LOCKED.findall(lock)}


def listed(found: Iterable[Distribution], lock: dict[str, str]) -> list[Component]:
    """Packages as components; raises MissingPackageError unless each of the lock is one."""
    installed = {_normalised(each.name): each for each in found}
    for name, version in lock.items():
        if name not in installed or installed[name].version != version:
            raise MissingPackageError(f"{name} {version} is locked and not installed")
    return [_package(name, each) for name, each in sorted(installed.items())]


def _package(name: str, distribution: Distribution) -> Component:
    license_id = license_of(distribution)
    return {
        "type": "library",
        "name": name,
        "version": distribution.version,
        "purl": f"pkg:pypi/{name}@{quote(distribution.version)}",
        "licenses": [{"expression": license_id}] if license_id else [],
    }


def license_of(distribution: Distribution) -> str | None:
    """An SPDX expression; none where the package does not say in words that are known here."""
    about = distribution.metadata.json
    said = str(about.get("license_expression") or about.get("license") or "")
    return _SPDX.get(said, said if _is_expression(said) else None)


def _is_expression(said: str) -> bool:
    """Whether it may be one, and is not a sentence or the text of a license."""
    return bool(re.fullmatch(r"\(*[\w.+-]+\)*( (AND|OR|WITH) \(*[\w.+-]+\)*)*", said))


def debian_packages(root: Path) -> list[Component]:
    """What Debian's records in a root file system name, a file each or all in one."""
    records = root / "var/lib/dpkg"
    if (records / "status.d").is_dir():
        texts = [path.read_text() for path in sorted((records / "status.d").iterdir())]
    else:
        texts = (records / "status").read_text().split("\n\n")
    found = []
    for text in filter(str.strip, texts):
        fields = HeaderParser().parsestr(text.lstrip())
        name, version, machine = (fields[key] for key in ("Package", "Version", "Architecture"))
        purl = f"pkg:deb/debian/{quote(name)}@{quote(version, safe=':')}?arch={machine}"
        found.append({"type": "library", "name": name, "version": version, "purl": purl})
    return found


def python() -> Component:
    """The Python that runs this, and the service."""
    version = python_version()
    purl = f"pkg:generic/python@{version}"
    cpe = f"cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*"
    return {"type": "application", "name": "python", "version": version, "purl": purl, "cpe": cpe}


def bundles(models: Path) -> list[Component]:
    """The bundles of a folder, with the hashes of their graphs."""
    found = []
    for path in sorted(models.glob("*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found.append(
            {
                "type": "machine-learning-model",
                "name": manifest["name"],
                "version": manifest["version"],
                "description": manifest["description"],
                "hashes": [{"alg": "SHA-256", "content": manifest["files"]["model.onnx"]}],
            }
        )
    return found


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
