"""JSON lines of tokens and labels."""

import json
from collections import Counter
from pathlib import Path

import pytest

from training.corpora.formats import tagged_lines
from training.corpora.utterances import Utterance
from training.errors import CorpusError


def read(path: Path, *records: object) -> tuple[list[Utterance], dict[str, int]]:
    (path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    warnings: Counter[str] = Counter()
    return tagged_lines.read(path / "a.jsonl", warnings), dict(warnings)


def test_tokens_labels_and_intent(tmp_path: Path) -> None:
    utterances, warnings = read(
        tmp_path,
        {"tokens": ["to", "New", " ", "York"], "labels": ["O", "B-x", "I-x", "E-x"], "intent": "i"},
        {"tokens": ["hello"], "labels": ["O"], "intent": None},
        {"tokens": ["hello", ""], "labels": ["O", "O"]},
    )  # fmt: skip
    assert utterances == [
        Utterance(("to", "New", " ", "York"), ("O", "B-x", "I-x", "I-x"), "i"),
        Utterance(("hello",), ("O",)),
        Utterance(("hello", ""), ("O", "O")),
    ]
    assert warnings == {"label of another scheme (E-, S- and the like) written as BIO": 1}


def test_what_cannot_be_kept_is_counted(tmp_path: Path) -> None:
    utterances, warnings = read(
        tmp_path, {"tokens": [], "labels": []}, {"tokens": ["\ud83c"], "labels": ["O"]}
    )
    assert utterances == [Utterance(("\ufffd",), ("O",))]
    assert warnings == {"empty query skipped": 1, "half a surrogate pair replaced by U+FFFD": 1}


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ({"tokens": ["a", "b"], "labels": ["O"]}, "expected 2 labels, one for each token, found 1"),
        ({"tokens": "a b", "labels": ["O"]}, "expected \"tokens\", a list of strings, found 'a b'"),
        ({"tokens": ["a", 1], "labels": ["O", "O"]}, '"tokens", a list of strings, found'),
        ({"tokens": ["a"]}, 'expected "labels", a list of strings, found None'),
        ({"tokens": ["a"], "labels": [3]}, "before the name of a slot, found 3"),
        (
            {"tokens": ["a"], "labels": ["O"], "intent": 3},
            "that is one line of text or null, found 3",
        ),
        ({"tokens": ["a"], "labels": ["O"], "intent": " "}, "of text or null, found ' '"),
        ({"tokens": ["a"], "labels": ["O"], "intent": "a\nb"}, "of text or null, found"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, record: object, sentence: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, {"tokens": ["a"], "labels": ["O"]}, record)
    assert caught.value.line == 2
    assert sentence in str(caught.value)
