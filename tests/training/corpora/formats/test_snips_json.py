"""Texts in pieces."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from training.corpora.formats import snips_json
from training.corpora.utterances import Utterance
from training.errors import CorpusError


def read(path: Path, content: object) -> tuple[list[Utterance], dict[str, int]]:
    (path / "train_fly.json").write_text(json.dumps(content))
    warnings: Counter[str] = Counter()
    return snips_json.read(path / "train_fly.json", warnings), dict(warnings)


def pieces(*pairs: tuple[str, str | None]) -> dict[str, Any]:
    return {
        "data": [
            {"text": text} if slot is None else {"text": text, "entity": slot}
            for text, slot in pairs
        ]
    }


def test_the_text_is_its_pieces_joined(tmp_path: Path) -> None:
    query = pieces(("to ", None), ("New York", "city"), (" ", None), ("now ", "time"), ("\n", None))
    assert read(tmp_path, {"fly": [query], "stay": [pieces(("no", None))]}) == (
        [
            Utterance(
                ("to", "New", "York", "now"),
                ("O", "B-city", "I-city", "B-time"),
                "fly",
                "to New York now \n",
            ),
            Utterance(("no",), ("O",), "stay", "no"),
        ],
        {"blanks at the edge of a span, left out of it": 1},
    )


def test_slots_that_share_a_token_are_counted(tmp_path: Path) -> None:
    ((utterance,), warnings) = read(
        tmp_path, {"fly": [pieces(("closest", "how"), ("inn", "what"))]}
    )
    assert utterance.tags == ("B-how",)
    assert warnings == {
        "span widened to whole tokens": 1,
        "span on tokens that others cover as well or better, left out": 1,
    }


def test_the_slots_of_a_data_set_have_names_of_their_own(tmp_path: Path) -> None:
    place = {"entity": "place", "slot_name": "origin", "text": "Rome"}
    other = {"entity": "place", "slot_name": "destination", "text": "Oslo"}
    data = {"data": [{"text": "from "}, place, {"text": " to "}, other]}
    content = {
        "entities": {"place": {"data": [{"value": "Rome", "synonyms": []}]}, "snips/datetime": {}},
        "intents": {"fly": {"utterances": [data], "engine": None}, "stay": {"utterances": []}},
        "language": "en",
    }
    utterances, warnings = read(tmp_path, content)
    tags = ("O", "B-origin", "O", "B-destination")
    assert utterances == [
        Utterance(("from", "Rome", "to", "Oslo"), tags, "fly", "from Rome to Oslo")
    ]
    assert warnings == {"slot called as its slot_name says, not as its entity": 2}


def test_an_intent_can_be_called_intents(tmp_path: Path) -> None:
    utterances, _ = read(tmp_path, {"intents": [pieces(("no", None))]})
    assert [each.intent for each in utterances] == ["intents"]


def test_what_is_empty_is_left_out_and_counted(tmp_path: Path) -> None:
    utterances, warnings = read(
        tmp_path, {"fly": [pieces((" ", None)), pieces(("a", None), ("", "b"))]}
    )
    assert [each.text for each in utterances] == ["a"]
    assert warnings == {"empty query skipped": 1, "slot without text left out": 1}


def test_an_emoji_in_surrogates_is_made_whole(tmp_path: Path) -> None:
    content = json.dumps({"play": [pieces(("play @", "track"))]}).encode()
    (tmp_path / "a.json").write_bytes(content.replace(b"@", b"\xed\xa0\xbc\xed\xbd\x95"))
    (utterance,) = snips_json.read(tmp_path / "a.json", Counter())
    assert utterance.tokens == ("play", "🍕")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "expected an object with an intent's queries, found []"),
        ({"fly": {}}, "intent fly: expected a list of queries, found {}"),
        ({"fly": [pieces(("a", None)), {}]}, 'query 2 of fly: expected {"data": [...]}, found {}'),
        ({"fly": [{"data": [{"entity": "city"}]}]}, 'query 1 of fly: expected a piece with "text"'),
        ({"fly": [{"data": [{"text": "a", "entity": 3}]}]}, 'and, if it is a slot, "entity"'),
        ({"fly": [{"data": [{"text": "a", "entity": " "}]}]}, 'and, if it is a slot, "entity"'),
        ({"fly": [{"data": ["a"]}]}, "\"entity\", found 'a'"),
    ],
)
def test_a_fault_is_named_with_its_query(tmp_path: Path, content: object, sentence: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, content)
    assert sentence in str(caught.value)


def test_json_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{\n"fly": [\n}\n')
    with pytest.raises(CorpusError, match=r"a\.json, line 3: expected JSON, found invalid JSON"):
        snips_json.read(tmp_path / "a.json", Counter())
    (tmp_path / "a.json").write_text('{"fly":' + "[" * 100_000)
    with pytest.raises(CorpusError, match=r"a\.json, line 1: expected JSON, found invalid JSON"):
        snips_json.read(tmp_path / "a.json", Counter())
