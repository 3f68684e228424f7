"""Sentences typed in a hurry."""

import numpy as np
import pytest

from app.tagging.features import CAPITAL
from tests.training.evaluation.test_robustness import distance
from tests.training.fitting.test_batches import random
from training.augmentation.typing_noise import typo, with_typos
from training.corpora.sentences import Sentence


def test_typing_in_a_hurry_changes_words_and_no_tag() -> None:
    sentence = Sentence(("arrive", "in", "2", "hours") * 50, ("O", "O", "B-time", "I-time") * 50, 3)
    found = with_typos(sentence, random())
    assert (found.tags, found.intent) == (sentence.tags, 3)
    changed = [a for a, b in zip(sentence.words, found.words, strict=True) if a != b]
    assert set(changed) == {"arrive", "hours"}


def test_a_capital_stays_when_its_word_is_mistyped() -> None:
    sentence = Sentence((CAPITAL + "paris",) * 100, ("O",) * 100, 0)
    found = set(with_typos(sentence, random()).words)
    assert len(found) > 5
    assert all(word.startswith(CAPITAL) for word in found)


def typed(word: str, times: int = 4000) -> list[str]:
    """What training makes of the word, again and again."""
    random = np.random.default_rng(0)
    return [typo(word, random) for _ in range(times)]


def test_training_mistypes_one_word_in_ten_and_cuts_one_in_twenty() -> None:
    made = typed("playlist")
    cut = {"pla", "play", "plylst"}
    assert 0.04 < sum(each in cut for each in made) / len(made) < 0.06
    slips = [each for each in made if each not in {*cut, "playlist"}]
    assert 0.08 < len(slips) / len(made) < 0.12
    assert all(distance("playlist", each) == 1 for each in slips)
    assert set(made) > cut


def test_training_leaves_out_and_doubles_and_swaps_and_strikes_another_key_or_one_more() -> None:
    assert {"arist", "aartist", "atrist", "attist", "artiost"} < set(typed("artist"))


def test_a_hurried_word_stays_one_word() -> None:
    for word in ("flight", "привет", "zoë", "eau"):
        assert all(each.isalpha() for each in typed(word))


@pytest.mark.parametrize("word", ["to", "747", "o'clock", "台"])
def test_in_a_hurry_short_words_and_numbers_stay(word: str) -> None:
    assert set(typed(word, 500)) == {word}
