"""An experiment's corpora and grammars, read and put together."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from app.tagging.bundle import CorpusNote
from app.tagging.features import read_tokens
from app.tagging.slots import OUTSIDE, read_spans
from training.corpora.annotation_guide import follow_guide
from training.corpora.holdout import hold_out, without_held_out
from training.corpora.splits import (
    MOST_CHANGED,
    Corpus,
    Utterance,
    read_splits,
    refuse_changed,
    rename_slots,
    utterance_from_spans,
)
from training.corpora.value_lists import ValueList, read_value_list
from training.corpora.vocabularies import has_punctuation
from training.errors import CorpusError, ExperimentError
from training.experiment import Experiment, ListSource, Source, StaticVectors, WordList
from training.paths import DATA_VARIABLE, folder_of

# A grammar's dev sentences are made with another seed than its training sentences.
_DEV_SHARE = 20


@dataclass(frozen=True, slots=True)
class Data:
    """
    The utterances to train on and to select by, and what was noticed while reading them.

    held_out: those that the experiment's holdout keeps out of both; lists: values for training.
    """

    train: tuple[Utterance, ...]
    dev: tuple[Utterance, ...]
    warnings: Counter[str]
    notes: tuple[CorpusNote, ...]
    held_out: tuple[Utterance, ...] = ()
    lists: tuple[ValueList, ...] = ()

    def digest(self) -> str:
        """Equal for equal data, so that a run is not resumed on other data."""
        parts = (self.train, self.dev, self.held_out, *self.lists)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def read_data(experiment: Experiment, *, most_changed: float = MOST_CHANGED) -> Data:
    """
    Read everything that the experiment trains on.

    Raises CorpusError where a corpus is absent or malformed, or tags cannot spell more than the
    share `most_changed` of its spans as they were written.
    """
    train: list[Utterance] = []
    dev: list[Utterance] = []
    warnings: Counter[str] = Counter()
    for source in experiment.corpora:
        if bool(source.path) == (source.grammar is not None):
            raise ExperimentError(
                f"corpus {source.name}: give it a path, or a grammar in its place"
            )
        if source.grammar is not None:
            own_train, own_dev = _read_grammar(source, experiment.seed)
        else:
            own_train, own_dev = _read_corpus(source, most_changed, warnings)
        train += _repeated(own_train, source)
        dev += own_dev * source.dev
    if not train:
        raise ExperimentError(
            f"experiment {experiment.name} has no sentences to train on: name a corpus in it, "
            "or one with --corpus"
        )
    held_out: list[Utterance] = []
    lists = read_lists(experiment)
    if experiment.holdout is not None:
        train, dev, held_out = hold_out(experiment.holdout, train, dev)
        lists = without_held_out(lists, train, held_out)
    _note_unlearnt(train, dev, warnings)
    _note_unread(train, dev, warnings)
    trained = {span.name for each in train for span in read_spans(each.tags)}
    for listed in experiment.lists:
        for name in sorted(set(listed.slots) - trained):
            warnings[f"slot {name} of list {listed.name}, which training lacks"] += 1
    notes = (*map(note_of, experiment.corpora), *map(note_of, experiment.lists))
    return Data(tuple(train), tuple(dev), warnings, notes, tuple(held_out), lists)


def _repeated(sentences: Sequence[Utterance], source: Source) -> Iterator[Utterance]:
    """As often as an epoch reads each of them."""
    for number in range(max(source.oversample, source.oversample_slotless)):
        for each in sentences:
            is_slotless = all(tag == OUTSIDE for tag in each.tags)
            times = (is_slotless and source.oversample_slotless) or source.oversample
            if number < times:
                yield each


def _read_grammar(source: Source, seed: int) -> tuple[list[Utterance], list[Utterance]]:
    dev = max(1, source.sentences // _DEV_SHARE) if source.dev else 0
    return grammar_sentences(source.sentences, seed), grammar_sentences(dev, seed + 1)


def _read_corpus(
    source: Source, most_changed: float, warnings: Counter[str]
) -> tuple[list[Utterance], list[Utterance]]:
    """Its parts to train on and to select by, changed as the source asks for."""
    path = _path_of(source)
    splits = read_splits(path, source.format)
    for part in (splits.train, splits.dev):
        refuse_changed(part, path, most_changed)
    for name in source.slots.keys() - {*splits.train.slots, *splits.dev.slots}:
        warnings[f"slot {name} to rename, which corpus {source.name} lacks"] += 1
    train = _changed(_spread(splits.train, source.sentences), source, path)
    dev = _changed(splits.dev, source, path)
    warnings.update(train.warnings)
    warnings.update(dev.warnings)
    return list(train.utterances), list(dev.utterances)


def _changed(corpus: Corpus, source: Source, path: Path) -> Corpus:
    """A part of a corpus as the source asks for it: without slots, with others, by a guide."""
    if source.negative:
        corpus = _without_slots(corpus)
    if source.slots:
        corpus = rename_slots(corpus, source.slots)
    if source.guide == "booking":
        corpus = follow_guide(corpus)
    if OUTSIDE in corpus.slots:
        expected = f"slots by other names than {OUTSIDE!r}, the word for no slot"
        hint = "; an experiment's [corpora.slots] renames it"
        raise CorpusError(path, None, expected, f"a slot {OUTSIDE!r}", hint)
    return corpus


def read_lists(experiment: Experiment) -> tuple[ValueList, ...]:
    """The experiment's lists of values; raises CorpusError where one is absent or malformed."""
    return tuple(
        read_value_list(source, folder_of(source.package) / source.path)
        for source in experiment.lists
    )


