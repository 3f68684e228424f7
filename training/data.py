"""An experiment's corpora and grammars, read and put together."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray

from app.tagging.bundle import CorpusNote
from app.tagging.features import (
    CAPITAL,
    CUT,
    PAIR,
    SHAPE,
    is_number,
    letter_pairs,
    letter_trigrams,
    normalise,
    number_shapes,
    read_tokens,
    with_neighbours,
)
from app.tagging.lexicon import Lexicon, marks_of
from app.tagging.slots import OUTSIDE, read_spans
from app.tagging.tokenizer import UNCUT_SCRIPTS, is_letter, is_punctuation, words_of
from app.tagging.word_forms import word_forms
from training.batches import read_utterance
from training.booking import follow_guide
from training.corpus import (
    MOST_CHANGED,
    Corpus,
    Utterance,
    read_splits,
    refuse_changed,
    rename_slots,
    utterance_from_spans,
)
from training.errors import CorpusError, ExperimentError
from training.experiment import Experiment, ListSource, Source, StaticVectors, WordList
from training.grammar import booking_sentences
from training.holdout import hold_out
from training.lexicon import choose_lexicon, read_lexicon
from training.value_lists import ValueList, read_value_list
from training.vectors import read_vectors

DATA_VARIABLE = "SLOTLINE_DATA"
DEFAULT_DATA = "../shared/data"
# Vectors of another language know some of the words, numbers and names, but not most.
_COVERED = 0.8

# Corpora of transcribed speech have next to no punctuation, others have it in most queries.
_PUNCTUATED = 0.05
# And no capitals.
_CASED = 0.2
# Of words, where writing has no blanks.
_SINGLE_LETTERS = 0.8
_MAX_WORDS = 12_000
_RAREST_NUMBER = 3
# Letters of a word on average, where words are; of less each is a letter, of more a sentence.
_CUT_FROM, _CUT_TO = 1.5, 8.0
_OF_UNCUT = regex.compile(rf"[{UNCUT_SCRIPTS}]")
_MAX_TRIGRAMS = 8_000
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
    remarks: Counter[str]
    notes: tuple[CorpusNote, ...]
    held_out: tuple[Utterance, ...] = ()
    lists: tuple[ValueList, ...] = ()

    def digest(self) -> str:
        """Equal for equal data, so that a run is not resumed on other data."""
        parts = (self.train, self.dev, self.held_out, *self.lists)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Inventory:
    """
    What the training data hold: the vocabularies, the labels and the way to read them.

    `more_words` have a vector of `vector_size` but do not occur in training; `lexicon` has lines of
    an app.tagging.lexicon.Lexicon, from the list of that name.
    """

    words: tuple[str, ...]
    trigrams: tuple[str, ...]
    slots: tuple[str, ...]
    intents: tuple[str, ...]
    punctuation: bool
    casing: bool = False
    shapes: bool = False
    cut: bool = False
    more_words: tuple[str, ...] = ()
    vector_size: int = 0
    lexicon: tuple[str, ...] = ()
    lexicon_name: str = ""

    @property
    def all_words(self) -> tuple[str, ...]:
        """The vocabulary of the bundle."""
        return self.words + self.more_words


def data_folder() -> Path:
    """Where corpora are that an experiment names by a path of their own."""
    return Path(os.environ.get(DATA_VARIABLE, DEFAULT_DATA))


def read_data(experiment: Experiment, *, most_changed: float = MOST_CHANGED) -> Data:
    """
    Read everything that the experiment trains on.

    Raises CorpusError where a corpus is absent or malformed, or tags cannot spell more than the
    share `most_changed` of its spans as they were written.
    """
    train: list[Utterance] = []
    dev: list[Utterance] = []
    remarks: Counter[str] = Counter()
    for source in experiment.corpora:
        if bool(source.path) == (source.grammar is not None):
            raise ExperimentError(
                f"corpus {source.name}: give it a path, or a grammar in its place"
            )
        if source.grammar is not None:
            train += _grammar(source.sentences, experiment.seed) * source.oversample
            if source.dev:
                dev += _grammar(max(1, source.sentences // _DEV_SHARE), experiment.seed + 1)
        else:
            path = _path_of(source)
            splits = read_splits(path, source.format)
            for part in (splits.train, splits.dev):
                refuse_changed(part, path, most_changed)
            for name in source.slots.keys() - {*splits.train.slots, *splits.dev.slots}:
                remarks[f"slot {name} to rename, which corpus {source.name} lacks"] += 1
            for part, utterances, repeats in (
                (splits.train, train, source.oversample),
                (splits.dev, dev, int(source.dev)),
            ):
                wanted = source.sentences if part is splits.train else 0
                chosen = _spread(part, wanted)
                if source.negative:
                    chosen = _without_slots(chosen)
                renamed = rename_slots(chosen, source.slots) if source.slots else chosen
                guided = follow_guide(renamed) if source.guide == "booking" else renamed
                if OUTSIDE in guided.slots:
                    expected = f"slots by other names than {OUTSIDE!r}, the word for no slot"
                    hint = "; an experiment's [corpora.slots] renames it"
                    raise CorpusError(path, None, expected, f"a slot {OUTSIDE!r}", hint)
                utterances += guided.utterances * repeats
                remarks.update(guided.remarks)
    if not train:
        raise ExperimentError(
            f"experiment {experiment.name} has no sentences to train on: name a corpus in it, "
            "or one with --corpus"
        )
    held_out: list[Utterance] = []
    if experiment.holdout is not None:
        train, dev, held_out = hold_out(experiment.holdout, train, dev)
    _note_unlearnt(train, dev, remarks)
    _note_unread(train, dev, remarks)
    trained = {span.name for each in train for span in read_spans(each.tags)}
    for listed in experiment.lists:
        for name in sorted(set(listed.slots) - trained):
            remarks[f"slot {name} of list {listed.name}, which training lacks"] += 1
    notes = (*map(note_of, experiment.corpora), *map(note_of, experiment.lists))
    return Data(tuple(train), tuple(dev), remarks, notes, tuple(held_out), read_lists(experiment))


def read_lists(experiment: Experiment) -> tuple[ValueList, ...]:
    """The experiment's lists of values; raises CorpusError where one is absent or malformed."""
    return tuple(
        read_value_list(source, folder_of(source.package) / source.path)
        for source in experiment.lists
    )


