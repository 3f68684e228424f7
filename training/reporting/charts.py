"""Drawings as SVG, for dark and light pages; the same numbers make the same bytes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

# Colours that stay apart on white and on black, and for most of those who see fewer colours.
_LIGHT = ("#1f6feb", "#b8530c", "#1a7f37", "#8250df", "#bf3989", "#57606a", "#0f766e", "#7a5b00")
_DARK = ("#6ea8ff", "#ff9d57", "#5fd08a", "#c297ff", "#ff8ac2", "#a3adb8", "#4fd1c5", "#e3b341")
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1c2128}"
    ".muted{fill:#57606a}.grid{stroke:#d0d7de}.axis{stroke:#57606a}"
    + "".join(f".s{at}{{stroke:{c};fill:{c}}}" for at, c in enumerate(_LIGHT))
    + ".line{fill:none}"
    "@media (prefers-color-scheme:dark){"
    "text{fill:#e6e9ee}.muted{fill:#a3adb8}.grid{stroke:#363c45}.axis{stroke:#a3adb8}"
    + "".join(f".s{at}{{stroke:{c};fill:{c}}}" for at, c in enumerate(_DARK))
    + ".line{fill:none}}"
)
_LETTER = 7.2  # pixels of an average letter at 12 px
_LINE = 14  # pixels between two labels
_TICKS = 10  # so many values of x are all written

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line with its label, dots on its points or none; `faint` are lines of its colour behind."""

    label: str
    points: Sequence[Point]
    faint: Sequence[Sequence[Point]] = field(default=())
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled interval about a value, and dots beside it."""

    label: str
    value: float
    low: float
    high: float
    dots: Sequence[float] = field(default=())


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values lie in a drawing whose lower left corner is at (44, height - 40)."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    right: float
    height: float = 320.0
    left: float = 44.0
    top: float = 24.0

    @property
    def bottom(self) -> float:
        return self.height - 40

    def at(self, point: Point) -> Point:
        """In pixels."""
        x = (point[0] - self.x_low) / ((self.x_high - self.x_low) or 1)
        y = (point[1] - self.y_low) / (self.y_high - self.y_low)
        return (
            self.left + (self.right - self.left) * x,
            self.bottom - (self.bottom - self.top) * y,
        )


def line_chart(
    title: str, series: Sequence[Series], x_label: str, y_label: str, floor: float | None = None
) -> str:
    """Lines labelled at their ends; what is below `floor` is cut off."""
    every = [point for each in series for line in (each.points, *each.faint) for point in line]
    places = sorted({x for x, _ in every})
    y_low, y_high, ticks = _scale((y for _, y in every), floor)
    labels = max(len(each.label) for each in series) * _LETTER
    frame = _Frame(places[0], places[-1], y_low, y_high, right=548.0)
    if len(places) > _TICKS:
        places = [tick for tick in _scale(places)[2] if places[0] <= tick <= places[-1]]
    clip = "plot-" + "".join(letter for letter in title.lower() if letter.isalnum())
    lines = [
        _polyline(map(frame.at, points), number, attributes)
        for number, each in enumerate(series)
        for points, attributes in [
            *((faint, 'opacity="0.3"') for faint in each.faint),
            (each.points, 'stroke-width="2"'),
        ]
    ]
    lines += [
        f'<circle class="s{number}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        for number, each in enumerate(series)
        if each.dots
        for x, y in map(frame.at, each.points)
    ]
    # Wider than the plot by a dot's radius: cut off is what lies below.
    corner = f'x="{frame.left - 5}" y="{frame.top - 5}"'
    size = f'width="{frame.right - frame.left + 10}" height="{frame.bottom - frame.top + 5}"'
    parts = [
        *_axes(frame, places, ticks, x_label, y_label),
        f'<clipPath id="{clip}"><rect {corner} {size}/></clipPath>',
        f'<g clip-path="url(#{clip})">{"".join(lines)}</g>',
        *_labels(frame, series),
    ]
    return _drawing(title, frame.right + labels + 12, frame.height, parts)


def _axes(
    frame: _Frame, places: Sequence[float], ticks: Sequence[float], x_label: str, y_label: str
) -> list[str]:
    parts = []
    for tick in ticks:
        y = frame.at((frame.x_low, tick))[1]
        parts.append(f'<path class="grid" d="M{frame.left} {y:.1f}H{frame.right}"/>')
        parts.append(_text(frame.left - 6, y + 4, f"{tick:g}", "end", "muted"))
    free = 0.0
    for place in places:
        x, label = frame.at((place, frame.y_low))[0], f"{place:g}"
        half = len(label) * _LETTER / 2
        if x - half >= free:  # else it would touch the label before
            parts.append(_text(x, frame.bottom + 16, label, "middle", "muted"))
            free = x + half
    middle = (frame.left + frame.right) / 2
    return [
        *parts,
        f'<path class="axis" d="M{frame.left} {frame.bottom}H{frame.right}"/>',
        _text(middle, frame.height - 6, x_label, "middle", "muted"),
        _text(8, 12, y_label, "start", "muted"),
    ]


def _labels(frame: _Frame, series: Sequence[Series]) -> list[str]:
    """The names of the lines, each led to the end of its line."""
    parts = []
    ends = [frame.at(each.points[-1]) for each in series]
    ends = [(x, min(y, frame.bottom)) for x, y in ends]
    for number, (each, (x, y), place) in enumerate(
        zip(series, ends, _spread([y for _, y in ends], frame.bottom), strict=True)
    ):
        parts.append(
            f'<path class="line s{number}" opacity="0.5" '
            f'd="M{x:.1f} {y:.1f}L{frame.right + 4:.1f} {place:.1f}"/>'
        )
        parts.append(_text(frame.right + 7, place + 4, each.label, "start", f"s{number}"))
    return parts


def interval_chart(title: str, rows: Sequence[Row], x_label: str) -> str:
    """A value a row, its interval a bar."""
    values = [value for row in rows for value in (row.low, row.high, *row.dots)]
    low, high, ticks = _scale(values)
    left = max(len(row.label) for row in rows) * _LETTER + 12
    width, step, above = left + 420.0, 22.0, 10.0
    right, below = width - 20, above + step * len(rows)

    def at(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    parts = []
    for tick in ticks:
        x = at(tick)
        parts.append(f'<path class="grid" d="M{x:.1f} {above}V{below}"/>')
        parts.append(_text(x, below + 16, f"{tick:g}", "middle", "muted"))
    for number, row in enumerate(rows):
        y = above + step * (number + 0.5)
        parts.append(_text(left - 10, y + 4, row.label, "end"))
        parts.append(
            f'<path class="s0" stroke-width="2" d="M{at(row.low):.1f} {y}H{at(row.high):.1f}"/>'
        )
        parts += [
            f'<circle class="s0" opacity="0.45" cx="{at(dot):.1f}" cy="{y}" r="3"/>'
            for dot in row.dots
        ]
        parts.append(
            f'<circle class="s0" cx="{at(row.value):.1f}" cy="{y}" r="4.5">'
            f"<title>{escape(row.label)}: {row.value:.2f}</title></circle>"
        )
    parts.append(_text((left + right) / 2, below + 34, x_label, "middle", "muted"))
    return _drawing(title, width, below + 40, parts)


def _drawing(title: str, width: float, height: float, parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    # A colour of a line is its stroke, which on letters would only make them thick.
    classes = f' class="{kind}" stroke="none" style="stroke:none"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{classes}>{escape(text)}</text>'


def _polyline(points: Iterable[Point], number: int, attributes: str) -> str:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path class="line s{number}" {attributes} d="M{path}"/>'


def _scale(values: Iterable[float], floor: float | None = None) -> tuple[float, float, list[float]]:
    """Round numbers below and above all values, and those between, some five in all."""
    found = list(values)
    low, high = min(found) if floor is None else floor, max(found)
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= span / 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(step * number, 10) for number in range(first, max(last, first + 1) + 1)]
    return ticks[0], ticks[-1], ticks


def _spread(places: Sequence[float], lowest: float) -> list[float]:
    """The places moved as little as lets every label be read, none below `lowest`."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = list(places)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + _LINE)
    moved[order[-1]] = min(moved[order[-1]], lowest)
    for below, above in pairwise(reversed(order)):
        moved[above] = min(moved[above], moved[below] - _LINE)
    return moved
