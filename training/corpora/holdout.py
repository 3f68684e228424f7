"""Sentences that are kept out of training, chosen by a rule, to measure on."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from app.tagging.features import normalise
from training.corpora.utterances import Utterance
from training.corpora.value_lists import ValueList
from training.errors import CorpusError, ExperimentError
from training.experiment import Holdout

# The share of the sentences from which a value counts as frequent.
_FREQUENT = 0.01
_NO_LETTERS = re.compile(r"[\W_]+")

# A value as the networks read it, whatever slots it fills.
Value = tuple[str, ...]
Parts = tuple[list[Utterance], list[Utterance], list[Utterance]]


def hold_out(rule: Holdout, train: Sequence[Utterance], dev: Sequence[Utterance]) -> Parts:
    """
    Train, dev and what is held out of them, each in its order.

    Raises CorpusError where nothing can be held out, ExperimentError where there is no such fold.
    """
    if rule.rule == "fold":
        return _fold(rule, [*_once(train), *dev])
    return _values(rule, train, dev)


def values_in(utterance: Utterance) -> set[Value]:
    """The values of the utterance's slots."""
    return {
        tuple(map(normalise, utterance.tokens[span.start : span.end]))
        for span in utterance.exact_spans
    }


def without_held_out(
    lists: Iterable[ValueList], train: Iterable[Utterance], held_out: Iterable[Utterance]
) -> tuple[ValueList, ...]:
    """The lists less the values that only held-out sentences have; none is left empty."""
    learnt = {_letters("".join(value)) for each in train for value in values_in(each)}
    asked = {_letters("".join(value)) for each in held_out for value in values_in(each)}
    gone = asked - learnt
    kept = (
        replace(each, values=tuple(text for text in each.values if _letters(text) not in gone))
        for each in lists
    )
    return tuple(each for each in kept if each.values)


def _letters(text: str) -> str:
    """The letters and digits alone: lists and corpora set blanks and marks in their own ways."""
    return _NO_LETTERS.sub("", normalise(text))


def _values(rule: Holdout, train: Sequence[Utterance], dev: Sequence[Utterance]) -> Parts:
    """
    Choose values, whatever slots they fill, until their sentences are the share that is asked for.

    They come in the order of a hash of seed and value, so that neither the order of the corpus nor
    sentences added to it change which come first. Of each slot and each intent half at least stays
    in training. Of a corpus so small that each value takes more than there is room for, one is
    held out.
    """
    sentences = _once(train)
    of_value: defaultdict[Value, list[int]] = defaultdict(list)
    for number, utterance in enumerate(sentences):
        for value in values_in(utterance):
            of_value[value].append(number)
    labels = [_labels(each) for each in sentences]
    allowed = Counter({name: count // 2 for name, count in _total(labels).items()})
    room = round(rule.share * len(sentences))
    most = max(1, round(_FREQUENT * len(sentences)))
    held: set[int] = set()

    def leaves_half(new: Iterable[int]) -> bool:
        taken = _total(labels[number] for number in new)
        return all(count <= allowed[name] for name, count in taken.items())

    ranked = sorted(of_value, key=lambda each: _hash(rule.seed, each))
    # Frequent values come last: they are few, and hardly anybody meets them for the first time.
    for value in sorted(ranked, key=lambda each: len(of_value[each]) > most):
        new = [number for number in of_value[value] if number not in held]
        if 0 < len(new) <= room - len(held) and leaves_half(new):
            held.update(new)
            allowed.subtract(_total(labels[number] for number in new))
    if not held:
        rarest_first = sorted(ranked, key=lambda each: len(of_value[each]))
        held.update(
            next((of_value[each] for each in rarest_first if leaves_half(of_value[each])), ())
        )
    if not held:
        expected = "a value without which half of each slot and intent is left"
        hint = "; such a corpus is trained on whole (fit without --holdout, ablate --holdout none)"
        raise CorpusError(None, None, expected, f"none in {len(sentences)} sentences", hint)
    gone = {id(sentences[number]) for number in held}
    kept = [each for each in train if id(each) not in gone]
    return kept, list(dev), [sentences[number] for number in sorted(held)]


def _fold(rule: Holdout, utterances: Sequence[Utterance]) -> Parts:
    """
    Deal the sentences of each intent to the parts in turn, after shuffling.

    Sentences that are word for word the same are dealt together, so that none is learnt and asked.
    """
    if not 1 <= rule.fold <= rule.folds or rule.folds < 2:
        raise ExperimentError(f"there is no fold {rule.fold} of {rule.folds}")
    alike: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, utterance in enumerate(utterances):
        alike[utterance.tokens].append(number)
    if len(alike) < rule.folds:
        expected = f"{rule.folds} sentences that differ, one a fold, or more"
        raise CorpusError(None, None, expected, str(len(alike)))
    groups = list(alike.values())
    random = np.random.default_rng(rule.seed)
    shuffled = [groups[at] for at in random.permutation(len(groups))]
    shuffled.sort(key=lambda group: utterances[group[0]].intent or "")
    held = {number for group in shuffled[rule.fold - 1 :: rule.folds] for number in group}
    rest = [each for number, each in enumerate(utterances) if number not in held]
    return rest, [], [utterances[number] for number in sorted(held)]


def _once(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Each once that an experiment repeats; sentences that a corpus has twice stay two."""
    return list({id(each): each for each in utterances}.values())


def _labels(utterance: Utterance) -> Counter[str]:
    names = Counter(f"slot {span.name}" for span in utterance.exact_spans)
    return names + Counter([f"intent {utterance.intent}"] if utterance.intent else [])


def _total(counts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _hash(seed: int, value: Value) -> bytes:
    return hashlib.sha256(repr((seed, value)).encode()).digest()
