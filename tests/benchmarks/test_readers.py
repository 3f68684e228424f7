"""What the benchmark of readers writes is read as it is meant."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.readers import _WRITERS, Taken, memory
from training.corpora.formats import FORMATS, format_of
from training.corpora.splits import utterance_from_spans
from training.grammar import booking_sentences


@pytest.mark.parametrize("name", _WRITERS)
def test_each_format_is_written_as_it_is_read(tmp_path: Path, name: str) -> None:
    utterances = [
        utterance_from_spans(sentence.text, sentence.spans, "book")[0]
        for sentence in booking_sentences(50, seed=1)
    ]
    _WRITERS[name](tmp_path / name, utterances, 20_000)
    found = format_of(tmp_path / name)
    assert found is FORMATS[name.partition(" ")[0]]
    read = found.read(tmp_path / name, Counter())
    assert len(read) > 20
    tags = {tag for each in read for tag in each.tags}
    assert ({"O"} == tags) is (name == "columns of letters")


def test_memory_is_measured_beside_the_file() -> None:
    found = memory(0.01)
    assert found.keys() == _WRITERS.keys()
    assert all(taken.size >= 10_000 and taken.memory > 0 for taken in found.values())
    assert Taken(10, 25, 1.0).times == 2.5
