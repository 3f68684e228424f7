"""
What `slotline tag` costs beside the tagger itself: sentences a second, and a CPU second.

    python -m benchmarks.bulk [--sentences 1000000] [--bundle models/atis] [--json FILE]

Files of mixed sentences are tagged with all cores, start, reading and writing included; before and
after each, `tag_texts` tags some in this process. Rates by the clock depend on what else runs, and
those by CPU time hardly do.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from app.tagging.bundle import open_bundle
from app.tagging.cores import usable_cores
from app.tagging.tagger import Tagger
from benchmarks.measures import needs_linux
from benchmarks.sentences import mixed

_CHUNK = 100_000
_SAMPLE = 10_000
_TOGETHER = 512
# Sentences in a data set for which nobody waits on one machine.
_MANY = 10**12


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--bundle", type=Path, default=Path("models/atis"))
    parser.add_argument("--formats", nargs="+", default=["parquet", "text"])
    parser.add_argument("--workers", type=int, default=usable_cores())
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    needs_linux()
    tagger = Tagger(open_bundle(options.bundle))
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in options.formats:
            source = _write(Path(folder), kind, options.sentences)
            before = _alone(tagger)
            run = _tag(source, options.bundle, options.workers)
            alone = (before + _alone(tagger)) / 2
            rate = options.sentences / run["cpu_seconds"]
            found.append(
                {
                    "format": kind,
                    "sentences": options.sentences,
                    "workers": options.workers,
                    **run,
                    "sentences_per_second": options.sentences / run["seconds"],
                    "sentences_per_cpu_second": rate,
                    "tag_texts_per_cpu_second": alone,
                    "ratio": rate / alone,
                }
            )
            _print(found[-1])
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _write(folder: Path, kind: str, sentences: int) -> Path:
    """A file of so many sentences, a chunk at a time."""
    texts = mixed(_CHUNK)
    chunks = [min(_CHUNK, sentences - start) for start in range(0, sentences, _CHUNK)]
    if kind == "text":
        path = folder / "in.txt"
        with path.open("w", encoding="utf-8") as file:
            for size in chunks:
                file.writelines(f"{text}\n" for text in texts[:size])
        return path
    path = folder / "in.parquet"
    schema = pa.schema([("id", pa.int64()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for number, size in enumerate(chunks):
            ids = pa.array(range(number * _CHUNK, number * _CHUNK + size))
            writer.write_table(pa.table([ids, pa.array(texts[:size])], schema=schema))
    return path


def _alone(tagger: Tagger) -> float:
    """Sentences that `tag_texts` tags in a second of CPU time."""
    texts = mixed(_SAMPLE)
    began = time.process_time()
    for start in range(0, len(texts), _TOGETHER):
        tagger.tag_texts(texts[start : start + _TOGETHER])
    return len(texts) / (time.process_time() - began)


def _tag(source: Path, bundle: Path, workers: int) -> dict[str, float]:
    """Seconds by the clock and of CPU time, of all processes; peak megabytes of the largest."""
    out = source.with_name("out.parquet" if source.suffix == ".parquet" else "out.jsonl")
    slotline = Path(sys.executable).with_name("slotline")
    command = [slotline, "tag", source, "--out", out, "--model-dir", bundle]
    usage, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*map(str, command), "--workers", str(workers), "--overwrite"], check=True)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_megabytes": after.ru_maxrss / 1_000,
        "input_bytes": source.stat().st_size,
        "output_bytes": out.stat().st_size,
    }


def _print(run: dict[str, Any]) -> None:
    hours = _MANY / run["sentences_per_cpu_second"] / 3600
    print(
        f"{run['format']}: {run['sentences']:,} sentences with {run['workers']} processes in "
        f"{run['seconds']:.0f} s, {run['sentences_per_second']:,.0f} a second\n"
        f"  {run['cpu_seconds']:.0f} s of CPU time, {run['sentences_per_cpu_second']:,.0f} "
        f"sentences each, {run['ratio']:.2f} of tag_texts' {run['tag_texts_per_cpu_second']:,.0f}\n"
        f"  at most {run['peak_megabytes']:.0f} MB a process, {run['input_bytes'] / 1e6:,.0f} MB "
        f"in, {run['output_bytes'] / 1e6:,.0f} MB out\n"
        f"  10^12 sentences: {hours:,.0f} hours of a core",
        flush=True,
    )


if __name__ == "__main__":
    main()
