"""The HTML pages that commands write: one file each, no scripts, light and dark."""

import re
from html import escape

_STYLE = """
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1c2128; --muted: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --accent: #1f6feb; --opposite: #d96c14; --good: #1a7f37; --bad: #b3261e; --open: #7a5b00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171c; --text: #e6e9ee; --muted: #a3adb8; --line: #363c45; --panel: #1c2129;
    --accent: #6ea8ff; --opposite: #ff9d57; --good: #5fd08a; --bad: #ff8f87; --open: #e3b341;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem;
  background: var(--page); color: var(--text); font: 1rem/1.55 system-ui, sans-serif;
}
h1 { font-size: 1.75rem; line-height: 1.25; }
h2 { font-size: 1.3rem; margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 0.25rem; }
p, li { max-width: 46rem; }
code { font: 0.9em ui-monospace, monospace; background: var(--panel); padding: 0.1em 0.3em; }
.wide { overflow-x: auto; margin: 0.75rem 0 1.25rem; }
table { border-collapse: collapse; font-size: 0.9rem; }
caption { text-align: left; color: var(--muted); padding: 0.25rem 0; max-width: 46rem; }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; }
thead th { vertical-align: bottom; color: var(--muted); font-weight: 600; }
tbody th { font-weight: 500; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.badge { font-weight: 600; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
figure { margin: 1rem 0 1.5rem; }
figcaption { color: var(--muted); font-size: 0.9rem; max-width: 46rem; }
svg { max-width: 100%; height: auto; }
"""


def page(title: str, body: str, style: str = "", language: str = "en") -> str:
    """A whole page; `style` is added to the one that all pages have."""
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def marked(text: str) -> str:
    """Plain text as HTML, in which `code` stands between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def shaded(value: float) -> str:
    """The style of a cell that shows a value between -1 and 1: its sign as hue, and how much."""
    hue = "--accent" if value >= 0 else "--opposite"
    return f"background: color-mix(in srgb, var({hue}) {round(55 * abs(value))}%, transparent)"
