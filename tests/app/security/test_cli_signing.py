"""The commands of `slotline` that sign bundles."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

from app.cli import main
from app.inference.loading import open_registry


def test_a_bundle_is_signed_as_the_readme_has_it(
    toy_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, key = shutil.copytree(toy_bundle, tmp_path / "bundles" / "toy"), tmp_path / "key"
    assert main(["signing-key", str(key)]) == 0
    assert capsys.readouterr().out == f"{key}.pub\n"
    assert main(["sign", str(bundle), "--key", str(key)]) == 0
    assert capsys.readouterr().out == f"{bundle / 'manifest.json.sig'}\n"
    assert open_registry(bundle.parent, trusted=tmp_path / "key.pub")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["sign", "nowhere", "--key", "nowhere"], "nowhere holds no manifest.json"),
        (["signing-key", "nowhere/key"], "cannot be written: No such file"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], fault: str) -> None:
    with pytest.raises(SystemExit, match=f"^slotline: .*{fault}"):
        main(arguments)
