"""The commands that train and export, as they are typed."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.tagging.bundle import open_bundle
from tests.training.commands.conftest import contents, manifest, run_of, write_lines
from tests.training.toy_corpus import write_recipe
from training.commands import main, parser_for
from training.commands.fitting import FEW, _command, _experiment
from training.fitting.checkpoint import FILE

ROOT = Path(__file__).parents[3]
SLOTLINE = Path(sys.executable).with_name("slotline")
EVERY_OPTION = (
    "toy.toml --corpus 'the data/my lines.jsonl' --format tagged-lines "
    "--seed 7 --name \"it's mine\" --out 'out/my $bundle'"
)


def test_fit_makes_a_bundle_of_an_experiment_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "toy.toml", "--quiet"]) == 0
    found, said = manifest("models/toy"), capsys.readouterr()
    assert found.name == "toy"
    f1 = found.metrics["dev_slot_f1"]
    data, result = said.out.splitlines()
    assert data == "18 sentences for training, 18 for dev"
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
    parsed = parser_for(["fit"]).parse_args(["fit", "toy.toml", *options.split()])
    assert _experiment(parsed).name == name


def test_a_network_that_compare_knows_is_fitted_by_its_name() -> None:
    parsed = parser_for(["fit"]).parse_args(["fit", "lstm-peephole", "--out", "out/peepholes"])
    experiment = _experiment(parsed)
    assert (experiment.name, experiment.network.cell) == ("lstm-peephole", "lstm-peephole")
    assert _command(parsed, parsed.out) == "slotline fit lstm-peephole --out out/peepholes"


def test_a_corpus_alone_takes_the_default_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("recipes").mkdir()
    write_recipe(Path("recipes/default.toml"), epochs=1, hidden=5)
    monkeypatch.setattr("training.commands.fitting.RECIPES", Path("recipes"))
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
    assert "recipe: few-shot.toml, as there are 100 sentences or fewer; to train with" in said
    found = manifest("models/city")
    assert found.training_config["training"]["min_steps"] == 400
    assert found.training_config["corpora"][0]["name"] == "city.jsonl"


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


def test_fit_leaves_folds_to_cross_validation(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = Path("toy.toml")
    recipe.write_text(recipe.read_text() + '\n[holdout]\nrule = "fold"\n')
    assert main(["fit", "toy.toml", "--quiet"]) == 1
    assert "cross-validate trains all folds" in capsys.readouterr().err
