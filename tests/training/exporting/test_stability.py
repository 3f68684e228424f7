"""When a slot of an unfinished sentence is settled, found on dev."""

import shutil
from pathlib import Path

from app.tagging.bundle import SIGNATURE, open_bundle
from app.tagging.slots import Slot
from app.tagging.stability import CAUTIOUS, Rule, Rules, rules_of
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import Token, tokenize
from training.exporting.stability import (
    MOST_WORDS,
    NEVER,
    Replay,
    StabilityStats,
    evaluate_rules,
    find_rules,
    replay,
    settle,
)

EAGER = Rules((Rule(0.5, 1),), (Rule(0.5, 1),))


def spoken(text: str, *answers: list[Slot]) -> Replay:
    """A sentence that was answered so after each of its words."""
    words = tokenize(text)
    partials = [(slots, words[: count + 1]) for count, slots in enumerate(answers)]
    return Replay(partials, words)


def slot(start: int, end: int, confidence: float) -> Slot:
    return Slot("city", "", start, end, confidence)


STAYS = spoken("to York now please", [], *[[slot(3, 7, 0.96)]] * 3)
CHANGES = spoken(
    "to New York please now",
    [],
    [slot(3, 6, 0.6)],
    *[[slot(3, 6, 0.6)], [slot(3, 11, 0.6)]],
    [slot(3, 11, 0.99)],
)


def test_what_a_rule_settles_changes_and_delays_is_counted() -> None:
    assert evaluate_rules([STAYS], EAGER) == StabilityStats(
        settled=1, changed=0, slots=1, early=1, delay=1
    )
    assert evaluate_rules([CHANGES], EAGER) == StabilityStats(
        settled=2, changed=1, slots=1, early=1, delay=1
    )
    assert evaluate_rules([CHANGES], CAUTIOUS) == StabilityStats(
        settled=0, changed=0, slots=1, early=0, delay=2
    )
    assert evaluate_rules([STAYS, CHANGES], EAGER).change_rate == 1 / 3
    assert "1 of 3" in str(evaluate_rules([STAYS, CHANGES], EAGER))


def test_the_soonest_rule_that_hardly_fails_is_found() -> None:
    assert find_rules([STAYS] * 300).words == (Rule(0.5, 1),)
    found = find_rules([STAYS] * 300 + [CHANGES] * 30).words
    assert found == (Rule(0.8, 1),)


def test_too_little_says_nothing_and_what_fails_is_never_believed() -> None:
    assert find_rules([STAYS] * 20) == CAUTIOUS
    sure = slot(3, 7, 0.995)
    fails = spoken("to York or so I think", [], *[[sure]] * 4, [])
    assert find_rules([fails] * 300).words == (NEVER,)


def test_one_of_a_hundred_may_change_where_no_rule_does_better() -> None:
    sure = slot(3, 7, 0.999)
    fails = spoken("to York or so I think", [], *[[sure]] * 4, [])
    # 2 of 400 with the next; 3 of 400, and 4 of 300.
    assert find_rules([STAYS] * 399 + [fails]).words == (Rule(0.5, 1),)
    assert find_rules([STAYS] * 398 + [fails] * 2).words == (Rule(0.5, 1),)
    assert find_rules([STAYS] * 297 + [fails] * 3).words == (NEVER,)


def test_what_a_grammar_makes_is_believed_unless_people_speak_otherwise() -> None:
    sure = slot(3, 7, 0.999)
    other = spoken("to York or so I think", [], *[[sure]] * 4, [])
    assert find_rules([STAYS], [STAYS] * 300).words == (Rule(0.5, 1),)
    # One of 501 is few enough, but not the only one of all that were not made.
    assert find_rules([], [STAYS] * 500 + [other]).words == (Rule(0.5, 1),)
    assert find_rules([other], [STAYS] * 500).words == (NEVER,)


def test_the_surer_a_slot_is_the_sooner_it_settles() -> None:
    sure = spoken("to York now please", [], *[[slot(3, 7, 0.99)]] * 3)
    unsure = spoken("to York now please do", [], *[[slot(3, 7, 0.6)]] * 4)
    wrong = spoken("to York now please do", [], *[[slot(3, 7, 0.6)]] * 2, [], [])
    found = find_rules([sure, unsure] * 300 + [wrong] * 60)
    assert found.words == (Rule(0.8, 1), Rule(0.5, 2))
    stats = evaluate_rules([sure, unsure, wrong], found)
    assert (stats.settled, stats.changed, stats.early) == (2, 0, 2)


def test_characters_have_a_rule_of_their_own() -> None:
    chinese = spoken("到台北明天", [], [], *[[slot(1, 3, 0.96)]] * 3)
    assert find_rules([chinese] * 300) == Rules(CAUTIOUS.words, (Rule(0.5, 1),))


def test_a_text_is_replayed_word_by_word(toy_bundle: Path) -> None:
    [found] = replay(Tagger(open_bundle(toy_bundle)), ["leave New York now."])
    assert [len(words) for _, words in found.partials] == [1, 2, 3, 4]
    assert found.words[-1] == Token("now", 15, 18)


def test_what_is_found_is_written_into_the_manifest(toy_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    shutil.copytree(toy_bundle, folder)
    (folder / SIGNATURE).write_text("of before")
    texts = ["leave Taipei now please"] * 500
    before = open_bundle(folder).manifest
    stats = settle(folder, texts)
    after = open_bundle(folder).manifest
    assert after.version == before.version
    assert before.metrics.items() <= after.metrics.items()
    assert after.metrics["dev_stability_changed"] == round(100 * stats.change_rate, 2)
    assert [rule.following for rule in rules_of(after.metrics).words] == [1]
    assert not (folder / SIGNATURE).exists()


def test_what_nobody_says_at_once_is_not_replayed(toy_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    shutil.copytree(toy_bundle, folder)
    short = "leave Taipei now"
    long = f"leave Taipei{' now' * (MOST_WORDS - 1)}"
    assert settle(folder, [short, long]) == settle(folder, [short])
    assert settle(folder, [long]) == StabilityStats()
    assert rules_of(open_bundle(folder).manifest.metrics) == CAUTIOUS
