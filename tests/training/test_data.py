"""Corpora and grammars put together."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.tagging.bundle import CorpusNote
from app.tagging.features import CAPITAL, CUT, PAIR, SHAPE, letter_pairs
from app.tagging.lexicon import SEGMENT
from app.tagging.tokenizer import words_of
from tests.training.test_evaluate import write_lines
from training.booking import UNANNOTATED
from training.corpus import Utterance, read_splits
from training.data import Inventory, add_vectors, read_data, take_inventory
from training.errors import CorpusError, ExperimentError
from training.experiment import (
    RECIPES,
    Experiment,
    Holdout,
    ListSource,
    Source,
    StaticVectors,
    read_experiment,
)

CITIES = ["paris", "rome", "oslo"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a corpus, `cities`: three queries to train on, one of dev."""
    monkeypatch.setenv("SLOTLINE_DATA", str(tmp_path))
    (tmp_path / "cities").mkdir()
    train = [(f"fly to {city}", "O O B-city", "fly") for city in CITIES]
    write_lines(tmp_path / "cities" / "train.jsonl", *train)
    write_lines(tmp_path / "cities" / "dev.jsonl", ("leave lima", "B-act B-city", "go"))
    return tmp_path


def of(*sources: Source, seed: int = 1) -> Experiment:
    return Experiment("mine", seed=seed, corpora=sources)


def last_words(utterances: tuple[Utterance, ...]) -> list[str]:
    return [utterance.tokens[-1] for utterance in utterances]


@pytest.mark.usefixtures("folder")
def test_a_corpus_is_read_from_the_data_folder() -> None:
    data = read_data(of(Source("cities", "cities")))
    assert (last_words(data.train), last_words(data.dev)) == (CITIES, ["lima"])


def test_a_whole_path_needs_no_data_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOTLINE_DATA", "/nowhere")
    assert len(read_data(of(Source("cities", str(folder / "cities")))).train) == 3


@pytest.mark.usefixtures("folder")
def test_a_corpus_can_lie_in_a_package() -> None:
    source = Source("sentences", "sentences/booking-en.jsonl", package="training")
    assert len(read_data(of(source)).train) > 1000


def test_a_corpus_of_a_package_that_lacks_it_is_an_error() -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.jsonl: expected the corpus sentences, found"):
        read_data(of(Source("sentences", "nowhere.jsonl", package="training")))
    with pytest.raises(ExperimentError, match="there is no package untraining"):
        read_data(of(Source("sentences", "nowhere.jsonl", package="untraining")))


@pytest.mark.usefixtures("folder")
def test_dev_can_be_left_to_other_corpora() -> None:
    grammar = Source("g", grammar="booking", sentences=20, dev=False)
    data = read_data(of(Source("a", "cities"), Source("b", "cities", dev=False), grammar))
    assert (len(data.train), len(data.dev)) == (26, 1)


@pytest.mark.usefixtures("folder")
def test_a_corpus_about_other_things_fills_nothing() -> None:
    data = read_data(of(Source("cities", "cities", negative=True)))
    assert {tag for each in data.train + data.dev for tag in each.tags} == {"O"}
    assert data.remarks["slot of a corpus about other things, left out"] == 5


@pytest.mark.usefixtures("folder")
def test_of_a_corpus_so_many_sentences_are_read_as_are_asked_for() -> None:
    data = read_data(of(Source("cities", "cities", sentences=2, oversample=2)))
    assert (last_words(data.train), last_words(data.dev)) == (["paris", "rome"] * 2, ["lima"])
    assert len(read_data(of(Source("cities", "cities", sentences=9))).train) == 3


@pytest.mark.usefixtures("folder")
def test_several_corpora_are_one_in_the_order_of_the_file() -> None:
    both = of(Source("a", "cities"), Source("b", "cities", slots={"city": "place"}))
    data = read_data(both)
    assert [utterance.tags[-1] for utterance in data.train] == ["B-city"] * 3 + ["B-place"] * 3
    assert [utterance.tags[-1] for utterance in data.dev] == ["B-city", "B-place"]


@pytest.mark.usefixtures("folder")
def test_a_slot_to_rename_that_the_corpus_lacks_is_remarked() -> None:
    data = read_data(of(Source("cities", "cities", slots={"citty": "place"})))
    assert data.remarks["slot citty to rename, which corpus cities lacks"] == 1


