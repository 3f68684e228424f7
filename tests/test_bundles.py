"""What ships: every folder in models/ holds what it promises."""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import httpx2
import numpy as np
import pytest

from app.inference.loading import open_registry
from app.tagging.bundle import MANIFEST, Bundle, open_bundle
from app.tagging.slots import tag_names
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import tokenize
from app.values import read_declaration
from benchmarks.harness.service import serving
from training.corpora.splits import read_splits
from training.experiment import experiment_from, read_experiment
from training.paths import folder_of

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"
DATA = Path(os.environ.get("SLOTLINE_DATA", "../shared/data"))
FOLDERS = sorted(path for path in MODELS.glob("[!.]*") if path.is_dir())
LARGEST = 10_000_000

each_bundle = pytest.mark.parametrize("folder", FOLDERS, ids=[path.name for path in FOLDERS])


@cache
def bundle_in(folder: Path) -> Bundle:
    return open_bundle(folder)


@cache
def tagger_of(folder: Path) -> Tagger:
    return Tagger(bundle_in(folder))


def test_the_bundles_that_are_promised_are_there() -> None:
    assert {"atis", "booking", "snips"} <= {folder.name for folder in FOLDERS}


@pytest.mark.skipif(not FOLDERS, reason="models/ holds no bundle")
def test_they_open_together_and_booking_answers_by_default() -> None:
    registry = open_registry(MODELS)
    assert [tagger.manifest.name for tagger in registry] == [folder.name for folder in FOLDERS]
    assert registry.default == "booking"


@each_bundle
def test_a_bundle_is_small_and_holds_its_own_files_alone(folder: Path) -> None:
    files = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert files.keys() == bundle_in(folder).manifest.files.keys() | {MANIFEST}
    assert sum(files.values()) < LARGEST


@each_bundle
def test_a_bundle_gives_the_answers_in_its_examples(folder: Path) -> None:
    examples, tags = bundle_in(folder).contents.examples, tag_names(tagger_of(folder).slots)
    assert examples
    for example in examples:
        scores = tagger_of(folder).scores(example.tokens)
        np.testing.assert_allclose(scores, example.scores, rtol=1e-3, atol=1e-3)
        assert [tags[best] for best in scores.argmax(axis=1)] == example.tags


@each_bundle
def test_a_sentence_is_answered_the_same_alone_as_beside_others(folder: Path) -> None:
    sentences = [example.tokens for example in bundle_in(folder).contents.examples]
    together = tagger_of(folder).tag_tokens(sentences)
    for sentence, beside in zip(sentences, together, strict=True):
        [alone] = tagger_of(folder).tag_tokens([sentence])
        assert alone.tags == beside.tags
        np.testing.assert_allclose(alone.distributions, beside.distributions, atol=1e-5)


@each_bundle
def test_the_examples_are_the_sentences_of_the_experiment(folder: Path) -> None:
    bundle = bundle_in(folder)
    assert [example.tokens for example in bundle.contents.examples] == [
        [token.text for token in tokenize(sentence)]
        for sentence in bundle.manifest.training_config["examples"]
    ]


@each_bundle
def test_whose_data_it_learnt_from_and_on_what_terms_is_said(folder: Path) -> None:
    manifest = bundle_in(folder).manifest
    assert manifest.description
    assert manifest.languages
    assert manifest.metrics["dev_slot_f1"] > 0
    made = experiment_from(manifest.training_config, MANIFEST)
    named = {each.name for each in made.corpora} | {each.name for each in made.lists}
    assert named <= {note.name for note in manifest.corpora}
    for note in manifest.corpora:
        assert note.license not in {"", "not stated"}, note.name
        assert note.citation or note.source, note.name


@each_bundle
def test_the_experiment_in_the_repository_is_how_it_was_made(folder: Path) -> None:
    manifest = bundle_in(folder).manifest
    # Bundles of before the command `slotline` name the module.
    command, _, added = manifest.command.replace("python -m training ", "slotline ", 1).partition(
        " && "
    )
    slotline, fit, file, *options = shlex.split(command)
    assert [slotline, fit] == ["slotline", "fit"]
    assert options[-2:] == ["--out", f"models/{folder.name}"]
    made = experiment_from(manifest.training_config, MANIFEST)
    experiment = replace(read_experiment(ROOT / file), seed=manifest.seed)
    declared = experiment.types
    if added:  # types, after it was trained; the experiment gives them too
        *types, declaration = shlex.split(added)
        assert types == ["slotline", "types", f"models/{folder.name}", "--declare"]
        assert declared is not None
        assert ROOT / declaration == folder_of(declared.package) / declared.path
        made = replace(made, types=declared)
    assert made == experiment
    assert (manifest.types is None) == (declared is None)
    if declared is not None:
        again = read_declaration(folder_of(declared.package) / declared.path)
        assert again.types == manifest.types
        assert again.lists == bundle_in(folder).contents.lists
    # Whoever has no such folder as the maker's can make it all the same.
    paths = [each.path for each in made.corpora] + [each.path for each in made.lists]
    assert not any(Path(path).is_absolute() for path in paths)


def letters(words: Sequence[str]) -> str:
    return re.sub(r"\W", "", "".join(words)).lower()


