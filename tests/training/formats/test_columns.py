"""A token and a tag on each line."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.errors import CorpusError
from training.formats import columns
from training.utterances import Utterance


def read(
    path: Path, content: str, intents: str | None = None
) -> tuple[list[Utterance], dict[str, int]]:
    (path / "ch.train").write_text(content, encoding="utf-8")
    if intents is not None:
        (path / "ch.train.intent").write_text(intents)
    remarks: Counter[str] = Counter()
    return columns.read(path / "ch.train", remarks), dict(remarks)


def test_a_blank_line_ends_a_query_and_the_intents_stand_beside(tmp_path: Path) -> None:
    assert read(tmp_path, "听 O\n吴 B-singer\n雨 E-singer\n\n听 O\n", "Play\nStop \n")[0] == [
        Utterance(("听", "吴", "雨"), ("O", "B-singer", "I-singer"), "Play"),
        Utterance(("听",), ("O",), "Stop"),
    ]


def test_intents_stand_beside_without_the_files_ending_too(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("a O\n")
    (tmp_path / "train.intent").write_text("Play\n")
    [utterance] = columns.read(tmp_path / "train.txt", Counter())
    assert utterance.intent == "Play"


def test_a_token_can_be_a_blank(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "t B-x\n  I-x\nf I-x\n  O")
    assert utterance.tokens == ("t", " ", "f", " ")


@pytest.mark.parametrize(
    "content",
    [
        "EU NNP B-org\nrejects VBZ O\n",
        "EU\tNNP\tB-org\nrejects\tVBZ\tO\n",
        "EU\tB-org\nrejects\tO\n",
        "EU B-org \nrejects O\n",
        "EU   B-org\nrejects O\n",
        "EU \tB-org \nrejects\tO\n",
        "EU\tB-org\t\nrejects\tO\t\n",
        "\n\n  \nEU B-org\r\nrejects O\r\n\r\n",
    ],
)
def test_the_first_column_and_the_last_count(tmp_path: Path, content: str) -> None:
    (utterances, _) = read(tmp_path, content)
    assert utterances == [Utterance(("EU", "rejects"), ("B-org", "O"))]


def test_a_token_can_hold_blanks(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "to O\nnew york B-city\nnow O\n")
    assert utterance.tokens == ("to", "new york", "now")
    ((utterance,), _) = read(tmp_path, "to\tO\nnew york\tB-city\n \tO\n")
    assert utterance.tokens == ("to", "new york", " ")


def test_document_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    utterances, remarks = read(
        tmp_path, "-DOCSTART- -X- O\n\nEU NNP B-org\n-DOCSTART- -X- O\nno X O\n"
    )
    assert [each.tokens for each in utterances] == [("EU",), ("no",)]
    assert remarks == {"-DOCSTART- line skipped": 2}


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        ("a O\nb\nc O\n", 2, "a token and its tag, 2 columns between blanks, found 'b'"),
        (
            "a\tO\nb\t\tO\nc\tO\n",
            2,
            "a token and its tag, 2 columns between tabs, found 'b\\t\\tO'",
        ),
        ("a\tO\n\tO\nc\tO\n", 2, "a token and its tag, 2 columns between tabs, found '\\tO'"),
        ("a X O\nb X O\nc O\n", 3, "a token and its tag, 3 columns between blanks, found 'c O'"),
        ("a O\n\nb O\nc X-a\n", 4, "before the name of a slot, found 'X-a'"),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, content: str, line: int, sentence: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, content)
    assert caught.value.line == line
    assert str(caught.value).endswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "1 EU B-org\n2 rejects O\n\n1 no O\n",
            "expected a token in the first column, found numbers alone; leave that column out",
        ),
        ("0\tEU\tB-org\n", "found numbers alone; leave that column out"),
        ("0 EU B-org\n1 rejects O\n\n2 no O\n", "found numbers alone; leave that column out"),
        ("7 EU B-org\n7 rejects O\n\n8 no O\n", "found numbers alone; leave that column out"),
        ("a O\n" * 2_001, "expected a blank line between queries, found 2001 tokens in one"),
    ],
)
def test_what_would_be_misread_as_a_whole_is_refused(
    tmp_path: Path, content: str, sentence: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, content)
    assert str(caught.value).endswith(sentence)


def test_a_number_can_be_a_token(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "1 CD B-count\nfor IN O\n")
    assert utterance.tokens == ("1", "for")


@pytest.mark.parametrize(
    ("intents", "sentence"),
    [
        ("Play\n", "expected 2 intents, one for each query of ch.train, found 1"),
        ("\nPlay\n", "expected an intent, found a blank line"),
    ],
)
def test_intents_that_do_not_fit_are_named(tmp_path: Path, intents: str, sentence: str) -> None:
    with pytest.raises(CorpusError, match="intent.*" + sentence):
        read(tmp_path, "a O\n\nb O\n", intents)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["a", ":", " ", "台", "\u3000", "O"]), st.sampled_from(["O", "B-x"])
            ),
            min_size=1,
        ),
        min_size=1,
    )
)
def test_columns_are_read_back(tmp_path: Path, queries: list[list[tuple[str, str]]]) -> None:
    written = ["".join(f"{token} {tag}\n" for token, tag in query) for query in queries]
    utterances, remarks = read(tmp_path, "\n".join(written))
    assert [[*zip(each.tokens, each.tags, strict=True)] for each in utterances] == queries
    assert not remarks