@pytest.mark.usefixtures("folder")
def test_slots_are_renamed_or_left_out_and_that_is_counted() -> None:
    data = read_data(of(Source("cities", "cities", slots={"city": "place", "act": ""})))
    assert data.dev[0].tags == ("O", "B-place")
    assert data.remarks == {
        "slot act left out by the mapping": 1,
        "intent go in dev, which training lacks": 1,
    }


def test_slots_that_a_network_will_not_read_are_counted(folder: Path) -> None:
    plain, marked = ("stay", "O", None), ("send 🎉 !", "O B-emoji I-emoji", None)
    write_lines(folder / "a", *[plain] * 39, marked)
    remark = "slot emoji without a letter or digit, not read"
    assert read_data(of(Source("a", "a"))).remarks[remark] == 1
    write_lines(folder / "a", *[plain] * 19, marked, marked)
    assert read_data(of(Source("a", "a"))).remarks[remark] == 0


@pytest.mark.usefixtures("folder")
def test_training_sentences_are_repeated_and_those_of_dev_are_not() -> None:
    data = read_data(of(Source("cities", "cities", oversample=3)))
    assert last_words(data.train) == CITIES * 3
    assert len(data.dev) == 1


def test_a_guide_is_followed_and_what_it_changes_counted(folder: Path) -> None:
    lines = [("paris", "B-destination", None), ("to the end", "O B-time_of_return O", None)]
    write_lines(folder / "cities" / "dev.jsonl", *lines)
    data = read_data(of(Source("cities", "cities", guide="booking")))
    assert data.remarks["bare place, left out"] == 1
    assert all(each.unannotated == UNANNOTATED for each in data.train + data.dev)


def test_a_format_can_be_named(folder: Path) -> None:
    (folder / "both").write_text("a:O O\n\n" * 20)
    assert read_data(of(Source("both", "both"))).train[0].tokens == ("a:O",)
    with pytest.raises(CorpusError, match="expected word:TAG"):
        read_data(of(Source("both", "both", format="word-tag")))


def test_notes_say_what_the_owners_ask_for() -> None:
    source = Source(
        "made up", grammar="booking", sentences=1, license="MIT", citation="We", source="us"
    )
    assert read_data(of(source)).notes == (CorpusNote("made up", "MIT", "We", "us"),)


def test_lists_are_noted_and_belong_to_the_data(folder: Path) -> None:
    path = folder / "places.txt"
    path.write_text("Rio\nCuzco\n")
    source = ListSource("places", path.name, ("city", "town"), "CC0 1.0", source="here")
    listed = replace(of(Source("cities", "cities")), lists=(source,))
    data = read_data(listed)
    assert data.notes[-1] == CorpusNote("places", "CC0 1.0", "", "here")
    assert [each.values for each in data.lists] == [("Rio", "Cuzco")]
    assert data.remarks["slot town of list places, which training lacks"] == 1
    assert "slot city of list places, which training lacks" not in data.remarks
    path.write_text("Rio\nLima\n")
    assert read_data(listed).digest() != data.digest()


@pytest.mark.usefixtures("folder")
def test_a_list_may_be_of_a_package() -> None:
    source = ListSource("decades", "tables/decades.tsv", ("city",), package="training")
    data = read_data(replace(of(Source("cities", "cities")), lists=(source,)))
    assert {"1840s", "'90s", "nineties"} <= set(data.lists[0].values)


def test_a_missing_corpus_is_named_with_where_it_was_looked_for(folder: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read_data(of(Source("the cities", "citeis")))
    assert str(caught.value) == (
        f"{folder}/citeis: expected the corpus the cities "
        "(SLOTLINE_DATA names the folder of corpora), found nothing"
    )


@pytest.mark.parametrize(
    "sources", [(), (Source("made up", grammar="booking"),)], ids=["no corpus", "no sentences"]
)
def test_nothing_to_train_on_is_refused(sources: tuple[Source, ...]) -> None:
    with pytest.raises(ExperimentError, match=r"mine has no sentences to train on: .*--corpus"):
        read_data(of(*sources))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "source", [Source("odd"), Source("odd", "cities", grammar="booking", sentences=1)]
)
def test_a_source_is_a_path_or_a_grammar(source: Source) -> None:
    with pytest.raises(ExperimentError, match="corpus odd: give it a path, or a grammar"):
        read_data(of(source))


