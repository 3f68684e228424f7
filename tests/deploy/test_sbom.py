"""The list of what an image holds is CycloneDX, and whole."""

import json
import sysconfig
from importlib.metadata import Distribution, PathDistribution
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from packageurl import PackageURL

from deploy.sbom import MissingPackageError, license_of, locked, main

ROOT = Path(__file__).parents[2]
LOCKS = [ROOT / "deploy/requirements.lock", ROOT / "deploy/requirements-gpu.lock"]

DEBIAN = """Package: libstdc++6
Status: install ok installed
Architecture: amd64
Version: 1:12.2.0-14+deb12u1
Description: a library
 Homepage: of no interest
"""


def installed(site: Path, name: str, version: str, *about: str) -> Distribution:
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    fields = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *about]
    (folder / "METADATA").write_text("\n".join(fields) + "\n\nIt has a text.\n")
    return PathDistribution(folder)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A root file system in which no package is installed."""
    records = tmp_path / "var/lib/dpkg/status.d"
    records.mkdir(parents=True)
    (records / "libstdc++6").write_text(DEBIAN)
    return tmp_path


def site_of(image: Path) -> Path:
    return image / sysconfig.get_path("purelib").lstrip("/")


def printed(
    capsys: pytest.CaptureFixture[str], image: Path, lock: Path, models: Path
) -> dict[str, Any]:
    main(image, lock, models)
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def faults(document: dict[str, Any]) -> list[str]:
    """Where the document is not as CycloneDX's own schema has it."""
    schemas = files("cyclonedx.schema._res")

    def read(address: str) -> dict[str, Any]:
        text = (schemas / address.rpartition("/")[2]).read_text("utf-8")
        schema: dict[str, Any] = json.loads(text)
        return schema

    validator = jsonschema_rs.Draft7Validator(
        read("bom-1.6.SNAPSHOT.schema.json"), retriever=read, validate_formats=True
    )
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.parametrize("lock", LOCKS, ids=["cpu", "gpu"])
def test_it_lists_what_the_lock_lists(
    image: Path, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, version in locked(lock.read_text()).items():
        installed(site_of(image), name, version, "License-Expression: MIT")
    document = printed(capsys, image, lock, ROOT / "models")
    packages = {
        each["name"]: each["version"]
        for each in document["components"]
        if each.get("purl", "").startswith("pkg:pypi/")
    }
    assert packages == locked(lock.read_text())
    assert faults(document) == []


def test_what_is_locked_and_not_in_the_image_is_an_error(image: Path, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("some-thing==1.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(MissingPackageError, match=r"some-thing 1\.0 is locked"):
        main(image, lock, tmp_path)
    installed(site_of(image), "some-thing", "1.1")
    with pytest.raises(MissingPackageError, match=r"some-thing 1\.0 is locked"):
        main(image, lock, tmp_path)


def test_it_lists_what_is_no_package_too(
    image: Path, tmp_path: Path, toy_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "lock"
    lock.write_text("some-thing==1.0+a \\\n    --hash=sha256:00\n")
    installed(site_of(image), "Some.Thing", "1.0+a", "License-Expression: MIT AND (ISC OR 0BSD)")
    document = printed(capsys, image, lock, toy_bundle.parent)
    assert faults(document) == []
    package, python, library, bundle = document["components"]
    assert package["name"] == "some-thing"
    assert package["licenses"] == [{"expression": "MIT AND (ISC OR 0BSD)"}]
    assert python["name"] == "python"
    assert library["purl"] == "pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bdeb12u1?arch=amd64"
    manifest = json.loads((toy_bundle / "manifest.json").read_text())
    assert bundle["version"] == manifest["version"]
    assert bundle["hashes"][0]["content"] == manifest["files"]["model.onnx"]
    for each in (package, python, library):
        assert PackageURL.from_string(each["purl"]).to_string() == each["purl"]


def test_debian_may_keep_its_records_in_one_file(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = printed(capsys, image, Path("/dev/null"), tmp_path)["components"]
    records = image / "var/lib/dpkg/status.d"
    another = DEBIAN.replace("libstdc++6", "zlib1g")
    (records.parent / "status").write_text(f"{DEBIAN}\n{another}\n")
    (records / "libstdc++6").unlink()
    records.rmdir()
    both = printed(capsys, image, Path("/dev/null"), tmp_path)["components"]
    assert both[:-1] == alone
    assert both[-1]["name"] == "zlib1g"


@pytest.mark.parametrize(
    ("about", "license"),
    [
        ("License-Expression: MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("License: MIT License", "MIT"),
        ("License: BSD-3-Clause", "BSD-3-Clause"),
        ("License: Permission is hereby granted", None),
        ("License: ", None),
        ("Summary: It has none", None),
    ],
)
def test_a_licence_is_what_the_package_says_if_it_is_understood(
    tmp_path: Path, about: str, license: str | None
) -> None:
    assert license_of(installed(tmp_path, "some", "1", about)) == license
