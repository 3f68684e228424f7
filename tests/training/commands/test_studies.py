"""The commands that train many networks, as they are typed."""

import json
from pathlib import Path

import pytest

from tests.training.toy_corpus import write_recipe
from training.commands import main


@pytest.mark.parametrize("command", ["compare", "ablate toy.toml"])
@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_there_is_one_job_or_more(
    capsys: pytest.CaptureFixture[str], command: str, jobs: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), "--jobs", jobs])
    assert stop.value.code == 2
    assert "argument --jobs: " in capsys.readouterr().err


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
    monkeypatch.setattr("training.commands.studies.RECIPES", Path("recipes"))
    assert main(["snips-benchmark", ".", "--full", "--json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert [(task["intent"], task["learnt"], task["asked"]) for task in found["tasks"]] == [
        ("Arrive", 86, 4),
        ("Leave", 86, 4),
    ]
    assert found["draws"] == [found["macro_f1"]]
    assert "2/2" in said.err


@pytest.mark.usefixtures("pools")
def test_the_snips_benchmark_ablates_and_resumes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_recipe(Path("toy.toml"), epochs=1)
    benchmark = "snips-benchmark . --experiment toy.toml --draws 1 --ablate --out tables --quiet"
    assert main(benchmark.split()) == 0
    assert capsys.readouterr().out.splitlines() == ["tables/toy.md", "tables/toy.json"]
    report = Path("tables/toy.md").read_text()
    assert "--draws 1 --experiment toy.toml` wrote it." in report
    assert "| without letter trigrams |" in report
    monkeypatch.setattr("training.studies.snips_benchmark.train_once", None)
    assert main(benchmark.split()) == 0
    assert Path("tables/toy.md").read_text() == report


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("--ablate --full", "leave out --full"),
        ("--ablate --json", "leave out --full and --json"),
        ("--out tables", "--out and --runs are for --ablate"),
    ],
)
@pytest.mark.usefixtures("pools")
def test_what_an_ablation_of_few_queries_has_not_is_told(
    options: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["snips-benchmark", ".", *options.split()]) == 1
    assert fault in capsys.readouterr().err


def test_explain_writes_a_page(trained_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(trained_bundle), "leave Taipei", "--out", "page.html"]) == 0
    assert capsys.readouterr().out == "page.html\n"
    assert "“leave Taipei”" in Path("page.html").read_text()


def test_ablate_takes_several_recipes_and_a_share_of_the_schedule(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_recipe(Path("one.toml"), epochs=2)
    write_recipe(Path("other.toml"), epochs=4)
    options = "--seeds 1 --schedule 50 --only dropout"
    command = f"ablate one.toml other.toml {options} --jobs 1 --out tables --quiet"
    for name in ("one", "other"):
        recipe = Path(f"{name}.toml")
        text = recipe.read_text().replace('name = "toy"\ndesc', f'name = "{name}"\ndesc')
        recipe.write_text(text)
    assert main(command.split()) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["one.md", "one.json", "other.md", "other.json"]
    text = Path("tables/other.md").read_text()
    assert "one of 2; means over one seed" in text
    assert f"`slotline ablate other.toml {options}`" in text
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
