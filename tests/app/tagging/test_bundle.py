"""Bundles: written, read, refused."""

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.tagging.bundle import (
    OUTSIDE,
    Bundle,
    LoadPolicy,
    Manifest,
    add_types,
    open_bundle,
    write_bundle,
)
from app.tagging.errors import BundleInvalidError, BundleNotFoundError
from app.tagging.tagger import Tagger
from benchmarks.harness.faults import edit, replace_file

TOY = Path(__file__).parents[2] / "toy_bundle"


@pytest.fixture
def copy(toy_bundle: Path, tmp_path: Path) -> Path:
    """The toy bundle where it may be damaged."""
    return Path(shutil.copytree(toy_bundle, tmp_path / "copy"))


def about(bundle: Bundle) -> dict[str, Any]:
    """What was said of the bundle when it was written."""
    manifest = bundle.manifest
    fields = {name: getattr(manifest, name) for name in type(manifest).__dataclass_fields__}
    return {name: fields[name] for name in fields.keys() - {"format", "version", "files"}}


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


ENTRIES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n")), unique=True)
IN_A_COPY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@IN_A_COPY
@given(ENTRIES, ENTRIES, ENTRIES.filter(lambda slots: OUTSIDE not in slots), ENTRIES)
def test_any_vocabulary_is_read_as_it_was_written(
    copy: Path, words: list[str], trigrams: list[str], slots: list[str], intents: list[str]
) -> None:
    opened = open_bundle(TOY)
    contents = replace(
        opened.contents, words=words, trigrams=trigrams, slots=slots, intents=intents
    )
    write_bundle(copy, contents, about(opened))
    assert open_bundle(copy).contents == contents


def test_a_lexicon_is_read_as_it_was_written_and_leaves_with_its_bundle(copy: Path) -> None:
    opened = open_bundle(copy)
    contents = replace(opened.contents, lexicon=["南京 300 ns", "南 20 f"])
    write_bundle(copy, contents, about(opened))
    found = open_bundle(copy)
    assert found.contents == contents
    assert found.featurizer.lexicon is not None
    assert "南京" in found.featurizer.lexicon
    write_bundle(copy, opened.contents, about(opened))
    assert not (copy / "lexicon.txt").exists()


def test_a_lexicon_of_other_lines_is_refused(copy: Path) -> None:
    opened = open_bundle(copy)
    write_bundle(copy, replace(opened.contents, lexicon=["南京 ns"]), about(opened))
    with pytest.raises(BundleInvalidError, match=r"lexicon\.txt"):
        Tagger(open_bundle(copy))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


@IN_A_COPY
@given(st.sampled_from(sorted(Manifest.__dataclass_fields__)), JSON)
def test_no_value_of_a_field_breaks_the_reader(copy: Path, field: str, value: Any) -> None:
    shutil.copy(TOY / "manifest.json", copy)
    edit(copy, lambda manifest: manifest.update({field: value}))
    with suppress(BundleInvalidError):
        found = open_bundle(copy).manifest
        unchanged = found == open_bundle(TOY).manifest
        assert unchanged or field not in ("format", "version", "files")


@IN_A_COPY
@given(st.sampled_from(sorted(path.name for path in TOY.iterdir())), st.data())
def test_no_stretch_of_any_file_can_change(copy: Path, name: str, data: st.DataObject) -> None:
    whole = (TOY / name).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    changed = whole[:start] + data.draw(st.binary(max_size=9)) + whole[end:]
    assume(changed != whole)
    (copy / name).write_bytes(changed)
    with pytest.raises(BundleInvalidError):
        open_bundle(copy)
    (copy / name).write_bytes(whole)


def test_a_missing_file_is_refused_by_name(copy: Path) -> None:
    (copy / "words.txt").unlink()
    with pytest.raises(BundleInvalidError, match=r"words\.txt cannot be read: No such file"):
        open_bundle(copy)


def test_a_folder_that_may_not_be_looked_into_is_called_that(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "lstat", denied)  # root may look anywhere
    with pytest.raises(BundleInvalidError, match="copy: it cannot be read: Permission denied"):
        open_bundle(copy)


