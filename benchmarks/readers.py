"""
What reading a corpus takes, and what is read.

    python -m benchmarks.readers memory [--megabytes 10]    peak memory for a file of each format
    python -m benchmarks.readers counts FOLDER              what is in each corpus of a folder

The first ends with 1 where a format takes more than ten times its file.
"""

import argparse
import hashlib
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from app.tagging.slots import read_spans
from training.corpora.formats import format_of
from training.corpora.splits import Corpus, Utterance, read_splits, utterance_from_spans
from training.errors import CorpusError
from training.grammar import booking_sentences

MOST = 10.0  # times the file's size in memory
_SENTENCES = 20_000
_INTENT = "book"
_CHUNK = 200


class Taken(NamedTuple):
    """What reading a file took: bytes of the file, bytes of memory at the peak, seconds."""

    size: int
    memory: int
    seconds: float

    @property
    def times(self) -> float:
        return self.memory / self.size


def memory(megabytes: float) -> dict[str, Taken]:
    """What a file of so many megabytes of each format takes, each in a process of its own."""
    utterances = [
        utterance_from_spans(sentence.text, sentence.spans, _INTENT)[0]
        for sentence in booking_sentences(_SENTENCES, seed=1)
    ]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, write in _WRITERS.items():
            path = Path(folder) / name
            write(path, utterances, int(megabytes * 1e6))
            # Forked, it would begin with the memory of this one.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found[name] = pool.apply(_take, (path,))
    return found


def counts(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Of each corpus in a folder and each of its parts: sentences, spans, slots and a digest."""
    found = {}
    for path in sorted(folder.iterdir()):
        try:
            splits = read_splits(path)
        except CorpusError:
            continue  # lists, vectors, files of other systems
        found[path.name] = {"train": _counts(splits.train), "dev": _counts(splits.dev)}
    return found


def _counts(corpus: Corpus) -> dict[str, Any]:
    each = [(one.tokens, one.tags, one.intent, one.text) for one in corpus.utterances]
    return {
        "sentences": len(corpus.utterances),
        "spans": sum(len(read_spans(one.tags)) for one in corpus.utterances),
        "slots": len(corpus.slots),
        "intents": len(corpus.intents),
        "digest": hashlib.sha256(repr(each).encode()).hexdigest(),
        "warnings": dict(sorted(corpus.warnings.items())),
    }


def _take(path: Path) -> Taken:
    files = [each for each in path.iterdir() if each.is_file()] if path.is_dir() else [path]
    size = sum(each.stat().st_size for each in files)
    # The peak so far is of whatever came before: writing 5 has Linux forget it.
    Path("/proc/self/clear_refs").write_text("5")
    before = _bytes_of("VmRSS")
    began = time.perf_counter()
    read = format_of(path).read(path, Counter())
    seconds = time.perf_counter() - began
    assert read, "there is something in it"
    return Taken(size, _bytes_of("VmHWM") - before, seconds)


def _bytes_of(name: str) -> int:
    """What Linux says of the memory of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def _repeated(utterances: list[Utterance]) -> Iterator[Utterance]:
    """Sentences without end: with a number of its own each, for words are not all known."""
    number = 0
    while True:
        for each in utterances:
            number += 1
            tokens = (*each.tokens, f"no{number % 50_000}")
            text = f"{each.text} no{number % 50_000}"
            yield Utterance(tokens, (*each.tags, "O"), each.intent, text)


def _lines_of(write: Callable[[Utterance], str]) -> Callable[[Path, list[Utterance], int], None]:
    def written(path: Path, utterances: list[Utterance], size: int) -> None:
        with path.open("w", encoding="utf-8") as file:
            for each in _repeated(utterances):
                file.write(write(each))
                if file.tell() >= size:
                    break

    return written


def _write_parallel(path: Path, utterances: list[Utterance], size: int) -> None:
    path.mkdir()
    with (
        (path / "seq.in").open("w", encoding="utf-8") as words,
        (path / "seq.out").open("w", encoding="utf-8") as tags,
        (path / "label").open("w", encoding="utf-8") as intents,
    ):
        for each in _repeated(utterances):
            words.write(" ".join(each.tokens) + "\n")
            tags.write(" ".join(each.tags) + "\n")
            intents.write(f"{each.intent}\n")
            if words.tell() + tags.tell() + intents.tell() >= size:
                break


def _write_snips(path: Path, utterances: list[Utterance], size: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('{"book": [')
        for each in _repeated(utterances):
            file.write(json.dumps({"data": list(_pieces(each))}, ensure_ascii=False))
            if file.tell() >= size:
                break
            file.write(", ")
        file.write("]}")


def _pieces(utterance: Utterance) -> Iterator[dict[str, str]]:
    end = 0
    for span in read_spans(utterance.tags):
        yield {"text": " ".join(utterance.tokens[end : span.start]) + " "}
        value = " ".join(utterance.tokens[span.start : span.end])
        yield {"text": value, "entity": span.name}
        end = span.end
    yield {"text": " " + " ".join(utterance.tokens[end:])}


def _spans_line(utterance: Utterance) -> str:
    text = " ".join(utterance.tokens)
    starts = [0]
    for token in utterance.tokens:
        starts.append(starts[-1] + len(token) + 1)
    spans = [
        {"start": starts[span.start], "end": starts[span.end] - 1, "slot": span.name}
        for span in read_spans(utterance.tags)
    ]
    record = {"text": text, "spans": spans, "intent": utterance.intent}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _tagged_line(utterance: Utterance) -> str:
    record = {"tokens": utterance.tokens, "labels": utterance.tags, "intent": utterance.intent}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _columns(utterance: Utterance) -> str:
    pairs = zip(utterance.tokens, utterance.tags, strict=True)
    return "".join(f"{token}\t{tag}\n" for token, tag in pairs) + "\n"


def _letters(utterance: Utterance) -> str:
    """A letter a line, as Chinese corpora have their characters: the shortest lines there are."""
    return "".join(f"{letter} O\n" for letter in "".join(utterance.tokens)) + "\n"


def _joined(utterance: Utterance) -> str:
    pairs = zip(utterance.tokens, utterance.tags, strict=True)
    words = " ".join(f"{token}:{tag}" for token, tag in pairs)
    return f"{words} <=> {utterance.intent}\n"


_WRITERS: dict[str, Callable[[Path, list[Utterance], int], None]] = {
    "parallel": _write_parallel,
    "snips-json": _write_snips,
    "word-tag": _lines_of(_joined),
    "columns": _lines_of(_columns),
    "columns of letters": _lines_of(_letters),
    "span-lines": _lines_of(_spans_line),
    "tagged-lines": _lines_of(_tagged_line),
}


def main() -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    of_memory = commands.add_parser("memory")
    of_memory.add_argument("--megabytes", type=float, default=10.0)
    of_counts = commands.add_parser("counts")
    of_counts.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "counts":
        print(json.dumps(counts(options.folder), indent=2, ensure_ascii=False))
        return 0
    found = memory(options.megabytes)
    print(f"{'format':<20}{'file':>10}{'memory':>12}{'times':>8}{'seconds':>9}")
    for name, taken in found.items():
        print(
            f"{name:<20}{taken.size / 1e6:>7.1f} MB{taken.memory / 1e6:>9.1f} MB"
            f"{taken.times:>8.1f}{taken.seconds:>9.1f}"
        )
    return int(any(taken.times > MOST for taken in found.values()))


if __name__ == "__main__":
    sys.exit(main())
