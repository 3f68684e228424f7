"""How many cores this process may use: by its affinity and by the quotas of its control groups."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_PROC = Path("/proc/self")


def usable_cores(proc: Path = _PROC) -> int:
    """
    Count the cores that this process may use, at least one.

    The affinity is a limit (`taskset`, cpusets), and so is the CPU quota of each control group
    that the process is in (`docker run --cpus`, Kubernetes' `limits.cpu`). Of a quota only whole
    cores count: a thread too many uses up the quota, and then all threads stand still.
    """
    cores = _cores_of_affinity()
    for quota in _quotas(proc):
        cores = min(cores, int(quota))
    return max(cores, 1)


def _cores_of_affinity() -> int:
    # Only Linux has it.
    affinity = getattr(os, "sched_getaffinity", None)
    try:
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    except OSError:  # in sandboxes that forbid the call
        return os.cpu_count() or 1


def _quotas(proc: Path) -> Iterator[float]:
    """
    The CPU quotas in cores, of the process' control groups and of those above them.

    See cgroups(7), and proc(5) for the lines of `cgroup` and `mountinfo`.
    """
    groups = [line.split(":", 2) for line in _read(proc / "cgroup").splitlines()]
    paths = {controllers: path for _, controllers, path in (g for g in groups if len(g) == 3)}
    for line in _read(proc / "mountinfo").splitlines():
        mount, _, described = line.partition(" - ")
        fields, kind = mount.split(" "), described.split(" ")
        if len(fields) < 5 or len(kind) < 3:
            continue
        if kind[0] == "cgroup2":
            path = paths.get("")
        elif kind[0] == "cgroup" and "cpu" in kind[2].split(","):
            path = next((p for names, p in paths.items() if "cpu" in names.split(",")), None)
        else:
            continue
        if path is None:
            continue
        point = Path(fields[4].replace(r"\040", " "))
        group = point / _below(path, fields[3])
        while True:
            yield from _quota(group)
            if group == point:
                break
            group = group.parent


def _below(path: str, root: str) -> PurePosixPath:
    """The group's path under a mount of the group `root`; a container may see none but its own."""
    try:
        below = PurePosixPath(path).relative_to(root)
    except ValueError:
        return PurePosixPath()
    return PurePosixPath() if ".." in below.parts else below


def _quota(group: Path) -> Iterator[float]:
    if words := _read(group / "cpu.max").split():  # version 2: `max 100000`, or `50000 100000`
        quota, period = (*words, "100000")[:2]  # the kernel's default period
    else:  # version 1, in which no quota is -1
        quota = _read(group / "cpu.cfs_quota_us").strip()
        period = _read(group / "cpu.cfs_period_us").strip()
    if quota.isdecimal() and period.isdecimal() and int(period) > 0:
        yield int(quota) / int(period)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # other systems have no such file
        return ""
