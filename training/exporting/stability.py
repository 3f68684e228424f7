"""
Which slots of an unfinished sentence can be called settled, found on sentences never trained on.

Sentences are replayed word by word and tagged whole after each, as `WS /slots/stream` does. A
slot that was called settled has changed if it is missing, or has another name, start or end,
after anything that comes later. What was annotated does not matter for it, so that sentences that
a grammar makes afresh count as well as those of dev.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.tagging.bundle import add_metrics, open_bundle
from app.tagging.slots import Slot
from app.tagging.stability import CAUTIOUS, Rule, Rules, is_character, metrics_of, whole_words
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import Token, is_punctuation, tokenize, words_of
from training.corpora.loading import Data
from training.corpora.replayed import fresh_texts, spoken_texts
from training.experiment import Experiment

# Of the settled slots, that may change; and that do where rules are found, if there are such: what
# fits dev best fares a little worse elsewhere.
MOST_CHANGED = 0.01
TARGET_CHANGE_RATE = 0.005
CONFIDENCES = (0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
WORDS = (1, 2, 3, 4, 6)
CHARACTERS = (1, 2, 3, 4, 6, 8, 10, 12)
# Words a slot, by which another rule must settle sooner to be worth having.
LEAST_GAIN = 0.01
# What a network is never as sure as.
NEVER = Rule(1.0, 1)
# Of each kind of script. So many settle some hundreds of slots by each rule that is worth having.
MOST_SENTENCES = 5_000
# Of a grammar, in all its languages.
FRESH_SENTENCES = 12_500
# Of a sentence, characters in scripts without blanks: nobody speaks on for longer, and what it
# takes to replay and to judge one grows with the cube of its length.
MOST_WORDS = 80


@dataclass(frozen=True, slots=True)
class StabilityStats:
    """
    How well rules predict which slots of these sentences stay unchanged.

    settled: slots that they called settled before the end; changed: those that did not stay;
    slots: those of the whole sentences; early: those of them that were settled before the end;
    delay: words from the end of each of them until it was settled, or else the sentence ended.
    """

    settled: int = 0
    changed: int = 0
    slots: int = 0
    early: int = 0
    delay: int = 0

    def __add__(self, other: "StabilityStats") -> "StabilityStats":
        return StabilityStats(
            self.settled + other.settled,
            self.changed + other.changed,
            self.slots + other.slots,
            self.early + other.early,
            self.delay + other.delay,
        )

    @property
    def change_rate(self) -> float:
        """The share of settled slots that change, 0 to 1."""
        return self.changed / max(self.settled, 1)

    @property
    def mean_delay(self) -> float:
        """Words a slot."""
        return self.delay / max(self.slots, 1)

    def __str__(self) -> str:
        return (
            f"{self.changed} of {self.settled} settled slots change ({self.change_rate:.2%}); "
            f"{self.early / max(self.slots, 1):.1%} of slots settle before the sentence ends, "
            f"{self.mean_delay:.2f} words after their last on average"
        )


@dataclass(frozen=True, slots=True)
class Replay:
    """A sentence as it grew: of each partial its slots and whole words; the last is the whole."""

    partials: list[tuple[list[Slot], list[Token]]]
    words: list[Token]


def replay(tagger: Tagger, texts: Sequence[str]) -> list[Replay]:
    """Tag the texts as they grow word by word."""
    found = []
    for text in texts:
        tokens = tokenize(text, cut=tagger.cut)
        words = [token for token in tokens if not is_punctuation(token.text)]
        # The blank says that the word is whole.
        parts = [*(f"{text[: word.end]} " for word in words[:-1]), text]
        partials = [
            (tagging.slots, whole_words(part, tagging.tokens))
            for part, tagging in zip(parts, tagger.tag_texts(parts), strict=True)
        ]
        found.append(Replay(partials, words))
    return found


def evaluate_rules(replays: Sequence[Replay], rules: Rules) -> StabilityStats:
    """How well the rules do on all of these sentences."""
    return _Marks(replays).evaluate(rules)


def find_rules(replays: Sequence[Replay], fresh: Sequence[Replay] = ()) -> Rules:
    """
    The rules that settle soonest of those by which at most one settled slot of 200 changes.

    Rules are added one by one, as long as slots settle sooner. All are taken to fail with the next
    slot, so that it takes 200 of them to believe in some. Where there are none, one of 100 may
    change. Where there are too few slots the cautious rule is kept, unless it is seen to fail.

    fresh: sentences of a grammar, which are believed together with the others. As people's own may
    be harder, rules that are seen to fail with these alone are none.
    """
    chosen = CAUTIOUS
    for unit, following in (("words", WORDS), ("characters", CHARACTERS)):
        kind = unit == "characters"
        own = _Marks(_of_kind(replays, characters=kind))
        every = _Marks(_of_kind([*replays, *fresh], characters=kind))
        candidates = list(_grid(following))
        found = _found(own, every, chosen, unit, candidates, TARGET_CHANGE_RATE) or _found(
            own, every, chosen, unit, candidates, MOST_CHANGED
        )
        if not found:
            cautious = getattr(CAUTIOUS, unit)
            fails = any(each.evaluate(chosen).change_rate > MOST_CHANGED for each in (own, every))
            found = (NEVER,) if fails else cautious
        chosen = replace(chosen, **{unit: found})
    return chosen


def cross_validated(replays: Sequence[Replay], fresh: Sequence[Replay] = ()) -> StabilityStats:
    """How well rules that were found on one half of the sentences do on the other half."""
    halves = [(replays[at::2], fresh[at::2]) for at in (0, 1)]
    return sum(
        (
            evaluate_rules([*other[0], *other[1]], find_rules(*half))
            for half, other in (halves, halves[::-1])
        ),
        StabilityStats(),
    )


def tune_stability(bundle: Path, experiment: Experiment, data: Data) -> StabilityStats:
    """Write into a bundle's manifest when slots of streams are stable; raises CorpusError."""
    fresh = fresh_texts(experiment, data, FRESH_SENTENCES)
    return settle(bundle, spoken_texts(experiment, data), fresh)