def test_a_folder_without_manifest_holds_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleNotFoundError, match="make one with slotline fit"):
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
        (lambda manifest: manifest.update(format=1), "version is 1 and this release reads 4"),
        (lambda manifest: manifest.pop("seed"), "manifest.json, seed: field required"),
        (lambda manifest: manifest.update(mood="fine"), "mood: unexpected"),
        (lambda manifest: manifest["files"].pop("slots.txt"), "names no slots.txt"),
        (lambda manifest: manifest["files"].update({"../x": "0"}), "files of no bundle: ../x"),
        (lambda manifest: manifest.update(version="1"), "version '1' is not that of its files"),
        (lambda manifest: manifest.update(name="../toy"), "name '../toy' is none"),
        (lambda manifest: manifest.update(name="toy@1"), "name 'toy@1' is none"),
        (lambda manifest: manifest.update(name=""), "name '' is none"),
        (lambda manifest: manifest.update(name="a\nb"), "is none that can be asked for"),
        (lambda manifest: manifest.update(name="a" * 81), "is none that can be asked for"),
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
    replace_file(tmp_path, "examples.jsonl", b"{}\n")
    with pytest.raises(BundleInvalidError, match="a file cannot be read"):
        open_bundle(tmp_path)


def test_a_slot_with_the_name_of_no_slot_is_refused(toy_bundle: Path, tmp_path: Path) -> None:
    opened = open_bundle(toy_bundle)
    slots = ["O", *opened.contents.slots]
    write_bundle(tmp_path, replace(opened.contents, slots=slots), about(opened))
    with pytest.raises(BundleInvalidError, match="a slot is named 'O'"):
        open_bundle(tmp_path)


TYPES: dict[str, Any] = {"values": {"destination": {"type": "date"}}}


def with_types(folder: Path, **lists: bytes) -> Bundle:
    add_types(folder, TYPES, {f"{name}.tsv": lines for name, lines in lists.items()}, "again")
    return open_bundle(folder)


def test_types_and_lists_are_read_as_they_were_written(copy: Path) -> None:
    plain = open_bundle(copy)
    found = with_types(copy, places=b"a\tA\tB\n", others=b"\0")
    assert found.manifest.types == TYPES
    assert found.contents.lists == {"places.tsv": b"a\tA\tB\n", "others.tsv": b"\0"}
    write_bundle(copy, plain.contents, about(plain))
    assert open_bundle(copy) == plain
    assert {path.name for path in copy.iterdir()} == {path.name for path in TOY.iterdir()}


def test_a_file_of_the_owners_in_the_folder_stays(copy: Path) -> None:
    (copy / "mine.tsv").write_text("mine")
    with_types(copy, places=b"")
    write_bundle(copy, open_bundle(TOY).contents, about(open_bundle(TOY)))
    assert (copy / "mine.tsv").read_text() == "mine"


def test_types_are_part_of_the_version(copy: Path) -> None:
    assert with_types(copy).manifest.files == open_bundle(TOY).manifest.files
    edit(copy, lambda manifest: manifest["types"].update(values={}))
    with pytest.raises(BundleInvalidError, match=r"version .* is not that of its files"):
        open_bundle(copy)


def test_a_list_is_verified_as_every_file_is(copy: Path) -> None:
    with_types(copy, places=b"a\tA\tB\n")
    (copy / "places.tsv").write_bytes(b"a\tA\tC\n")
    with pytest.raises(BundleInvalidError, match=r"places\.tsv is not the file that the manifest"):
        open_bundle(copy)


@pytest.mark.parametrize("name", ["../places.tsv", "places.txt", ".tsv", "a/b.tsv", "words.tsv\n"])
def test_a_list_by_a_name_of_no_list_is_refused(copy: Path, name: str) -> None:
    with_types(copy)

    def change(manifest: dict[str, Any]) -> None:
        manifest["files"][name] = "0" * 64

    edit(copy, change)
    with pytest.raises(BundleInvalidError, match="files of no bundle"):
        open_bundle(copy)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"types": None}, r"files of no bundle: places\.tsv"),
        ({"types": []}, "types: input should be a valid dictionary"),
    ],
)
def test_types_that_do_not_fit_are_refused(copy: Path, change: dict[str, Any], fault: str) -> None:
    with_types(copy, places=b"")
    edit(copy, lambda manifest: manifest.update(change))
    with pytest.raises(BundleInvalidError, match=fault):
        open_bundle(copy)


@pytest.mark.parametrize("version", [1, 2, 3, 5, "4", None])
def test_a_bundle_of_another_format_is_refused_with_the_command_to_renew_it(
    copy: Path, version: object
) -> None:
    edit(copy, lambda manifest: manifest.update(format=version))
    with pytest.raises(BundleInvalidError) as caught:
        open_bundle(copy)
    said = str(caught.value)
    assert f"its format version is {version!r} and this release reads 4" in said
    assert "slotline export CHECKPOINT --out FOLDER" in said