def test_a_slot_with_the_name_of_no_slot_is_refused_unless_it_is_renamed(folder: Path) -> None:
    write_lines(folder / "a", *[("a", "B-O", None)] * 20)
    with pytest.raises(CorpusError, match=r"than 'O', .*\[corpora\.slots\] renames it"):
        read_data(of(Source("a", "a")))
    renamed = read_data(of(Source("a", "a", slots={"O": "rest"})))
    assert renamed.train[0].tags == ("B-rest",)


def test_a_grammar_makes_as_many_sentences_as_it_is_told_to() -> None:
    data = read_data(of(Source("made up", grammar="booking", sentences=40, oversample=2)))
    assert (len(data.train), len(data.dev)) == (80, 2)
    assert data.train[:40] == data.train[40:]
    assert all(utterance.text is not None for utterance in data.train)


def test_a_grammar_is_sown_by_the_seed_and_dev_by_the_next() -> None:
    source = Source("made up", grammar="booking", sentences=40)
    first, again = read_data(of(source, seed=5)), read_data(of(source, seed=5))
    assert first.digest() == again.digest()
    after = read_data(of(source, seed=6))
    assert after.train != first.train
    assert after.train[:2] == first.dev


def inventory(*lines: tuple[str, str], intents: bool = True, casing: bool = False) -> Inventory:
    """What training data of texts with intents hold."""
    return take_inventory(
        [
            Utterance(tuple(text.split()), ("O",) * len(text.split()), intent)
            for text, intent in lines
        ],
        intents=intents,
        casing=casing,
    )


def test_entries_come_by_frequency_and_of_equals_by_alphabet() -> None:
    found = inventory(("Rome to Oslo", "a"), ("to oslo", "a"), ("to", "a"))
    assert found.words == ("to", "oslo", "rome")
    assert found.trigrams == ("to", "osl", "slo", "ome", "rom")


def test_words_that_are_too_rare_have_no_entry_but_their_trigrams_do() -> None:
    train = [Utterance((word,), ("O",), None) for word in ("to", "to", "oslo")]
    found = take_inventory(train, intents=False, rarest=2)
    assert found.words == ("to",)
    assert found.trigrams == ("to", "osl", "slo")


@pytest.mark.parametrize(("text", "pairs"), [("雨 天 今 天 go", True), ("雨 天 今 go now", False)])
def test_pairs_are_read_where_four_words_of_five_are_one_letter(text: str, *, pairs: bool) -> None:
    found = inventory((text, "a")).trigrams
    assert (PAIR in found) == pairs
    known = {*letter_pairs("雨", "天", "今"), *letter_pairs("今", "天", "g")}
    assert (known <= set(found)) == pairs
    assert "go" in found
    assert not set(letter_pairs("天", "go", "")) & set(found)


@pytest.mark.parametrize(("text", "read"), [("南 京 市", True), ("南 京 city of", False)])
def test_a_lexicon_is_read_where_words_are_letters(text: str, *, read: bool) -> None:
    train = [Utterance(tuple(text.split()), ("O",) * len(text.split()), None)]
    wanted = read_experiment(RECIPES / "default.toml").lexicon
    found = take_inventory(train, intents=False, lexicon=wanted)
    assert bool(found.lexicon) == read
    told = [f"{SEGMENT}B3", f"{SEGMENT}M:ns", f"{SEGMENT}E3", f"{SEGMENT}[南京", f"{SEGMENT}]南京"]
    assert (set(told) <= set(found.trigrams)) == read


def test_letters_of_thai_are_read_with_their_neighbours_and_words() -> None:
    train = [Utterance(tuple(words_of("ไปกรุงเทพ")), ("O",) * 8, None)]
    found = take_inventory(
        train, intents=False, lexicon=read_experiment(RECIPES / "default.toml").lexicon
    )
    assert found.words == ("ก", "ง", "ท", "ป", "พ", "รุ", "เ", "ไ")
    assert {*letter_pairs("ก", "รุ", "ง"), f"{SEGMENT}[กรุงเทพ", f"{SEGMENT}]กรุงเทพ"} <= set(
        found.trigrams
    )


