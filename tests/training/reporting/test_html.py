"""What all pages have in common."""

import pytest

from training.reporting.html import marked, page, shaded


def test_a_page_is_whole_and_its_title_is_text() -> None:
    whole = page("a < b", "<p>said</p>", ".own { color: red }")
    assert whole.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>a &lt; b</title>" in whole
    assert "<main>\n<p>said</p>\n</main>" in whole
    assert ".own { color: red }</style>" in whole


def test_a_page_has_colours_for_dark_and_light() -> None:
    assert "prefers-color-scheme: dark" in page("", "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("run `a < b` now", "run <code>a &lt; b</code> now"),
        ("a lone ` is one", "a lone ` is one"),
    ],
)
def test_text_is_shown_as_it_is_but_for_code(text: str, html: str) -> None:
    assert marked(text) == html


def test_a_value_is_shown_by_hue_and_strength() -> None:
    assert "var(--accent) 55%" in shaded(1.0)
    assert "var(--accent) 0%" in shaded(0.0)
    assert "var(--opposite) 28%" in shaded(-0.5)
