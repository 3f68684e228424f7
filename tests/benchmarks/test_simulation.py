"""The model of pods, against what can be worked out by hand."""

import numpy as np
import pytest

from benchmarks.simulation import (
    PLACES,
    TURN,
    Bursts,
    Cost,
    Outcome,
    fitted,
    pod,
    pods_needed,
    poisson,
    requests_on,
    speakers_on,
    speech,
)

COST = Cost(turn=400e-6, sentence=100e-6, rejection=50e-6)


def chance() -> np.random.Generator:
    return np.random.default_rng(1)


def test_one_request_takes_a_turn_of_one() -> None:
    outcome = pod(COST, np.array([1.0]))
    assert outcome.latencies == pytest.approx([500e-6])
    assert outcome.rejected == 0


def test_requests_that_come_during_a_turn_share_the_next() -> None:
    outcome = pod(COST, np.array([0.0, 100e-6, 200e-6]))
    # The first is answered at 500 µs; then the other two together, which takes 600 µs.
    assert outcome.latencies == pytest.approx([500e-6, 1000e-6, 900e-6])


def test_those_beyond_the_places_are_rejected_and_cost_time() -> None:
    outcome = pod(COST, np.zeros(PLACES + 10))
    assert outcome.rejected == 10
    assert outcome.latencies == pytest.approx([400e-6 + PLACES * 100e-6 + 10 * 50e-6] * PLACES)
    assert outcome.rejected_share == 10 / (PLACES + 10)


def test_every_request_is_answered_or_rejected() -> None:
    arrivals = poisson(1.5 * COST.most, 2.0, chance())
    outcome = pod(COST, arrivals)
    assert len(outcome.latencies) + outcome.rejected == len(arrivals)
    assert outcome.latencies.min() >= COST.turn + COST.sentence - 1e-12


def test_an_overloaded_pod_answers_what_it_can_at_most() -> None:
    free = Cost(COST.turn, COST.sentence)
    outcome = requests_on(1, free, 2 * free.most, seconds=5.0, seed=1)
    assert len(outcome.latencies) / 5.0 == pytest.approx(free.most, rel=0.01)
    assert outcome.rejected_share == pytest.approx(0.5, abs=0.01)


def test_at_low_load_requests_wait_as_the_theory_of_queues_has_it() -> None:
    # M/D/1 at a load of a tenth: turns are nearly all of one sentence.
    service, load = 1e-3, 0.1
    cost = Cost(turn=0.0, sentence=service)
    outcome = requests_on(1, cost, load / service, seconds=400.0, seed=1)
    wait = outcome.latencies.mean() - service
    assert wait == pytest.approx(load * service / (2 * (1 - load)), rel=0.3)


def test_costs_are_found_again_from_the_turns_they_make() -> None:
    found = fitted([(n, 400e-6 + n * 100e-6) for n in (1, 4, 16, 64)])
    assert (found.turn, found.sentence) == pytest.approx((400e-6, 100e-6))
    assert found.most == pytest.approx(TURN / (400e-6 + TURN * 100e-6))


def test_where_turns_cost_nothing_the_sentences_cost_all() -> None:
    found = fitted([(1, 90e-6), (4, 400e-6), (16, 1600e-6), (64, 6400e-6)])
    assert found.turn == 0.0
    assert found.sentence == pytest.approx(97.5e-6)


def test_turns_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="other programs"):
        fitted([(1, 1e-3), (4, 1e-3), (16, 0.8e-3), (64, 0.4e-3)])


def test_bursts_keep_the_mean_and_reach_the_peak() -> None:
    bursts = Bursts(factor=3.0, length=2.0, period=10.0)
    times = bursts.arrivals(1000.0, 100.0, chance())
    assert len(times) / 100.0 == pytest.approx(1000.0, rel=0.02)
    in_bursts = (times % 10.0 < 2.0).sum() / (10 * 2.0)
    assert in_bursts == pytest.approx(bursts.peak(1000.0), rel=0.02)
    assert bursts.peak(1000.0) == pytest.approx(3000.0 / 1.4)


def test_speakers_speak_at_their_rate_and_not_in_step() -> None:
    times = speech(200, 3.0, 20.0, chance())
    assert len(times) / 20.0 == pytest.approx(600.0, rel=0.02)
    assert (np.diff(times) >= 0).all()
    per_tenth = np.histogram(times, bins=200, range=(0.0, 20.0))[0]
    assert per_tenth.max() < 2 * per_tenth.mean()


def test_the_fewest_pods_that_keep_the_bounds_are_found() -> None:
    asked = []

    def run(pods: int) -> Outcome:
        asked.append(pods)
        return Outcome(np.full(100, 0.01 if pods >= 11 else 1.0), rejected=0)

    assert pods_needed(run, least=3, p99=0.05, rejected_share=0.0) == 11
    assert min(asked) >= 3
    assert len(asked) < 10


@pytest.mark.parametrize("rejected", [0, 10])
def test_rejections_count_as_well_as_latencies(rejected: int) -> None:
    def run(pods: int) -> Outcome:
        return Outcome(np.full(90, 0.01), rejected if pods < 4 else 0)

    assert pods_needed(run, 1, p99=0.05, rejected_share=0.01) == (4 if rejected else 1)


def test_more_load_needs_more_pods_and_bursts_need_more_still() -> None:
    def needed(rate: float, bursts: Bursts | None = None) -> int:
        return pods_needed(
            lambda pods: requests_on(pods, COST, rate, 20.0, 1, bursts),
            least=1,
            p99=0.05,
            rejected_share=0.001,
        )

    assert needed(5_000.0) == 1
    assert needed(30_000.0) > 30_000.0 / COST.most
    assert needed(30_000.0, Bursts()) > needed(30_000.0)


def test_speakers_who_stay_with_their_pod_fill_some_more_than_others() -> None:
    spread = speakers_on(8, COST, 8 * 1000, 3.0, 5.0, seed=1)
    even = pod(COST, speech(1000, 3.0, 5.0, chance()))
    assert spread.percentile(99) > even.percentile(99)
    assert len(spread.latencies) == pytest.approx(8 * len(even.latencies), rel=0.02)