def test_numbers_are_known_by_their_shapes_and_themselves_where_they_are_frequent() -> None:
    said = ["at 914", "at 5:30", "b52", *["at 747"] * 3]
    train = [Utterance(tuple(text.split()), ("O",) * len(text.split()), None) for text in said]
    found = take_inventory(train, intents=False, shapes=True)
    assert found.words == ("at", "747")
    assert set(found.trigrams) == {
        "at",
        SHAPE,
        *(SHAPE + shape for shape in ("000", "0", "0:00", "0:0", "b00", "a00", "a0")),
    }
    plain = take_inventory(train, intents=False)
    assert {"914", "b52", "5"} < set(plain.words)
    assert SHAPE not in plain.trigrams


def test_slots_and_intents_are_sorted(folder: Path) -> None:
    train = read_splits(folder / "cities").dev.utterances
    assert take_inventory(train, intents=True).slots == ("act", "city")
    assert inventory(("to", "leave"), ("to", "arrive"), ("to", "leave")).intents == (
        "arrive",
        "leave",
    )


@pytest.mark.parametrize(("capitals", "casing"), [(2, True), (1, False)])
def test_casing_is_read_where_a_fifth_of_the_sentences_has_capitals(
    capitals: int, casing: bool
) -> None:
    lines = [("to Oslo", "a")] * capitals + [("to oslo", "a")] * (10 - capitals)
    found = inventory(*lines, casing=True)
    assert found.casing == casing == (CAPITAL in found.trigrams)
    assert found.words == ("oslo", "to")
    assert not inventory(*lines).casing


def test_intents_are_left_out_on_request() -> None:
    assert inventory(("to", "leave"), intents=False).intents == ()


@pytest.mark.parametrize(("marked", "punctuation"), [(5, True), (4, False)])
def test_punctuation_is_read_where_one_sentence_in_twenty_has_some(
    marked: int, *, punctuation: bool
) -> None:
    found = inventory(*[("to rome .", "a")] * marked, *[("to rome", "a")] * (100 - marked))
    assert found.punctuation is punctuation
    assert ("." in found.words) is punctuation


KNOWN = inventory(("to rome", "a"), ("to oslo", "a"))


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
    rare = take_inventory(utterances, intents=False, rarest=2)
    found, table = add_vectors(rare, utterances, vectors)
    assert (found.words, found.more_words) == (("to",), ("the", "rome", "lima", "oslo"))
    assert table is not None
    assert table[-1].tolist() == [9.0, 10.0]


def test_a_word_without_a_vector_has_nothing_in_its_place(vectors: StaticVectors) -> None:
    found, table = add_vectors(inventory(("to sauron", "a")), (), vectors)
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


def test_remarks_of_train_and_dev_are_added_up(folder: Path) -> None:
    for name in ("train", "dev"):
        write_lines(folder / "cities" / f"{name}.jsonl", ("a b", "B-x I-city", None))
    expected = Counter({"I- tag that continues nothing, read as B-": 2})
    assert read_data(of(Source("cities", "cities"))).remarks == expected


def test_thai_that_somebody_has_cut_is_read_in_words() -> None:
    def of(*tokens: str) -> Inventory:
        return take_inventory([Utterance(tokens, ("O",) * len(tokens), None)], intents=False)

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


def test_values_are_held_out_of_all_corpora_and_dev_stays(experiment: Experiment) -> None:
    whole = read_data(experiment)
    held = read_data(replace(experiment, holdout=Holdout("values")))
    assert Counter(held.train) + Counter(held.held_out) == Counter(whole.train)
    assert held.dev == whole.dev
    assert held.digest() != whole.digest()


def test_a_corpus_that_tags_can_hardly_spell_is_refused_unless_allowed(
    experiment: Experiment, tmp_path: Path
) -> None:
    line = '{"text": "go tomorrow", "spans": [{"start": 3, "end": 6, "slot": "when"}]}\n'
    (tmp_path / "lines.jsonl").write_text(line * 40)
    source = replace(experiment.corpora[0], path=str(tmp_path / "lines.jsonl"))
    mistold = replace(experiment, corpora=(source,))
    with pytest.raises(CorpusError, match=r"38 of 38 \(100.00%\)"):
        read_data(mistold)
    assert len(read_data(mistold, most_changed=1.0).train) == 38
