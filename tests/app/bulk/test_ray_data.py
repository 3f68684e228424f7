"""
The callable under Ray Data; skipped where the extra `ray` is not installed.

Ray leaves processes behind when it is killed, so it gets a namespace of its own, which ends with
its first process.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.bulk.tagging import TaggingOptions, open_tagger

pytestmark = [
    pytest.mark.linux,
    pytest.mark.skipif(
        find_spec("ray") is None, reason="Ray is not installed: pip install 'slotline[ray]'"
    ),
]
ROOT = Path(__file__).parents[3]
TEXTS = [f"row {number} leave Taipei to Boston by November 2nd" for number in range(2_000)]
NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
AS_ROOT = [*NAMESPACE, "--user", "--map-root-user"]


def namespace() -> list[str]:
    """The command that makes one, as far as this user may."""
    for command in (NAMESPACE, AS_ROOT) if shutil.which("unshare") else ():
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    pytest.skip("no process namespace can be made here, and Ray would leave processes behind")


def test_ray_data_tags_each_row_once(
    toy_bundle: Path, tmp_path: Path, tagging: TaggingOptions
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"id": range(len(TEXTS)), "text": TEXTS})
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=500)
    # Of a short name, as the paths of sockets are at most a hundred characters long.
    with tempfile.TemporaryDirectory(prefix="ray") as temporary:
        paths = (tmp_path / "in.parquet", tmp_path / "out", toy_bundle, temporary)
        done = subprocess.run(
            [*namespace(), sys.executable, "-m", "tests.app.bulk.ray_data", *map(str, paths)],
            cwd=ROOT,
            env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,  # 40 seconds where nothing else runs
            check=False,
        )
    assert done.returncode == 0, done.stdout
    rows = sorted(pq.read_table(tmp_path / "out").to_pylist(), key=lambda row: int(row["id"]))
    assert [row["id"] for row in rows] == list(range(len(TEXTS)))
    taggings = open_tagger(tagging).tag_texts(TEXTS)
    for row, text, tagged in zip(rows, TEXTS, taggings, strict=True):
        assert row["text"] == text
        assert row["slots"] == [slot._asdict() for slot in tagged.slots]
