"""A corpus of booking dialogues in line with the annotation guide."""

import pytest

from app.tagging.tokenizer import tokenize
from tests.slots import read_slots
from training.corpora.annotation_guide import UNANNOTATED, follow_guide
from training.corpora.splits import Corpus, Utterance, utterance_from_spans

BARE = "bare place, left out"
RETURN = "date of return that nothing ties to returning, now of departure"
LONG = {"to": "destination", "from": "place_of_departure", "on": "time_of_departure"}
LONG |= {"back": "time_of_return", "at": "time_of_departure"}


def annotated(text: str) -> Utterance:
    """The text without its marks: `[to:Paris]` is a destination."""
    plain, spans = "", []
    for number, piece in enumerate(text.replace("]", "[").split("[")):
        if number % 2:
            name, _, value = piece.partition(":")
            spans.append((len(plain), len(plain) + len(value), LONG[name]))
            piece = value
        plain += piece
    return utterance_from_spans(plain, spans, "book")[0]


def guided(*texts: str) -> Corpus:
    return follow_guide(Corpus(tuple(map(annotated, texts)), {"blank line skipped": 2}))


def slots(utterance: Utterance) -> list[tuple[str, str]]:
    assert utterance.text is not None
    found = read_slots(utterance.text, tokenize(utterance.text), utterance.tags)
    return [(slot.name, slot.value) for slot in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Leaving on [on:the 3rd of March]", "3rd of March"),
        ("Leaving on [on:The 3rd]", "3rd"),
        ("Leaving [on:next Monday]", "next Monday"),
        # What is nothing but an article would lose its value with it.
        ("Leaving [on:the]", "the"),
    ],
)
def test_a_value_loses_its_leading_article(text: str, value: str) -> None:
    [utterance] = guided(text).utterances
    assert slots(utterance) == [("time_of_departure", value)]


@pytest.mark.parametrize(
    "text",
    [
        "I want to return [back:on Friday]",
        "We are coming back [back:Friday]",
        "Leaving [on:Monday] until [back:Friday]",
        "ROUND trip, [back:Friday]",
        "the inbound flight is [back:Friday]",
    ],
)
def test_a_date_of_return_that_the_turn_ties_to_returning_stays_one(text: str) -> None:
    corpus = guided(text)
    assert slots(corpus.utterances[0])[-1][0] == "time_of_return"
    assert RETURN not in corpus.warnings


def test_a_date_of_return_that_nothing_ties_to_returning_is_of_departure() -> None:
    corpus = guided("How about [back:Friday], or [on:Sunday]?", "Make it [back:the 5th].")
    assert [slots(utterance) for utterance in corpus.utterances] == [
        [("time_of_departure", "Friday"), ("time_of_departure", "Sunday")],
        [("time_of_departure", "5th")],
    ]
    assert corpus.warnings[RETURN] == 2


def test_a_word_within_a_value_ties_nothing_to_returning() -> None:
    corpus = guided("I would like [back:the end of May]")
    assert slots(corpus.utterances[0]) == [("time_of_departure", "end of May")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("[to:Paris]", False),
        ("[from:Paris], please.", False),
        ("It is [to:Paris].", False),
        ("[to:Paris] [on:tomorrow]", False),
        ("To [to:Paris].", True),
        ("I'm leaving [from:Paris].", True),
        ("I would like [to:Paris] this time.", True),
        ("[on:Tomorrow]", True),
        ("Yes.", True),
    ],
)
def test_a_bare_place_is_left_out(text: str, *, kept: bool) -> None:
    corpus = guided(text)
    assert len(corpus.utterances) == kept
    assert corpus.warnings.get(BARE, 0) == (not kept)


def test_what_dialogues_do_not_annotate_is_named_and_intents_are_forgotten() -> None:
    [utterance] = guided("Two seats to [to:Paris]").utterances
    assert utterance.unannotated == UNANNOTATED
    assert utterance.intent is None


def test_what_was_noticed_before_is_still_counted() -> None:
    assert guided("Yes.").warnings == {"blank line skipped": 2}
    assert guided("[to:Paris]", "[from:Paris]").warnings == {"blank line skipped": 2, BARE: 2}


def test_a_span_that_tags_cannot_spell_stays_missed_under_the_guide() -> None:
    text = "leave the Bostonian station"
    utterance, _ = utterance_from_spans(text, [(6, 16, "place_of_departure")])
    [guided] = follow_guide(Corpus((utterance,))).utterances
    assert guided.tags[:4] == ("O", "O", "B-place_of_departure", "O")
    assert guided.exact_spans == []
    assert [each.value for each in guided.changed] == ["the Boston"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("leave on [on:3 May] at [at:noon] please", ["3 May at noon"]),
        ("leave [on:3 May], [at:noon] please", ["3 May, noon"]),
        ("leave [at:noon] [on:3 May] please", ["noon 3 May"]),
        ("leave on [on:3 May] not before [at:noon]", ["3 May", "noon"]),
        ("leave on [on:3 May] and be [back:home] at [at:noon]", ["3 May", "home", "noon"]),
    ],
)
def test_a_date_and_a_time_next_to_each_other_are_one_value(text: str, values: list[str]) -> None:
    corpus = guided(text)
    assert [value for _, value in slots(corpus.utterances[0])] == values
    joined = int(len(values) == 1)
    assert corpus.warnings.get("date and time that are one value", 0) == joined
