"""What the training data hold."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.tagging.features import CAPITAL, CUT, PAIR, SHAPE, SPELLED, letter_pairs
from app.tagging.lexicon import SEGMENT
from app.tagging.tokenizer import words_of
from training.corpora.splits import Utterance, read_splits
from training.corpora.vocabularies import (
    Vocabularies,
    add_vectors,
    build_vocabularies,
    vocabularies_of,
)
from training.errors import CorpusError
from training.experiment import (
    RECIPES,
    Experiment,
    NetworkSettings,
    StaticVectors,
    read_experiment,
)


def vocabularies(
    *lines: tuple[str, str], intents: bool = True, casing: bool = False
) -> Vocabularies:
    """What training data of texts with intents hold."""
    return build_vocabularies(
        [
            Utterance(tuple(text.split()), ("O",) * len(text.split()), intent)
            for text, intent in lines
        ],
        intents=intents,
        casing=casing,
    )


def test_entries_come_by_frequency_and_of_equals_by_alphabet() -> None:
    found = vocabularies(("Rome to Oslo", "a"), ("to oslo", "a"), ("to", "a"))
    assert found.words == ("to", "oslo", "rome")
    assert found.trigrams == ("to", "osl", "slo", "ome", "rom")


def test_words_that_are_too_rare_have_no_entry_but_their_trigrams_do() -> None:
    train = [Utterance((word,), ("O",), None) for word in ("to", "to", "oslo")]
    found = build_vocabularies(train, intents=False, rarest=2)
    assert found.words == ("to",)
    assert found.trigrams == ("to", "osl", "slo")


@pytest.mark.parametrize(("text", "pairs"), [("雨 天 今 天 go", True), ("雨 天 今 go now", False)])
def test_pairs_are_read_where_four_words_of_five_are_one_letter(text: str, *, pairs: bool) -> None:
    found = vocabularies((text, "a")).trigrams
    assert (PAIR in found) == pairs
    known = {*letter_pairs("雨", "天", "今"), *letter_pairs("今", "天", "g")}
    assert (known <= set(found)) == pairs
    assert "go" in found
    assert not set(letter_pairs("天", "go", "")) & set(found)


def test_trigrams_of_letters_stand_before_what_is_read_beside_words() -> None:
    train = [Utterance(("at", "914", "at", "915", "at", "oslo"), ("O",) * 6, None)]
    found = build_vocabularies(train, intents=False, shapes=True)
    assert found.trigrams[: found.letter_trigrams] == ("at", "osl", "slo")
    assert all(SHAPE in each for each in found.trigrams[found.letter_trigrams :])


@pytest.mark.parametrize(("inputs", "spelled"), [("both", True), ("trigrams", False)])
@pytest.mark.parametrize("has_vectors", [True, False])
def test_unknown_words_alone_are_spelled_where_others_have_vectors(
    inputs: str, *, spelled: bool, has_vectors: bool, folder: Path
) -> None:
    (folder / "vectors.txt").write_text("to 0.5 0.25\n", "utf-8")
    wanted = StaticVectors("own", "vectors.txt")
    experiment = Experiment(
        "own",
        vectors=wanted if has_vectors else None,
        network=NetworkSettings(inputs=inputs),
    )
    found, _ = vocabularies_of(experiment, [Utterance(("to",), ("O",), None)])
    assert (SPELLED in found.trigrams) == (spelled and has_vectors)


@pytest.mark.parametrize(("text", "read"), [("南 京 市", True), ("南 京 city of", False)])
def test_a_lexicon_is_read_where_words_are_letters(text: str, *, read: bool) -> None:
    train = [Utterance(tuple(text.split()), ("O",) * len(text.split()), None)]
    wanted = read_experiment(RECIPES / "default.toml").lexicon
    found = build_vocabularies(train, intents=False, lexicon=wanted)
    assert bool(found.lexicon) == read
    told = [f"{SEGMENT}B3", f"{SEGMENT}M:ns", f"{SEGMENT}E3", f"{SEGMENT}[南京", f"{SEGMENT}]南京"]
    assert (set(told) <= set(found.trigrams)) == read


def test_letters_of_thai_are_read_with_their_neighbours_and_words() -> None:
    train = [Utterance(tuple(words_of("ไปกรุงเทพ")), ("O",) * 8, None)]
    found = build_vocabularies(
        train, intents=False, lexicon=read_experiment(RECIPES / "default.toml").lexicon
    )
    assert found.words == ("ก", "ง", "ท", "ป", "พ", "รุ", "เ", "ไ")
    assert {*letter_pairs("ก", "รุ", "ง"), f"{SEGMENT}[กรุงเทพ", f"{SEGMENT}]กรุงเทพ"} <= set(
        found.trigrams
    )


def test_numbers_are_known_by_their_shapes_and_themselves_where_they_are_frequent() -> None:
    said = ["at 914", "at 5:30", "b52", *["at 747"] * 3]
    train = [Utterance(tuple(text.split()), ("O",) * len(text.split()), None) for text in said]
    found = build_vocabularies(train, intents=False, shapes=True)
    assert found.words == ("at", "747")
    assert set(found.trigrams) == {
        "at",
        SHAPE,
        *(SHAPE + shape for shape in ("000", "0", "0:00", "0:0", "b00", "a00", "a0")),
    }
    plain = build_vocabularies(train, intents=False)
    assert {"914", "b52", "5"} < set(plain.words)
    assert SHAPE not in plain.trigrams


def test_slots_and_intents_are_sorted(folder: Path) -> None:
    train = read_splits(folder / "cities").dev.utterances
    assert build_vocabularies(train, intents=True).slots == ("act", "city")
    assert vocabularies(("to", "leave"), ("to", "arrive"), ("to", "leave")).intents == (
        "arrive",
        "leave",
    )


@pytest.mark.parametrize(("capitals", "casing"), [(2, True), (1, False)])
def test_casing_is_read_where_a_fifth_of_the_sentences_has_capitals(
    capitals: int, casing: bool
) -> None:
    lines = [("to Oslo", "a")] * capitals + [("to oslo", "a")] * (10 - capitals)
    found = vocabularies(*lines, casing=True)
    assert found.casing == casing == (CAPITAL in found.trigrams)
    assert found.words == ("oslo", "to")
    assert not vocabularies(*lines).casing


def test_intents_are_left_out_on_request() -> None:
    assert vocabularies(("to", "leave"), intents=False).intents == ()


@pytest.mark.parametrize(("marked", "punctuation"), [(5, True), (4, False)])
def test_punctuation_is_read_where_one_sentence_in_twenty_has_some(
    marked: int, *, punctuation: bool
) -> None:
    found = vocabularies(*[("to rome .", "a")] * marked, *[("to rome", "a")] * (100 - marked))
    assert found.punctuation is punctuation
    assert ("." in found.words) is punctuation


KNOWN = vocabularies(("to rome", "a"), ("to oslo", "a"))


@pytest.fixture
def vectors(folder: Path) -> StaticVectors:
    (folder / "vectors.txt").write_text("to 1 2\nthe 3 4\nrome 5 6\nlima 7 8\noslo 9 10\n")
    return StaticVectors("few", "vectors.txt", words=4)


def spoken(*texts: str) -> list[Utterance]:
    return [Utterance(tuple(text.split()), ("O",) * len(text.split())) for text in texts]


def test_words_with_a_vector_join_those_of_the_training_data(vectors: StaticVectors) -> None:
    found, table = add_vectors(KNOWN, (), vectors)
    assert (found.words, found.more_words) == (("to", "oslo", "rome"), ("the", "lima"))
    assert found.all_words == ("to", "oslo", "rome", "the", "lima")
    assert found.vector_size == 2
    assert table is not None
    # Padding and the unknown word first; oslo is kept, for all that it is the fifth.
    expected = [[0, 0], [0, 0], [1, 2], [9, 10], [5, 6], [3, 4], [7, 8]]
    np.testing.assert_array_equal(table, np.array(expected, np.float32))


def test_a_word_too_rare_for_an_entry_keeps_its_vector(vectors: StaticVectors) -> None:
    utterances = spoken("to oslo", "to rome")
    rare = build_vocabularies(utterances, intents=False, rarest=2)
    found, table = add_vectors(rare, utterances, vectors)
    assert (found.words, found.more_words) == (("to",), ("the", "rome", "lima", "oslo"))
    assert table is not None
    assert table[-1].tolist() == [9.0, 10.0]


def test_a_word_without_a_vector_has_nothing_in_its_place(vectors: StaticVectors) -> None:
    found, table = add_vectors(vocabularies(("to sauron", "a")), (), vectors)
    assert found.words == ("sauron", "to")
    assert table is not None
    assert table[2].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [(["to rome", "to oslo", "to rome"], True), (["to rome", "nach oslo"], False)],
)
def test_optional_vectors_are_left_out_where_they_are_of_another_language(
    vectors: StaticVectors, texts: list[str], *, wanted: bool
) -> None:
    found, table = add_vectors(KNOWN, spoken(*texts), replace(vectors, optional=True))
    assert (table is not None) is wanted
    assert bool(found.more_words) is wanted


def test_only_optional_vectors_may_be_missing(vectors: StaticVectors) -> None:
    missing = replace(vectors, path="none.txt")
    assert add_vectors(KNOWN, (), replace(missing, optional=True)) == (KNOWN, None)
    with pytest.raises(CorpusError, match=r"none\.txt"):
        add_vectors(KNOWN, (), missing)


def test_without_vectors_there_is_nothing_to_add() -> None:
    assert add_vectors(KNOWN, (), None) == (KNOWN, None)


def test_thai_that_somebody_has_cut_is_read_in_words() -> None:
    def of(*tokens: str) -> Vocabularies:
        return build_vocabularies([Utterance(tokens, ("O",) * len(tokens), None)], intents=False)

    whole = of("ตั้ง", "นาฬิกา", "ปลุก", "10", "นาที")
    assert whole.cut
    assert CUT in whole.trigrams
    assert "นาฬิกา" in whole.words
    for letters in (
        of("ไ", "ป", "เ", "ชี", "ย", "ง"),
        of("ตั้งนาฬิกาปลุกทุกๆ10นาที"),
        of("南京市", "长江"),
    ):
        assert not letters.cut
        assert CUT not in letters.trigrams
        assert "นาฬิกา" not in letters.words