def settle(bundle: Path, texts: Sequence[str], fresh: Sequence[str] = ()) -> StabilityStats:
    """
    Write the rules found on the texts into a bundle's manifest; returns how well such rules do.

    fresh: texts that a grammar makes; as many are replayed as the others leave room for. Those of
    more than MOST_WORDS are left out.
    """
    tagger = Tagger(open_bundle(bundle))
    own: list[Replay] = []
    made: list[Replay] = []
    for kind in (False, True):
        chosen = _spread(_short(texts, characters=kind))
        own += replay(tagger, chosen)
        rest = _short(fresh, characters=kind)[: MOST_SENTENCES - len(chosen)]
        made += replay(tagger, rest)
    stats = cross_validated(own, made)
    figures = metrics_of(find_rules(own, made)) | {
        "dev_stability_changed": round(100 * stats.change_rate, 2),
        "dev_stability_delay": round(stats.mean_delay, 2),
    }
    add_metrics(bundle, figures)
    return stats


class _Marks:
    """
    The slots of growing sentences, and where each rule would settle them, for many rules in turn.

    Of each slot that a partial has, the partials that have it: what its confidence and what follows
    it was, as one row of arrays.
    """

    def __init__(self, replays: Iterable[Replay]) -> None:
        rows: list[tuple[float, int, bool, int, int]] = []
        slots: list[tuple[int, int, bool, int, int]] = []
        for each in replays:
            for slot in _tracks(each):
                slots.append((len(rows), slot.last_absent, slot.is_final, slot.said, slot.words))
                # One that is in the whole sentence alone is never settled before.
                rows += slot.rows or [(-1.0, 0, False, 0, 0)]
        self._confidence, self._following, self._is_character, self._partial, self._spoken = (
            _columns(rows, 5)
        )
        self._starts, self._last_absent, self._is_final, self._said, self._words = _columns(
            slots, 5
        )
        self._first: dict[tuple[Rule, bool], NDArray[np.int64]] = {}

    def evaluate(self, rules: Rules) -> StabilityStats:
        """How they fare."""
        never = len(self._confidence)
        if not never:
            return StabilityStats()
        first = np.minimum.reduce(
            [
                self._first_of(rule, characters=kind)
                for kind, several in ((False, rules.words), (True, rules.characters))
                for rule in several
            ]
        )
        settled = first < never
        at = np.minimum(first, never - 1)
        changed = settled & (self._partial[at] < self._last_absent)
        final = self._is_final.astype(bool)
        ends = np.where(settled, self._spoken[at], self._words)
        return StabilityStats(
            int(settled.sum()),
            int(changed.sum()),
            int(final.sum()),
            int((settled & final).sum()),
            int((ends - self._said)[final].sum()),
        )

    def _first_of(self, rule: Rule, *, characters: bool) -> NDArray[np.int64]:
        """Of each slot the row where the rule settles it, or else the number of all rows."""
        found = self._first.get((rule, characters))
        if found is None:
            holds = (
                (self._is_character == characters)
                & (self._confidence >= rule.confidence)
                & (self._following >= max(rule.following, 1))
            )
            rows = np.where(holds, np.arange(len(holds)), len(holds))
            found = self._first[rule, characters] = np.minimum.reduceat(
                rows, self._starts.astype(np.int64)
            )
        return found


