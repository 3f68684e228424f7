"""The word that decides a slot, in sentences where it is plain."""

from training.corpora.utterances import Utterance
from training.studies.cue_distance import CuedSlot, cued_slots


def utterance(text: str) -> Utterance:
    """`rome/to` is a word that fills the slot `to`."""
    words = [word.partition("/") for word in text.split()]
    return Utterance(
        tuple(word for word, _, _ in words),
        tuple(f"B-{slot}" if slot else "O" for _, _, slot in words),
    )


def distances(train: list[str], dev: str) -> list[int]:
    decided = cued_slots([utterance(text) for text in train * 5], [utterance(dev)])
    return [slot.distance for slot in decided]


ROUTES = [
    "please go to rome/to",
    "please go from rome/from",
    "please go from oslo/from to rome/to",
    "please go to oslo/to from rome/from",
]


def test_the_word_before_decides() -> None:
    assert distances(ROUTES, "go to rome/to") == [1]
    assert distances(ROUTES, "i go from here rome/from") == [2]


def test_a_word_that_is_before_all_of_them_decides_nothing() -> None:
    assert distances(ROUTES, "please go rome/to") == []


def test_no_word_before_another_of_the_rivals_decides() -> None:
    assert distances(ROUTES, "to oslo/to rome/from") == [1]


def test_the_deciding_word_may_stand_before_other_slots() -> None:
    train = ["arriving on monday/day at noon/arrival", "leaving on monday/day at noon/departure"]
    decided = cued_slots(
        [utterance(text) for text in train * 5],
        [utterance("arriving on friday/day at noon/arrival")],
    )
    assert [(slot.span.name, slot.distance) for slot in decided] == [("arrival", 4)]


def test_a_value_of_one_slot_alone_decides_itself() -> None:
    assert distances([*ROUTES, "go on monday/day"], "go to monday/day") == []


def test_a_value_that_training_never_saw_in_the_slot_is_left_out() -> None:
    assert distances([*ROUTES, "to paris/to", "at paris/hotel"], "from paris/from") == []


def test_slots_are_told_with_their_sentence_and_span() -> None:
    dev = [utterance("thanks"), utterance("now to rome/to")]
    (found,) = cued_slots([utterance(text) for text in ROUTES * 5], dev)
    assert isinstance(found, CuedSlot)
    assert (found.sentence, found.span.start, found.span.end) == (1, 2, 3)
