"""What all commands of training have in common."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from training.commands import COMMANDS, main, parser_for, summaries

MALFORMED = '{"tokens": ["a"], "labels": ["O"]}\n{"tokens": ["a", "b"], "labels": ["O"]}\n'

ROOT = Path(__file__).parents[3]


def test_every_command_is_in_the_module_that_is_named_for_it() -> None:
    modules = {command.module for command in COMMANDS.values()}
    defined = {
        (name, module)
        for module in modules
        for name in import_module(f"training.commands.{module}").PARSERS
    }
    assert defined == {(name, command.module) for name, command in COMMANDS.items()}


def test_only_the_command_that_is_named_is_imported() -> None:
    program = (
        "import sys; from training.commands import parser_for; parser_for(['evaluate']); "
        "print(*sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).split()
    assert "training.commands.evaluation" in loaded
    assert not {"training.commands.fitting", "training.commands.studies", "torch"} & set(loaded)


def test_the_list_of_commands_needs_none_of_them() -> None:
    shown = parser_for([]).format_help()
    assert all(f"    {name}" in shown for name in COMMANDS)


@pytest.mark.parametrize("name", summaries())
def test_the_line_about_a_command_is_short_and_starts_with_a_verb(name: str) -> None:
    summary = summaries()[name]
    assert summary[0].islower()
    assert not summary.endswith(".")
    assert len(f"  {name:17}{summary}") <= 80


@pytest.mark.parametrize("command", [["-m", "training"], ["-m", "app"]])
def test_the_modules_run_the_same_commands(command: list[str]) -> None:
    shown = subprocess.check_output(
        [sys.executable, *command, "fit", "--help"], cwd=ROOT, text=True
    )
    assert shown.startswith("usage: slotline fit ")


@pytest.mark.parametrize(
    ("interrupted", "command", "goes_on"),
    [
        ("fitting.make_bundle", "fit toy.toml", True),
        ("studies.make_plan", "compare", True),
        ("studies.ablation_plan", "ablate toy.toml", True),
        ("evaluation.open_bundle", "tune-stability models/toy", False),
        ("evaluation.evaluate", "evaluate models/toy toy-corpus", False),
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

    monkeypatch.setattr(f"training.commands.{interrupted}", interrupt)
    assert main(command.split()) == 130
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("interrupted")
    assert ("continues from the last epoch" in line) == goes_on


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("fit", "name an experiment file, or a corpus with --corpus"),
        ("fit tyo.toml", r"there is no experiment file tyo\.toml; .* atis, .*booking, .*snips"),
        ("fit misspelt.toml", r"misspelt\.toml: network\.hiden: unexpected"),
        ("fit .", r"\. is not a TOML file: give a corpus as --corpus \."),
        ("fit malformed", "malformed is not a TOML file: give a corpus as --corpus malformed"),
        ("fit toy.toml --format columns", "--format, .* need --corpus"),
        ("fit toy.toml --seed -1", "the command's options: seed: .* greater than or equal to 0"),
        ("fit toy.toml --quiet --out toy.toml", r"toy\.toml is a file: .* --out"),
        (
            "fit --corpus none.jsonl",
            r"there is no file or folder none\.jsonl",
        ),
        ("fit --corpus malformed", "malformed, line 2: expected 2 labels, .*, found 1"),
        ("evaluate none the-corpus", "none holds no manifest.json, so no bundle; make one with"),
        ("evaluate {bundle} none", "none: expected a corpus, .*, found nothing of that name"),
        ("evaluate {bundle} malformed", "malformed, line 2: expected 2 labels, .*, found 1"),
        ("export runs/none", "there is no checkpoint runs/none: give the folder of a run"),
        ("export toy.toml", r"toy\.toml is not a checkpoint of this release"),
        (
            "compare none",
            "none: expected the corpus none, found nothing; set SLOTLINE_DATA to the folder",
        ),
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
        ("compare --jobs two", "give a number of processes, 1 or more"),
    ],
)
def test_an_option_that_cannot_be_meant_is_told_before_anything_is_done(
    capsys: pytest.CaptureFixture[str], command: str, complaint: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(command.split())
    assert stop.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_help_of_a_command_begins_with_what_it_does(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    usage, about, *_ = capsys.readouterr().out.split("\n\n")
    assert usage.startswith(f"usage: slotline {name} ")
    assert about.endswith(".")
    assert "%%" not in about


def test_an_unknown_option_shows_the_usage_of_its_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["export", "runs/none", "--output", "mine"])
    usage, *_, last = capsys.readouterr().err.splitlines()
    assert usage.startswith("usage: slotline export ")
    assert last == "slotline export: error: unrecognized arguments: --output mine"
