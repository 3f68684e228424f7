"""The report of the small comparison."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from training.studies.comparison_report import write_report
from training.studies.plan import Plan


@pytest.fixture(scope="module")
def reports(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "comparison"
    written = write_report(plan, folder)
    assert sorted(written) == sorted(folder.iterdir())
    return folder


def test_a_report_is_written_in_four_forms(reports: Path) -> None:
    names = {path.name for path in reports.iterdir()}
    assert {f"toy-corpus.{form}" for form in ("md", "html", "csv", "json")} <= names


def test_the_markdown_shows_drawings_that_are_there(reports: Path) -> None:
    text = (reports / "toy-corpus.md").read_text()
    drawings = {path.name for path in reports.glob("*.svg")}
    assert drawings == {
        line.split("](")[1].rstrip(")") for line in text.splitlines() if line.startswith("![")
    }
    assert {"toy-corpus-f1.svg", "toy-corpus-memory.svg", "toy-corpus-width.svg"} <= drawings


def test_the_page_needs_nothing_beside_it(reports: Path) -> None:
    page = (reports / "toy-corpus.html").read_text()
    assert page.count("<svg") == len(list(reports.glob("*.svg")))
    assert "<script" not in page
    assert "src=" not in page
    assert "href=" not in page


def test_the_same_results_make_the_same_report(plan: Plan, reports: Path, tmp_path: Path) -> None:
    for path in write_report(plan, tmp_path):
        assert path.read_bytes() == (reports / path.name).read_bytes()


def test_no_sentence_of_the_corpus_is_quoted(plan: Plan, reports: Path) -> None:
    everything = "".join(path.read_text() for path in reports.iterdir())
    quoted = {" ".join(utterance.tokens) for utterance in plan.data.dev}
    assert not [text for text in quoted if len(text.split()) > 2 and text in everything]


def test_the_table_has_a_line_for_each_network(plan: Plan, reports: Path) -> None:
    with (reports / "toy-corpus.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert [row["network"] for row in rows] == list(plan.networks)
    found = json.loads((reports / "toy-corpus.json").read_text())
    for row, network in zip(rows, found["networks"], strict=True):
        assert float(row["slot_f1"]) == pytest.approx(network["slot_f1"], abs=1e-4)
        assert [float(f1) for f1 in row["f1_seeds"].split()] == pytest.approx(
            network["f1_seeds"], abs=1e-4
        )


def test_width_and_depth_are_told(reports: Path) -> None:
    found = json.loads((reports / "toy-corpus.json").read_text())
    lstm = next(each for each in found["networks"] if each["network"] == "lstm")
    assert list(found["widths"]["lstm"]) == ["4", "6"]
    assert list(found["depths"]["lstm"]) == ["1", "2"]
    assert found["widths"]["lstm"]["6"] == found["depths"]["lstm"]["1"] == lstm["f1_seeds"]
    assert "## F1 against width" in (reports / "toy-corpus.md").read_text()


def test_without_memory_the_city_is_the_same_after_either_verb(reports: Path) -> None:
    text = (reports / "toy-corpus.md").read_text()
    assert "either verb by: feedforward." in text


def test_claims_have_their_verdicts(reports: Path) -> None:
    found = json.loads((reports / "toy-corpus.json").read_text())
    verdicts = {claim["title"]: claim["verdict"] for claim in found["claims"]}
    assert verdicts["A GRU has a third fewer parameters"] == "not borne out"
    text = (reports / "toy-corpus.md").read_text()
    for title, verdict in verdicts.items():
        assert f"### {title}: {verdict}" in text
        assert f"| {title} | **{verdict}** |" in text


def test_the_command_is_told(plan: Plan, reports: Path) -> None:
    assert f"`{plan.command}`" in (reports / "toy-corpus.md").read_text()


def test_when_training_ended_is_told(plan: Plan, reports: Path, tmp_path: Path) -> None:
    assert "for at most 8 epochs; the best epoch" in (reports / "toy-corpus.md").read_text()
    patient = {
        network: [
            replace(
                fit,
                experiment=replace(
                    fit.experiment, training=replace(fit.experiment.training, patience=6)
                ),
            )
            for fit in fits
        ]
        for network, fits in plan.networks.items()
    }
    write_report(replace(plan, networks=patient), tmp_path)
    text = (tmp_path / "toy-corpus.md").read_text()
    assert "for at most 8 epochs, or until F1 on dev had not risen for 6; the best" in text
