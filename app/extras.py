"""The optional dependencies of this distribution, and how they are installed."""

import shlex
import sys
from pathlib import Path

NAME = "slotline"
_ROOT = Path(__file__).parents[1]


def install_command(extra: str, root: Path = _ROOT) -> str:
    """
    The shell command that installs an extra for the Python that runs.

    In a clone of the repository it installs the clone again, as no package index may have it.
    """
    pip = f"{shlex.quote(sys.executable)} -m pip install"
    if (root / "pyproject.toml").is_file():
        return f"{pip} --editable {shlex.quote(f'{root}[{extra}]')}"
    return f"{pip} {shlex.quote(f'{NAME}[{extra}]')}"
