"""The commands, as they are typed."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

import training.__main__ as program
from app.tagging.bundle import Manifest, open_bundle
from tests.training.toy_corpus import write_recipe
from training.__main__ import FEW, main
from training.corpora.formats import FORMATS
from training.fitting.checkpoint import FILE, Checkpoint, read_checkpoint
from training.fitting.fit import TEACHERS

ROOT = Path(__file__).parents[2]
SLOTLINE = Path(sys.executable).with_name("slotline")
EVERY_OPTION = (
    "toy.toml --corpus 'the data/my lines.jsonl' --format tagged-lines "
    "--seed 7 --name \"it's mine\" --out 'out/my $bundle'"
)
MALFORMED = '{"tokens": ["a"], "labels": ["O"]}\n{"tokens": ["a", "b"], "labels": ["O"]}\n'


@pytest.fixture(autouse=True)
def place(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the commands are typed in: an experiment file, and a folder of corpora."""
    shutil.copytree(corpus, tmp_path / "the data" / "toy-corpus")
    write_recipe(tmp_path / "toy.toml", epochs=1)
    monkeypatch.setenv("SLOTLINE_DATA", "the data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_lines(name: str, tag: str, count: int = 40) -> str:
    """Queries of one word, each with the same tag."""
    line = json.dumps({"tokens": ["paris"], "labels": [tag]}) + "\n"
    Path(name).write_text(line * count)
    return name


def manifest(folder: str) -> Manifest:
    return open_bundle(Path(folder)).manifest


def run_of(folder: str) -> Checkpoint:
    checkpoint = read_checkpoint(Path(folder))
    assert checkpoint is not None
    return checkpoint


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_fit_makes_a_bundle_of_an_experiment_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    found, said = manifest("models/toy"), capsys.readouterr()
    assert found.name == "toy"
    f1 = found.metrics["dev_slot_f1"]
    data, result = said.out.splitlines()
    assert data == "18 sentences to train on, 18 of dev to select by"
    begun = f"models/toy: version {found.version}, dev slot F1 {f1:.2f} (epoch 1 of 1, "
    assert result.startswith(begun)
    assert said.err == ""


def test_a_bar_shows_loss_f1_and_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    write_recipe(Path("toy.toml"), epochs=2)
    assert main(["fit", "toy.toml"]) == 0
    # The last that a terminal is left with.
    shown = capsys.readouterr().err.rstrip().split("\r")[-1]
    history = run_of("runs/toy").history
    assert "2/2 [00:0" in shown
    assert f"loss {history[-1].loss:.3f}, dev F1 {history[-1].dev_f1:.2f}, best " in shown
    assert "<00:0" in shown


def test_what_was_mended_in_a_corpus_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    corpus = Path("stray.jsonl")
    corpus.write_text('{"tokens": ["in", "paris"], "labels": ["B-x", "I-city"]}\n' * 40)
    assert main(["fit", "toy.toml", "--corpus", "stray.jsonl", "--quiet"]) == 0
    assert "  40 x I- tag that continues nothing, read as B-\n" in capsys.readouterr().out


def test_a_corpus_takes_the_place_of_the_files_own() -> None:
    corpus = write_lines("city.jsonl", "B-city")
    fit = ["fit", "toy.toml", "--corpus", corpus, "--quiet"]
    assert main([*fit, "--format", "tagged-lines", "--out", "bundles/mine"]) == 0
    found = manifest("bundles/mine")
    assert (found.name, open_bundle(Path("bundles/mine")).contents.slots) == ("mine", ["city"])
    assert [note.name for note in found.corpora] == ["city.jsonl"]
    assert found.training_config["corpora"][0]["format"] == "tagged-lines"
    assert found.training_config["network"]["hidden"] == 16


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


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ("--corpus v1.1 --out bundles/b", "b"),
        ("--corpus v1.1", "v1.1"),
        ("--corpus city.v2.jsonl", "city.v2"),
        ("--corpus city.v2.jsonl --out out/v1.1", "v1.1"),
    ],
)
def test_a_bundle_is_named_like_its_folder_or_like_the_corpus(
    corpus: Path, options: str, name: str
) -> None:
    write_lines("city.v2.jsonl", "B-city")
    shutil.copytree(corpus, "v1.1")
    parsed = program._parser().parse_args(["fit", "toy.toml", *options.split()])
    assert program._experiment(parsed).name == name


