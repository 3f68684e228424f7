"""What signals mean before anything serves."""

import subprocess
import sys

from tests.app.test_server import ROOT

# All that is heavy is behind these.
PROGRAM = """
import runpy, signal, sys
sys.modules["asyncio"] = sys.modules["pydantic"] = None
try:
    runpy.run_module("app", run_name="__main__", alter_sys=True)
except ImportError:
    print(callable(signal.getsignal(signal.SIGTERM)))
    print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)
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
