"""The whole of an error report."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from tests.training.evaluation.conftest import Ask
from tests.training.evaluation.test_evaluate import write_spans
from training.evaluation.error_report import KEEP_IT, error_report, write_error_report
from training.evaluation.evaluate import WithNoise, evaluate
from training.evaluation.metrics import CurvePoint

LINES = (
    ("leave Taipei", "O B-place_of_departure", "leave"),
    ("Boston <b> | please", "B-place_of_departure O O O", "arrive"),
)
CURVE = [CurvePoint(1, 50.0), CurvePoint(2, 75.0)]


class Tags(HTMLParser):
    """Every element, and whether all that were opened are closed in their order."""

    VOID = ("meta", "path", "rect", "circle")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.unclosed: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag


def test_a_page_is_one_file_that_needs_no_other(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "new" / "errors.HTML"
    assert write_error_report(path, ask(*LINES), {"typos": WithNoise(40.0, 41.0)}, CURVE) == [path]
    page = path.read_text()
    tags = Tags(page)
    assert tags.unclosed == []
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags.elements}
    assert set(re.findall(r"https?://[^\"']+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\((?!#)", page)
    assert "prefers-color-scheme: dark" in page
    assert KEEP_IT in page
    assert "⟦Boston⟧ &lt;b&gt; | please" in page


def test_a_page_can_be_read_without_seeing_it(ask: Ask, tmp_path: Path) -> None:
    [path] = write_error_report(tmp_path / "e.html", ask(*LINES), {}, CURVE)
    tags = Tags(path.read_text())
    assert ("html", {"lang": "en"}) in tags.elements
    drawings = [attributes for tag, attributes in tags.elements if tag == "svg"]
    assert len(drawings) == 2
    assert all(attributes["role"] == "img" for attributes in drawings)
    assert all(attributes.get("scope") for tag, attributes in tags.elements if tag == "th")
    levels = [int(tag[1]) for tag, _ in tags.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_markdown_has_its_drawings_beside_it(ask: Ask, tmp_path: Path) -> None:
    files = write_error_report(tmp_path / "errors.md", ask(*LINES), {}, CURVE)
    assert [file.name for file in files] == [
        "errors.md",
        "errors-calibration.svg",
        "errors-learning-curve.svg",
    ]
    text = files[0].read_text()
    assert KEEP_IT in text
    assert "](errors-calibration.svg)" in text
    assert r"⟦Boston⟧ \<b\> \| please" in text
    assert files[1].read_text().startswith("<svg")


def test_every_part_has_its_place(ask: Ask) -> None:
    evaluation = ask(*LINES, train=[LINES[0]])
    headings = [
        getattr(block, "text", "")
        for block in error_report(evaluation, {"typos": WithNoise(40.0, 41.0)}, CURVE)
        if getattr(block, "level", 0) in (1, 2)
    ]
    assert headings == [
        "What toy gets wrong",
        "Kinds of mistakes",
        "Slots taken for one another",
        "The most frequent mistakes",
        "Slot by slot",
        "Values seen in training, and others",
        "By length of the sentence",
        "Sentences that are in training too",
        "Intents taken for one another",
        "What a confidence is worth",
        "With noise",
        "What more sentences would bring",
    ]


def test_what_was_mended_in_the_corpus_is_told(ask: Ask, tmp_path: Path) -> None:
    evaluation = ask(("to Boston", "B-x I-y", ""))
    [path] = write_error_report(tmp_path / "e.html", evaluation, {}, [])
    assert "1 × I- tag that continues nothing, read as B-" in path.read_text()
    assert "intent accuracy" not in path.read_text()


def test_spans_that_tokens_cannot_express_are_told(toy_bundle: Path, tmp_path: Path) -> None:
    corpus = write_spans(
        tmp_path / "a",
        *[("go tomorrow", [(3, 11, "time_of_departure")])] * 19,
        ("go tomorrow", [(3, 10, "time_of_departure")]),
    )
    [path] = write_error_report(tmp_path / "e.html", evaluate(toy_bundle, corpus), {}, [])
    page = path.read_text()
    assert "cannot spell 1 of the corpus" in page
    assert "20 spans as they were written (5.00 %)" in page
