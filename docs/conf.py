"""How Sphinx builds these pages: `make docs`."""

import re
from pathlib import Path
from typing import Any

from app import __version__

project = "slotline"
project_copyright = "the slotline authors"
release = version = __version__

extensions = ["myst_parser"]
# GitHub gives headings the same addresses, so that links work in both places.
myst_heading_anchors = 4

html_theme = "furo"
html_title = f"slotline {release}"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}

# A link that leads nowhere is a warning, and `make docs` fails on warnings.
nitpicky = True


FOLDER = Path(__file__).parent
_LINK_OUT = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]+)(?:#[^)]*)?\)")


def _leave_links_out(app: Any, document: str, source: list[str]) -> None:
    """Keep only the text of links to folders and pages that only the repository has."""
    page = Path(app.env.doc2path(document)).parent

    def text(link: re.Match[str]) -> str:
        target = (page / link[2]).resolve()
        is_outside = not target.is_relative_to(FOLDER)
        leads_out = target.is_dir() or (target.suffix == ".md" and target.is_file())
        return link[1] if is_outside and leads_out else link[0]

    source[0] = _LINK_OUT.sub(text, source[0])


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _leave_links_out)
