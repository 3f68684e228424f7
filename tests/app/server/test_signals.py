"""What signals mean before anything serves."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx2

from benchmarks.harness.service import ROOT, address_of

# All that is heavy is behind these.
PROGRAM = """
import runpy, signal, sys
sys.modules["asyncio"] = sys.modules["pydantic"] = None
try:
    runpy.run_module("app", run_name="__main__", alter_sys=True)
except ImportError:
    print(callable(signal.getsignal(signal.SIGTERM)))
    print(callable(signal.getsignal(signal.SIGHUP)))
    try:
        signal.raise_signal(signal.SIGTERM)
    except SystemExit as stop:
        print(stop.code)
"""


def test_signals_are_heard_before_the_rest_is_imported() -> None:
    said = subprocess.check_output(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.DEVNULL, text=True
    )
    assert said.splitlines() == ["True", "True", "0"]


# Another bundle comes when those that there are have just been opened.
LATE_BUNDLE = """
import os, shutil, signal, sys, app.main, app.serve, app.server.signals
app.server.signals.install_startup_handlers()
def opened(folder, *args, open=app.main.open_registry, **more):
    found = open(folder, *args, **more)
    shutil.move(sys.argv.pop(), folder)
    os.kill(os.getpid(), signal.SIGHUP)
    return found
app.main.open_registry = opened
app.serve.serve()
"""


def test_a_hangup_while_bundles_are_opened_has_them_read_again(
    toy_without_intents: Path, toy_bundle: Path, tmp_path: Path
) -> None:
    late = shutil.copytree(toy_without_intents, tmp_path / "late")
    shutil.copytree(toy_bundle, tmp_path / "bundles" / "toy")
    with subprocess.Popen(
        [sys.executable, "-c", LATE_BUNDLE, str(late)],
        cwd=ROOT,
        env=os.environ | {"SLOTLINE_MODEL_DIR": str(tmp_path / "bundles"), "PORT": "0"},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            address = address_of(process)
            until = time.monotonic() + 60
            while len(httpx2.get(f"{address}/models").json()["models"]) < 2:
                assert time.monotonic() < until, "nothing was read again"
                time.sleep(0.05)
        finally:
            process.kill()