@dataclass(slots=True)
class _Track:
    """A slot of a growing sentence; rows: as in `_Marks`."""

    said: int
    words: int
    last_absent: int = -1
    is_final: bool = False
    rows: list[tuple[float, int, bool, int, int]] = field(default_factory=list)


def _tracks(replayed: Replay) -> Iterable[_Track]:
    last = len(replayed.partials) - 1
    found: dict[tuple[str, int, int], _Track] = {}
    for number, (slots, words) in enumerate(replayed.partials):
        for slot in slots:
            said = sum(word.start < slot.end for word in replayed.words)
            track = found.setdefault(_key(slot), _Track(said, len(replayed.words)))
            if number == last:
                track.is_final = True
            else:
                following = [word for word in words if word.start >= slot.end]
                is_character_next = bool(following) and is_character(following[0].text)
                track.rows.append(
                    (slot.confidence, len(following), is_character_next, number, len(words))
                )
        for absent in found.keys() - {_key(slot) for slot in slots}:
            found[absent].last_absent = number
    return found.values()


def _columns(rows: Sequence[tuple[float, ...]], count: int) -> list[NDArray[np.float64]]:
    return list(np.array(rows, np.float64).reshape(-1, count).T)


def _key(slot: Slot) -> tuple[str, int, int]:
    return slot.name, slot.start, slot.end


def _found(
    own: _Marks,
    every: _Marks,
    rules: Rules,
    unit: str,
    candidates: Sequence[Rule],
    target: float,
) -> tuple[Rule, ...]:
    """The rules of a unit that are worth having; none where none is to be believed."""
    chosen: tuple[Rule, ...] = ()
    delay = math.inf
    while True:
        better = []
        for number, rule in enumerate(candidates):
            tried = replace(rules, **{unit: (*chosen, rule)})
            stats = every.evaluate(tried)
            is_good = stats.changed + 1 <= target * (stats.settled + 1)
            is_sooner = stats.mean_delay < delay - LEAST_GAIN
            if is_good and is_sooner and own.evaluate(tried).change_rate <= MOST_CHANGED:
                better.append((stats.mean_delay, number))
        if not better:
            return tuple(sorted(chosen, key=lambda rule: rule.following))
        delay, number = min(better)
        chosen = (*chosen, candidates[number])


def _grid(following: Sequence[int]) -> Iterator[Rule]:
    for confidence in CONFIDENCES:
        for count in following:
            yield Rule(confidence, count)


def _of_kind(replays: Sequence[Replay], *, characters: bool) -> Iterator[Replay]:
    for each in replays:
        if any(is_character(word.text) for word in each.words) is characters:
            yield each


def _short(texts: Sequence[str], *, characters: bool) -> Sequence[str]:
    """Those of one kind of script that are not too long."""
    return [
        text
        for text in texts
        if _has_characters(text) is characters and len(words_of(text)) <= MOST_WORDS
    ]


def _has_characters(text: str) -> bool:
    return any(is_character(token.text) for token in tokenize(text))


def _spread(texts: Sequence[str]) -> Sequence[str]:
    """So many of them, evenly spread, as are enough."""
    return texts[:: -(-len(texts) // MOST_SENTENCES) or 1]
