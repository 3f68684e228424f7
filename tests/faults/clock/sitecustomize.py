"""Lets a test set the wall clock of one process: Python imports this where it is on its path."""

import os
import time
from pathlib import Path

_SECONDS_OFF = Path(os.environ["SECONDS_OFF"])
_true_time = time.time


def _time() -> float:
    return _true_time() + float(_SECONDS_OFF.read_text() or 0)


time.time = _time
time.time_ns = lambda: int(_time() * 1e9)
