"""
Which slots of an unfinished sentence can be called settled, found on dev.

Sentences are replayed word by word and tagged whole after each, as `WS /slots/stream` does. A
slot that was called settled has changed if it is missing, or has another name, start or end,
after anything that comes later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.tagging.bundle import add_metrics, open_bundle
from app.tagging.slots import Slot
from app.tagging.stability import CAUTIOUS, Rule, Rules, is_character, metrics_of, whole_words
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import Token, is_punctuation, tokenize, words_of
from training.corpora.utterances import Utterance

# Of the settled slots, that may change; and that do where rules are found: what fits dev best
# fares a little worse elsewhere.
MOST_CHANGED = 0.01
TARGET_CHANGE_RATE = 0.005
CONFIDENCES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
WORDS = (1, 2, 3, 4)
CHARACTERS = (1, 2, 3, 4, 6, 8)
# What a network is never as sure as.
NEVER = Rule(1.0, 1)
# Of each kind of script; more change no rule.
MOST_SENTENCES = 1_000
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
    return sum((_evaluate_on_one(each, rules) for each in replays), StabilityStats())


def find_rules(replays: Sequence[Replay]) -> Rules:
    """
    The rules that settle soonest of those by which at most one settled slot of 200 changes.

    All are taken to fail with the next slot, so that it takes 200 of them to believe in one.
    Where there are too few the cautious rule is kept, unless it is seen to fail.
    """
    spoken = {kind: list(_of_kind(replays, characters=kind)) for kind in (False, True)}
    words = _best([Rules(rule, CAUTIOUS.characters) for rule in _grid(WORDS)], spoken[False])
    chosen = words.words if words else _fallback(spoken[False], CAUTIOUS.words)
    known = Rules(chosen, CAUTIOUS.characters)
    both = _best([replace(known, characters=rule) for rule in _grid(CHARACTERS)], spoken[True])
    if both:
        return both
    return replace(known, characters=_fallback(spoken[True], CAUTIOUS.characters))


def cross_validated(replays: Sequence[Replay]) -> StabilityStats:
    """How well rules that were found on one half of the sentences do on the other half."""
    halves = replays[::2], replays[1::2]
    return evaluate_rules(halves[1], find_rules(halves[0])) + evaluate_rules(
        halves[0], find_rules(halves[1])
    )


def settle(bundle: Path, dev: Sequence[Utterance]) -> StabilityStats:
    """
    Write the rules found on dev into a bundle's manifest; returns how well such rules do there.

    Sentences of more than MOST_WORDS are left out.
    """
    tagger = Tagger(open_bundle(bundle))
    texts = [
        text
        for utterance in dev
        if len(words_of(text := utterance.text or " ".join(utterance.tokens))) <= MOST_WORDS
    ]
    chosen = [
        text
        for kind in (False, True)
        for text in _spread([text for text in texts if _has_characters(text) is kind])
    ]
    replays = replay(tagger, chosen)
    stats = cross_validated(replays)
    figures = metrics_of(find_rules(replays)) | {
        "dev_stability_changed": round(100 * stats.change_rate, 2),
        "dev_stability_delay": round(stats.mean_delay, 2),
    }
    add_metrics(bundle, figures)
    return stats


def _evaluate_on_one(replayed: Replay, rules: Rules) -> StabilityStats:
    *before, (slots, _) = replayed.partials
    marked: dict[tuple[str, int, int], int] = {}
    lost: set[tuple[str, int, int]] = set()
    for partial, words in before:
        for slot in partial:
            if rules.settle(slot, words):
                marked.setdefault(_key(slot), len(words))
        lost |= marked.keys() - {_key(slot) for slot in partial}
    lost |= marked.keys() - {_key(slot) for slot in slots}
    delay = 0
    for slot in slots:
        said = sum(word.start < slot.end for word in replayed.words)
        delay += marked.get(_key(slot), len(replayed.words)) - said
    early = sum(_key(slot) in marked for slot in slots)
    return StabilityStats(len(marked), len(lost), len(slots), early, delay)


def _key(slot: Slot) -> tuple[str, int, int]:
    return slot.name, slot.start, slot.end


def _best(candidates: Sequence[Rules], replays: Sequence[Replay]) -> Rules | None:
    found = [(evaluate_rules(replays, rules), rules) for rules in candidates]
    good = [
        (stats.mean_delay, number)
        for number, (stats, _) in enumerate(found)
        if stats.changed + 1 <= TARGET_CHANGE_RATE * (stats.settled + 1)
    ]
    return found[min(good)[1]][1] if good else None


def _fallback(replays: Sequence[Replay], cautious: Rule) -> Rule:
    stats = evaluate_rules(replays, CAUTIOUS)
    return cautious if stats.change_rate <= MOST_CHANGED else NEVER


def _grid(following: Sequence[int]) -> Iterator[Rule]:
    for confidence in CONFIDENCES:
        for count in following:
            yield Rule(confidence, count)


def _of_kind(replays: Sequence[Replay], *, characters: bool) -> Iterator[Replay]:
    for each in replays:
        if any(is_character(word.text) for word in each.words) is characters:
            yield each


def _has_characters(text: str) -> bool:
    return any(is_character(token.text) for token in tokenize(text))


def _spread(texts: Sequence[str]) -> Sequence[str]:
    """So many of them, evenly spread, as are enough."""
    return texts[:: -(-len(texts) // MOST_SENTENCES) or 1]
