"""The sentences that the booking grammar makes up."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from training.grammar import SLOTS, Sentence, booking_sentences
from training.grammar.chinese import chinese
from training.grammar.english import english
from training.grammar.rules import Grammar
from training.grammar.sentence import joined, sentence_of, tidied

ROOT = Path(__file__).parents[3]
COUNT = 8000

HAN = re.compile(r"[\u4e00-\u9fff]")
LEADING = re.compile(r"(on|at|by|in|for|from|to|the)\b", re.IGNORECASE)
TRAILING = ("之前", "以前", "左右")


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return list(booking_sentences(COUNT, seed=11))


def values(sentences: list[Sentence]) -> Iterator[tuple[str, str]]:
    for sentence in sentences:
        for start, end, slot in sentence.spans:
            yield slot, sentence.text[start:end]


def test_a_seed_gives_the_same_sentences_in_another_process() -> None:
    program = (
        "from training.grammar import booking_sentences\n"
        "print([(each.text, each.spans) for each in booking_sentences(40, 5)])"
    )
    printed = subprocess.check_output([sys.executable, "-c", program], text=True, cwd=ROOT)
    assert printed.strip() == str([(each.text, each.spans) for each in booking_sentences(40, 5)])


def test_a_longer_run_begins_as_a_shorter_one(sentences: list[Sentence]) -> None:
    assert list(booking_sentences(100, seed=11)) == sentences[:100]


def test_another_seed_gives_other_sentences(sentences: list[Sentence]) -> None:
    others = {each.text for each in booking_sentences(500, seed=12)}
    assert len(others & {each.text for each in sentences}) < 60


def test_hardly_a_sentence_comes_twice(sentences: list[Sentence]) -> None:
    assert len({each.text for each in sentences}) > 0.97 * COUNT


def test_spans_are_in_order_apart_and_within_the_text(sentences: list[Sentence]) -> None:
    for sentence in sentences:
        ends = [0, *(place for start, end, _ in sentence.spans for place in (start, end))]
        assert all(earlier <= later for earlier, later in pairwise([*ends, len(sentence.text)]))
        assert all(start < end for start, end, _ in sentence.spans)


def test_values_have_no_blanks_around_them(sentences: list[Sentence]) -> None:
    assert all(value == value.strip() for _, value in values(sentences))


def test_no_value_but_a_name_leads_with_a_preposition(sentences: list[Sentence]) -> None:
    # The Hague and In Salah are names.
    named = {"carrier", "destination", "place_of_departure"}
    assert not [
        value for slot, value in values(sentences) if slot not in named and LEADING.match(value)
    ]


def test_no_chinese_value_ends_in_before_or_about(sentences: list[Sentence]) -> None:
    assert not [value for _, value in values(sentences) if value.endswith(TRAILING)]


def test_every_slot_is_filled_often(sentences: list[Sentence]) -> None:
    filled = Counter(slot for slot, _ in values(sentences))
    assert set(filled) == set(SLOTS)
    assert min(filled.values()) > COUNT / 12


def test_a_sixth_of_the_sentences_fills_nothing(sentences: list[Sentence]) -> None:
    assert 0.15 < sum(not each.spans for each in sentences) / COUNT < 0.2


def test_two_fifths_are_chinese_in_both_scripts(sentences: list[Sentence]) -> None:
    han = [each.text for each in sentences if HAN.search(each.text)]
    assert 0.36 < len(han) / COUNT < 0.44
    assert sum(bool(set(text) & set("臺機從訂幾號點張")) for text in han) > 0.2 * len(han)
    assert sum(bool(set(text) & set("机从订几号点张")) for text in han) > 0.2 * len(han)


def test_sentences_come_in_every_casing(sentences: list[Sentence]) -> None:
    latin = [each.text for each in sentences if not HAN.search(each.text)]
    assert sum(text.islower() for text in latin) > 0.2 * len(latin)
    assert sum(text.isupper() for text in latin) > 0.02 * len(latin)
    assert sum(not re.search(r"[.,?!]", text) for text in latin) > 0.2 * len(latin)


def shapes(sentences: list[Sentence]) -> set[str]:
    """The sentences in lower case, with their slots' names in place of the values."""
    shaped = set()
    for sentence in sentences:
        text = sentence.text.lower()
        for start, end, slot in reversed(sentence.spans):
            text = f"{text[:start]}{slot.upper()}{text[end:]}"
        shaped.add(text)
    return shaped


@pytest.mark.parametrize(
    "shape",
    [
        "arrive DESTINATION on TIME_OF_ARRIVAL",
        "leave PLACE_OF_DEPARTURE on TIME_OF_DEPARTURE",
        "reach DESTINATION",
        "depart PLACE_OF_DEPARTURE",
        "leaving for DESTINATION",
        "to DESTINATION from PLACE_OF_DEPARTURE",
        "从PLACE_OF_DEPARTURE出发",
        "到達DESTINATION",
        "到达DESTINATION",
        "从PLACE_OF_DEPARTURE到DESTINATION",
        "TIME_OF_RETURN回来",
        "PASSENGERS张",
    ],
)
def test_the_sentences_of_the_lecture_have_their_patterns(
    shape: str, sentences: list[Sentence]
) -> None:
    assert any(shape in text for text in shapes(sentences))


@pytest.mark.parametrize("grammar", [english(), chinese()], ids=["english", "chinese"])
def test_what_is_said_beside_a_booking_fills_nothing(grammar: Grammar) -> None:
    for seed in range(2000):
        pieces = grammar.sentence("nothing", Random(seed))
        assert not sentence_of(tidied(joined(pieces))).spans
