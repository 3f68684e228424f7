"""What is kept of a fit."""

from app.tagging.bundle import open_bundle
from app.tagging.decoder import of_slots, softmax
from app.tagging.tagger import Tagger
from training.evaluation.metrics import slot_f1
from training.studies.plan import Plan, TrainingRun
from training.studies.results import (
    ANSWERS,
    BUNDLE,
    SENTENCES,
    TIMED,
    TRAINING,
    Answers,
    LatencyTimer,
    Training,
    read_result,
)


def fit_of(plan: Plan, network: str) -> TrainingRun:
    return plan.networks[network][0]


def training(plan: Plan, network: str) -> Training:
    return read_result(fit_of(plan, network).folder / TRAINING, Training)


def test_parameters_are_those_of_the_equations(plan: Plan) -> None:
    inputs, hidden = 12, 6
    elman = hidden * inputs + hidden * hidden + hidden
    assert training(plan, "feedforward").memory_parameters == hidden * inputs + hidden
    assert training(plan, "elman").memory_parameters == elman
    assert training(plan, "lstm").memory_parameters == 4 * elman
    assert training(plan, "gru").memory_parameters == 3 * elman


def test_networks_differ_in_nothing_but_their_memory(plan: Plan) -> None:
    rest = {
        training(plan, name).parameters - training(plan, name).memory_parameters
        for name in plan.networks
    }
    assert len(rest) == 1


def test_the_course_of_training_is_kept(plan: Plan) -> None:
    found = training(plan, "lstm")
    assert len(found.losses) == len(found.dev_f1) == 8
    assert found.losses[-1] < found.losses[0]
    assert found.dev_f1[found.best_epoch - 1] == max(found.dev_f1)
    assert found.seconds > 0


def test_a_bundle_is_measured_in_bytes_with_all_its_files(plan: Plan) -> None:
    folder = fit_of(plan, "lstm").folder / BUNDLE
    assert training(plan, "lstm").bundle_bytes == sum(
        len(path.read_bytes()) for path in folder.iterdir()
    )


def test_answers_are_the_service_s_tags_and_the_network_s_distributions(plan: Plan) -> None:
    fit = fit_of(plan, "lstm")
    answers = read_result(fit.folder / ANSWERS, Answers)
    tagger = Tagger(open_bundle(fit.folder / BUNDLE))
    text = SENTENCES["Taipei"][0]
    answer = answers.answers[text]
    assert answer.tokens == ["arrive", "Taipei", "on", "November", "2nd"]
    assert answer.distributions == of_slots(softmax(tagger.scores(answer.tokens))).tolist()
    assert answers.slots == ["destination", "place_of_departure"]
    gold = [utterance.tags for utterance in plan.data.dev]
    assert slot_f1(gold, answers.dev_tags) == max(training(plan, "lstm").dev_f1)
    assert len(answers.train_counts) == len(plan.data.train)


def test_the_sentence_that_is_timed_has_twelve_words() -> None:
    assert len(TIMED.split()) == 12


def test_an_answer_takes_some_time(plan: Plan) -> None:
    times = LatencyTimer(fit_of(plan, "lstm").folder / BUNDLE).milliseconds(5)
    assert len(times) == 5
    assert min(times) > 0
