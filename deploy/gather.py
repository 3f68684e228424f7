"""
Gathers what the image holds: `python gather.py PACKAGES ROOT`, run where the image is built.

ROOT becomes the image's whole root file system: this Python without what a server never imports,
the packages installed in PACKAGES, and of Debian just the libraries that these are linked with,
with the records by which scanners know them. There is no shell and no package manager.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
SITE = Path(sysconfig.get_path("purelib"))
UNUSED = {
    STANDARD_LIBRARY: [
        "config-*",
        "distutils",
        "ensurepip",
        "idlelib",
        "lib-dynload/*test*",
        "lib-dynload/_curses*",
        "lib-dynload/_dbm*",
        "lib-dynload/_gdbm*",
        "lib-dynload/_sqlite3*",
        "lib-dynload/_tkinter*",
        "lib-dynload/nis*",
        "lib-dynload/readline*",
        "lib2to3",
        "pydoc_data",
        "site-packages",
        "sqlite3",
        "test",
        "tkinter",
        "turtle*",
    ],
    SITE: [
        "bin",
        "numpy/*/include",
        "numpy/distutils",
        "numpy/f2py",
        "numpy/random/lib",
        "numpy/typing/tests",
        "onnxruntime/backend",
        # The same code as in the module that Python loads, for programs in C.
        "onnxruntime/capi/libonnxruntime.so*",
        "onnxruntime/datasets",
        "onnxruntime/quantization",
        "onnxruntime/tools",
        "onnxruntime/transformers",
        "pydantic/v1/mypy.py",
    ],
}
EVERYWHERE = ["__pycache__", "tests", "*.a", "*.h", "*.pxd", "*.pyi", "*.pyx"]


def main(packages: Path, root: Path) -> None:
    """Fill the empty folder `root`."""
    copy_tree(STANDARD_LIBRARY, root, STANDARD_LIBRARY)
    copy_tree(packages, root, SITE)
    python = Path(sys.executable).resolve()
    copy_file(python, root)
    for name in ("python", "python3"):
        within(root, python).with_name(name).symlink_to(python.name)
    for folder in ("lib", "lib64"):  # where binaries look for their loader
        (root / folder).symlink_to(f"usr/{folder}")
    libraries = linked([python, *root.rglob("*.so"), *root.rglob("*.so.*")], root)
    for library in libraries:
        copy_file(library, root)
    record_owners(libraries, root)
    etc = root / "etc"
    etc.mkdir()
    (etc / "passwd").write_text("slotline:x:10001:10001::/:/none\n")
    (etc / "group").write_text("slotline:x:10001:\n")
    (etc / "ld.so.conf").write_text("/usr/local/lib\n")
    subprocess.run(["ldconfig", "-r", root], check=True)
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    # Compiled now, as the file system will be read-only; the source stays for tracebacks.
    compile_all = [sys.executable, "-m", "compileall", "-q", "-j", "0"]
    flags = ["--invalidation-mode", "unchecked-hash", "-s", str(root), "-p", "/"]
    subprocess.run([*compile_all, *flags, within(root, STANDARD_LIBRARY)], check=True)


def within(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def copy_tree(source: Path, root: Path, target: Path) -> None:
    """Copy a tree to its place, without what is not used."""
    unused = {path for pattern in UNUSED[target] for path in source.glob(pattern)}
    everywhere = shutil.ignore_patterns(*EVERYWHERE)

    def ignored(folder: str, names: list[str]) -> set[str]:
        return everywhere(folder, names) | {name for name in names if Path(folder, name) in unused}

    shutil.copytree(source, within(root, target), ignore=ignored, dirs_exist_ok=True)


def copy_file(path: Path, root: Path) -> None:
    target = within(root, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)


def linked(binaries: Iterable[Path], root: Path) -> list[Path]:
    """The libraries outside `root` that binaries are linked with, by their real folders."""
    found = set()
    for binary in binaries:
        listing = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False)
        for name in re.findall(r"(/\S+) \(0x", listing.stdout):
            path = Path(name)
            if not path.is_relative_to(root):
                found.add(path.parent.resolve() / path.name)
    return sorted(found)


def record_owners(libraries: Iterable[Path], root: Path) -> None:
    """Keep Debian's record and license of each package that gave a library."""
    owners = set()
    for library in libraries:
        # Known under the name before /lib became a link, under the one after, or not at all.
        names = [str(library), str(library.resolve()), str(library).removeprefix("/usr")]
        search = subprocess.run(
            ["dpkg", "--search", *names], capture_output=True, text=True, check=False
        )
        owners.update(re.findall(r"^([^:,]+)", search.stdout, re.MULTILINE))
    records = root / "var/lib/dpkg/status.d"
    records.mkdir(parents=True)
    for owner in sorted(owners):
        status = subprocess.check_output(["dpkg", "--status", owner])
        (records / owner).write_bytes(status)
        copyright_ = Path("/usr/share/doc", owner, "copyright")
        if copyright_.exists():
            copy_file(copyright_, root)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