@each_bundle
@pytest.mark.skipif(not DATA.is_dir(), reason="the corpora of SLOTLINE_DATA are absent")
def test_no_example_is_a_sentence_of_a_corpus(folder: Path) -> None:
    bundle = bundle_in(folder)
    sources = experiment_from(bundle.manifest.training_config, MANIFEST).corpora
    splits = [
        read_splits(folder_of(source.package) / source.path, source.format)
        for source in sources
        if source.path
    ]
    known = {
        letters(utterance.tokens)
        for split in splits
        for utterance in split.train.utterances + split.dev.utterances
    }
    found = [each.tokens for each in bundle.contents.examples if letters(each.tokens) in known]
    # A word or two of courtesy are everybody's.
    assert [tokens for tokens in found if len(tokens) > 2] == []


@pytest.fixture(scope="module")
def server() -> Iterator[httpx2.Client]:
    """The service with every setting at its default."""
    with serving() as (client, _):
        yield client


@pytest.mark.skipif(MODELS / "booking" not in FOLDERS, reason="models/ holds no booking")
@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "i would like to arrive Taipei on November 2nd",
            {"destination": "Taipei", "time_of_arrival": "November 2nd"},
        ),
        (
            "arrive Taipei on November 2nd",
            {"destination": "Taipei", "time_of_arrival": "November 2nd"},
        ),
        (
            "leave Taipei on November 2nd",
            {"place_of_departure": "Taipei", "time_of_departure": "November 2nd"},
        ),
        (
            "I'd like to fly to New York, tomorrow.",
            {"destination": "New York", "time_of_departure": "tomorrow"},
        ),
        ("我想在11月2日到达台北", {"destination": "台北", "time_of_arrival": "11月2日"}),
        (
            "十一月二號從臺北出發",
            {"place_of_departure": "臺北", "time_of_departure": "十一月二號"},
        ),
        ("thanks a lot, nothing else for now", {}),
    ],
)
def test_the_sentences_of_the_lecture_get_their_slots(
    server: httpx2.Client, text: str, slots: dict[str, str]
) -> None:
    answer = server.post("/slots", json={"text": text}).json()
    assert {slot["name"]: slot["value"] for slot in answer["slots"]} == slots
    assert len(answer["slots"]) == len(slots)
    for slot in answer["slots"]:
        assert text[slot["start"] : slot["end"]] == slot["value"]


def values_of(name: str, text: str) -> dict[str, str]:
    [answer] = tagger_of(MODELS / name).tag_texts([text])
    for slot in answer.slots:
        assert text[slot.start : slot.end] == slot.value
    return {slot.name: slot.value for slot in answer.slots}


@pytest.mark.parametrize(
    ("name", "text", "slots"),
    [
        ("atis", "from boston at 5 p.m.", {"depart_time.time": "5 p.m."}),
        ("atis", "from boston at 5:30 P.M. to denver", {"depart_time.time": "5:30 P.M."}),
        ("atis", "from denver to St. Louis", {"toloc.city_name": "St. Louis"}),
        ("atis", "flights under $1,200 from boston", {"fare_amount": "$1,200"}),
        ("atis", "a round-trip ticket to denver", {"round_trip": "round-trip"}),
        ("snips", "rate this book 4.5 stars", {"rating_value": "4.5"}),
        ("snips", "book a spot for 8 at 7:35 p.m.", {"timeRange": "7:35 p.m."}),
        ("snips", "will it rain on 11/2/2027", {"timeRange": "11/2/2027"}),
    ],
)
@pytest.mark.skipif(not FOLDERS, reason="models/ holds no bundle")
def test_marks_inside_a_value_are_part_of_it(name: str, text: str, slots: dict[str, str]) -> None:
    assert slots.items() <= values_of(name, text).items()


@pytest.mark.parametrize(
    ("name", "text", "slots"),
    [
        ("atis", "flight 914 from boston to denver", {"flight_number": "914"}),
        ("atis", "show me flight 2073 to dallas", {"flight_number": "2073"}),
        ("snips", "songs from the 1840s", {"year": "1840s"}),
        ("snips", "play songs from the 1730s", {"year": "1730s"}),
        ("snips", "play some 90s music on spotify", {"year": "90s"}),
        (
            "snips",
            "add this tune to my 80s classic hits playlist",
            {"playlist": "80s classic hits"},
        ),
    ],
)
@pytest.mark.skipif(not FOLDERS, reason="models/ holds no bundle")
def test_a_number_that_training_lacks_is_known_by_its_shape(
    name: str, text: str, slots: dict[str, str]
) -> None:
    assert slots.items() <= values_of(name, text).items()


@pytest.mark.skipif(MODELS / "snips" not in FOLDERS, reason="models/ holds no snips")
def test_a_digit_that_stands_for_a_word_is_no_value() -> None:
    assert values_of("snips", "weather 4 Leeds") == {"city": "Leeds"}
    table = {"party_size_number": "2", "city": "Leeds"}
    assert values_of("snips", "book a table 4 2 in Leeds") == table


@pytest.mark.parametrize("text", ["fly to {} on May 3rd", "5月3日去{}", "fly to {} and stay there"])
@pytest.mark.parametrize(
    "pair",
    [
        *zip("“‘«「『《([*_`'\"", "”’»」』》)]*_`'\"", strict=True),
        ("<b>", "</b>"),
        ("**", "**"),
    ],
)
@pytest.mark.skipif(MODELS / "booking" not in FOLDERS, reason="models/ holds no booking")
def test_marks_around_a_value_change_no_answer(text: str, pair: tuple[str, str]) -> None:
    plain = values_of("booking", text.format("Rome"))
    assert plain["destination"] == "Rome"
    assert values_of("booking", text.format(f"{pair[0]}Rome{pair[1]}")) == plain
