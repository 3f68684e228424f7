"""Word vectors in GloVe's text format."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from training.corpora.vectors import read_vectors
from training.errors import CorpusError

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
    "text",
    [
        "\ufeffthe 0.5 1\ntaipei -0.25 2\n",
        "400000 2\nthe 0.5 1\ntaipei -0.25 2\n",
        "\ufeff2 2\nthe 0.5 1\ntaipei -0.25 2\n",
        "the 0.5 1 \ntaipei -0.25 2\t\r\n",
        "the\t0.5\t1\ntaipei\t-0.25\t2\n",
        # Words of GloVe's 840B hold blanks, others are a blank or a line end of another kind.
        "the 0.5 1\n. . . 7 7\nat a@b.c 7 7\n\u0085 7 7\n\u00a0 7 7\n 7 7\ntaipei -0.25 2\n",
    ],
)
def test_what_others_write_around_the_vectors_is_no_vector(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(text, newline="", encoding="utf-8")
    found = read_vectors(path, 99, ())
    assert found.words == ("the", "taipei")
    assert found.vectors.tolist() == [[0.5, 1.0], [-0.25, 2.0]]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("the 0.5 1\na 1\n", r"line 2: expected a word and 2 numbers, found 1"),
        ("the\n", r"line 1: expected a word and its numbers"),
        ("the 0.5 one\n", r"line 1: expected numbers behind the word"),
        ("the 0.5 1\na 1 2 3\n", r"line 2: expected a word and 2 numbers, found 3"),
        ("the 0.5 nan\n", r"line 1: expected finite numbers behind the word, found nan"),
        ("the 0.5 1\na -inf 1\n", r"line 2: expected finite numbers behind the word, found -inf"),
        ("the 1e99 1\n", r"line 1: expected finite numbers behind the word, found 1e99"),
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
        ("latin.txt", "café 1 2\n".encode("latin-1"), "expected UTF-8, .* -f WINDOWS-1252 .*it"),
        ("latin.gz", gzip.compress("café 1 2\n".encode("latin-1")), "expected UTF-8"),
        ("wide.txt", "the 1 2\n".encode("utf-16"), "expected UTF-8, found text in UTF-16LE"),
        ("w2v.bin", b"2 300\nthe \0\0\x80\xbf" + b"\0" * 99, "expected UTF-8, found word2vec's b"),
    ],
    ids=["cut", "damaged", "not zipped", "latin-1", "latin-1, zipped", "UTF-16", "binary"],
)
def test_a_damaged_file_is_refused_by_its_path(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=rf"{name}(?:, line \d)?: {complaint}"):
        read_vectors(tmp_path / name, 9, ())


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such file"):
        read_vectors(tmp_path / "none.txt", 9, ())


@pytest.mark.parametrize(
    "content",
    [
        "at name@x.org 1 2\nthe 3 4\n",
        "2 2\nat name@x.org 1 2\nthe 3 4\n",
        "the  3 4\nof  5 6\n",
        "2 2\n. . . 1 2\nthe 3 4\n",
    ],
)
def test_the_first_word_can_hold_blanks_too(tmp_path: Path, content: str) -> None:
    (tmp_path / "vectors.txt").write_text(content)
    found = read_vectors(tmp_path / "vectors.txt", 10, ())
    assert found.words[0] == "the"
    assert found.vectors[0].tolist() == [3, 4]
