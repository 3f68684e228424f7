"""The benchmark that puts the sentences of a corpus into one piece."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from benchmarks import uncut
from training.corpora.loading import Data
from training.corpora.utterances import Utterance
from training.experiment import Experiment

# "order ice cream": two words that are one value.
WORDS, TAGS = ("สั่ง", "ไอ", "ติม"), ("O", "B-dish", "I-dish")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    line = json.dumps({"tokens": WORDS, "labels": TAGS, "intent": "order"}) + "\n"
    for name in ("train", "dev"):
        (tmp_path / f"{name}.jsonl").write_text(line)
    return tmp_path


def test_a_sentence_in_one_piece_keeps_its_values() -> None:
    (found,) = uncut.in_one_piece([Utterance(WORDS, TAGS, "order")])
    assert (found.text, found.intent) == ("สั่งไอติม", "order")
    (span,) = found.exact_spans
    assert "".join(found.tokens[span.start : span.end]) == "ไอติม"


def test_both_are_trained_with_each_seed_and_asked_for_their_dev(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained = []

    def train_once(experiment: Experiment, data: Data, *, quiet: bool) -> Mock:
        assert quiet
        trained.append((data.train[0].text, data.dev[0].text, experiment.seed))
        # Seed 1 learns all of it, the other nothing.
        learns = experiment.seed == 1
        answers = [Mock(tags=each.tags if learns else ("O",) * len(each.tags)) for each in data.dev]
        return Mock(tag_tokens=Mock(return_value=answers))

    monkeypatch.setattr(uncut, "train_once", train_once)
    monkeypatch.setattr("sys.argv", ["uncut", str(corpus), "--seeds", "2"])
    uncut.main()
    text = "".join(WORDS)
    assert trained == [(None, None, 1), (None, None, 2), (text, text, 1), (text, text, 2)]
    assert capsys.readouterr().out.splitlines() == [
        "as it is cut: 50.00 (100.00, 0.00)",
        "in one piece: 50.00 (100.00, 0.00)",
    ]
