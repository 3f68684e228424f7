"""What people type."""

import pytest

from app.tagging.slots import read_spans
from app.tagging.tokenizer import tokenize
from tests.slots import read_slots
from training.augmentation.typing_noise import KEYBOARD
from training.corpora.utterances import ChangedSpan, Utterance, utterance_from_spans
from training.evaluation.noise_tables import CLIPPED, SHORT, SIGNS
from training.evaluation.robustness import CHANGES, as_text, with_noise


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SENTENCE = Utterance(
    words("please show flights from new york to boston monday"),
    words("O O O O B-from I-from O B-to B-day"),
    "flight",
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
def test_spans_go_with_their_words_and_intents_stay(kind: str) -> None:
    for noisy in with_noise(MANY, kind):
        assert [name for name, _ in values(noisy)] == ["from", "to", "day"]
        assert (noisy.intent, noisy.changed) == ("flight", ())
        assert noisy.text is not None
        assert noisy.tokens == tuple(token.text for token in tokenize(noisy.text))


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


@pytest.mark.parametrize("text", ["a big cat", "2 30 747s", ""])
def test_short_words_and_numbers_have_no_typos(text: str) -> None:
    utterances = [Utterance(words(text), ("O",) * len(words(text)))] * 200
    assert [noisy.tokens for noisy in with_noise(utterances, "typos")] == [
        each.tokens for each in utterances
    ]


def test_capitals_are_all_of_them() -> None:
    [noisy] = with_noise([SENTENCE], "capitals")
    assert noisy.tokens == words("PLEASE SHOW FLIGHTS FROM NEW YORK TO BOSTON MONDAY")
    assert noisy.tags == SENTENCE.tags


def typed_as(kind: str, tokens: str, tags: str, times: int = 300) -> dict[str, set[str]]:
    """Every text that noise makes of a sentence, with the values of its slots there."""
    utterance = Utterance(words(tokens), words(tags))
    found: dict[str, set[str]] = {}
    for noisy in with_noise([utterance] * times, kind):
        assert noisy.text is not None
        tokenized = tokenize(noisy.text)
        slots = read_slots(noisy.text, tokenized, noisy.tags)
        found.setdefault(noisy.text, set()).update(slot.value for slot in slots)
        assert not noisy.changed
    return found


def test_a_mark_ends_sentences_and_commas_follow_values() -> None:
    texts = typed_as("punctuation", "to boston today", "O B-to O")
    assert {text[-1] for text in texts} == set(".?!")
    assert any("boston, today" in text for text in texts)
    assert not any("to," in text for text in texts)


@pytest.mark.parametrize(
    ("tokens", "tags", "typed", "value"),
    [
        ("at 5 pm", "O B-t I-t", "at 5 p.m.", "5 p.m."),
        ("at 5 p m", "O B-t I-t I-t", "at 5 p.m.", "5 p.m."),
        ("to st louis", "O B-c I-c", "to St. louis", "St. louis"),
        ("see dr who", "O B-f I-f", "see Dr. who", "Dr. who"),
        ("i d like rome", "O O O B-c", "i'd like rome", "rome"),
        ("that s rome", "O O B-c", "that's rome", "rome"),
        ("add john s song", "O B-a O O", "add john s song", "john"),
        ("add robin s", "O B-a I-a", "add robin's", "robin's"),
        ("whats rome", "O B-c", "what's rome", "rome"),
        ("round trip", "B-r I-r", "round-trip", "round-trip"),
        ("on twenty first", "O B-d I-d", "on twenty-first", "twenty-first"),
        ("at 5 30", "O B-t I-t", "at 5:30", "5:30"),
        ("at 530 pm", "O B-x I-x", "at 5:30 pm", "5:30 pm"),
        ("at 1110", "O B-time", "at 11:10", "11:10"),
        ("give 4 point 5", "O B-r I-r I-r", "give 4.5", "4.5"),
        ("under 1000 dollars", "O B-m I-m", "under $1,000", "$1,000"),
        ("in rome", "O B-c", "in “rome”", "rome"),
        ("in rome", "O B-c", 'in "rome"', "rome"),
        ("in rome", "O B-c", "in (rome)", "rome"),
        ("in new york", "O B-c I-c", "in *new york*", "new york"),
        ("到 台 北", "O B-c I-c", "到 「台 北」", "台 北"),
    ],
)
def test_punctuation_is_what_people_type_and_values_are_found_in_it(
    tokens: str, tags: str, typed: str, value: str
) -> None:
    texts = typed_as("punctuation", tokens, tags)
    ended = {text: found for text, found in texts.items() if text.startswith(typed)}
    assert any(text[len(typed) :] in {"", *".?!。？！"} for text in ended)
    assert all(found == {value} for text, found in ended.items() if len(text) <= len(typed) + 1)


@pytest.mark.parametrize(
    ("tokens", "tags", "never"),
    [
        ("i am here", "O O O", "a.m."),
        ("flight 530", "O B-number", "5:30"),
        ("five 30", "B-a B-b", ":"),
        ("at 5 99", "O B-t I-t", ":"),
        ("from round trip", "O B-a B-b", "-"),
    ],
)
def test_marks_are_not_set_where_they_mean_something_else(
    tokens: str, tags: str, never: str
) -> None:
    assert not any(never in text for text in typed_as("punctuation", tokens, tags))


def test_what_has_marks_gets_no_more() -> None:
    punctuated = Utterance(("to", "boston", ",", "please", "?"), ("O", "O", "O", "O", "O"))
    for noisy in with_noise([punctuated] * 50, "punctuation"):
        assert noisy.tokens == punctuated.tokens
    [nothing] = with_noise([Utterance((), ())], "punctuation")
    assert nothing.tokens == ()


def test_an_abbreviation_at_the_end_has_one_point() -> None:
    texts = typed_as("punctuation", "at 5 pm", "O B-t I-t")
    assert "at 5 p.m." in texts
    assert not any(".." in text for text in texts)


def test_running_text_keeps_its_blanks_and_its_apostrophes() -> None:
    utterance, _ = utterance_from_spans("I'd  go to Rome, now", [(11, 15, "city")])
    assert as_text(utterance) is utterance
    texts = {noisy.text for noisy in with_noise([utterance] * 50, "habits")}
    assert {"Id  go 2o Rome, now", "Id  go to Rome, now"} <= texts


def test_habits_are_signs_clipped_joined_and_split_words() -> None:
    texts = typed_as("habits", "fly to new york saturday morning don't", "O O B-c I-c B-d O O", 900)
    assert {"2o", "mornng", "dont"} <= {word for text in texts for word in text.split()}
    assert not any("don't" in text for text in texts)
    values_found = set().union(*texts.values())
    assert {"new york", "newyork", "saturday", "sat urday"} <= values_found
    # Words of two slots, or of one and none, stay two.
    assert not any("yorksat" in text or "tonew" in text for text in texts)


def test_what_could_not_be_spelt_before_stays_missed() -> None:
    utterance, _ = utterance_from_spans("to Rome", [(4, 7, "city")])
    for kind in CHANGES:
        [noisy] = with_noise([utterance], kind)
        assert noisy.changed == (ChangedSpan("city", "ome"),)
        assert noisy.exact_spans == []


def test_words_are_cut_as_in_messages() -> None:
    [noisy] = with_noise([SENTENCE], "abbreviations")
    assert noisy.tokens == words("plse show flgths from new york to boston mo")
    assert noisy.tags == SENTENCE.tags


def test_what_is_cut_is_no_longer_and_written_once() -> None:
    for table in (SHORT, SIGNS, CLIPPED):
        assert all(len(short) <= len(word) for word, short in table.items())
        assert all(word == word.lower() for word in table)


def test_the_seed_is_one_for_all_utterances() -> None:
    # Else every sentence of a corpus would have its typos in the same places.
    assert len({each.tokens for each in with_noise(MANY, "typos")}) > 50


def test_a_span_of_empty_tokens_is_missed_in_a_text() -> None:
    utterance = Utterance(("to", ""), ("O", "B-city"))
    assert as_text(utterance).changed == (ChangedSpan("city", ""),)