def folder_of(package: str) -> Path:
    """Where an installed package's data are, or the data folder where none is named."""
    if not package:
        return data_folder()
    if find_spec(package) is None:
        raise ExperimentError(f"there is no package {package} to read from: install it")
    return Path(str(files(package)))


def _path_of(source: Source) -> Path:
    path = folder_of(source.package) / source.path
    if not path.exists():
        hint = "" if source.package else f" ({DATA_VARIABLE} names the folder of corpora)"
        expected = f"the corpus {source.name}{hint}"
        raise CorpusError(path, None, expected, "nothing")
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
    remark = "slot of a corpus about other things, left out"
    return Corpus(tuple(utterances), Counter(corpus.remarks) + Counter({remark: slots}))


def _note_unlearnt(
    train: Iterable[Utterance], dev: Iterable[Utterance], remarks: Counter[str]
) -> None:
    """What dev has, and a network cannot learn: an oversight, perhaps, of who split the corpus."""
    slots = {span.name for each in train for span in read_spans(each.tags)}
    intents = {each.intent for each in train}
    for each in dev:
        for span in read_spans(each.tags):
            if span.name not in slots:
                remarks[f"slot {span.name} in dev, which training lacks"] += 1
        if each.intent is not None and each.intent not in intents:
            remarks[f"intent {each.intent} in dev, which training lacks"] += 1


def _note_unread(
    train: Sequence[Utterance], dev: Sequence[Utterance], remarks: Counter[str]
) -> None:
    """Slots of nothing but marks, such as emoji, where a corpus has too few for them to be read."""
    if _has_punctuation(train):
        return
    for each in chain(train, dev):
        for span in read_spans(each.tags):
            if not read_tokens(each.tokens[span.start : span.end], punctuation=False).words:
                remarks[f"slot {span.name} without a letter or digit, not read"] += 1


def inventory_of(
    experiment: Experiment, utterances: Sequence[Utterance]
) -> tuple[Inventory, NDArray[np.float32] | None]:
    """
    What an experiment's network is made for, and the static vectors of its words by their ids.

    Raises CorpusError where a file of vectors or words that is asked for is absent or malformed.
    """
    settings = experiment.network
    inventory = take_inventory(
        utterances,
        intents=settings.intents,
        casing=settings.casing,
        shapes=settings.shapes,
        rarest=settings.min_count,
        lexicon=experiment.lexicon,
    )
    return add_vectors(inventory, utterances, experiment.vectors)


