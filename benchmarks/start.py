"""
How long the service takes to its first answer, its memory, and what is installed for it.

    python -m benchmarks.start [--bundles models] [--runs 5] [--json FILE]
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from benchmarks.measures import needs_linux, resident_megabytes

QUESTION = json.dumps({"text": "i would like to arrive Taipei on November 2nd"}).encode()
PATIENCE = 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Verbatim)
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    needs_linux()
    starts = [_start(options.bundles) for _ in range(options.runs)]
    floors = [_import() for _ in range(options.runs)]
    sizes = {name: _size(found) for name, found in sorted(_serving().items())}
    found = {
        "first_answer_seconds": [seconds for seconds, _, _ in starts],
        "import_seconds": floors,
        "resident_megabytes": statistics.median(memory for _, memory, _ in starts),
        "cpu_seconds": statistics.median(cpu for _, _, cpu in starts),
        "packages_megabytes": sizes,
    }
    _print(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


class _Verbatim(argparse.RawDescriptionHelpFormatter):
    """Leaves the module's text as it is."""


def _start(bundles: Path) -> tuple[float, float, float]:
    """
    Seconds from the process's start to its first answer, and its memory then, in MB.

    Last the CPU time it took, which other programs disturb less.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SLOTLINE_MODEL_DIR": str(bundles),
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "app"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/slots", QUESTION, {"content-type": "application/json"}
                )
                with urllib.request.urlopen(request, timeout=5) as answer:
                    answer.read()
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                    sys.exit("the service did not start: python -m app says why")
                time.sleep(0.005)
        seconds = time.perf_counter() - began
        resident = resident_megabytes(process.pid)
        ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        cpu = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        return seconds, resident, cpu
    finally:
        process.terminate()
        process.wait()


def _import() -> float:
    """Seconds to start Python and import FastAPI, uvicorn and onnxruntime: the floor."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import fastapi, uvicorn, onnxruntime"], check=True)
    return time.perf_counter() - began


def _serving() -> dict[str, Distribution]:
    """What `pip install .` brings: the dependencies and theirs, extras left out."""
    found: dict[str, Distribution] = {}
    waiting = _requirements(distribution("slotline"))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = distribution(name)
        waiting += _requirements(found[name])
    return found


def _requirements(package: Distribution) -> list[str]:
    """Names of what a package needs here, without its extras."""
    names = []
    for line in package.requires or ():
        requirement, _, marker = line.partition(";")
        if "extra" in marker or "platform_system ==" in marker or "python_version <" in marker:
            continue
        if "sys_platform ==" in marker and sys.platform not in marker:
            continue
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert match is not None, f"{line} names a package"
        names.append(match[0].lower().replace("_", "-"))
    return names


def _size(package: Distribution) -> float:
    """Megabytes on disk, compiled files not counted."""
    paths = [Path(str(file.locate())) for file in package.files or () if file.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def _print(found: dict[str, Any]) -> None:
    times, floors = sorted(found["first_answer_seconds"]), sorted(found["import_seconds"])
    typical, floor = statistics.median(times), statistics.median(floors)
    print(
        f"process start to first answer: {typical:.2f} s ({times[0]:.2f} to {times[-1]:.2f}), "
        f"{typical / floor:.2f} x the import of FastAPI, uvicorn and onnxruntime ({floor:.2f} s)"
    )
    print(f"CPU time of it: {found['cpu_seconds']:.2f} s")
    print(f"resident memory after it: {found['resident_megabytes']:.0f} MB")
    sizes = found["packages_megabytes"]
    print(f"installed for serving: {sum(sizes.values()):.0f} MB in {len(sizes)} packages")
    for name, size in sorted(sizes.items(), key=lambda entry: -entry[1]):
        print(f"  {size:7.2f} MB  {name}")


if __name__ == "__main__":
    main()
