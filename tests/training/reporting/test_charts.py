"""Drawings: what is in them and where."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from training.reporting.charts import Row, Series, interval_chart, line_chart

SVG = "{http://www.w3.org/2000/svg}"
RISING = Series("rising", [(1, 50.0), (2, 75.0), (3, 100.0)], faint=[[(1, 40.0), (3, 90.0)]])
LEVEL = Series("level", [(1, 100.0), (2, 100.0), (3, 100.0)])


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> dict[str, tuple[float, float]]:
    return {
        text.text or "": (float(text.attrib["x"]), float(text.attrib["y"]))
        for text in parsed(svg).iter(f"{SVG}text")
    }


def paths(svg: str, kind: str) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path.attrib["d"])]
        for path in parsed(svg).iter(f"{SVG}path")
        if path.attrib["class"] == kind
    ]


def test_a_line_goes_through_its_points() -> None:
    svg = line_chart("F1", [RISING], "epoch", "F1")
    _, line, _ = paths(svg, "line s0")  # a seed's, the mean's, and what leads to the label
    (x1, y1), (x2, y2), (x3, y3) = line
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y1 - y2 == pytest.approx(y2 - y3, abs=0.2)
    assert y1 > y3, "SVG counts from above"


def test_axes_are_marked_at_round_numbers_about_all_points() -> None:
    found = texts(line_chart("F1", [RISING], "epoch", "F1"))
    assert {"40", "60", "80", "100", "1", "2", "3", "epoch", "F1", "rising"} <= found.keys()


def test_many_places_are_marked_at_round_numbers_alone() -> None:
    long = Series("long", [(float(epoch), 1.0) for epoch in range(1, 41)])
    found = texts(line_chart("F1", [long], "epoch", "F1"))
    assert {"10", "20", "30", "40"} <= found.keys()
    assert "39" not in found


def test_a_mark_that_would_touch_the_one_before_is_left_out() -> None:
    growing = Series("growing", [(1000, 1.0), (1100, 1.0), (90_000, 1.0), (200_000, 1.0)])
    found = texts(line_chart("growth", [growing], "words", "ms"))
    assert {"1000", "90000", "200000"} <= found.keys()
    assert "1100" not in found


def test_what_is_below_the_floor_is_cut_off() -> None:
    svg = line_chart("F1", [RISING], "epoch", "F1", floor=80.0)
    found = texts(svg)
    assert "60" not in found
    bottom = found["80"][1]
    (clip,) = parsed(svg).iter(f"{SVG}rect")
    assert float(clip.attrib["y"]) + float(clip.attrib["height"]) == pytest.approx(bottom - 4)


def test_labels_of_lines_that_end_together_do_not_cover_each_other() -> None:
    lines = [Series(f"line {number}", LEVEL.points) for number in range(8)]
    down = [Series(line.label, [(1, 100.0), (2, 0.0)]) for line in lines]
    for series in (lines, down):
        svg = line_chart("F1", series, "epoch", "F1")
        heights = sorted(texts(svg)[line.label][1] for line in series)
        gaps = [below - above for above, below in pairwise(heights)]
        assert min(gaps) >= 13.9
        assert heights[-1] <= float(parsed(svg).attrib["height"])


def test_a_single_value_makes_a_drawing_too() -> None:
    assert "5" in texts(line_chart("F1", [Series("one", [(1, 5.0)])], "epoch", "F1"))


def test_an_interval_is_as_long_as_it_says() -> None:
    rows = [Row("wide", 5.0, 0.0, 10.0, [1.0, 9.0]), Row("narrow", 5.0, 4.0, 6.0)]
    svg = interval_chart("F1", rows, "F1")
    lengths = [
        float(end) - float(start)
        for start, end in re.findall(
            r'class="s0" stroke-width="2" d="M([\d.]+) [\d.]+H([\d.]+)"', svg
        )
    ]
    assert lengths[0] == pytest.approx(5 * lengths[1], abs=0.5)
    assert len(list(parsed(svg).iter(f"{SVG}circle"))) == 4


def test_a_drawing_is_named_for_those_who_do_not_see_it() -> None:
    for svg in (
        line_chart("F1 & <more>", [RISING], "epoch", "F1"),
        interval_chart("F1 & <more>", [Row("a", 1.0, 0.0, 2.0)], "F1"),
    ):
        drawing = parsed(svg)
        assert drawing.attrib["role"] == "img"
        assert drawing[0].text == "F1 & <more>"


def test_equal_numbers_make_equal_bytes() -> None:
    drawn = [line_chart("F1", [RISING, LEVEL], "epoch", "F1") for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_dark_pages_have_colours_of_their_own() -> None:
    assert "prefers-color-scheme:dark" in line_chart("F1", [RISING], "epoch", "F1")


def test_points_are_dotted_where_that_is_asked_for() -> None:
    dotted = Series("dotted", [(1, 50.0), (3, 100.0)], dots=True)
    svg = line_chart("F1", [RISING, dotted], "epoch", "F1")
    dots = [
        (float(dot.attrib["cx"]), float(dot.attrib["cy"]))
        for dot in parsed(svg).iter(f"{SVG}circle")
    ]
    assert dots == paths(svg, "line s1")[0]