def take_inventory(
    utterances: Sequence[Utterance],
    *,
    intents: bool,
    casing: bool = True,
    shapes: bool = False,
    rarest: int = 1,
    lexicon: Sequence[WordList] = (),
) -> Inventory:
    """
    Count what the training data hold; entries come in the order of their frequency.

    Of very many words and trigrams only the most frequent are kept, or the bundle would be large
    for the sake of those that hardly ever occur. A lexicon is read where most words are letters.
    Raises CorpusError where that is absent or malformed.
    """
    punctuation = _has_punctuation(utterances)
    cased = sum(any(token != token.lower() for token in each.tokens) for each in utterances)
    casing = casing and cased >= _CASED * len(utterances)
    cut = _is_cut(utterances)
    readings = [
        read_utterance(each, punctuation=punctuation, shapes=shapes, cut=cut)[0].words
        for each in utterances
    ]
    words = Counter(word for reading in readings for word in reading)
    letters = sum(count for word, count in words.items() if is_letter(word))
    pairs = letters >= _SINGLE_LETTERS * words.total()
    chosen = choose_lexicon(lexicon, words) if pairs else None
    known = read_lexicon(chosen) if chosen else ()
    segments = Lexicon(known)
    trigrams: Counter[str] = Counter()
    for reading in readings:
        if segments:
            trigrams.update(chain.from_iterable(map(marks_of, segments.marks(reading))))
        for before, word, after in with_neighbours(reading):
            is_shaped = shapes and is_number(word)
            trigrams.update(number_shapes(word) if is_shaped else letter_trigrams(word))
            if pairs and is_letter(word):
                trigrams.update(letter_pairs(before, word, after))
    marks = (CAPITAL,) * casing + (PAIR,) * pairs + (SHAPE,) * shapes + (CUT,) * cut
    most_trigrams = _by_frequency(trigrams)[: _MAX_TRIGRAMS - len(marks)]
    slots = {span.name for utterance in utterances for span in read_spans(utterance.tags)}
    labels = {each.intent for each in utterances if each.intent is not None} if intents else set()
    return Inventory(
        _known_words(words, rarest, _RAREST_NUMBER if shapes else 1),
        most_trigrams + marks,
        tuple(sorted(slots)),
        tuple(sorted(labels)),
        punctuation,
        casing,
        shapes,
        cut,
        lexicon=known,
        lexicon_name=chosen.name if chosen else "",
    )


def note_of(source: Source | StaticVectors | WordList | ListSource) -> CorpusNote:
    """What the manifest says of a source."""
    return CorpusNote(source.name, source.license, source.citation, source.source)


def add_vectors(
    inventory: Inventory, utterances: Sequence[Utterance], wanted: StaticVectors | None
) -> tuple[Inventory, NDArray[np.float32] | None]:
    """
    Add the words that have a static vector; with them come the vectors of all words by their ids.

    Raises CorpusError where a file that is asked for is absent or malformed.
    """
    if wanted is None:
        return inventory, None
    path = data_folder() / wanted.path
    if wanted.optional and not path.exists():
        return inventory, None
    running = [normalise(token) for each in utterances for token in each.tokens]
    known = set(inventory.words)
    found = read_vectors(path, wanted.words, known.union(running))
    if wanted.optional:
        covered = set(found.words)
        if sum(word in covered for word in running) < _COVERED * len(running):
            return inventory, None
    more = tuple(word for word in found.words if word not in known)
    rows = dict(zip(found.words, found.vectors, strict=True))
    size = found.vectors.shape[1]
    nothing = np.zeros(size, np.float32)
    vectors = np.stack(
        [nothing, nothing, *(rows.get(word, nothing) for word in inventory.words + more)]
    )
    return replace(inventory, more_words=more, vector_size=size), vectors


def _has_punctuation(utterances: Sequence[Utterance]) -> bool:
    punctuated = sum(any(map(_is_read_mark, each.tokens)) for each in utterances)
    return punctuated >= _PUNCTUATED * len(utterances)


def _is_cut(utterances: Sequence[Utterance]) -> bool:
    """Whether somebody has cut texts of scripts that set no blanks into words of some letters."""
    letters = [
        len(words_of(token))
        for each in utterances
        if each.text is None
        for token in each.tokens
        if _OF_UNCUT.match(token)
    ]
    return bool(letters) and bool(_CUT_FROM <= np.mean(letters) <= _CUT_TO)


def _known_words(counts: Counter[str], rarest: int, rarest_number: int) -> tuple[str, ...]:
    """The most frequent words; numbers that are rarer than others may be are known by shape."""
    known = _by_frequency(counts, rarest)
    return tuple(word for word in known if counts[word] >= rarest_number or not is_number(word))[
        :_MAX_WORDS
    ]


def _is_read_mark(token: str) -> bool:
    return is_punctuation(token) and bool(word_forms(token, punctuation=True, shapes=True))


def _grammar(count: int, seed: int) -> list[Utterance]:
    return [
        utterance_from_spans(sentence.text, sentence.spans)[0]
        for sentence in booking_sentences(count, seed)
    ]


def _by_frequency(counts: Counter[str], rarest: int = 1) -> tuple[str, ...]:
    ranked: Iterable[tuple[str, int]] = sorted(counts.items(), key=lambda entry: (-entry[1], entry))
    return tuple(entry for entry, count in ranked if count >= rarest)
