"""Word vectors in GloVe's text format."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from training.errors import CorpusError
from training.vectors import read_vectors

LINES = "the 0.5 1\ntaipei -0.25 2\n<unk> 9 9\nTAIPEI 7 7\nsauron 3 4\n"
ZIPPED = gzip.compress(LINES.encode(), mtime=0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text(LINES)
    return path


def test_the_most_frequent_words_are_kept(file: Path) -> None:
    found = read_vectors(file, 2, ())
    assert found.words == ("the", "taipei")
    np.testing.assert_array_equal(found.vectors, [[0.5, 1.0], [-0.25, 2.0]])
    assert found.vectors.dtype == np.float32


def test_a_word_that_is_wanted_is_kept_however_rare(file: Path) -> None:
    assert read_vectors(file, 1, {"sauron"}).words == ("the", "sauron")


def test_what_the_tokenizer_takes_apart_is_left_out_and_of_one_word_the_first_kept(
    file: Path,
) -> None:
    found = read_vectors(file, 9, ())
    assert found.words == ("the", "taipei", "sauron")
    assert found.vectors[1].tolist() == [-0.25, 2.0]


def test_a_gzipped_file_reads_as_a_plain_one(file: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "vectors.txt.gz"
    zipped.write_bytes(gzip.compress(LINES.encode()))
    assert read_vectors(zipped, 9, ()).words == read_vectors(file, 9, ()).words


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("the 0.5 1\na 1\n", r"line 2: expected a word and 2 numbers, found 1"),
        ("the\n", r"line 1: expected a word and its numbers"),
        ("the 0.5 one\n", r"line 1: expected numbers behind the word"),
        ("", r"expected a word and its numbers a line"),
    ],
)
def test_a_malformed_file_is_refused_with_the_line(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(text)
    with pytest.raises(CorpusError, match=complaint):
        read_vectors(path, 9, ())


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("cut.gz", ZIPPED[:-12], "expected a whole file that gzip made"),
        ("damaged.gz", ZIPPED[:20] + b"\xff" * 20 + ZIPPED[40:], "expected a whole file that gzip"),
        ("plain.gz", LINES.encode(), "expected a whole file that gzip made, found Not a gzipped"),
        ("latin.txt", "café 1 2\n".encode("latin-1"), "expected UTF-8, .* converts it"),
        ("latin.gz", gzip.compress("café 1 2\n".encode("latin-1")), "expected UTF-8"),
    ],
    ids=["cut", "damaged", "not zipped", "another encoding", "another encoding, zipped"],
)
def test_a_damaged_file_is_refused_by_its_path(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=f"{name}: {complaint}"):
        read_vectors(tmp_path / name, 9, ())


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such file"):
        read_vectors(tmp_path / "none.txt", 9, ())