def _path_of(source: Source) -> Path:
    path = folder_of(source.package) / source.path
    if not path.exists():
        hint = "" if source.package else f"; set {DATA_VARIABLE} to the folder that has it"
        raise CorpusError(path, None, f"the corpus {source.name}", "nothing", hint)
    return path


def _spread(corpus: Corpus, count: int) -> Corpus:
    """So many of the utterances, from all over the corpus; all, where there are not more."""
    found = len(corpus.utterances)
    if not 0 < count < found:
        return corpus
    chosen = tuple(corpus.utterances[number * found // count] for number in range(count))
    return replace(corpus, utterances=chosen)


def _without_slots(corpus: Corpus) -> Corpus:
    utterances = [replace(each, tags=(OUTSIDE,) * len(each.tags)) for each in corpus.utterances]
    slots = sum(len(read_spans(each.tags)) for each in corpus.utterances)
    warning = "slot of a corpus about other things, left out"
    return Corpus(tuple(utterances), Counter(corpus.warnings) + Counter({warning: slots}))


def _note_unlearnt(
    train: Iterable[Utterance], dev: Iterable[Utterance], warnings: Counter[str]
) -> None:
    """What dev has, and a network cannot learn: an oversight, perhaps, of who split the corpus."""
    slots = {span.name for each in train for span in read_spans(each.tags)}
    intents = {each.intent for each in train}
    for each in dev:
        for span in read_spans(each.tags):
            if span.name not in slots:
                warnings[f"slot {span.name} in dev, which training lacks"] += 1
        if each.intent is not None and each.intent not in intents:
            warnings[f"intent {each.intent} in dev, which training lacks"] += 1


def _note_unread(
    train: Sequence[Utterance], dev: Sequence[Utterance], warnings: Counter[str]
) -> None:
    """Slots of nothing but marks, such as emoji, where a corpus has too few for them to be read."""
    if has_punctuation(train):
        return
    for each in chain(train, dev):
        for span in read_spans(each.tags):
            if not read_tokens(each.tokens[span.start : span.end], punctuation=False).words:
                warnings[f"slot {span.name} without a letter or digit, not read"] += 1


def note_of(source: Source | StaticVectors | WordList | ListSource) -> CorpusNote:
    """The entry of a source in the manifest."""
    return CorpusNote(source.name, source.license, source.citation, source.source)


def grammar_sentences(count: int, seed: int) -> list[Utterance]:
    """Sentences that the grammar makes."""
    # It has requirements of its own, which a corpus that is a file has no use for.
    from training.grammar import booking_sentences

    return [
        utterance_from_spans(sentence.text, sentence.spans)[0]
        for sentence in booking_sentences(count, seed)
    ]
