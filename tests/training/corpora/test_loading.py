"""Corpora and grammars put together."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from app.tagging.bundle import CorpusNote
from tests.training.corpora.conftest import CITIES
from tests.training.evaluation.test_evaluate import write_lines
from training.corpora.annotation_guide import UNANNOTATED
from training.corpora.loading import read_data
from training.corpora.splits import Utterance
from training.errors import CorpusError, ExperimentError
from training.experiment import (
    Experiment,
    Holdout,
    ListSource,
    Source,
)


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
    assert data.warnings["slot of a corpus about other things, left out"] == 5


@pytest.mark.usefixtures("folder")
def test_of_a_corpus_so_many_sentences_are_read_as_are_asked_for() -> None:
    data = read_data(of(Source("cities", "cities", sentences=2, oversample=2)))
    assert (last_words(data.train), last_words(data.dev)) == (["paris", "rome"] * 2, ["lima"])
    assert len(read_data(of(Source("cities", "cities", sentences=9))).train) == 3


def test_sentences_that_fill_nothing_can_be_read_more_often(folder: Path) -> None:
    write_lines(folder / "a", *[("go home", "O O", None)], *[("to rome", "O B-city", None)] * 39)
    read = {
        several: Counter(
            each.text or " ".join(each.tokens)
            for each in read_data(
                of(Source("a", "a", oversample=2, oversample_slotless=several))
            ).train
        )
        for several in (0, 1, 3)
    }
    assert [counts["go home"] for counts in read.values()] == [2, 1, 3]
    assert len({counts["to rome"] for counts in read.values()}) == 1


@pytest.mark.usefixtures("folder")
def test_several_corpora_are_one_in_the_order_of_the_file() -> None:
    both = of(Source("a", "cities"), Source("b", "cities", slots={"city": "place"}))
    data = read_data(both)
    assert [utterance.tags[-1] for utterance in data.train] == ["B-city"] * 3 + ["B-place"] * 3
    assert [utterance.tags[-1] for utterance in data.dev] == ["B-city", "B-place"]


@pytest.mark.usefixtures("folder")
def test_a_slot_to_rename_that_the_corpus_lacks_is_warned_of() -> None:
    data = read_data(of(Source("cities", "cities", slots={"citty": "place"})))
    assert data.warnings["slot citty to rename, which corpus cities lacks"] == 1


@pytest.mark.usefixtures("folder")
def test_slots_are_renamed_or_left_out_and_that_is_counted() -> None:
    data = read_data(of(Source("cities", "cities", slots={"city": "place", "act": ""})))
    assert data.dev[0].tags == ("O", "B-place")
    assert data.warnings == {
        "slot act left out by the mapping": 1,
        "intent go in dev, which training lacks": 1,
    }


def test_slots_that_a_network_will_not_read_are_counted(folder: Path) -> None:
    plain, marked = ("stay", "O", None), ("send 🎉 !", "O B-emoji I-emoji", None)
    write_lines(folder / "a", *[plain] * 39, marked)
    warning = "slot emoji without a letter or digit, not read"
    assert read_data(of(Source("a", "a"))).warnings[warning] == 1
    write_lines(folder / "a", *[plain] * 19, marked, marked)
    assert read_data(of(Source("a", "a"))).warnings[warning] == 0


@pytest.mark.usefixtures("folder")
def test_training_sentences_are_repeated_and_those_of_dev_are_not() -> None:
    data = read_data(of(Source("cities", "cities", oversample=3)))
    assert last_words(data.train) == CITIES * 3
    assert len(data.dev) == 1


def test_a_guide_is_followed_and_what_it_changes_counted(folder: Path) -> None:
    lines = [("paris", "B-destination", None), ("to the end", "O B-time_of_return O", None)]
    write_lines(folder / "cities" / "dev.jsonl", *lines)
    data = read_data(of(Source("cities", "cities", guide="booking")))
    assert data.warnings["bare place, left out"] == 1
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
    assert data.warnings["slot town of list places, which training lacks"] == 1
    assert "slot city of list places, which training lacks" not in data.warnings
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
        f"{folder}/citeis: expected the corpus the cities, found nothing; "
        "set SLOTLINE_DATA to the folder that has it"
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


def test_warnings_of_train_and_dev_are_added_up(folder: Path) -> None:
    for name in ("train", "dev"):
        write_lines(folder / "cities" / f"{name}.jsonl", ("a b", "B-x I-city", None))
    expected = Counter({"I- tag that continues nothing, read as B-": 2})
    assert read_data(of(Source("cities", "cities"))).warnings == expected


def test_values_are_held_out_of_all_corpora_and_dev_stays(experiment: Experiment) -> None:
    whole = read_data(experiment)
    held = read_data(replace(experiment, holdout=Holdout("values")))
    assert held.held_out
    assert Counter(held.train) + Counter(held.held_out) == Counter(whole.train)
    assert held.dev == whole.dev
    assert held.digest() != whole.digest()


def test_values_are_held_out_of_lists_too(folder: Path) -> None:
    cities = [f"city{number}" for number in range(20)]
    lines = [(f"to {city}", "O B-city", None) for city in cities for _ in range(2)]
    (folder / "flights").mkdir()
    write_lines(folder / "flights" / "train.jsonl", *lines)
    (folder / "cities.tsv").write_text("\n".join(["value", *cities]) + "\n")
    lists = (ListSource("cities", "cities.tsv", ("city",)),)
    whole = replace(of(Source("flights", "flights")), lists=lists)
    held = read_data(replace(whole, holdout=Holdout("values", share=0.2)))
    learnt = {each.tokens[1] for each in held.train}
    assert {each.tokens[1] for each in held.held_out}.isdisjoint(learnt)
    assert read_data(whole).lists[0].values == tuple(cities)
    assert set(held.lists[0].values) == learnt


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
