"""What the pages outside the site link to and name is there; `make docs` checks the others."""

import re
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, pages

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
_NAMED = re.compile(r"`((?:app|training|tests|docs|deploy|models|\.ci)/[\w./-]+)`")
_LINK = re.compile(r"\]\(([^)#: ]*)(?:#([^)]*))?\)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def slug(heading: str) -> str:
    """The address that GitHub and MyST give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target, anchor in _LINK.findall(text_of(page)):
        path = page.parent / target if target else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", text_of(path), re.MULTILINE)
            assert anchor in map(slug, headings), f"{target}#{anchor}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_are_there(page: Path) -> None:
    missing = [name for name in _NAMED.findall(text_of(page)) if not (ROOT / name).exists()]
    assert [name for name in missing if "NAME" not in name and "X" not in name] == []


def test_where_is_names_a_file_for_each_question() -> None:
    table = text_of(CONTRIBUTING).partition("## Where is")[2]
    rows = re.findall(r"^\| (Where .*\?) \| (.*) \|$", table, re.MULTILINE)
    questions = " ".join(question for question, _ in rows)
    for subject in (
        *("batches", "bodies limited", "keys checked", "Viterbi", "marginals", "registered"),
        *("supervised", "superseded", "calibrated", "ONNX", "recognised", "augmentations"),
        *("metrics", "settings", "error codes", "page served"),
    ):
        assert subject in questions
    for question, files in rows:
        assert _NAMED.search(files), question


def test_the_readme_is_short() -> None:
    assert README.stat().st_size <= 8_192
