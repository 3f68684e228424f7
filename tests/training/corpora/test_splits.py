"""Reading corpora, whole and in splits, hand-written and real."""

import json
import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from app.tagging.slots import Span
from training.corpora.splits import (
    Corpus,
    Splits,
    Utterance,
    overlap,
    read_corpus,
    read_splits,
    rename_slots,
    repeats,
)
from training.corpora.utterances import ChangedSpan
from training.errors import CorpusError

DATA = Path(os.environ.get("SLOTLINE_DATA", "../shared/data"))
STRAY = "I- tag that continues nothing, read as B-"
NAMING = "; name its parts train and dev, as in train.txt and dev.txt, or give one file"
CONVERTED = "label of another scheme (E-, S- and the like) written as BIO"


@cache
def real_splits(name: str) -> Splits:
    return read_splits(DATA / name)


def tagged(path: Path, *tokens: str, intent: str | None = None) -> Path:
    """A file of one-word queries."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = ({"tokens": [token], "labels": ["O"], "intent": intent} for token in tokens)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def snips(path: Path, *texts: str) -> Path:
    intent = path.stem.split("_")[1]
    path.write_text(json.dumps({intent: [{"data": [{"text": text}]} for text in texts]}))
    return path


def words(corpus: Corpus) -> str:
    return " ".join(token for utterance in corpus.utterances for token in utterance.tokens)


def test_several_files_are_one_corpus(tmp_path: Path) -> None:
    (tmp_path / "two").write_text("b:I-x <=> i\n")
    paths = [tagged(tmp_path / "one", "a"), tmp_path / "two"]
    corpus = read_corpus(paths)
    assert words(corpus) == "a b"
    assert corpus.warnings == {"I- opens a span, as IOB1 has it; read as B-": 1}


def test_a_named_format_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a:O O\n")
    assert words(read_corpus(tmp_path / "file")) == "a:O"
    with pytest.raises(CorpusError, match="expected word:TAG, found 'O'"):
        read_corpus(tmp_path / "file", "word-tag")
    with pytest.raises(CorpusError, match="found 'xml'"):
        read_corpus(tmp_path / "file", "xml")


def test_a_folder_with_one_corpus_file_is_that_file(tmp_path: Path) -> None:
    tagged(tmp_path / "ch.train", "a")
    (tmp_path / "README.md").write_text("What this is.")
    (tmp_path / ".hidden").write_text("What this is.")
    (tmp_path / "ch.train.intent").write_text("i\n")
    assert words(read_corpus(tmp_path)) == "a"


def test_of_pools_the_full_one_is_read(tmp_path: Path) -> None:
    snips(tmp_path / "train_fly.json", "small")
    snips(tmp_path / "train_fly_full.json", "large", "full")
    snips(tmp_path / "train_stay.json", "stay")
    snips(tmp_path / "validate_fly.json", "kept back")
    corpus = read_corpus(tmp_path)
    assert words(corpus) == "large full stay"
    assert corpus.intents == ("fly", "stay")
    assert corpus.warnings == {"small pool left out, its intent having a full one": 1}
    assert words(read_splits(tmp_path).dev) == "kept back"


def test_pools_may_lie_in_one_folder_an_intent(tmp_path: Path) -> None:
    for intent in ("fly", "stay"):
        (tmp_path / intent).mkdir()
        snips(tmp_path / intent / f"train_{intent}_full.json", intent)
        snips(tmp_path / intent / f"validate_{intent}.json", "held", "back")
    splits = read_splits(tmp_path)
    assert (words(splits.train), words(splits.dev)) == ("fly stay", "held back held back")


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["train.jsonl", "dev.jsonl"], "a folder of parts: name dev.jsonl, train.jsonl"),
        (["train/a", "valid/b"], "a folder of parts: name train, valid"),
        (["a", "b"], f"found a, b{NAMING}"),
        ([], f"found nothing{NAMING}"),
    ],
)
def test_a_folder_of_several_things_is_refused(
    tmp_path: Path, files: list[str], found: str
) -> None:
    for file in files:
        tagged(tmp_path / file, "a")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value).endswith(found)


def test_nothing_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"missing: expected a corpus, .* found nothing of that"):
        read_corpus(tmp_path / "missing")
    (tmp_path / "file").write_text('{"tokens": [], "labels": []}\n')
    with pytest.raises(CorpusError, match="file: expected at least one query, found none"):
        read_corpus(tmp_path / "file")


@pytest.mark.parametrize(
    ("train", "dev"),
    [
        ("train/a.jsonl", "dev/b.jsonl"),
        ("train/a", "validation/b"),
        ("train.jsonl", "dev.jsonl"),
        ("train", "valid"),
        ("ch.train", "ch.valid"),
        ("train.txt", "val.txt"),
        ("eng.train", "eng.testa"),
        ("train_en.json", "dev_en.json"),
        ("wnut17train.conll", "emerging-dev.conll"),
    ],
)
def test_parts_that_exist_are_the_splits(tmp_path: Path, train: str, dev: str) -> None:
    tagged(tmp_path / train, "a")
    tagged(tmp_path / dev, "b")
    tagged(tmp_path / "test.jsonl", "kept-back")
    splits = read_splits(tmp_path)
    assert (words(splits.train), words(splits.dev)) == ("a", "b")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (["dev.jsonl"], f"expected train, found dev.jsonl alone{NAMING}"),
        (["train/a", "dev/a", "valid/a"], "expected one dev part, found dev and valid"),
        (["train", "train.jsonl"], "expected one train part, found train and train.jsonl"),
        (["train_en", "train_fr"], "expected one train part, found train_en and train_fr"),
        (
            ["train-dev.txt", "test.txt"],
            f"expected a name of one part, found train-dev.txt{NAMING}",
        ),
    ],
)
def test_parts_that_are_missing_or_double_are_named(
    tmp_path: Path, files: list[str], sentence: str
) -> None:
    for file in files:
        tagged(tmp_path / file, "a")
    with pytest.raises(CorpusError) as caught:
        read_splits(tmp_path)
    assert str(caught.value).endswith(sentence)


def test_without_dev_every_twentieth_query_of_each_intent_is_set_aside(tmp_path: Path) -> None:
    lines = [f"{number}:O <=> {'odd' if number % 2 else 'even'}\n" for number in range(100)]
    (tmp_path / "train").write_text("".join(lines))
    for path in (tmp_path, tmp_path / "train"):
        splits = read_splits(path)
        assert words(splits.dev) == "38 39 78 79"
        assert len(splits.train.utterances) == 96
        assert splits.dev.warnings == {"set aside as dev: every 20th sentence of each intent": 4}
    assert words(read_splits(tmp_path, dev_every=50).dev) == "98 99"


def test_without_intents_it_is_every_twentieth_of_the_whole(tmp_path: Path) -> None:
    path = tagged(tmp_path / "a.jsonl", *map(str, range(45)))
    assert words(read_splits(path).dev) == "19 39"


def test_where_no_intent_has_twenty_it_is_every_twentieth_of_the_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("".join(f"{number}:O <=> {number}\n" for number in range(45)))
    splits = read_splits(tmp_path / "a")
    assert words(splits.dev) == "19 39"
    assert splits.dev.warnings == {"set aside as dev: every 20th sentence": 2}


def test_a_corpus_too_small_to_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"or at least 20 sentences .*, found 3 sentences"):
        read_splits(tagged(tmp_path / "a", "a", "b", "c"))


def test_slots_are_renamed_kept_and_dropped() -> None:
    utterance = Utterance(
        ("a", "b", "c", "d"), ("B-from", "B-origin", "I-origin", "B-when"), "fly", "a b c d"
    )
    kept = Utterance(("e",), ("B-seat",))
    mapping = {"from": "place", "origin": "place", "when": ""}
    renamed = rename_slots(Corpus((utterance, kept), {"blank line skipped": 2}), mapping)
    assert renamed.utterances == (
        Utterance(("a", "b", "c", "d"), ("B-place", "B-place", "I-place", "O"), "fly", "a b c d"),
        kept,
    )
    assert renamed.warnings == {"blank line skipped": 2, "slot when left out by the mapping": 1}


def test_spans_that_tags_cannot_spell_are_renamed_and_dropped_too() -> None:
    stand_in = Span("from", 0, 1)
    changed = (ChangedSpan("from", "ab", stand_in), ChangedSpan("when", "now"))
    utterance = Utterance(("abc",), ("B-from",), changed=changed)
    [renamed] = rename_slots(Corpus((utterance,)), {"from": "place", "when": ""}).utterances
    assert renamed.changed == (ChangedSpan("place", "ab", Span("place", 0, 1)),)
    assert renamed.exact_spans == []


def test_overlap_counts_the_queries_of_dev_that_train_has_word_for_word() -> None:
    def corpus(*texts: str) -> Corpus:
        return Corpus(tuple(Utterance((text,), ("O",)) for text in texts))

    assert overlap(corpus("a", "b", "b"), corpus("b", "b", "B", "c")) == 2


@pytest.mark.skipif(not DATA.is_dir(), reason="the corpora of SLOTLINE_DATA are absent")
class TestRealCorpora:
    """The figures that describe the corpora."""

    @pytest.mark.parametrize(
        ("name", "train", "dev", "slots", "warnings", "dev_warnings"),
        [
            ("atis", 4478, 500, 79, {}, {}),
            ("snips", 12384, 700, 39, {}, {}),
            ("mtod-en", 30521, 4181, 16, {STRAY: 1}, {}),
            ("mtod-es", 3617, 1983, 11, {STRAY: 10}, {STRAY: 6}),
            ("mtod-th", 2156, 1235, 8, {STRAY: 16}, {STRAY: 7}),
            ("cais", 7995, 994, 24, {CONVERTED: 8946}, {CONVERTED: 1113}),
            ("sgd-travel", 13582, 3058, 13, {}, {}),
        ],
    )
    def test_splits(
        self,
        name: str,
        train: int,
        dev: int,
        slots: int,
        warnings: dict[str, int],
        dev_warnings: dict[str, int],
    ) -> None:
        splits = real_splits(name)
        assert len(splits.train.utterances) == train
        assert len(splits.dev.utterances) == dev
        assert len({*splits.train.slots, *splits.dev.slots}) == slots
        assert splits.train.warnings == warnings
        assert splits.dev.warnings == dev_warnings

    def test_full_pools(self) -> None:
        splits = real_splits("snips-json")
        queries = Counter(each.intent for each in splits.train.utterances)
        aside = Counter(each.intent for each in splits.dev.utterances)
        assert (queries + aside).total() == 13_000
        assert aside == {intent: (queries + aside)[intent] // 20 for intent in queries}
        assert len(splits.train.slots) == 39
        assert splits.train.warnings == {
            "small pool left out, its intent having a full one": 7,
            "surrogate pair joined to the character it stands for": 1,
            "blanks at the edge of a span, left out of it": 4,
        }

    def test_small_pools(self) -> None:
        pools = sorted((DATA / "snips-json").glob("train_*.json"))
        corpus = read_corpus(pool for pool in pools if not pool.stem.endswith("_full"))
        assert len(corpus.utterances) == 2046
        assert corpus.warnings == {
            "span widened to whole tokens": 8,
            "span without a token that another covers as well or better": 2,
            "span on tokens that others cover as well or better, left out": 1,
            "blanks at the edge of a span, left out of it": 4,
        }

    def test_blanks_are_tokens_of_cais(self) -> None:
        corpus = real_splits("cais").train
        tokens = Counter(token for each in corpus.utterances for token in each.tokens)
        assert tokens[" "] == 97

    def test_a_third_of_mtod_valid_is_in_train(self) -> None:
        splits = real_splits("mtod-en")
        assert overlap(splits.train, splits.dev) == 1356


def test_repeats_are_told_apart() -> None:
    train = Corpus((Utterance(("a", "b"), ("O", "O")),))
    dev = Corpus(tuple(Utterance(tuple(words), ("O", "O")) for words in ("ab", "ba", "Ab", "ab")))
    assert repeats(train, dev) == [True, False, False, True]
