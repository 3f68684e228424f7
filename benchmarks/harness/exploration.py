"""What schemathesis makes of the service's OpenAPI document."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2

# What schemathesis cannot know of formats: which zones there are, and that years end.
FORMATS = """
from zoneinfo import available_timezones

import schemathesis
from hypothesis import strategies as st

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
MOMENTS = st.datetimes(timezones=st.timezones()).filter(lambda each: 2 <= each.year <= 9998)


def written(moment):
    text = moment.isoformat()
    return text if len(text[19:].lstrip(".0123456789")) == 6 else f"{moment.date()}T09:00:00Z"


schemathesis.openapi.format("iana-time-zone", st.sampled_from(ZONES))
schemathesis.openapi.format("date-time", MOMENTS.map(written))
"""


def explore(address: httpx2.URL, key: str, *options: str) -> str:
    """What schemathesis reports, with every check on; raises CalledProcessError where one fails."""
    command = (
        *(sys.executable, "-m", "schemathesis.cli", "run", str(address.join("/openapi.json"))),
        *("--header", f"Authorization: Bearer {key}", "--checks", "all", "--no-color"),
        *("--continue-on-failure", *options),
    )
    with tempfile.TemporaryDirectory() as folder:  # it leaves files where it is started
        (Path(folder) / "formats_of_slotline.py").write_text(FORMATS)
        known = {"SCHEMATHESIS_HOOKS": "formats_of_slotline", "PYTHONPATH": folder}
        finished = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | known,
            capture_output=True,
            text=True,
            check=True,
        )
    return finished.stdout


def cases(report: str) -> int:
    """How many requests were made, each of which passed."""
    found = re.search(r"(\d+) generated, (\d+) passed", report)
    assert found, report
    assert found[1] == found[2], report
    return int(found[1])
