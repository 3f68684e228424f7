"""What is claimed, judged by outcomes made up for it."""

import numpy as np
import pytest

from app.tagging.slots import Span
from training.corpora.loading import Data
from training.corpora.utterances import Utterance
from training.studies.claims import (
    HYPOTHESES,
    ComparisonData,
    Finding,
    Outcome,
    judge_claims,
    outcome_of,
)
from training.studies.cue_distance import CuedSlot
from training.studies.results import Answers, Training
from training.studies.verdicts import Verdict

TRAINING = Training(1000, 400, 1, 1.0, 1, [0.0], [0.0])
# Every second sentence is long, and its slot is decided from afar.
SHORT = Utterance(("to", "rome"), ("O", "B-to"))
LONG = Utterance(("to", "a", "b", "c", "rome"), ("O", "O", "O", "O", "B-to"))
DATA = Data((SHORT, LONG) * 50, (SHORT, LONG) * 50, {}, ())  # type: ignore[arg-type]
DECIDED = [
    CuedSlot(number, Span("to", len(utterance.tokens) - 1, len(utterance.tokens)), 4 * (number % 2))
    for number, utterance in enumerate(DATA.dev)
]


def answering(
    near: float, far: float, train: float = 1.0, parameters: int = 400, seeds: int = 2
) -> Outcome:
    """Right of these shares of the short and of the long sentences of dev, and of train."""
    tags = []
    for number, utterance in enumerate(DATA.dev):
        is_right = number // 2 < 50 * (far if number % 2 else near)
        tags.append(list(utterance.tags) if is_right else ["O"] * len(utterance.tags))
    learnt = round(100 * train)
    counts = [[1, 1, 1, 1]] * learnt + [[0, 0, 1, 0]] * (100 - learnt)
    answers = Answers(tags, counts, ["to"], {})
    training = Training(1000, parameters, 1, 1.0, 1, [0.0], [0.0])
    return outcome_of(DATA, [training] * seeds, [answers] * seeds, 1, 1.0)


def claims(**outcomes: Outcome) -> dict[str, Finding]:
    named = {name.replace("_", "-"): outcome for name, outcome in outcomes.items()}
    return {claim.title: claim for claim in judge_claims(ComparisonData(DATA, named, DECIDED))}


def test_answers_are_counted_sentence_by_sentence() -> None:
    outcome = answering(near=0.5, far=1.0)
    assert outcome.dev.shape == (2, 100, 4)
    assert outcome.dev[0, 0].tolist() == [1, 1, 1, 1]
    assert outcome.dev[0, 98].tolist() == [0, 0, 1, 0]
    assert outcome.dev[0, :, 3].sum() == 75


def test_only_what_was_compared_is_judged() -> None:
    found = claims(elman=answering(1.0, 1.0), feedforward=answering(0.5, 0.5))
    assert list(found) == ["Memory helps"]
    (comparison,) = found["Memory helps"].comparisons
    assert comparison.networks == ("elman", "feedforward")
    assert comparison.evidence.difference == pytest.approx(100.0 - 100 * 2 * 50 / 150)
    assert found["Memory helps"].verdict == "borne out"


@pytest.mark.parametrize(
    ("bilstm", "verdict"), [(1.0, "borne out"), (0.0, "not borne out"), (0.5, "undecided")]
)
def test_the_verdict_follows_the_interval(bilstm: float, verdict: Verdict) -> None:
    found = claims(bilstm=answering(bilstm, bilstm), lstm=answering(0.5, 0.5))
    assert found["Both ways beat one way"].verdict == verdict


def test_an_lstm_remembers_longer_when_it_leads_where_it_is_far() -> None:
    found = claims(lstm=answering(0.5, 1.0), elman=answering(0.5, 0.5))
    claim = found["An LSTM remembers longer"]
    assert [comparison.evidence.difference for comparison in claim.comparisons] == pytest.approx(
        [50.0, 100.0 - 100 * 2 * 25 / 75]
    )
    assert claim.verdict == "borne out"


def test_an_lstm_that_is_better_everywhere_alike_does_not_remember_longer() -> None:
    found = claims(lstm=answering(1.0, 1.0), elman=answering(0.5, 0.5))
    assert found["An LSTM beats a simple recurrent network"].verdict == "borne out"
    assert found["An LSTM remembers longer"].verdict == "undecided"


def test_a_gru_is_as_good_within_a_point() -> None:
    lstm = answering(0.5, 0.5)
    assert claims(gru=lstm, lstm=lstm)["A GRU is close to an LSTM"].verdict == "borne out"
    better = claims(gru=answering(1.0, 1.0), lstm=lstm)
    assert better["A GRU is close to an LSTM"].verdict == "not borne out"


@pytest.mark.parametrize(("parameters", "verdict"), [(300, "not borne out"), (267, "borne out")])
def test_parameters_are_counted(parameters: int, verdict: Verdict) -> None:
    found = claims(gru=answering(1.0, 1.0, parameters=parameters), lstm=answering(1.0, 1.0))
    claim = found["A GRU has a third fewer parameters"]
    assert claim.verdict == verdict
    assert claim.comparisons[0].evidence.difference == pytest.approx(parameters / 4 - 100)


def test_overfitting_is_the_fall_from_train_to_dev() -> None:
    found = claims(lstm=answering(0.5, 0.5, train=1.0), gru=answering(0.5, 0.5, train=0.5))
    claim = found["A GRU overfits less"]
    assert claim.verdict == "borne out"
    assert claim.comparisons[0].evidence.difference == pytest.approx(100.0 - 100 * 2 * 50 / 150)


def test_sentences_of_one_length_say_nothing_of_long_ones() -> None:
    data = Data((SHORT,), (SHORT,) * 4, {}, ())  # type: ignore[arg-type]
    answers = Answers([["O", "B-to"]] * 4, [[1, 1, 1, 1]], ["to"], {})
    outcome = outcome_of(data, [TRAINING], [answers], 1, 1.0)
    found = judge_claims(ComparisonData(data, {"lstm": outcome, "elman": outcome}, []))
    assert "An LSTM remembers longer" not in {claim.title for claim in found}


def test_claims_are_told_apart_from_what_is_asked_besides() -> None:
    same = answering(1.0, 1.0)
    found = claims(lstm=same, lstm_input_gates=same, feedforward=same)
    assert found["Memory helps"].of_lecture
    assert not found["Gates should hear what was last said"].of_lecture


def test_every_claim_has_a_title_of_its_own() -> None:
    assert len({question.title for question in HYPOTHESES}) == len(HYPOTHESES)
    assert all(question.says.endswith(".") for question in HYPOTHESES)


def test_counts_are_whole_numbers() -> None:
    outcome = answering(1.0, 1.0)
    assert np.issubdtype(outcome.dev.dtype, np.integer)
    assert np.issubdtype(outcome.train.dtype, np.integer)
