"""Sentences with the values of others."""

import numpy as np

from tests.training.fitting.test_batches import SENTENCES
from training.augmentation.value_swap import MentionReplacement
from training.corpora.sentences import Sentence


def test_swapping_gives_a_slot_a_value_of_the_same_slot() -> None:
    swap = MentionReplacement(SENTENCES)
    found = {swap(SENTENCES[1], np.random.default_rng(seed)) for seed in range(20)}
    assert found == {
        SENTENCES[1],
        Sentence(("to", "new", "york", "today"), ("O", "B-city", "I-city", "B-time"), 1),
    }


def test_swapping_keeps_to_the_script_of_a_sentence() -> None:
    han = Sentence(("去", "台", "北"), ("O", "B-city", "I-city"), 0)
    latin = Sentence(("去", "taipei"), ("O", "B-city"), 0)
    swap = MentionReplacement([*SENTENCES, han, latin])
    found = {swap(han, np.random.default_rng(seed)) for seed in range(20)}
    assert found == {han, latin}
    assert {swap(SENTENCES[0], np.random.default_rng(seed)).words[1] for seed in range(20)} == {
        "new",
        "taipei",
    }
