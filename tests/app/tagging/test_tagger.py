"""The toy bundle at work."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.bundle import Example, open_bundle
from app.tagging.errors import BundleInvalidError
from app.tagging.features import CUT
from app.tagging.slots import Slot
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import tokenize
from tests.app.tagging.bundles import with_contents

BUNDLE = open_bundle(Path(__file__).parents[2] / "toy_bundle")
TAGGER = Tagger(BUNDLE)


def named(slots: list[Slot]) -> dict[str, str]:
    return {slot.name: slot.value for slot in slots}


def test_a_text_is_answered_with_its_slots() -> None:
    (tagging,) = TAGGER.tag_texts(["Arrive NEW York, tomorrow!"])
    assert named(tagging.slots) == {"destination": "NEW York", "time_of_departure": "tomorrow"}
    assert [(slot.start, slot.end) for slot in tagging.slots] == [(7, 15), (17, 25)]
    assert all(0 < slot.confidence <= 1 for slot in tagging.slots)


def test_values_in_pairs_of_their_own_are_slots_of_their_own() -> None:
    text = "arrive “New York”“Taipei” tomorrow"
    (tagging,) = TAGGER.tag_texts([text])
    assert all(text[slot.start : slot.end] == slot.value for slot in tagging.slots)
    assert not any("“" in slot.value for slot in tagging.slots)
    assert [tag for tag in tagging.tags if tag.startswith("B-")] == [
        f"B-{slot.name}" for slot in tagging.slots
    ]
    assert "New York" in {slot.value for slot in tagging.slots}


def test_each_token_has_a_tag_a_confidence_and_a_distribution() -> None:
    (tagging,) = TAGGER.tag_texts(["leave Taipei"])
    assert tagging.tags == ["O", "B-place_of_departure"]
    assert tagging.distributions.shape == (2, 5)
    np.testing.assert_allclose(tagging.distributions.sum(axis=1), 1.0)
    assert tagging.confidences[1] == pytest.approx(tagging.distributions[1, 2], abs=0.01)


def test_offsets_of_given_tokens_count_tokens() -> None:
    (tagging,) = TAGGER.tag_tokens([["to", "New", "York", ""]])
    (slot,) = tagging.slots
    assert (slot.value, slot.start, slot.end) == ("New York", 1, 3)
    assert [(token.text, token.start, token.end) for token in tagging.tokens] == [
        ("to", 0, 1),
        ("New", 1, 2),
        ("York", 2, 3),
        ("", 3, 4),
    ]


def test_a_given_token_of_several_words_has_the_tag_of_the_first() -> None:
    (tagging,) = TAGGER.tag_tokens([["from", "taipei's", "台北"]])
    assert tagging.tags == ["O", "B-place_of_departure", "B-destination"]


def test_marks_around_a_value_are_no_part_of_it_and_those_around_a_part_are() -> None:
    (tagging,) = TAGGER.tag_texts(["to “New York”"])
    assert named(tagging.slots) == {"destination": "New York"}
    assert tagging.tags == ["O", "O", "B-destination", "I-destination", "O"]
    (tagging,) = TAGGER.tag_texts(["to New (York)"])
    assert named(tagging.slots) == {"destination": "New (York)"}
    assert tagging.tags == ["O", "B-destination", *["I-destination"] * 3]
    new, _, york, closing = tagging.confidences[1:]
    assert closing == york
    (tagging,) = TAGGER.tag_texts(["to (New) York"])
    assert named(tagging.slots) == {"destination": "(New) York"}
    assert tagging.tags == ["O", "B-destination", *["I-destination"] * 3]
    assert tagging.confidences[1:3] == [new, new]


def test_a_text_has_the_tokens_that_the_bundle_learnt_to_read() -> None:
    text = "ไป เชียงใหม่ 台北"
    cut = Tagger(with_contents(BUNDLE, trigrams=[CUT]))
    for tagger, tokens in ((TAGGER, 11), (cut, 4)):
        [tagging] = tagger.tag_texts([text])
        assert tagging.tokens == tokenize(text, cut=tagger.cut)
        assert tagging.size == len(tagging.tags) == len(tagging.tokens) == tokens


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_a_text_without_a_word_fills_nothing(text: str) -> None:
    (tagging,) = TAGGER.tag_texts([text])
    assert (tagging.tokens, tagging.slots) == ([], [])
    assert tagging.distributions.shape == (0, 5)


def test_punctuation_that_is_not_read_belongs_to_the_slot_around_it() -> None:
    deaf = Tagger(replace(BUNDLE, manifest=replace(BUNDLE.manifest, punctuation="ignored")))
    (tagging,) = deaf.tag_texts(["to New-York, !"])
    assert named(tagging.slots) == {"destination": "New-York"}
    assert tagging.tags == ["O", "B-destination", "I-destination", "I-destination", "O", "O"]
    np.testing.assert_allclose(tagging.distributions.sum(axis=1), 1.0)
    (tagging,) = deaf.tag_texts(["?!"])
    assert (tagging.tags, tagging.slots) == (["O", "O"], [])


@given(st.lists(st.text(st.sampled_from("to taipei new york 台北,")), max_size=70))
def test_an_answer_does_not_depend_on_the_rest_of_the_batch(texts: list[str]) -> None:
    together = TAGGER.tag_texts(texts)
    for text, tagging in zip(texts, together, strict=True):
        (alone,) = TAGGER.tag_texts([text])
        assert named(alone.slots) == named(tagging.slots)
        np.testing.assert_allclose(alone.distributions, tagging.distributions, atol=1e-5)


@given(st.text())
def test_a_slot_is_always_a_stretch_of_the_text(text: str) -> None:
    (tagging,) = TAGGER.tag_texts([f"to {text} taipei"])
    for slot in tagging.slots:
        assert f"to {text} taipei"[slot.start : slot.end] == slot.value


def test_the_graph_is_asked_for_the_scores_of_one_sentence() -> None:
    assert TAGGER.scores(["thank", "you"]).tolist() == [[8.0] + [0.0] * 8] * 2


def test_there_are_no_scores_of_no_words() -> None:
    assert TAGGER.scores([" "]).shape == (0, 9)


def test_a_graph_that_gives_other_scores_is_refused() -> None:
    example = BUNDLE.contents.examples[0]
    scores = [[score + 0.1 for score in row] for row in example.scores]
    bundle = with_contents(BUNDLE, examples=[Example(example.tokens, example.tags, scores)])
    with pytest.raises(BundleInvalidError, match=r"off by 0\.1 on CPUExecutionProvider"):
        Tagger(bundle)


def test_a_graph_with_other_tags_is_refused() -> None:
    example = BUNDLE.contents.examples[0]
    scores = [row[:3] for row in example.scores]
    bundle = with_contents(BUNDLE, examples=[Example(example.tokens, example.tags, scores)])
    with pytest.raises(BundleInvalidError, match="shape"):
        Tagger(bundle)


def test_a_graph_without_the_intents_that_are_named_is_refused() -> None:
    with pytest.raises(BundleInvalidError, match="scores of 6 intents, not 1"):
        Tagger(with_contents(BUNDLE, intents=["greet"]))


@pytest.mark.parametrize("slots", [["destination"], [*BUNDLE.contents.slots, "seat"]])
def test_a_graph_that_scores_other_tags_than_those_of_the_slots_is_refused(
    slots: list[str],
) -> None:
    with pytest.raises(
        BundleInvalidError, match=rf"gives scores of 9 tags, not {1 + 2 * len(slots)}"
    ):
        Tagger(with_contents(BUNDLE, slots=slots))


@pytest.mark.parametrize("examples", [[], [Example([], [], [])], [Example([" "], ["O"], [])]])
def test_a_bundle_that_nothing_can_prove_is_refused(examples: list[Example]) -> None:
    with pytest.raises(BundleInvalidError, match="no verification example of a word"):
        Tagger(with_contents(BUNDLE, examples=examples))


def test_a_graph_that_knows_fewer_words_than_its_bundle_is_refused(
    capfd: pytest.CaptureFixture[str],
) -> None:
    words = [*BUNDLE.contents.words, "zanzibar"]
    with pytest.raises(BundleInvalidError, match=r"cannot be computed: .* out of"):
        Tagger(with_contents(BUNDLE, words=words))
    assert not capfd.readouterr().err, "onnxruntime would write past the log"


def test_scores_that_are_no_table_are_refused() -> None:
    example = BUNDLE.contents.examples[0]
    ragged = [example.scores[0][:3], *example.scores[1:]]
    bundle = with_contents(BUNDLE, examples=[Example(example.tokens, example.tags, ragged)])
    with pytest.raises(BundleInvalidError, match="verification examples cannot be computed"):
        Tagger(bundle)


@pytest.mark.parametrize("of", ["tags", "intents"])
def test_probabilities_that_are_not_the_softmax_of_the_scores_are_refused(of: str) -> None:
    before, softmax, after = BUNDLE.contents.graph.partition(b"Softmax")
    if of == "intents":
        before, softmax, after = BUNDLE.contents.graph.rpartition(b"Softmax")
    assert softmax
    with pytest.raises(BundleInvalidError, match="probabilities that are not the softmax"):
        Tagger(with_contents(BUNDLE, graph=before + b"Hardmax" + after))


def test_the_five_likeliest_intents_are_ranked_with_their_probabilities() -> None:
    one, other = TAGGER.tag_texts(["leave Taipei", "?"])
    assert [name for name, _ in one.intents[:2]] == ["leave", "arrive#leave"]
    shares = [share for _, share in one.intents]
    assert shares == sorted(shares, reverse=True)
    # Of six; the one that is left out is as likely as the fifth.
    assert sum(shares) + shares[4] == pytest.approx(1.0)
    assert [share for _, share in other.intents] == pytest.approx([1 / 6] * 5)
    deaf = Tagger(replace(BUNDLE, manifest=replace(BUNDLE.manifest, punctuation="ignored")))
    assert deaf.tag_texts(["?"])[0].intents == []
