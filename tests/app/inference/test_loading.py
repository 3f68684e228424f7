"""Which bundles are served, under which names."""

import json
import shutil
from pathlib import Path

import pytest

from app.inference.loading import find_bundle, open_registry
from app.tagging.bundle import MANIFEST
from app.tagging.errors import (
    BundleInvalidError,
    BundleNotFoundError,
    ProviderUnavailableError,
    UnknownModelError,
)


def copy_bundle(source: Path, folder: Path, name: str) -> None:
    """The toy bundle under another name."""
    shutil.copytree(source, folder)
    manifest = json.loads((folder / MANIFEST).read_text())
    del manifest["digest"]
    (folder / MANIFEST).write_text(json.dumps(manifest | {"name": name}))


@pytest.mark.parametrize(
    ("names", "default"),
    [(["mine"], "mine"), (["snips", "atis"], "atis"), (["snips", "booking", "atis"], "booking")],
)
def test_the_default_is_booking_or_else_the_first(
    toy_bundle: Path, tmp_path: Path, names: list[str], default: str
) -> None:
    for name in names:
        copy_bundle(toy_bundle, tmp_path / name, name)
    registry = open_registry(tmp_path)
    assert registry.tagger().manifest.name == default
    assert [tagger.manifest.name for tagger in registry] == sorted(names)


def test_the_default_can_be_chosen(toy_bundle: Path, tmp_path: Path) -> None:
    for name in ("booking", "mine"):
        copy_bundle(toy_bundle, tmp_path / name, name)
    registry = open_registry(tmp_path, default="mine")
    assert registry.tagger().manifest.name == "mine"
    assert registry.tagger("booking").manifest.name == "booking"


def test_a_broken_bundle_can_be_left_out_and_is_reported(
    toy_bundle: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("atis", "snips"):
        copy_bundle(toy_bundle, tmp_path / name, name)
    (tmp_path / "snips" / "words.txt").write_text("hello\n")
    with pytest.raises(BundleInvalidError, match="snips"):
        open_registry(tmp_path)
    registry = open_registry(tmp_path, skip_invalid_models=True)
    assert [tagger.manifest.name for tagger in registry] == ["atis"]
    assert registry.skipped == ("snips",)
    assert "left out: " in caplog.text
    assert "snips" in caplog.text


@pytest.mark.parametrize("default", [None, "atis"])
def test_no_other_model_answers_in_place_of_a_default_that_is_broken(
    toy_bundle: Path, tmp_path: Path, default: str | None
) -> None:
    for name in ("atis", "snips"):
        copy_bundle(toy_bundle, tmp_path / name, name)
    (tmp_path / "atis" / "words.txt").write_text("hello\n")
    with pytest.raises(BundleInvalidError, match="atis"):
        open_registry(tmp_path, default, skip_invalid_models=True)


def test_a_default_that_is_not_there_is_refused(toy_bundle: Path) -> None:
    with pytest.raises(BundleNotFoundError, match="'mine' is not among the bundles: toy"):
        open_registry(toy_bundle, default="mine")


def test_a_bundles_own_folder_will_do(toy_bundle: Path) -> None:
    assert [tagger.manifest.name for tagger in open_registry(toy_bundle)] == ["toy"]


def test_an_unknown_name_is_refused_and_the_known_are_named(toy_bundle: Path) -> None:
    with pytest.raises(UnknownModelError, match="toy"):
        open_registry(toy_bundle).tagger("mine")


def test_files_and_hidden_folders_are_no_bundles(toy_bundle: Path, tmp_path: Path) -> None:
    copy_bundle(toy_bundle, tmp_path / "mine", "mine")
    (tmp_path / "README.md").write_text("my bundles")
    (tmp_path / ".git").mkdir()
    assert len(list(open_registry(tmp_path))) == 1


def test_a_folder_without_bundles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleNotFoundError, match="holds no bundle"):
        open_registry(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleNotFoundError, match="set SLOTLINE_MODEL_DIR"):
        open_registry(tmp_path / "nowhere")


def test_a_folder_among_the_bundles_that_holds_none_is_refused(
    toy_bundle: Path, tmp_path: Path
) -> None:
    copy_bundle(toy_bundle, tmp_path / "mine", "mine")
    (tmp_path / "draft").mkdir()
    with pytest.raises(BundleNotFoundError, match="draft"):
        open_registry(tmp_path)


def test_two_bundles_of_one_name_are_refused(toy_bundle: Path, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        copy_bundle(toy_bundle, tmp_path / folder, "mine")
    with pytest.raises(BundleInvalidError, match="second"):
        open_registry(tmp_path)


def test_a_damaged_bundle_is_refused(toy_bundle: Path, tmp_path: Path) -> None:
    copy_bundle(toy_bundle, tmp_path / "mine", "mine")
    with (tmp_path / "mine" / "words.txt").open("a") as file:
        file.write("more\n")
    with pytest.raises(BundleInvalidError, match=r"words\.txt"):
        open_registry(tmp_path)


def test_cuda_where_there_is_none_is_refused(toy_bundle: Path) -> None:
    with pytest.raises(ProviderUnavailableError):
        open_registry(toy_bundle, provider="cuda")


@pytest.mark.parametrize(
    ("wanted", "found"), [(None, "booking"), ("b", "b"), ("booking", "booking")]
)
def test_a_bundle_is_found_by_its_name(
    toy_bundle: Path, tmp_path: Path, wanted: str | None, found: str
) -> None:
    copy_bundle(toy_bundle, tmp_path / "one", "b")
    copy_bundle(toy_bundle, tmp_path / "two", "booking")
    copy_bundle(toy_bundle, tmp_path / "three", "c")
    (tmp_path / "three" / "model.onnx").write_bytes(b"damaged")
    path, manifest = find_bundle(tmp_path, wanted)
    assert manifest.name == found
    assert path == tmp_path / {"b": "one", "booking": "two"}[found]


def test_no_other_bundle_is_found_in_place_of_one_that_is_broken(
    toy_bundle: Path, tmp_path: Path
) -> None:
    for name in ("b", "booking"):
        copy_bundle(toy_bundle, tmp_path / name, name)
    (tmp_path / "booking" / "model.onnx").write_bytes(b"damaged")
    for wanted in (None, "booking"):
        with pytest.raises(BundleInvalidError, match=r"model\.onnx is not the file"):
            find_bundle(tmp_path, wanted)
    with pytest.raises(BundleNotFoundError, match="'c' is not among the bundles: b, booking"):
        find_bundle(tmp_path, "c")
