"""The service on systems that have not all that Linux has, as far as Linux can play them."""

import os
import re
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

from app.server.open_files import raise_limit_of_open_files
from benchmarks.harness.service import ROOT

INFINITE = resource.RLIM_INFINITY


class Limits:
    """Limits of open files, as a system has them that grants no more than `most`."""

    def __init__(self, soft: int, hard: int, most: int) -> None:
        self.soft, self.hard, self._most = soft, hard, most

    def get(self, _: int) -> tuple[int, int]:
        return self.soft, self.hard

    def set(self, _: int, limits: tuple[int, int]) -> None:
        assert limits[1] == self.hard, "nobody can raise the hard limit again"
        if limits[0] == INFINITE or limits[0] > self._most:
            raise ValueError("current limit exceeds maximum limit")
        self.soft = limits[0]


def limits(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int) -> Limits:
    given = Limits(soft, hard, most)
    monkeypatch.setattr(resource, "getrlimit", given.get)
    monkeypatch.setattr(resource, "setrlimit", given.set)
    return given


@pytest.mark.parametrize(
    ("soft", "hard", "most", "after"),
    [
        (256, INFINITE, 10_240, 10_240),  # macOS, by OPEN_MAX
        (256, INFINITE, 61_440, 24_576),  # macOS, by kern.maxfilesperproc
        (256, INFINITE, 245_760, 65_536),
        (61_440, INFINITE, 61_440, 61_440),
        (1_024, 524_288, 524_288, 524_288),  # Linux
        (1_024, 1_024, 1_024, 1_024),
        (256, INFINITE, 256, 256),
        (20_000, INFINITE, 10_240, 20_000),
        (INFINITE, INFINITE, 10_240, INFINITE),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_may_be_and_never_lowered(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int, after: int
) -> None:
    given = limits(monkeypatch, soft, hard, most)
    assert raise_limit_of_open_files() == given.soft == after


def test_a_sandbox_may_forbid_to_raise_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limits(monkeypatch, 1_024, 4_096, 4_096)

    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(resource, "setrlimit", forbidden)
    assert raise_limit_of_open_files() == 1_024


# What is missing on macOS goes before anything of the service is imported; of /proc and /dev/shm
# nothing can be read.
MACOS = """
import os, resource, select, signal, socket, sys
import asyncio, asyncio.unix_events, multiprocessing, subprocess, sysconfig, threading
sysconfig.get_config_vars()
import urllib.request  # which looks for proxies in another way there
sys.platform = "darwin"
for module, names in {
    os: "sched_getaffinity sched_setaffinity memfd_create pidfd_open eventfd timerfd_create "
    "posix_fallocate posix_fadvise fdatasync splice copy_file_range",
    resource: "prlimit",
    signal: "SIGRTMIN SIGPOLL sigtimedwait",
    socket: "SO_PROTOCOL SO_DOMAIN SO_PEERCRED TCP_QUICKACK",
}.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
real = resource.setrlimit
def setrlimit(kind, limits):
    if limits[0] == resource.RLIM_INFINITY or limits[0] > 10240:
        raise ValueError("current limit exceeds maximum limit")
    real(kind, limits)
resource.setrlimit = setrlimit
resource.getrlimit = lambda _, real=resource.getrlimit: (256, real(_)[1])
def absent(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], str):
        if arguments[0].startswith(("/proc", "/dev/shm", "/sys")):
            raise FileNotFoundError(2, "No such file or directory", arguments[0])
sys.addaudithook(absent)
access = os.access
os.access = lambda path, *a, **k: not str(path).startswith("/dev/shm") and access(path, *a, **k)
"""


@pytest.fixture
def macos(tmp_path: Path) -> dict[str, str]:
    """The environment in which every Python that is started finds itself on macOS."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(MACOS)
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(ROOT)])}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_service_starts_answers_and_ends_on_macos(
    toy_bundle: Path, macos: dict[str, str], workers: str
) -> None:
    settings = {
        "SLOTLINE_MODEL_DIR": str(toy_bundle),
        "SLOTLINE_WORKERS": workers,
        "SLOTLINE_THREADS": "2",
        "SLOTLINE_SHUTDOWN_DELAY": "0.1",
        "PORT": "0",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | settings | macos,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        try:
            running = re.compile(r"running on (http://\S+)")
            said: list[str] = []
            for line in process.stderr:
                said.append(line)
                if running.search(line):
                    break
            assert running.search("".join(said)), "".join(said)
            address = running.search(said[-1])
            assert address
            reader = threading.Thread(target=lambda: said.append(process.stderr.read()))  # type: ignore[union-attr]
            reader.start()
            for path in ("/health/ready", "/models", "/metrics", "/"):
                answer = httpx2.get(f"{address[1]}{path}", timeout=60)
                assert answer.status_code == 200, path
            answer = httpx2.post(f"{address[1]}/slots", json={"text": "leave Taipei"}, timeout=60)
            assert answer.json()["slots"][0]["value"] == "Taipei"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
            reader.join()
            assert "Traceback" not in "".join(said)
        finally:
            process.kill()


def test_training_and_the_benchmarks_are_imported_on_macos(macos: dict[str, str]) -> None:
    pytest.importorskip("torch")
    modules = [
        "training.commands.fitting",
        "benchmarks.http",
        "benchmarks.growth",
        "benchmarks.tagger",
    ]
    program = f"import {', '.join(modules)}, app.tagging.cores as c; assert c.usable_cores() > 0"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=os.environ | macos, check=True)


def test_a_benchmark_that_reads_proc_says_so_on_macos(macos: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.http"],
        cwd=ROOT,
        env=os.environ | macos,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "error: this benchmark reads /proc, which only Linux has: run it there\n"
    )


@pytest.mark.parametrize("command", ["app", "app tag in.txt --out out.csv", "training"])
def test_on_windows_one_sentence_says_where_it_runs(command: str) -> None:
    module, *arguments = command.split()
    program = f"import runpy, sys; sys.platform = 'win32'; sys.argv[1:] = {arguments!r}; "
    program += f"runpy.run_module('{module}', run_name='__main__')"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert "WSL 2" in line


GNU_ALONE = {
    "sed": re.compile(r"\bsed\b[^\n|]*(\\[bwsd+?|<>]|\s-r\b|\s-i\s|--\w)"),
    "readlink": re.compile(r"\breadlink\s+-[ef]"),
    "grep": re.compile(r"\bgrep\s+-\w*P"),
    "others": re.compile(r"\b(nproc|taskset|sha256sum|timeout|setsid|tac|shuf)\b"),
    "date": re.compile(r"\bdate\s+(-d|--\w|\+\S*%N)"),
    "cp": re.compile(r"\bcp\s+--?\w*(reflink|-parents|t\s)"),
}


@pytest.mark.parametrize("path", ["Makefile", ".ci/run"])
@pytest.mark.parametrize("tool", GNU_ALONE)
def test_what_make_runs_needs_no_gnu_tools(path: str, tool: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not GNU_ALONE[tool].search(text)
