"""
Asks and opens whatever a coverage-guided fuzzer thinks of, for a while.

    python -m benchmarks.fuzz requests [--seconds 60] [--found FOLDER]
    python -m benchmarks.fuzz bundles
    python -m benchmarks.fuzz readers

`requests` are answered by the application without its HTTP server, `bundles` are opened and
proved, a corpus is read by each of the `readers`; all begin with tests/fuzz/corpus. What breaks
them is a file crash-… in the folder: put it into that corpus, and it is a test. Needs the extra
`soak`, which is atheris.
"""

import argparse
import logging
import random
import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("error: atheris is not installed: pip install atheris")

with atheris.instrument_imports(include=["app", "training.corpora.formats"]):
    from benchmarks.harness.fuzzing import CORPUS, Bundles, Readers, Requests

LONGEST = 4_096  # bytes of an input


def main() -> None:
    """Fuzz; ends the process, with 0 where nothing was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", choices=["requests", "bundles", "readers"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--found", type=Path, default=Path("runs/fuzz"), help="folder for finds")
    options = parser.parse_args()
    options.found.mkdir(parents=True, exist_ok=True)
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "new"
        new.mkdir()
        target: Requests | Bundles | Readers
        match options.target:
            case "requests":
                target = Requests()
            case "bundles":
                target = Bundles(Path(folder))
            case _:
                target = Readers(Path(folder))
        arguments = [
            sys.argv[0],
            f"-max_total_time={options.seconds}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={options.found}/",
            f"-seed={random.randrange(1, 2**31)}",
            "-print_final_stats=1",
            str(new),
            str(CORPUS / options.target),
        ]
        atheris.Setup(arguments, lambda data: _try(target, data))
        atheris.Fuzz()


def _try(target: Requests | Bundles | Readers, data: bytes) -> None:
    target(data)


if __name__ == "__main__":
    main()