def test_a_list_belongs_to_types(copy: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["files"]["places.tsv"] = "0" * 64

    edit(copy, change)
    with pytest.raises(BundleInvalidError, match=r"files of no bundle: places\.tsv"):
        open_bundle(copy)


def test_a_bundle_without_types_says_nothing_of_them(copy: Path) -> None:
    write_bundle(copy, open_bundle(TOY).contents, about(open_bundle(TOY)))
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    assert "types" not in manifest


def test_no_bit_of_a_manifest_can_change(copy: Path) -> None:
    manifest = bytearray((copy / "manifest.json").read_bytes())
    for position in range(0, len(manifest), 5):
        manifest[position] ^= 1 << position % 8
        (copy / "manifest.json").write_bytes(manifest)
        with pytest.raises(BundleInvalidError):
            open_bundle(copy)
        manifest[position] ^= 1 << position % 8


def test_a_manifest_that_was_changed_says_so_unless_its_digest_is_taken_out(copy: Path) -> None:
    text = (copy / "manifest.json").read_text(encoding="utf-8")
    changed = text.replace("A table of a few words", "A table of some words")
    (copy / "manifest.json").write_text(changed, encoding="utf-8")
    with pytest.raises(BundleInvalidError, match=r"is not as it was written; .* take its digest"):
        open_bundle(copy)
    edit(copy, lambda manifest: manifest.update(description="changed on purpose"))
    assert open_bundle(copy).manifest.description == "changed on purpose"


def test_a_manifest_as_deep_as_an_abyss_is_refused(copy: Path) -> None:
    (copy / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(BundleInvalidError, match="is not JSON"):
        open_bundle(copy)


def test_a_name_that_cannot_be_asked_for_is_not_written(toy_bundle: Path, tmp_path: Path) -> None:
    opened = open_bundle(toy_bundle)
    with pytest.raises(BundleInvalidError, match="none that can be asked for"):
        write_bundle(tmp_path / "new", opened.contents, about(opened) | {"name": "a/b"})
    assert not (tmp_path / "new").exists()


def test_an_entry_that_stands_twice_is_refused(copy: Path) -> None:
    replace_file(copy, "words.txt", b"leave\nleave\n")
    with pytest.raises(BundleInvalidError, match=r"words\.txt holds an entry twice"):
        open_bundle(copy)


@pytest.mark.parametrize("name", ["model.onnx", "manifest.json"])
def test_a_link_out_of_the_folder_is_refused(copy: Path, tmp_path: Path, name: str) -> None:
    shutil.move(copy / name, tmp_path / "elsewhere")
    (copy / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleInvalidError, match=f"{name} leads out of"):
        open_bundle(copy)


def test_a_link_within_the_root_is_followed(copy: Path, tmp_path: Path) -> None:
    """As Kubernetes mounts the files of a volume."""
    shutil.move(copy / "model.onnx", tmp_path / "data")
    (copy / "model.onnx").symlink_to("../data")
    (tmp_path / "link").symlink_to(tmp_path)
    assert open_bundle(copy, LoadPolicy(root=tmp_path / "link")).manifest.name == "toy"


def test_links_in_a_circle_are_refused(copy: Path) -> None:
    (copy / "model.onnx").unlink()
    (copy / "model.onnx").symlink_to("model.onnx")
    with pytest.raises(BundleInvalidError, match=r"model\.onnx cannot be read"):
        open_bundle(copy)


def test_a_pipe_is_refused_and_not_waited_for(copy: Path) -> None:
    (copy / "words.txt").unlink()
    os.mkfifo(copy / "words.txt")
    with pytest.raises(BundleInvalidError, match=r"words\.txt cannot be read: it is no file"):
        open_bundle(copy)


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(copy: Path) -> None:
    largest = max(path.stat().st_size for path in copy.iterdir())
    assert open_bundle(copy, LoadPolicy(largest=largest))
    with pytest.raises(BundleInvalidError, match=f"more than {largest - 1} bytes"):
        open_bundle(copy, LoadPolicy(largest=largest - 1))


def test_no_code_of_the_service_unpickles() -> None:
    for path in (Path(__file__).parents[3] / "app").rglob("*.py"):
        assert not re.search(r"pickle|marshal|np\.load|joblib", path.read_text(encoding="utf-8"))