@pytest.mark.parametrize("command", ["compare", "ablate toy.toml"])
@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_there_is_one_job_or_more(
    capsys: pytest.CaptureFixture[str], command: str, jobs: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), "--jobs", jobs])
    assert stop.value.code == 2
    assert "argument --jobs: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("interrupted", "command", "goes_on"),
    [
        ("fit", "fit toy.toml", True),
        ("make_plan", "compare", True),
        ("ablation_plan", "ablate toy.toml", True),
        ("open_bundle", "tune-stability models/toy", False),
        ("evaluate", "evaluate models/toy toy-corpus", False),
    ],
)
def test_only_what_can_go_on_is_said_to(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    interrupted: str,
    command: str,
    goes_on: bool,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, interrupted, interrupt)
    assert main(command.split()) == 130
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("interrupted")
    assert ("goes on from its last epoch" in line) == goes_on


def test_a_corpus_alone_takes_the_default_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("recipes").mkdir()
    write_recipe(Path("recipes/default.toml"), epochs=1, hidden=5)
    monkeypatch.setattr(program, "RECIPES", Path("recipes"))
    write_recipe(Path("recipes/few-shot.toml"), epochs=1, hidden=6)
    for count, hidden in ((FEW + 1, 5), (FEW, 6)):
        corpus = write_lines("city.jsonl", "B-city", count + count // 19)
        fit = ["fit", "--corpus", corpus, "--quiet", "--restart"]
        assert main(fit) == 0
        assert manifest("models/city").training_config["network"]["hidden"] == hidden


def test_a_bundle_can_be_given_another_name() -> None:
    assert main(["fit", "toy.toml", "--name", "mine", "--quiet"]) == 0
    assert manifest("models/mine").name == "mine"


def test_another_seed_makes_another_bundle() -> None:
    assert main(["fit", "toy.toml", "--quiet", "--run", "one"]) == 0
    assert main(["fit", "toy.toml", "--quiet", "--run", "two", "--seed", "7", "--out", "b"]) == 0
    assert (manifest("models/toy").seed, manifest("b").seed) == (3, 7)
    assert manifest("models/toy").version != manifest("b").version


def test_a_run_is_replaced_only_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    write_recipe(Path("toy.toml"), epochs=1, hidden=8)
    assert main(["fit", "toy.toml", "--quiet"]) == 1
    assert "begin anew with --restart" in capsys.readouterr().err
    assert main(["fit", "toy.toml", "--quiet", "--restart"]) == 0
    assert manifest("models/toy").training_config["network"]["hidden"] == 8


def test_a_restart_trains_its_teachers_anew(capsys: pytest.CaptureFixture[str]) -> None:
    write_recipe(Path("toy.toml"), epochs=1, teachers=1)
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    first = manifest("models/toy")
    assert first.training_config["training"]["teachers"] == 1
    assert first.metrics["teachers_dev_slot_f1"] == run_of("runs/toy").teachers_f1
    write_recipe(Path("toy.toml"), epochs=2, teachers=1)
    assert main(["fit", "toy.toml", "--quiet"]) == 1
    assert "begin anew with --restart" in capsys.readouterr().err
    assert main(["fit", "toy.toml", "--quiet", "--restart"]) == 0
    assert run_of(f"runs/toy/{TEACHERS}/1").epoch == 2


def test_a_restart_that_cannot_be_leaves_the_run_as_it_was() -> None:
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    shutil.rmtree("the data")
    assert main(["fit", "toy.toml", "--quiet", "--restart"]) == 1
    assert run_of("runs/toy").epoch == 1


@pytest.mark.parametrize("interruption", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_fit_goes_on_from_its_last_epoch(
    place: Path, interruption: signal.Signals
) -> None:
    epochs = 300  # enough of them that the first is seen before the last
    write_recipe(place / "toy.toml", epochs=epochs)
    with subprocess.Popen(
        [sys.executable, "-m", "training", "fit", "toy.toml", "--quiet"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not (place / "runs/toy" / FILE).exists():
            assert process.poll() is None, "it ended before its first epoch"
            time.sleep(0.01)
        process.send_signal(interruption)
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    [line] = complaint.splitlines()
    assert line.startswith("interrupted: ")
    assert not Path("models").exists()

    before = run_of("runs/toy").history
    assert len(before) < epochs
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    after = run_of("runs/toy").history
    assert len(after) == epochs
    # No two epochs take the same time to the nanosecond: these were not done again.
    assert [epoch.seconds for epoch in after][: len(before)] == [each.seconds for each in before]


@pytest.mark.parametrize(
    ("options", "folder"),
    [("toy.toml", "models/toy"), (EVERY_OPTION, "out/my $bundle")],
    ids=["an experiment file", "every option"],
)
def test_the_command_in_the_manifest_makes_the_same_bytes(
    place: Path, tmp_path_factory: pytest.TempPathFactory, options: str, folder: str
) -> None:
    write_lines("the data/my lines.jsonl", "B-city")
    assert main(["fit", "--quiet", *shlex.split(options)]) == 0
    other = tmp_path_factory.mktemp("other machine")
    shutil.copy("toy.toml", other)
    command = manifest(folder).command
    assert command.startswith("slotline fit toy.toml ")
    subprocess.run(
        ["sh", "-c", command.replace("slotline", shlex.quote(str(SLOTLINE)), 1)],
        cwd=other,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "SLOTLINE_DATA": f"{place}/the data"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert contents(other / folder) == contents(place / folder)


def test_a_corpus_outside_the_data_folder_is_named_by_its_whole_path(place: Path) -> None:
    corpus = write_lines("city.jsonl", "B-city")
    assert main(["fit", "toy.toml", "--corpus", corpus, "--quiet"]) == 0
    assert f" --corpus {place}/city.jsonl " in manifest("models/city").command


def test_a_bundle_in_another_folder_says_how_it_is_made_there() -> None:
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    assert main(["fit", "toy.toml", "--quiet", "--out", "there"]) == 0
    assert manifest("there").command == "slotline fit toy.toml --out there"


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
    remark = "1 x I- tag that continues nothing, read as B-\n"
    evaluate = ["evaluate", str(trained_bundle), "stray.jsonl"]
    assert main(evaluate) == 0
    said = capsys.readouterr()
    assert (said.out.startswith(remark), said.err) == (True, "")
    assert main([*evaluate, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["intent_accuracy"] is None
    assert said.err == remark


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


def test_fit_reads_the_columns_that_are_named() -> None:
    Path("layers").write_text("to O O\nparis B-x B-y\n\n" * 40)
    fit = ["fit", "toy.toml", "--corpus", "layers", "--quiet", "--tag-column", "3"]
    assert main(fit) == 0
    found = manifest("models/layers")
    assert open_bundle(Path("models/layers")).contents.slots == ["y"]
    assert found.training_config["corpora"][0]["format"] == "columns:tag=3"
    assert "--tag-column 3" in found.command


def test_few_sentences_have_a_recipe_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write_lines("city.jsonl", "B-city")
    assert main(["fit", "--corpus", corpus, "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "100 sentences or fewer are trained with the recipe few-shot.toml; for the other" in said
    found = manifest("models/city")
    assert found.training_config["training"]["min_steps"] == 400
    assert found.training_config["corpora"][0]["name"] == "city.jsonl"


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


@pytest.mark.parametrize("checkpoint", ["runs/toy", f"runs/toy/{FILE}"])
def test_export_makes_the_bundle_that_fit_made(
    place: Path, capsys: pytest.CaptureFixture[str], checkpoint: str
) -> None:
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["export", checkpoint, "--out", "again"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("again: version ")
    assert said.endswith(" (0.00% of its spans changed, missed)\n")
    assert contents(place / "again") == contents(place / "models/toy")
    shutil.rmtree("models")
    assert main(["export", checkpoint]) == 0
    assert contents(place / "again") == contents(place / "models/toy")


def test_a_fit_that_is_given_again_keeps_what_export_needs(place: Path) -> None:
    for _ in range(2):
        assert main(["fit", "toy.toml", "--quiet"]) == 0
    assert main(["export", "runs/toy", "--out", "again"]) == 0
    assert contents(place / "again") == contents(place / "models/toy")


@pytest.mark.parametrize("name", ["a/b", "toy@1", "", "a" * 81])
def test_a_name_that_no_bundle_may_have_is_refused_before_the_corpus_is_read(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    shutil.rmtree("the data")
    assert main(["fit", "toy.toml", "--quiet", "--name", name]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: the name {name!r} is none that a bundle can be asked for by")
    assert line.endswith(" with --name")


def test_a_file_in_the_place_of_the_bundle_is_told_before_the_corpus_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.rmtree("the data")
    assert main(["fit", "toy.toml", "--quiet", "--out", "toy.toml"]) == 1
    assert "toy.toml is a file" in capsys.readouterr().err


def test_compare_writes_a_report_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    command = "compare toy-corpus --networks toy.toml --seeds 1 --jobs 1 --out reports"
    assert main(command.split()) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == ["reports/toy-corpus.md", "reports/toy-corpus.html"]
    assert "toy-corpus: 100%" in said.err
    assert "1/1" in said.err
    assert "1 of 1 fits" in said.err
    text = Path("reports/toy-corpus.md").read_text()
    assert "`slotline compare toy-corpus --networks toy.toml --seeds 1`" in text


def test_ablate_writes_a_table_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    command = "ablate toy.toml --seeds 1 --epochs 1 --jobs 1 --out tables --quiet"
    assert main(command.split()) == 0
    assert capsys.readouterr().out.splitlines() == ["tables/toy.md", "tables/toy.json"]
    text = Path("tables/toy.md").read_text()
    assert "`slotline ablate toy.toml --seeds 1 --epochs 1`" in text
    assert "| without slot swapping |" in text


@pytest.fixture
def pools() -> None:
    """Two intents, each with a small pool and a large one."""
    pieces = [{"text": "fly to "}, {"text": "Paris", "entity": "city"}]
    for intent in ("Arrive", "Leave"):
        for pool, queries in ((f"train_{intent}", 80), (f"train_{intent}_full", 90)):
            data = [{"data": [*pieces, {"text": f" number {number}"}]} for number in range(queries)]
            Path(f"{pool}.json").write_text(json.dumps({intent: data}))


@pytest.mark.usefixtures("pools")
def test_the_snips_benchmark_prints_every_task_and_the_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    benchmark = ["snips-benchmark", ".", "--experiment", "toy.toml", "--draws", "2", "--quiet"]
    assert main(benchmark) == 0
    _, *tasks, mean, draws, changed = capsys.readouterr().out.splitlines()
    assert [task.split()[:4] for task in tasks] == [
        [intent, str(draw), "70", "10"] for draw in range(2) for intent in ("Arrive", "Leave")
    ]
    assert mean.startswith("mean ")
    assert draws.startswith("macro F1 of each draw: ")
    assert changed == "spans changed: 0 of 40 (0.00%), counted as missed"


@pytest.mark.usefixtures("pools")
def test_the_snips_benchmark_takes_all_queries_with_the_default_recipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("recipes").mkdir()
    write_recipe(Path("recipes/default.toml"), epochs=1)
    monkeypatch.setattr(program, "RECIPES", Path("recipes"))
    assert main(["snips-benchmark", ".", "--full", "--json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert [(task["intent"], task["learnt"], task["asked"]) for task in found["tasks"]] == [
        ("Arrive", 86, 4),
        ("Leave", 86, 4),
    ]
    assert found["draws"] == [found["macro_f1"]]
    assert "2/2" in said.err


def test_explain_writes_a_page(trained_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(trained_bundle), "leave Taipei", "--out", "page.html"]) == 0
    assert capsys.readouterr().out == "page.html\n"
    assert "“leave Taipei”" in Path("page.html").read_text()


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("fit", "name an experiment file, or a corpus with --corpus"),
        ("fit tyo.toml", r"there is no experiment file tyo\.toml; .* atis, .*booking, .*snips"),
        ("fit misspelt.toml", r"misspelt\.toml: network\.hiden: unexpected"),
        ("fit .", r"Is a directory: '\.'"),
        ("fit toy.toml --format columns", "--format is of --corpus"),
        ("fit toy.toml --seed -1", "the command's options: seed: .* greater than or equal to 0"),
        ("fit toy.toml --quiet --out toy.toml", r"toy\.toml is a file: .* --out"),
        (
            "fit --corpus none.jsonl",
            r"none\.jsonl: expected the corpus none\.jsonl .*found nothing",
        ),
        ("fit --corpus malformed", "malformed, line 2: expected 2 labels, .*, found 1"),
        ("evaluate none the-corpus", "none holds no manifest.json, so no bundle; make one with"),
        ("evaluate {bundle} none", "none: expected a corpus, .*, found nothing of that name"),
        ("evaluate {bundle} malformed", "malformed, line 2: expected 2 labels, .*, found 1"),
        ("export runs/none", "there is no checkpoint runs/none"),
        ("export toy.toml", r"toy\.toml is not a checkpoint of this release"),
        ("compare none", "none: expected the corpus none .*, found nothing"),
        ("compare toy-corpus --num-layers 1,7", "feedforward, .*: layers = 7 makes no network"),
        ("explain none text", "none holds no manifest.json, so no bundle; make one with"),
        ("explain {bundle} ?", r"toy reads no word of '\?'"),
    ],
)
def test_every_mistake_is_one_line_that_says_how_to_mend_it(
    trained_bundle: Path, capsys: pytest.CaptureFixture[str], command: str, complaint: str
) -> None:
    Path("malformed").write_text(MALFORMED)
    Path("misspelt.toml").write_text('name = "x"\n[network]\nhiden = 3\n')
    assert main(command.format(bundle=trained_bundle).split()) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert re.search(complaint, line), line


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


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (
            "evaluate models/toy corpus --report errors.pdf",
            "'errors.pdf' ends neither in .html nor",
        ),
        (
            "evaluate models/toy corpus --learning-curve 5,x",
            "'5,x' is not whole numbers with commas",
        ),
        ("compare --hidden-sizes 32,", "'32,' is not whole numbers with commas"),
        ("compare --jobs two", "there is 1 fit at a time, or more"),
    ],
)
def test_an_option_that_cannot_be_meant_is_told_before_anything_is_done(
    capsys: pytest.CaptureFixture[str], command: str, complaint: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(command.split())
    assert stop.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("shares", ["0", "50,101", "half"])
def test_a_share_is_from_one_to_a_hundred_per_cent(
    capsys: pytest.CaptureFixture[str], shares: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "models/toy", "corpus", "--learning-curve", shares])
    assert stop.value.code == 2
    assert "argument --learning-curve: " in capsys.readouterr().err


def test_fit_holds_out_values_and_measures_on_them(capsys: pytest.CaptureFixture[str]) -> None:
    write_recipe(Path("toy.toml"), epochs=25)
    assert main(["fit", "toy.toml", "--quiet", "--holdout", "values"]) == 0
    said = capsys.readouterr().out.splitlines()
    found = manifest("models/toy")
    assert found.command.endswith("fit toy.toml --holdout values --out models/toy")
    assert found.training_config["holdout"]["seed"] == 3
    f1, unseen = (found.metrics[name] for name in ("holdout_slot_f1", "holdout_unseen_f1"))
    assert said[-1] == (
        f"  4 sentences held out: slot F1 {f1:.2f}, {unseen:.2f} on values that training has not"
    )
    assert (
        main(["evaluate", "models/toy", "the data/toy-corpus", "--split", "holdout", "--json"]) == 0
    )
    found_again = json.loads(capsys.readouterr().out)
    assert round(found_again["slot_f1"], 2) == f1
    assert round(found_again["by_training"]["values_unseen"]["slot_f1"], 2) == unseen
    assert "values_seen" not in found_again["by_training"]


def test_fit_refuses_a_corpus_whose_spans_tokens_cannot_express(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = {"text": "go tomorrow", "spans": [{"start": 3, "end": 6, "slot": "when"}]}
    Path("halves.jsonl").write_text((json.dumps(line) + "\n") * 40)
    fit = ["fit", "toy.toml", "--corpus", "halves.jsonl", "--quiet"]
    assert main(fit) == 1
    error = capsys.readouterr().err
    assert "expected spans of whole tokens, all but 5%, found 38 of 38 (100.00%)" in error
    assert main([*fit, "--max-changed-spans", "100"]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    # Whatever is found, it is nothing that was written.
    assert "dev slot F1 0.00" in said
    assert said.endswith("spans of dev changed: 2 of 2 (100.00%), counted as missed")
    found = manifest("models/halves")
    assert found.metrics["dev_changed_spans"] == 1.0
    assert " --max-changed-spans 100 " in found.command


def test_ablate_takes_several_recipes_and_a_share_of_the_schedule(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_recipe(Path("one.toml"), epochs=2)
    write_recipe(Path("other.toml"), epochs=4)
    command = "ablate one.toml other.toml --seeds 1 --schedule 50 --jobs 1 --out tables --quiet"
    for name in ("one", "other"):
        recipe = Path(f"{name}.toml")
        text = recipe.read_text().replace('name = "toy"\ndesc', f'name = "{name}"\ndesc')
        recipe.write_text(text)
    assert main(command.split()) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["one.md", "one.json", "other.md", "other.json"]
    text = Path("tables/other.md").read_text()
    assert "one of 2; means over one seed" in text
    assert "`slotline ablate other.toml --seeds 1 --schedule 50`" in text
    assert "On values that training has not" in text
    assert main(["ablate", *command.split()[1:], "--holdout", "none"]) == 0
    assert "On values that training has not" not in Path("tables/other.md").read_text()


def test_cross_validate_measures_every_sentence_once(capsys: pytest.CaptureFixture[str]) -> None:
    command = "cross-validate toy.toml --folds 3 --jobs 1 --quiet"
    assert main(command.split()) == 0
    said = capsys.readouterr().out.splitlines()
    assert main([*command.split(), "--json"]) == 0  # nothing is trained again
    found = json.loads(capsys.readouterr().out)
    assert len(found["folds"]) == 3
    assert found["sentences"] == 36  # train and dev
    assert found["interval"][0] <= found["slot_f1"] <= found["interval"][1]
    assert found["mean"] == pytest.approx(sum(found["folds"]) / 3)
    assert found["changed_spans"] == {"spans": 32, "changed": 0}
    assert said[1] == f"mean {found['mean']:.2f}, standard deviation {found['deviation']:.2f}"
    assert main(["cross-validate", "toy.toml", "--folds", "1"]) == 1


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


def test_fit_leaves_folds_to_cross_validation(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = Path("toy.toml")
    recipe.write_text(recipe.read_text() + '\n[holdout]\nrule = "fold"\n')
    assert main(["fit", "toy.toml", "--quiet"]) == 1
    assert "cross-validate trains all folds" in capsys.readouterr().err
