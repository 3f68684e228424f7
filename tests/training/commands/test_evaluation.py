"""The commands that measure bundles, as they are typed."""

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from tests.training.commands.conftest import write_lines
from training.commands import main
from training.corpora.formats import FORMATS


def test_of_what_a_bundle_was_trained_on_that_is_measured_which_was_set_aside(
    capsys: pytest.CaptureFixture[str],
) -> None:
    corpus = write_lines("city.jsonl", "B-city")
    assert main(["fit", "toy.toml", "--corpus", corpus, "--quiet"]) == 0
    capsys.readouterr()
    counts = []
    for options in ([], ["--split", "all"]):
        assert main(["evaluate", "models/city", corpus, "--json", *options]) == 0
        counts.append(json.loads(capsys.readouterr().out)["sentences"])
    assert counts == [2, 40]


def test_evaluate_prints_a_table(trained_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(trained_bundle), "the data/toy-corpus"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["slot", "precision", "recall", "F1", "gold", "predicted"]
    assert ["destination", "100.00", "100.00", "100.00", "8", "8"] in rows
    assert ["place_of_departure", "100.00", "100.00", "100.00", "8", "8"] in rows
    assert ["F1", "100.00", "100.00", "to", "100.00"] in rows
    assert ["intent", "accuracy", "100.00", "100.00", "to", "100.00"] in rows
    assert ["sentences", "18"] in rows
    assert ["spans", "changed", "0.00", "0", "of", "16,", "counted", "as", "missed"] in rows
    told = "18 sentences are in training word for word: F1 100.00 on them"
    assert told in [" ".join(row) for row in rows]
    assert rows[-1][:7] == ["values", "in", "training", "16", "16", "100.00", "100.00"]


def test_evaluate_tells_what_sentences_of_training_flatter(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dev = Path("the data/toy-corpus/dev.jsonl")
    dev.write_text(dev.read_text() + '{"tokens": ["go", "paris"], "labels": ["O", "B-person"]}\n')
    evaluate = ["evaluate", str(trained_bundle), "the data/toy-corpus"]
    assert main(evaluate) == 0
    said = capsys.readouterr().out.splitlines()
    told = said.index("18 sentences are in training word for word: F1 100.00 on them")
    assert said[told + 1] == "without them: F1 0.00"
    assert main([*evaluate, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["in_training"] == {
        "sentences": 18,
        "slot_f1": 100.0,
        "slot_f1_of_others": 0.0,
    }


def test_evaluate_prints_json(trained_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(trained_bundle), "the data/toy-corpus", "--json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    trust = found.pop("trust")
    assert trust.pop("calibration_error") < 0.05
    assert trust == {"slotless": 2, "slotless_with_slot": 0.0, "sure": 16, "sure_right": 100.0}
    assert found == {
        "sentences": 18,
        "slot_f1": 100.0,
        "slot_precision": 100.0,
        "slot_recall": 100.0,
        "sentence_accuracy": 100.0,
        "intent_accuracy": 100.0,
        "slots": {
            name: {"precision": 100.0, "recall": 100.0, "f1": 100.0, "support": 8, "predicted": 8}
            for name in ("destination", "place_of_departure")
        },
        "intervals": {
            name: [100.0, 100.0]
            for name in (
                *("slot_f1", "slot_precision", "slot_recall"),
                *("sentence_accuracy", "intent_accuracy"),
            )
        },
        "changed_spans": {"count": 0, "share": 0.0},
        "in_training": {"sentences": 18, "slot_f1": 100.0, "slot_f1_of_others": None},
        "by_training": {
            "values_seen": {
                "gold": 16,
                "predicted": 16,
                "slot_f1": 100.0,
                "slot_precision": 100.0,
                "slot_recall": 100.0,
                "interval": [100.0, 100.0],
                "calibration_error": None,
            }
        },
    }
    assert said.err == ""


def test_what_was_mended_is_said_beside_table_and_json(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("stray.jsonl").write_text('{"tokens": ["go", "paris"], "labels": ["B-x", "I-y"]}\n')
    warning = "1 x I- tag that continues nothing, read as B-\n"
    evaluate = ["evaluate", str(trained_bundle), "stray.jsonl"]
    assert main(evaluate) == 0
    said = capsys.readouterr()
    assert (said.out.startswith(warning), said.err) == (True, "")
    assert main([*evaluate, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["intent_accuracy"] is None
    assert said.err == warning


def test_evaluate_measures_the_part_that_is_asked_for(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_lines("lines.jsonl", "B-city")
    for options, sentences in (([], 40), (["--split", "train"], 38), (["--split", "dev"], 2)):
        assert main(["evaluate", str(trained_bundle), corpus, "--json", *options]) == 0
        assert json.loads(capsys.readouterr().out)["sentences"] == sentences


def test_evaluate_reads_a_corpus_as_it_is_told_to(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("both").write_text("a:O O\n")
    evaluate = ["evaluate", str(trained_bundle), "both", "--json"]
    assert main([*evaluate, "--format", "columns"]) == 0
    assert main([*evaluate, "--format", "word-tag"]) == 1
    assert "expected word:TAG, found 'O'" in capsys.readouterr().err


def test_evaluate_reads_the_columns_that_are_named(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("layers").write_text("to O O\nparis B-x B-y\n")
    evaluate = ["evaluate", str(trained_bundle), "layers", "--json"]
    assert main(evaluate) == 1
    assert "found 2 and 3, which all hold some; choose with --tag-column" in capsys.readouterr().err
    assert main([*evaluate, "--tag-column", "3", "--word-column", "1"]) == 0
    assert [*json.loads(capsys.readouterr().out)["slots"]] != []


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", r"caf\xe9"), ("utf-8", "café")])
@pytest.mark.parametrize("as_json", [False, True])
def test_what_a_terminal_cannot_show_is_escaped(
    trained_bundle: Path,
    encoding: str,
    shown: str,
    as_json: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("cafe").write_text("to O\nparis B-café\n", encoding="utf-8")
    out = TextIOWrapper(BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", out)
    assert main(["evaluate", str(trained_bundle), "cafe", *["--json"] * as_json]) == 0
    out.flush()
    said = out.buffer.getvalue().decode(encoding)
    if as_json:
        assert "café" in json.dumps(json.loads(said), ensure_ascii=False)
    else:
        assert shown in said


def test_text_of_no_format_is_answered_with_what_the_formats_look_like(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("letter.txt").write_text("Dear all,\n")
    assert main(["evaluate", str(trained_bundle), "letter.txt"]) == 1
    first, *formats = capsys.readouterr().err.splitlines()
    assert first.startswith("error: letter.txt: expected annotated text, found a file that begins")
    assert {line.split()[0] for line in formats} == set(FORMATS)


def test_an_unknown_format_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "models/toy", "the data/toy-corpus", "--format", "xml"])
    assert stop.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert all(repr(name) in said for name in FORMATS)


def test_evaluate_tells_what_noise_costs(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate = ["evaluate", str(trained_bundle), "the data/toy-corpus"]
    assert main([*evaluate, "--noise", "capitals", "typos"]) == 0
    *_, capitals, typos = capsys.readouterr().out.splitlines()
    lost = "with capitals: F1 100.00, 0.00 points lost (as running text without it 100.00)"
    assert capitals == lost
    assert main([*evaluate, "--noise", "typos", "--json"]) == 0
    noise = json.loads(capsys.readouterr().out)["noise"]["typos"]
    told = f"with typos: F1 {noise['slot_f1']:.2f}, {noise['loss']:.2f} points lost"
    assert typos == f"{told} (as running text without it {noise['clean_f1']:.2f})"
    assert noise["loss"] == pytest.approx(noise["clean_f1"] - noise["slot_f1"])


def test_evaluate_writes_a_report(trained_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate = ["evaluate", str(trained_bundle), "the data/toy-corpus", "--noise", "capitals"]
    assert main([*evaluate, "--report", "reports/errors.html"]) == 0
    assert capsys.readouterr().out.endswith("\nreports/errors.html\n")
    page = Path("reports/errors.html").read_text()
    # The corpus has a training part, which is its dev part once more.
    assert '<th scope="row">in training, word for word</th><td class="number">18</td>' in page
    assert '<th scope="row">capitals</th><td class="number">100.00</td>' in page
    assert main([*evaluate, "--json", "--report", "reports/errors.md"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["slot_f1"] == 100.0
    assert said.err.splitlines() == ["reports/errors.md", "reports/errors-calibration.svg"]


def test_a_report_compares_with_the_training_sentences_that_are_named(
    trained_bundle: Path,
) -> None:
    corpus = write_lines("city.jsonl", "B-city")
    evaluate = ["evaluate", str(trained_bundle), corpus, "--report", "errors.md"]
    assert main(evaluate) == 0
    assert "`--train PATH`" in Path("errors.md").read_text()
    assert main([*evaluate, "--train", "the data/toy-corpus"]) == 0
    assert "| not in training | 40 |" in Path("errors.md").read_text()


def test_a_learning_curve_trains_the_bundles_recipe_on_shares(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    evaluate = ["evaluate", "models/toy", "the data/toy-corpus", "--report", "errors.md"]
    assert main([*evaluate, "--learning-curve", "100,50", "--json"]) == 0
    assert "errors-learning-curve.svg" in capsys.readouterr().err
    _, curve = Path("errors.md").read_text().split("## What more sentences would bring")
    assert [line.split(" | ")[0] for line in curve.splitlines()[-2:]] == ["| 9", "| 18"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ("the-corpus --learning-curve 50", "name its file with --report"),
        ("city.jsonl --learning-curve 50 --report e.md", "--train names them"),
    ],
)
def test_a_learning_curve_needs_a_report_and_sentences(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str], options: str, complaint: str
) -> None:
    write_lines("city.jsonl", "B-city")
    assert main(["evaluate", str(trained_bundle), *options.split()]) == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("shares", ["0", "50,101", "half"])
def test_a_share_is_from_one_to_a_hundred_per_cent(
    capsys: pytest.CaptureFixture[str], shares: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "models/toy", "corpus", "--learning-curve", shares])
    assert stop.value.code == 2
    assert "argument --learning-curve: " in capsys.readouterr().err


def test_compare_bundles_tells_the_worse_by_its_exit_status(
    trained_bundle: Path, toy_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, corpus = str(trained_bundle), str(toy_bundle), "the data/toy-corpus"
    dev = Path(corpus, "dev.jsonl")
    dev.write_text(dev.read_text() * 10)
    assert main(["compare-bundles", good, good, corpus]) == 0
    assert "B: no significant difference" in capsys.readouterr().out
    assert main(["compare-bundles", bad, good, corpus]) == 0
    assert "B: better" in capsys.readouterr().out
    assert main(["compare-bundles", good, bad, corpus, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "worse"
    assert found["a"]["slot_f1"] == 100.0
    assert found["difference"] == pytest.approx(found["b"]["slot_f1"] - found["a"]["slot_f1"])
    low, high = found["interval"]
    assert low <= found["difference"] <= high < 0
    assert found["p"] < 0.05
    # As of diff: trouble is neither yes nor no.
    assert main(["compare-bundles", good, "none", corpus]) == 2
