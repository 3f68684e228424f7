"""How an extra is installed depends on whether slotline runs from a clone."""

import shlex
import sys
from pathlib import Path

from app.extras import install_command

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "install"]


def test_in_a_clone_the_clone_is_installed_again() -> None:
    assert shlex.split(install_command("bulk")) == [*PIP, "--editable", f"{ROOT}[bulk]"]


def test_elsewhere_the_distribution_is_installed(tmp_path: Path) -> None:
    assert shlex.split(install_command("bulk", tmp_path)) == [*PIP, "slotline[bulk]"]


def test_a_folder_with_blanks_in_its_name_is_one_argument(tmp_path: Path) -> None:
    root = tmp_path / "my programs"
    root.mkdir()
    (root / "pyproject.toml").touch()
    assert shlex.split(install_command("bulk", root))[-1] == f"{root}[bulk]"
