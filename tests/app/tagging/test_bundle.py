"""Bundles: written, read, refused."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.tagging.bundle import Bundle, open_bundle, write_bundle
from app.tagging.errors import BundleInvalidError, BundleNotFoundError


@pytest.fixture
def copy(toy_bundle: Path, tmp_path: Path) -> Path:
    """The toy bundle where it may be damaged."""
    return Path(shutil.copytree(toy_bundle, tmp_path / "copy"))


def about(bundle: Bundle) -> dict[str, Any]:
    """What was said of the bundle when it was written."""
    manifest = bundle.manifest
    fields = {name: getattr(manifest, name) for name in type(manifest).__dataclass_fields__}
    return {name: fields[name] for name in fields.keys() - {"format", "version", "files"}}


def edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_what_was_written_is_read(toy_bundle: Path, tmp_path: Path) -> None:
    opened = open_bundle(toy_bundle)
    manifest = write_bundle(tmp_path, opened.contents, about(opened))
    assert manifest == opened.manifest
    assert open_bundle(tmp_path) == opened
    for path in toy_bundle.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_version_changes_with_the_content_alone(toy_bundle: Path, tmp_path: Path) -> None:
    opened = open_bundle(toy_bundle)
    renamed = write_bundle(tmp_path / "a", opened.contents, about(opened) | {"name": "other"})
    assert renamed.version == opened.manifest.version
    contents = opened.contents
    changed = type(contents)(
        contents.graph, [*contents.words, "paris"], contents.trigrams, contents.slots
    )
    assert write_bundle(tmp_path / "b", changed, about(opened)).version != renamed.version


def test_writing_over_a_bundle_leaves_no_file_of_the_old_one(copy: Path) -> None:
    opened = open_bundle(copy)
    write_bundle(copy, replace(opened.contents, intents=()), about(opened))
    assert not (copy / "intents.txt").exists()


@pytest.mark.parametrize(
    "name",
    ["model.onnx", "words.txt", "trigrams.txt", "slots.txt", "intents.txt", "examples.jsonl"],
)
def test_a_changed_file_is_refused_by_name(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(BundleInvalidError, match=f"{name} is not the file that the manifest names"):
        open_bundle(copy)


def test_a_missing_file_is_refused_by_name(copy: Path) -> None:
    (copy / "words.txt").unlink()
    with pytest.raises(BundleInvalidError, match=r"words\.txt cannot be read: No such file"):
        open_bundle(copy)


def test_a_folder_without_manifest_holds_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleNotFoundError, match="make one with python -m training fit"):
        open_bundle(tmp_path)


def test_an_unreadable_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(BundleInvalidError, match="cannot be read"):
        open_bundle(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\udcff"])
def test_a_manifest_that_is_none_is_refused(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BundleInvalidError):
        open_bundle(copy)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda manifest: manifest.update(format=2), "version is 2 and this release reads 1"),
        (lambda manifest: manifest.pop("seed"), "manifest.json, seed: field required"),
        (lambda manifest: manifest.update(mood="fine"), "mood: unexpected"),
        (lambda manifest: manifest["files"].pop("slots.txt"), "names no slots.txt"),
        (lambda manifest: manifest["files"].update({"../x": "0"}), "files of no bundle: ../x"),
    ],
)
def test_a_wrong_manifest_is_refused_with_the_reason(
    copy: Path, change: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    edit(copy, change)
    with pytest.raises(BundleInvalidError, match=complaint):
        open_bundle(copy)


def test_lines_that_are_no_examples_are_refused(toy_bundle: Path, tmp_path: Path) -> None:
    opened = open_bundle(toy_bundle)
    write_bundle(tmp_path, opened.contents, about(opened))
    (tmp_path / "examples.jsonl").write_text("{}\n")
    digest = hashlib.sha256(b"{}\n").hexdigest()
    edit(tmp_path, lambda found: found["files"].update({"examples.jsonl": digest}))
    with pytest.raises(BundleInvalidError, match="a file cannot be read"):
        open_bundle(tmp_path)


def test_a_slot_with_the_name_of_no_slot_is_refused(toy_bundle: Path, tmp_path: Path) -> None:
    opened = open_bundle(toy_bundle)
    slots = ["other", *opened.contents.slots]
    write_bundle(tmp_path, replace(opened.contents, slots=slots), about(opened))
    with pytest.raises(BundleInvalidError, match="a slot is named 'other'"):
        open_bundle(tmp_path)
