"""The cores that a process may use, by its affinity and the quotas of its control groups."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.tagging.cores import usable_cores


@pytest.fixture(autouse=True)
def _eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


def process_in(folder: Path, groups: str, mounts: str, files: dict[str, str]) -> Path:
    """A /proc/self with these groups, and the files of control groups under `folder`/cgroup."""
    for name, content in files.items():
        path = folder / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")
    proc = folder / "proc"
    proc.mkdir()
    (proc / "cgroup").write_text(groups)
    (proc / "mountinfo").write_text(mounts.replace("MOUNT", str(folder / "cgroup")))
    return proc


V2 = "29 23 0:26 / MOUNT rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "33 32 0:29 / MOUNT rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
MEMORY = "34 32 0:30 / MOUNT rw,nosuid shared:9 - cgroup cgroup rw,memory\n"


@pytest.mark.parametrize(
    ("quota", "cores"),
    [
        ("max 100000", 8),
        ("200000 100000", 2),
        ("250000 100000", 2),
        ("50000 100000", 1),
        ("100000 50000", 2),
        ("1600000 100000", 8),
        ("300000", 3),
        ("", 8),
        ("max", 8),
        ("100000 0", 8),
    ],
)
def test_a_quota_of_version_2_limits_the_cores(tmp_path: Path, quota: str, cores: int) -> None:
    proc = process_in(tmp_path, "0::/\n", V2, {"cpu.max": quota})
    assert usable_cores(proc) == cores


@pytest.mark.parametrize("limited", ["cpu.max", "kubepods/cpu.max", "kubepods/pod/cpu.max"])
def test_the_quota_of_a_group_above_counts_too(tmp_path: Path, limited: str) -> None:
    files = {"kubepods/pod/cpu.max": "max 100000", limited: "300000 100000"}
    assert usable_cores(process_in(tmp_path, "0::/kubepods/pod\n", V2, files)) == 3


@pytest.mark.parametrize(("quota", "cores"), [("-1", 8), ("200000", 2), ("50000", 1)])
@pytest.mark.parametrize("group", ["cpu,cpuacct", "cpu", "cpuacct,cpu"])
def test_a_quota_of_version_1_limits_the_cores(
    tmp_path: Path, group: str, quota: str, cores: int
) -> None:
    files = {"docker/a/cpu.cfs_quota_us": quota, "docker/a/cpu.cfs_period_us": "100000"}
    groups = f"5:memory:/docker/a\n4:{group}:/docker/a\n1:name=systemd:/docker/a\n0::/\n"
    assert usable_cores(process_in(tmp_path, groups, MEMORY + V1, files)) == cores


def test_a_container_that_sees_its_group_as_the_root_knows_its_quota(tmp_path: Path) -> None:
    files = {"cpu.cfs_quota_us": "400000", "cpu.cfs_period_us": "100000"}
    mount = V1.replace(" / MOUNT", " /docker/a MOUNT")
    proc = process_in(tmp_path, "4:cpu,cpuacct:/docker/a\n", mount, files)
    assert usable_cores(proc) == 4


def test_a_group_outside_of_what_is_mounted_is_that_of_the_mount(tmp_path: Path) -> None:
    proc = process_in(tmp_path, "0::/../other\n", V2, {"cpu.max": "500000 100000"})
    assert usable_cores(proc) == 5


def test_a_mount_whose_path_has_blanks_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    proc = process_in(folder, "0::/\n", V2, {"cpu.max": "600000 100000"})
    mounts = proc / "mountinfo"
    mounts.write_text(mounts.read_text().replace("a b", r"a\040b"))
    assert usable_cores(proc) == 6


@pytest.mark.parametrize("mounts", ["", "what nobody understands\n", "1 2 - cgroup2 a b\n"])
def test_what_cannot_be_read_is_no_limit(tmp_path: Path, mounts: str) -> None:
    assert usable_cores(process_in(tmp_path, "0::/\nno group\n", mounts, {})) == 8


def test_other_systems_know_no_affinity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 10)
    assert usable_cores(tmp_path / "nowhere") == 10
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores(tmp_path / "nowhere") == 1


def test_a_sandbox_may_forbid_to_ask_for_the_affinity(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def forbidden(_: int) -> set[int]:
        raise PermissionError

    monkeypatch.setattr(os, "sched_getaffinity", forbidden)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert usable_cores(tmp_path) == 4


@pytest.mark.linux
def test_a_process_restricted_to_one_core_begins_no_second_thread(toy_bundle: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])\n"
        "from app.tagging.bundle import open_bundle; from app.tagging.tagger import Tagger\n"
        "threads = lambda: len(list(Path('/proc/self/task').iterdir()))\n"
        "Tagger(open_bundle(Path(sys.argv[1])), threads=1); before = threads()\n"
        "Tagger(open_bundle(Path(sys.argv[1])), threads=8); print(threads() - before)\n"
    )
    command = [sys.executable, "-c", program, str(toy_bundle)]
    assert subprocess.check_output(command, text=True).strip() == "0"
