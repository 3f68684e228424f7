"""What is kept out of training."""

from collections import Counter
from dataclasses import replace

import pytest

from training.corpora.holdout import hold_out, values_in, without_held_out
from training.corpora.utterances import Utterance, utterance_from_spans
from training.corpora.value_lists import ValueList
from training.errors import CorpusError, ExperimentError
from training.experiment import Holdout

CITIES = [f"city{number}" for number in range(60)]


def sentence(city: str, slot: str = "to", intent: str = "fly", more: str = "") -> Utterance:
    text = f"{slot} {city}{more}"
    start = len(slot) + 1
    return utterance_from_spans(text, [(start, start + len(city), slot)], intent)[0]


TRAIN = [sentence(city, slot) for slot in ("to", "from") for city in CITIES for _ in range(3)]
DEV = [sentence(city, more=" now") for city in CITIES[:10]]


def values(utterances: list[Utterance]) -> set[tuple[str, ...]]:
    return {value for each in utterances for value in values_in(each)}


def test_values_leave_with_all_their_sentences_whatever_slot_they_fill() -> None:
    train, dev, held = hold_out(Holdout("values", share=0.2), TRAIN, DEV)
    assert not values(train) & values(held)
    assert values(train) | values(held) == values(TRAIN)
    assert Counter(train) + Counter(held) == Counter(TRAIN)
    assert dev == DEV
    assert 0.1 * len(TRAIN) < len(held) <= 0.2 * len(TRAIN)


def test_values_that_are_held_out_leave_the_lists_of_training_too() -> None:
    train = [sentence(city) for city in ("Oslo", "Rio")]
    held = [sentence(city) for city in ("Rio", "St. John's", "new york")]
    cities = ValueList(("to",), ("Oslo", "Rio", "St John’s", "New-York", "York"))
    gone = ValueList(("to", "from"), ("New York",))
    assert without_held_out([cities, gone], train, held) == (
        ValueList(("to",), ("Oslo", "Rio", "York")),
    )


def test_the_seed_chooses_and_the_order_of_the_corpus_does_not() -> None:
    _, _, held = hold_out(Holdout("values", 1), TRAIN, DEV)
    _, _, again = hold_out(Holdout("values", 1), TRAIN[::-1], [])
    assert values(again) == values(held)
    _, _, other = hold_out(Holdout("values", 2), TRAIN, DEV)
    assert values(other) != values(held)


def test_half_of_each_slot_and_intent_stays() -> None:
    rare = [sentence(f"seat{number}", "seat", "upgrade") for number in range(4)]
    for seed in range(5):
        train, _, _ = hold_out(Holdout("values", seed, share=0.9), [*TRAIN, *rare], [])
        assert sum(each.intent == "upgrade" for each in train) >= 2
        assert 2 * sum(each.tokens[0] == "to" for each in train) >= len(TRAIN) / 2


def test_frequent_values_are_held_out_last() -> None:
    often = [sentence("home") for _ in range(40)]
    rare = [sentence(f"village{number}") for number in range(100)]
    for seed in range(5):
        _, _, held = hold_out(Holdout("values", seed), [*TRAIN, *often, *rare], [])
        assert values(held) <= values(rare)


def test_sentences_that_are_repeated_are_held_out_once() -> None:
    train, _, held = hold_out(Holdout("values"), TRAIN * 2, DEV)
    once_train, _, once = hold_out(Holdout("values"), TRAIN, DEV)
    assert held == once
    assert train == once_train * 2


def test_of_a_small_corpus_one_value_is_held_out() -> None:
    small = [sentence(city) for city in ("rome", "oslo", "bern", "bern")] * 2
    small = [replace(each) for each in small]  # each sentence is one of its own
    _, _, held = hold_out(Holdout("values"), small, [])
    assert len(values(held)) == 1
    assert len(held) == 2


def test_a_corpus_that_cannot_spare_a_value_is_refused() -> None:
    with pytest.raises(CorpusError, match="trained on whole"):
        hold_out(Holdout("values"), [sentence("rome")], [])


def test_every_sentence_is_in_one_fold() -> None:
    folds = [hold_out(Holdout("fold", 1, fold=fold), TRAIN, DEV) for fold in range(1, 6)]
    held = sum((Counter(part) for _, _, part in folds), Counter())
    assert held == Counter([*TRAIN, *DEV])
    for train, dev, part in folds:
        assert dev == []
        assert Counter(train) + Counter(part) == held
        # What is word for word the same is never both learnt and asked.
        assert not {each.tokens for each in train} & {each.tokens for each in part}
        assert abs(len(part) - held.total() / 5) < 20
    other = hold_out(Holdout("fold", 2, fold=1), TRAIN, DEV)
    assert other[2] != folds[0][2]


def test_each_intent_is_in_every_fold() -> None:
    rare = [sentence(city, "seat", "upgrade") for city in CITIES[:5]]
    for fold in range(1, 6):
        _, _, held = hold_out(Holdout("fold", fold=fold), [*TRAIN, *rare], DEV)
        assert sum(each.intent == "upgrade" for each in held) == 1


@pytest.mark.parametrize(("fold", "folds"), [(3, 2), (1, 1)])
def test_a_fold_that_is_not_there_is_refused(fold: int, folds: int) -> None:
    with pytest.raises(ExperimentError, match=f"no fold {fold} of {folds}"):
        hold_out(Holdout("fold", fold=fold, folds=folds), TRAIN, DEV)


def test_too_few_sentences_make_no_folds() -> None:
    with pytest.raises(CorpusError, match="expected 5 sentences that differ"):
        hold_out(Holdout("fold"), [sentence("rome")] * 9, [])
