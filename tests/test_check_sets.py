"""The check sets of booking: what is in them, and what must not break."""

import re
from pathlib import Path

import pytest

from app.tagging.bundle import open_bundle
from app.tagging.slots import read_spans
from app.tagging.stability import rules_of
from app.tagging.tagger import Tagger
from training.corpora.splits import Corpus, read_corpus
from training.evaluation.evaluate import evaluate
from training.exporting.stability import MOST_CHANGED, evaluate_rules, replay
from training.grammar import SLOTS

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "check_sets"
SENTENCES = ROOT / "training" / "sentences"
FILES = sorted(FOLDER.glob("*.jsonl"))
OWN = sorted(SENTENCES.glob("*.jsonl"))
# What they reached when the sentences of training/sentences were added, less half a point.
LEAST_F1 = {"booking-en.jsonl": 97.57, "booking-zh.jsonl": 98.18}

each_file = pytest.mark.parametrize("path", [*FILES, *OWN], ids=lambda path: path.name)


def counts(corpus: Corpus) -> tuple[int, int, int]:
    """Sentences, those that fill nothing, and slots."""
    slots = [len(read_spans(each.tags)) for each in corpus.utterances]
    return len(slots), slots.count(0), sum(slots)


def test_the_readme_counts_them() -> None:
    rows = re.findall(
        r"\| `(\S+)` \| (\d+),.*\| (\d+) \| (\d+) \|", (FOLDER / "README.md").read_text()
    )
    assert {name: tuple(map(int, numbers)) for name, *numbers in rows} == {
        path.name: counts(read_corpus(path)) for path in FILES
    }


@each_file
def test_their_slots_are_those_of_booking(path: Path) -> None:
    assert set(read_corpus(path).slots) == set(SLOTS)


def test_nothing_is_trained_on_them() -> None:
    asked = {each.text for path in FILES for each in read_corpus(path).utterances}
    learnt = {each.text for path in OWN for each in read_corpus(path).utterances}
    assert len(learnt) > 3000
    assert not asked & learnt


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_a_fifth_of_our_sentences_and_more_fills_nothing_and_none_is_there_twice(
    path: Path,
) -> None:
    sentences, empty, _ = counts(read_corpus(path))
    assert empty >= 0.2 * sentences
    texts = [each.text for each in read_corpus(path).utterances]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("name", LEAST_F1)
def test_booking_still_understands_plain_requests(name: str) -> None:
    assert evaluate(ROOT / "models" / "booking", FOLDER / name).report.slot_f1 >= LEAST_F1[name]


def test_what_streams_call_stable_hardly_ever_changes() -> None:
    tagger = Tagger(open_bundle(ROOT / "models" / "booking"))
    texts = [each.text or "" for path in FILES for each in read_corpus(path).utterances]
    stats = evaluate_rules(replay(tagger, texts), rules_of(tagger.manifest.metrics))
    assert stats.settled > 200
    assert stats.change_rate <= MOST_CHANGED
