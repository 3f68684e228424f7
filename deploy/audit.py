"""
Asks whether what the images install has known vulnerabilities: `python -m deploy.audit LOCK…`

pip-audit asks. It takes a package that its service knows nothing of for a good one, and fails in
one way whether it found something or could not ask; here these are told apart. The exit status
is 1 where there is a vulnerability or a lock that cannot be read, and 0 where nobody could be
asked, which is said.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was found; options that are not ours are for pip-audit."""
    parser = argparse.ArgumentParser(prog="python -m deploy.audit", description=__doc__)
    parser.add_argument("locks", nargs="+", metavar="LOCK")
    options, others = parser.parse_known_args(arguments)
    vulnerable = False
    for lock in options.locks:
        parsed = _pip_audit(lock, "--dry-run")
        if parsed.returncode:
            sys.exit(f"error: {parsed.stderr.strip()}")
        asked = _pip_audit(lock, *others)
        try:
            packages: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
        except ValueError:
            reason = asked.stderr.strip().rpartition("\n")[2]
            sys.stdout.write(f"{lock}: COULD NOT ASK, nothing is known: {reason}\n")
            continue
        unknown = [package["name"] for package in packages if "skip_reason" in package]
        faults = [(package, fault) for package in packages for fault in package.get("vulns", [])]
        for package, fault in faults:
            mended = ", ".join(fault["fix_versions"]) or "nothing yet"
            sys.stdout.write(
                f"{lock}: {package['name']} {package['version']} has {fault['id']} "
                f"(mended by {mended}): {fault['description']}\n"
            )
        sys.stdout.write(
            f"{lock}: {len(faults)} vulnerabilities known "
            f"in the {len(packages) - len(unknown)} packages that could be asked about\n"
        )
        if unknown:
            sys.stdout.write(f"{lock}: COULD NOT ASK about {', '.join(unknown)}\n")
        vulnerable |= bool(faults)
    sys.exit(vulnerable)


def _pip_audit(lock: str, *options: str) -> subprocess.CompletedProcess[str]:
    # The lock is whole and hashed, so that nothing has to be resolved or fetched.
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock]
    fixed = ["--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off"]
    return subprocess.run([*command, *fixed, *options], capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main()
