"""Values that training has, apart from others."""

import pytest

from app.tagging.slots import read_spans
from training.corpora.utterances import ChangedSpan, Utterance
from training.evaluation.seen import GROUPS, filling, group_spans, groups_of, values_of

LEARNT = values_of([Utterance(("to", "rome", "at", "5"), ("O", "B-to", "O", "B-at"))])


def counts(utterance: Utterance, predicted: str) -> dict[str, list[int]]:
    """Right, predicted and in gold, of each group that has any."""
    found = group_spans(LEARNT, [utterance], [predicted.split()])
    assert list(found) == list(GROUPS)
    return {group: each[0].tolist() for group, each in found.items() if each.any()}


def test_a_value_is_what_the_networks_read() -> None:
    utterance = Utterance(("to", "New", "ＹＯＲＫ"), ("O", "B-city", "I-city"))
    [span] = read_spans(utterance.tags)
    assert filling(utterance, span) == ("city", ("new", "york"))
    assert values_of([utterance, utterance]) == {("city", ("new", "york"))}


@pytest.mark.parametrize(
    ("value", "groups"),
    [
        (("to", ("rome",)), ("values_seen",)),
        (("from", ("rome",)), ("values_unseen",)),
        (("at", ("5",)), ("values_seen", "numbers_seen")),
        (("at", ("ba", "914")), ("values_unseen", "numbers_unseen")),
        (("at", ("五",)), ("values_unseen", "numbers_unseen")),
    ],
)
def test_a_value_is_seen_in_its_slot_and_a_number_has_a_digit(
    value: tuple[str, tuple[str, ...]], groups: tuple[str, ...]
) -> None:
    assert groups_of(value, LEARNT) == groups


def test_what_is_found_counts_with_the_slot_of_the_corpus_that_it_overlaps() -> None:
    utterance = Utterance(("Rome", "west", "oslo", "x"), ("B-to", "O", "B-to", "O"))
    # Rome west is a wrong edge of a value that training has; x overlaps nothing.
    assert counts(utterance, "B-to I-to B-to B-at") == {
        "values_seen": [0, 1, 1],
        "values_unseen": [1, 2, 1],
    }


def test_spans_that_tags_cannot_spell_are_missed_in_the_group_of_their_text() -> None:
    missed = (ChangedSpan("to", "Rome"), ChangedSpan("at", "7"))
    utterance = Utterance(("go",), ("O",), changed=missed)
    assert counts(utterance, "O") == {
        "values_seen": [0, 0, 1],
        "values_unseen": [0, 0, 1],
        "numbers_unseen": [0, 0, 1],
    }
