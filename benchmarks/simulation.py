"""
A model of pods: how long requests wait, and how many are rejected, at a given load.

A pod is one event loop that works in turns. A turn takes up to `TURN` of the sentences that wait
and lasts a fixed time plus a time for each sentence; what arrives meanwhile is read at its end.
`PLACES` sentences may wait, and those beyond are rejected, which takes the loop a little time too.
All times are seconds.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Of the service: sentences of a turn, and SLOTLINE_MAX_QUEUE_SIZE.
TURN = PLACES = 64

Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cost:
    """What the loop's time goes into."""

    turn: float
    sentence: float
    rejection: float = 0.0

    @property
    def most(self) -> float:
        """Sentences a second that a pod can answer, all turns being full."""
        return TURN / (self.turn + TURN * self.sentence)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of requests: the latencies of those answered, and how many were rejected."""

    latencies: Times
    rejected: int

    @property
    def rejected_share(self) -> float:
        """Of all."""
        total = len(self.latencies) + self.rejected
        return self.rejected / total if total else 0.0

    def percentile(self, percent: float) -> float:
        """Of the latencies; infinite where nobody was answered."""
        return float(np.percentile(self.latencies, percent)) if len(self.latencies) else math.inf


def fitted(turns: Sequence[tuple[float, float]]) -> Cost:
    """
    The cost that explains turns: pairs of their sentences and the seconds that they took.

    Least squares of the relative errors, as a turn of one is many times shorter than one of 64.
    Raises ValueError where more sentences do not take longer, as on a machine that is too busy.
    """
    sentences, seconds = np.array(turns, dtype=float).T
    weights = 1 / seconds
    columns = np.stack([weights, sentences * weights], axis=1)
    (turn, sentence), *_ = np.linalg.lstsq(columns, np.ones(len(sentences)), rcond=None)
    if turn < 0:
        turn, sentence = 0.0, (seconds / sentences).mean()
    if sentence <= 0:
        raise ValueError("more sentences took no longer: other programs disturb what is measured")
    return Cost(turn=float(turn), sentence=float(sentence))


def poisson(rate: float, seconds: float, chance: np.random.Generator) -> Times:
    """Arrivals of many who know nothing of each other."""
    return np.sort(chance.uniform(0, seconds, chance.poisson(rate * seconds)))


@dataclass(frozen=True, slots=True)
class Bursts:
    """The rate is `factor` times as high for the first `length` seconds of each `period`."""

    factor: float = 3.0
    length: float = 2.0
    period: float = 10.0

    def peak(self, rate: float) -> float:
        """The rate of a burst where this is the mean."""
        quiet = self.period - self.length
        return rate * self.factor * self.period / (quiet + self.factor * self.length)

    def arrivals(self, rate: float, seconds: float, chance: np.random.Generator) -> Times:
        """Of this mean rate."""
        peak = self.peak(rate)
        times = poisson(peak, seconds, chance)
        quiet = times % self.period >= self.length
        return times[~quiet | (chance.random(len(times)) < 1 / self.factor)]


def speech(speakers: int, rate: float, seconds: float, chance: np.random.Generator) -> Times:
    """Texts of people who speak all the time, each with so many words a second, not evenly."""
    words = math.ceil(seconds * rate / 0.8) + 1
    pauses = chance.uniform(0.8, 1.2, (speakers, words)) / rate
    times = (np.cumsum(pauses, axis=1) - pauses * chance.random((speakers, 1))).ravel()
    return np.sort(times[times < seconds])


def pod(cost: Cost, arrivals: Times) -> Outcome:
    """What becomes of requests that one pod gets at these times, which are in order."""
    latencies = np.empty(len(arrivals))
    answered = rejected = first = 0
    now = 0.0
    waiting: list[float] = []
    while first < len(arrivals) or waiting:
        if not waiting:
            now = max(now, float(arrivals[first]))
        there = int(np.searchsorted(arrivals, now, side="right"))
        room = PLACES - len(waiting)
        waiting += arrivals[first : min(there, first + room)].tolist()
        refused = max(0, there - first - room)
        rejected += refused
        first = there
        turn, waiting = waiting[:TURN], waiting[TURN:]
        now += cost.turn + len(turn) * cost.sentence + refused * cost.rejection
        latencies[answered : answered + len(turn)] = now - np.array(turn)
        answered += len(turn)
    return Outcome(latencies[:answered], rejected)


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Of several pods as one."""
    return Outcome(
        np.concatenate([outcome.latencies for outcome in outcomes]),
        sum(outcome.rejected for outcome in outcomes),
    )


def pods_needed(
    run: Callable[[int], Outcome], least: int, p99: float, rejected_share: float
) -> int:
    """
    The fewest pods, `least` or more, with which the bounds are kept.

    run: what becomes of the load with so many pods.
    """

    def kept(pods: int) -> bool:
        outcome = run(pods)
        return outcome.percentile(99) <= p99 and outcome.rejected_share <= rejected_share

    enough = max(1, least)
    too_few = enough - 1
    while not kept(enough):
        enough, too_few = 2 * enough, enough
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if kept(middle) else (enough, middle)
    return enough


def requests_on(
    pods: int, cost: Cost, rate: float, seconds: float, seed: int, bursts: Bursts | None = None
) -> Outcome:
    """
    What becomes of requests that find their pod at random.

    One pod stands for all: its share of random arrivals is random too.
    """
    chance = np.random.default_rng(seed)
    draw = bursts.arrivals if bursts else poisson
    return pod(cost, draw(rate / pods, seconds, chance))


def speakers_on(
    pods: int, cost: Cost, speakers: int, rate: float, seconds: float, seed: int
) -> Outcome:
    """What becomes of texts of people each of whom stays with the pod that was found at random."""
    chance = np.random.default_rng(seed)
    crowds = chance.multinomial(speakers, np.full(pods, 1 / pods))
    return together([pod(cost, speech(int(n), rate, seconds, chance)) for n in crowds])
