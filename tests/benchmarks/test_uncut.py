"""The benchmark that removes the blanks of a corpus."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from benchmarks import uncut
from training.corpora.loading import Data, read_data
from training.experiment import Experiment
from training.studies.ablation import recipe_of

# "order ice cream": two words that are one value.
CUT = {"tokens": ["สั่ง", "ไอ", "ติม"], "labels": ["O", "B-dish", "I-dish"], "intent": "order"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "cut"
    folder.mkdir()
    for name in ("train", "dev"):
        (folder / f"{name}.jsonl").write_text(json.dumps(CUT) + "\n")
    return folder


def test_a_sentence_in_one_piece_keeps_its_values(corpus: Path, tmp_path: Path) -> None:
    folder = uncut.write_uncut(corpus, tmp_path / "uncut")
    line = json.loads((folder / "dev.jsonl").read_text(encoding="utf-8"))
    assert line == {
        "text": "สั่งไอติม",
        "spans": [{"start": 4, "end": 9, "slot": "dish"}],
        "intent": "order",
    }
    (utterance,) = read_data(recipe_of(str(folder))).train
    (span,) = utterance.exact_spans
    assert "".join(utterance.tokens[span.start : span.end]) == "ไอติม"


def test_both_are_measured_with_each_seed(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def trained_f1(path: Path, seed: int) -> float:
        asked.append((path.name, seed))
        return 90.0 + seed

    monkeypatch.setattr(uncut, "trained_f1", trained_f1)
    monkeypatch.setattr("sys.argv", ["uncut", str(corpus), "--seeds", "2"])
    uncut.main()
    assert asked == [("cut", 1), ("cut", 2), ("uncut", 1), ("uncut", 2)]
    assert capsys.readouterr().out.splitlines() == [
        "as it is cut: 91.50 (91.00, 92.00)",
        "in one piece: 91.50 (91.00, 92.00)",
    ]


def test_dev_is_asked_of_what_was_trained_with_the_seed(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train_once(experiment: Experiment, data: Data, *, quiet: bool) -> Mock:
        assert (experiment.seed, len(data.train), quiet) == (7, 1, True)
        answers = [Mock(tags=utterance.tags) for utterance in data.dev]
        return Mock(tag_tokens=Mock(return_value=answers))

    monkeypatch.setattr(uncut, "train_once", train_once)
    assert uncut.trained_f1(corpus, seed=7) == 100
