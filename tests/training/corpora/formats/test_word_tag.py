"""word:TAG lines."""

from collections import Counter
from pathlib import Path

import pytest

from training.corpora.formats import word_tag
from training.corpora.utterances import Utterance
from training.errors import CorpusError


def read(path: Path, content: str) -> tuple[list[Utterance], dict[str, int]]:
    (path / "train").write_text(content, encoding="utf-8")
    warnings: Counter[str] = Counter()
    return word_tag.read(path / "train", warnings), dict(warnings)


def test_words_tags_and_intent(tmp_path: Path) -> None:
    assert read(tmp_path, "at:O 7am:B-time <=> set_alarm\n") == (
        [Utterance(("at", "7am"), ("O", "B-time"), "set_alarm")],
        {},
    )


def test_a_word_can_be_or_hold_a_colon(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "7:B-time ::I-time 7:30:I-time <=> alarm\n")
    assert utterance.tokens == ("7", ":", "7:30")


@pytest.mark.parametrize("name", ["fast:all", "time:start:hour", "a:O", ":"])
def test_the_name_of_a_slot_can_hold_colons(tmp_path: Path, name: str) -> None:
    ((utterance,), _) = read(tmp_path, f"at:O 7:30:B-{name}x :::I-{name}x <=> alarm\n")
    assert utterance.tokens == ("at", "7:30", "::")
    assert utterance.tags == ("O", f"B-{name}x", f"I-{name}x")


def test_comments_are_skipped_and_counted(tmp_path: Path) -> None:
    utterances, warnings = read(tmp_path, "# id 5b1f: the first\n#:O tag:B-x <=> i\n#2\n")
    assert [each.tokens for each in utterances] == [("#", "tag")]
    assert warnings == {"comment line skipped": 2}


def test_an_arrow_can_be_a_word(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "a:O <=>:O <=> compare\n")
    assert utterance == Utterance(("a", "<=>"), ("O", "O"), "compare")


def test_intents_may_be_absent(tmp_path: Path) -> None:
    ((utterance,), _) = read(tmp_path, "at:O 7am:B-time\n")
    assert utterance.intent is None


def test_blank_lines_and_stray_tags_are_counted(tmp_path: Path) -> None:
    utterances, warnings = read(tmp_path, "a:I-x b:O c:B-x <=> i\n\nb:O <=> i\n")
    assert [each.tags for each in utterances] == [("B-x", "O", "B-x"), ("O",)]
    assert warnings == {
        "I- tag that continues nothing, read as B-": 1,
        "blank line skipped": 1,
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("at 7am:B-time <=> i", "expected word:TAG, found 'at'"),
        (":O <=> i", "expected word:TAG, found ':O'"),
        ("at:O <=> ", "expected an intent behind <=>, found nothing"),
        ("at:X <=> i", "before the name of a slot, found 'X'"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, f"a:O <=> i\n{line}\n")
    assert str(caught.value).startswith(f"{tmp_path / 'train'}, line 2: expected ")
    assert str(caught.value).endswith(sentence)
