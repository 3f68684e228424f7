"""A report's parts, which read the same as Markdown and as HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from training.reporting.html import marked, page, shaded


@dataclass(frozen=True, slots=True)
class Heading:
    """level: 1 for the title, which there is one of."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text with `code` in backticks."""

    text: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A word that speaks for or against something, or leaves it open."""

    text: str
    tone: Literal["good", "bad", "open"]


@dataclass(frozen=True, slots=True)
class Shade:
    """A text over a colour as strong as the share, 0 to 1."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Quote:
    """A text that stands as it is, whatever Markdown or HTML would make of it."""

    text: str


Cell = str | Badge | Shade | Quote


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of a row names it; `numbers` are the columns that are aligned right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    numbers: Sequence[int] = field(default=())


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG drawing; the Markdown shows it from a file of this name beside it."""

    name: str
    svg: str
    caption: str


Block = Heading | Paragraph | Table | Picture


def markdown(blocks: Sequence[Block], picture_prefix: str) -> str:
    """The Markdown of a document; its pictures are in files `picture_prefix` + name + .svg."""
    parts = []
    for block in blocks:
        match block:
            case Heading(level, text):
                parts.append(f"{'#' * level} {text}")
            case Paragraph(text):
                parts.append(text)
            case Table():
                parts.append(_markdown_table(block))
            case Picture(name, _, caption):
                parts.append(f"![{caption}]({picture_prefix}{name}.svg)")
    return "\n\n".join(parts) + "\n"


def html(blocks: Sequence[Block]) -> str:
    """The page of a document, pictures inside."""
    parts = []
    title = ""
    for block in blocks:
        match block:
            case Heading(level, text):
                title = title or text
                parts.append(f"<h{level}>{marked(text)}</h{level}>")
            case Paragraph(text):
                parts.append(f"<p>{marked(text)}</p>")
            case Table():
                parts.append(_html_table(block))
            case Picture(_, svg, caption):
                parts.append(f"<figure>{svg}<figcaption>{marked(caption)}</figcaption></figure>")
    return page(title, "\n".join(parts))


def _markdown_table(table: Table) -> str:
    rules = ["---:" if at in table.numbers else "---" for at in range(len(table.headings))]
    rows = [[_markdown_cell(cell) for cell in row] for row in table.rows]
    lines = ["| " + " | ".join(row) + " |" for row in [list(table.headings), rules, *rows]]
    return "\n".join([table.caption, ""] * bool(table.caption) + lines)


def _markdown_cell(cell: Cell) -> str:
    match cell:
        case str():
            return cell
        case Badge(text, _):
            return f"**{text}**"
        case Quote(text):
            return re.sub(r"([\\`*_{}\[\]<>|~#&!])", r"\\\1", " ".join(text.split()))
    return cell.text


def _html_table(table: Table) -> str:
    def classes(at: int) -> str:
        return ' class="number"' if at in table.numbers else ""

    head = "".join(
        f'<th scope="col"{classes(at)}>{marked(text)}</th>'
        for at, text in enumerate(table.headings)
    )
    rows = []
    for name, *cells in table.rows:
        row = "".join(_html_cell(cell, classes(at)) for at, cell in enumerate(cells, start=1))
        assert isinstance(name, str), "a row's name is plain"
        rows.append(f'<tr><th scope="row">{marked(name)}</th>{row}</tr>')
    caption = f"<caption>{marked(table.caption)}</caption>" if table.caption else ""
    return (
        f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _html_cell(cell: Cell, classes: str) -> str:
    match cell:
        case Badge(text, tone):
            return f'<td><span class="badge {tone}">{marked(text)}</span></td>'
        case Shade(text, share):
            return f'<td{classes} style="{shaded(share)}">{marked(text)}</td>'
        case Quote(text):
            return f"<td{classes}>{escape(text)}</td>"
    return f"<td{classes}>{marked(cell)}</td>"
