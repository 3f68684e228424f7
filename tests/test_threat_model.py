"""The threat model speaks of what there is."""

import re
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
PATHS = set(re.findall(r"`((?:app|deploy|tests)/[^`]+|Dockerfile)`", TEXT))
LINKS = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(PATHS))
def test_what_it_points_to_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


def test_each_line_of_what_is_defended_names_what_does_it() -> None:
    table = TEXT.partition("## What is defended")[2].partition("## What is not")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")][1:]
    for row in rows:
        _, _, how, held_by = row.strip("| ").split(" | ")
        assert "`" in how
        assert "`" in held_by


def test_its_settings_are_the_services() -> None:
    named = set(re.findall(r"`SLOTLINE_(\w+)`", TEXT))
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("link", LINKS)
def test_what_security_links_to_is_there(link: str) -> None:
    assert (ROOT / link).is_file()
