"""Which slots of an unfinished sentence will stay."""

import pytest

from app.tagging.slots import Slot
from app.tagging.stability import CAUTIOUS, Rule, Rules, metrics_of, rules_of, whole_words
from app.tagging.tokenizer import tokenize

RULES = Rules((Rule(0.9, 1),), (Rule(0.97, 1), Rule(0.8, 3)))


def settled(text: str, value: str, confidence: float) -> bool:
    start = text.index(value)
    slot = Slot("destination", value, start, start + len(value), confidence)
    return RULES.settle(slot, whole_words(text, tokenize(text)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("to New Yo", ["to", "New"]),
        ("to New York ", ["to", "New", "York"]),
        ("to New York,", ["to", "New", "York"]),
        ("到台北", ["到", "台", "北"]),
        ("ไปเชี", ["ไ", "ป", "เ"]),
        ("at 5:", ["at"]),
        ("at 5: ", ["at", "5"]),
        ("at 5:3", ["at"]),
        ("at 5:30 p", ["at", "5:30"]),
        ("at 5:30 p.m", ["at", "5:30"]),
        ("at 5:30 p.m. ", ["at", "5:30", "p.m."]),
        ("for 1,00", ["for"]),
        ("on 2026-11-", ["on"]),
        ("on 2026-", ["on"]),
        ("on 11-", ["on"]),
        ("from the 1990'", ["from", "the"]),
        ("１，", []),
        ("to [Rome](http://a.b/c", ["to", "Rome"]),
        ("to [Rome](http://a.b/c)", ["to", "Rome"]),
        ("to [Rome](http://a.b/c d", ["to", "Rome", "http", "a.b", "c"]),
        ("on 2026-11-02,", ["on", "2026-11-02"]),
        ("", []),
    ],
)
def test_a_last_word_that_may_go_on_is_not_whole(text: str, words: list[str]) -> None:
    assert [word.text for word in whole_words(text, tokenize(text))] == words


@pytest.mark.parametrize(
    ("text", "value", "confidence", "stays"),
    [
        ("to Taipei on ", "Taipei", 0.9, True),
        ("to Taipei on ", "Taipei", 0.89, False),
        ("to Taipei on", "Taipei", 0.9, False),
        ("to Taipei ", "Taipei", 1.0, False),
        ("到台北明天早", "台北", 0.8, True),
        ("到台北明天", "台北", 0.8, False),
        ("到台北明", "台北", 0.97, True),
        ("到台北明", "台北", 0.96, False),
        ("到台北on Monday ", "台北", 0.9, True),
    ],
)
def test_a_slot_is_settled_when_sure_and_followed(
    text: str, value: str, confidence: float, stays: bool
) -> None:
    assert settled(text, value, confidence) is stays


def test_rules_are_figures_of_a_manifest() -> None:
    assert rules_of(metrics_of(RULES)) == RULES
    assert rules_of({"dev_slot_f1": 97.0}) == CAUTIOUS


def test_a_last_word_of_a_cut_text_is_not_whole() -> None:
    text = "ไป เชียงใหม่"
    whole = [word.text for word in whole_words(text, tokenize(text, cut=True))]
    assert whole == ["ไป"]
    whole = [word.text for word in whole_words(f"{text} ", tokenize(f"{text} ", cut=True))]
    assert whole == ["ไป", "เชียงใหม่"]
