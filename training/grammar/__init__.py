"""
Sentences of the booking domain, made up by rules and annotated, in English and in Chinese.

They follow the annotation guide of the booking bundle.
"""

from collections.abc import Iterator
from random import Random

from training.grammar.chinese import chinese
from training.grammar.english import english
from training.grammar.noise import chinese_noise, english_noise
from training.grammar.scripts import in_traditional
from training.grammar.sentence import Sentence, joined, sentence_of, tidied

__all__ = ["SLOTS", "Sentence", "booking_sentences"]

SLOTS = (
    "carrier",
    "destination",
    "passengers",
    "place_of_departure",
    "seat_class",
    "time_of_arrival",
    "time_of_departure",
    "time_of_return",
)

CHINESE_SHARE = 0.4
TRADITIONAL_SHARE = 0.45
NOTHING_SHARE = 0.17


def booking_sentences(count: int, seed: int) -> Iterator[Sentence]:
    """
    Make up sentences, the same ones for the same seed and the same packages.

    Two in five are Chinese; one in six fills no slot. A longer run begins as a shorter one does.
    """
    random = Random(seed)
    for _ in range(count):
        yield _chinese(random) if random.random() < CHINESE_SHARE else _english(random)


def _rule(random: Random) -> str:
    return "nothing" if random.random() < NOTHING_SHARE else "sentence"


def _english(random: Random) -> Sentence:
    pieces = tidied(joined(english().sentence(_rule(random), random)))
    return sentence_of(english_noise(pieces, random))


def _chinese(random: Random) -> Sentence:
    pieces = tidied(joined(chinese().sentence(_rule(random), random)))
    if random.random() < TRADITIONAL_SHARE:
        pieces = in_traditional(pieces, random)
    return sentence_of(chinese_noise(pieces, random))
