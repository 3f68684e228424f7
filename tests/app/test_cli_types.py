"""The command of `slotline` that gives a bundle's slots their types."""

import json
import shutil
from pathlib import Path

import pytest

from app.cli import main
from app.inference.loading import open_registry
from app.tagging.bundle import MANIFEST, SIGNATURE, open_bundle
from app.tagging.tagger import Tagger

DECLARATION = """
[values.destination]
type = "name"
names = "cities"
[values.time_of_departure]
type = "date"
prefer = "past"
[names.cities]
file = "lists/my cities.txt"
"""


@pytest.fixture
def bundle(toy_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(toy_bundle, tmp_path / "toy"))


@pytest.fixture
def declaration(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "my cities.txt").write_text(
        "value\tcanonical\tid\n台北\tTaipei\tTPE\n", encoding="utf-8"
    )
    path = tmp_path / "types.toml"
    path.write_text(DECLARATION)
    return path


def test_types_are_added_without_training(
    bundle: Path, declaration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = open_bundle(bundle)
    (bundle / SIGNATURE).write_text("of the version before")
    graph = (bundle / "model.onnx").read_bytes()
    assert main(["types", str(bundle), "--declare", str(declaration)]) == 0
    after = open_bundle(bundle)
    Tagger(after)
    assert after.manifest.version != before.manifest.version
    assert not before.manifest.types
    assert after.manifest.types
    assert (bundle / "model.onnx").read_bytes() == graph
    assert not (bundle / SIGNATURE).exists()
    assert after.contents.lists.keys() == {"cities.tsv"}
    assert after.manifest.files.keys() == before.manifest.files.keys() | {"cities.tsv"}
    shown = (
        f"{bundle}: version {after.manifest.version}, 2 slots with types\n"
        "  destination: type name, names cities\n"
        "  time_of_departure: type date, prefer past\n"
    )
    assert capsys.readouterr().out == shown
    assert main(["types", str(bundle)]) == 0
    assert capsys.readouterr().out == shown
    assert open_bundle(bundle) == after


def test_the_manifest_says_how_to_make_the_bundle_again(bundle: Path, declaration: Path) -> None:
    command = open_bundle(bundle).manifest.command
    for _ in range(2):  # the types of before are replaced
        assert main(["types", str(bundle), "--declare", str(declaration)]) == 0
        added = f"slotline types {bundle} --declare {declaration}"
        assert open_bundle(bundle).manifest.command == f"{command} && {added}"


def test_types_are_replaced_with_their_lists(bundle: Path, declaration: Path) -> None:
    assert main(["types", str(bundle), "--declare", str(declaration)]) == 0
    named = open_bundle(bundle).manifest.version
    declaration.write_text('[values.time_of_arrival]\ntype = "date"\n')
    assert main(["types", str(bundle), "--declare", str(declaration)]) == 0
    dated = open_bundle(bundle).manifest
    assert dated.types == {"values": {"time_of_arrival": {"type": "date"}}}
    assert not (bundle / "cities.tsv").exists()
    # The files are the same, so that types alone make another version.
    declaration.write_text('[values.time_of_arrival]\ntype = "time"\n')
    assert main(["types", str(bundle), "--declare", str(declaration)]) == 0
    assert len({named, dated.version, open_bundle(bundle).manifest.version}) == 3


def test_a_bundle_without_types_has_none(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["types", str(bundle)]) == 0
    assert capsys.readouterr().out.endswith(", 0 slots with types\n")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"values = ", "is not TOML"),
        (b"\xff", "is not TOML"),
        (b"", "give at least one slot a type"),
        (b'[values.colour]\ntype = "date"', "values.colour: the model has no such slot; it has de"),
        (b'[values.destination]\ntype = "place"', "values.destination.type: one of date, time"),
        (
            b'[values.destination]\ntype = "name"\nnames = "a"\n[names.a]\nfile = "b.tsv"',
            "b.tsv cannot be read: No such file",
        ),
    ],
)
def test_a_declaration_that_cannot_be_used_is_one_line_and_changes_nothing(
    bundle: Path, declaration: Path, content: bytes, fault: str
) -> None:
    declaration.write_bytes(content)
    before = {path.name: path.read_bytes() for path in bundle.iterdir()}
    with pytest.raises(SystemExit, match=f"^slotline: .*{fault}") as stop:
        main(["types", str(bundle), "--declare", str(declaration)])
    assert "\n" not in str(stop.value)
    assert {path.name: path.read_bytes() for path in bundle.iterdir()} == before


def test_what_is_missing_is_named(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^slotline: .*none\.toml cannot be read: No such file"):
        main(["types", str(bundle), "--declare", str(tmp_path / "none.toml")])
    with pytest.raises(SystemExit, match=r"^slotline: .* holds no manifest\.json"):
        main(["types", str(tmp_path / "nowhere")])


def test_a_bundle_with_types_is_signed_with_them(bundle: Path, declaration: Path) -> None:
    pytest.importorskip("cryptography")
    key = bundle.parent / "key"
    assert main(["types", str(bundle), "--declare", str(declaration)]) == 0
    assert main(["signing-key", str(key)]) == 0
    assert main(["sign", str(bundle), "--key", str(key)]) == 0
    trusted = key.with_name("key.pub")
    assert open_registry(bundle, trusted=trusted).model().types.keys() == {
        "destination",
        "time_of_departure",
    }
    manifest = json.loads((bundle / MANIFEST).read_text())
    manifest["types"]["values"]["time_of_departure"]["prefer"] = "future"
    (bundle / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(Exception, match="bears no signature"):
        open_registry(bundle, trusted=trusted)
