"""What people type."""

from collections.abc import Sequence

import numpy as np
import pytest

from app.tagging.slots import read_spans
from training.noise import CHANGES, KEYBOARD, SHORT, hurried, with_noise
from training.utterances import Utterance


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SENTENCE = Utterance(
    words("please show flights from new york to boston monday"),
    words("O O O O B-from I-from O B-to B-day"),
    "flight",
    "the text",
)
MANY = [SENTENCE] * 400


def values(utterance: Utterance) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (span.name, utterance.tokens[span.start : span.end]) for span in read_spans(utterance.tags)
    ]


def distance(one: str, other: str) -> int:
    """The least number of letters left out, put in, replaced or swapped with the next."""
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, wanted in enumerate(other, 1):
            best = min(rows[-1][to] + 1, row[-1] + 1, rows[-1][to - 1] + (letter != wanted))
            if at > 1 < to and letter == other[to - 2] and one[at - 2] == wanted:
                best = min(best, rows[-2][to - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@pytest.mark.parametrize("kind", CHANGES)
def test_the_same_seed_makes_the_same_noise(kind: str) -> None:
    assert with_noise(MANY, kind, seed=1) == with_noise(MANY, kind, seed=1)


@pytest.mark.parametrize("kind", CHANGES)
def test_slots_keep_names_and_numbers_and_intents_stay(kind: str) -> None:
    for noisy in with_noise(MANY, kind):
        assert [name for name, _ in values(noisy)] == ["from", "to", "day"]
        assert [len(value) for _, value in values(noisy)] == [2, 1, 1]
        assert (noisy.intent, noisy.text) == ("flight", None)
        assert noisy.tokens != SENTENCE.tokens or kind == "typos"


@pytest.mark.parametrize("kind", ["typos", "punctuation"])
def test_another_seed_makes_other_noise(kind: str) -> None:
    assert with_noise(MANY, kind, seed=1) != with_noise(MANY, kind, seed=2)


def test_one_long_word_in_five_has_one_typo() -> None:
    mistyped = [
        (token, typed)
        for noisy in with_noise(MANY, "typos")
        for token, typed in zip(SENTENCE.tokens, noisy.tokens, strict=True)
        if token != typed
    ]
    long = [token for token in SENTENCE.tokens if len(token) > 3]
    assert 0.17 < len(mistyped) / (len(long) * len(MANY)) < 0.23
    assert {token for token, _ in mistyped} == set(long)
    assert all(distance(token, typed) == 1 for token, typed in mistyped)
    # Shorter, longer, and as long with the same letters or with others.
    assert {len(typed) - len(token) for token, typed in mistyped} == {-1, 0, 1}
    as_long = [pair for pair in mistyped if len(pair[0]) == len(pair[1])]
    assert {sorted(token) == sorted(typed) for token, typed in as_long} == {True, False}


def test_a_wrong_key_is_one_beside_the_right() -> None:
    for noisy in with_noise(MANY, "typos"):
        for token, typed in zip(SENTENCE.tokens, noisy.tokens, strict=True):
            if len(token) == len(typed) and sorted(token) != sorted(typed):
                [(right, wrong)] = [(a, b) for a, b in zip(token, typed, strict=True) if a != b]
                assert any(right + wrong in row or wrong + right in row for row in KEYBOARD)


def test_letters_that_are_on_no_key_stay() -> None:
    russian = Utterance(("привет",) * 1000, ("O",) * 1000)
    [noisy] = with_noise([russian], "typos")
    assert set("".join(noisy.tokens)) == set("привет")
    assert 115 < sum(token != "привет" for token in noisy.tokens) < 185


@pytest.mark.parametrize("text", ["a big cat", "2:30 747s", ""])
def test_short_words_and_numbers_have_no_typos(text: str) -> None:
    utterances = [Utterance(words(text), ("O",) * len(words(text)))] * 200
    assert [noisy.tokens for noisy in with_noise(utterances, "typos")] == [
        each.tokens for each in utterances
    ]


def test_capitals_are_all_of_them() -> None:
    [noisy] = with_noise([SENTENCE], "capitals")
    assert noisy.tokens == words("PLEASE SHOW FLIGHTS FROM NEW YORK TO BOSTON MONDAY")
    assert noisy.tags == SENTENCE.tags


def marks(sentences: Sequence[Utterance]) -> dict[str, set[str]]:
    """The words that a mark follows, whether it stands apart or not."""
    found: dict[str, set[str]] = {}
    for sentence in sentences:
        for at, token in enumerate(sentence.tokens):
            if token in ",.?!":
                found.setdefault(token, set()).add(sentence.tokens[at - 1])
            elif not token.isalnum():
                found.setdefault(token[-1], set()).add(token[:-1])
    return found


def test_marks_end_sentences_and_commas_stand_around_slots() -> None:
    noisy = with_noise(MANY, "punctuation")
    assert marks(noisy) == {
        ",": {"from", "york", "to", "boston"},
        ".": {"monday"},
        "?": {"monday"},
        "!": {"monday"},
    }
    apart = [each for each in noisy if len(each.tokens) > len(SENTENCE.tokens)]
    assert 150 < len(apart) < 250
    assert all(values(each) == values(SENTENCE) for each in apart)


def test_what_has_marks_gets_no_more() -> None:
    punctuated = Utterance(("to", "boston", ",", "please", "."), ("O", "B-to", "O", "O", "O"))
    for noisy in with_noise([punctuated] * 50, "punctuation"):
        joined = "".join(noisy.tokens)
        assert joined.endswith("please.")
        assert set(joined) <= set("toboston,please.")
    [nothing] = with_noise([Utterance((), ())], "punctuation")
    assert nothing.tokens == ()


def test_words_are_cut_as_in_messages() -> None:
    [noisy] = with_noise([SENTENCE], "abbreviations")
    assert noisy.tokens == words("pls show flts from new york to boston mon")
    assert noisy.tags == SENTENCE.tags


def test_what_is_cut_is_shorter_and_written_once() -> None:
    assert all(len(short) < len(word) for word, short in SHORT.items())
    assert all(word == word.lower() for word in SHORT)


def test_the_seed_is_one_for_all_utterances() -> None:
    # Else every sentence of a corpus would have its typos in the same places.
    assert len({each.tokens for each in with_noise(MANY, "typos")}) > 50


def typed(word: str, times: int = 4000) -> list[str]:
    """What training makes of the word, again and again."""
    random = np.random.default_rng(0)
    return [hurried(word, random) for _ in range(times)]


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
