"""What the training data hold: vocabularies, labels, and the way to read them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import regex
from numpy.typing import NDArray

from app.tagging.features import (
    CAPITAL,
    CUT,
    PAIR,
    SHAPE,
    SPELLED,
    EncodedSentence,
    is_number,
    letter_pairs,
    letter_trigrams,
    normalise,
    number_shapes,
    read_tokens,
    with_neighbours,
)
from app.tagging.lexicon import Lexicon, marks_of
from app.tagging.slots import read_spans
from app.tagging.tokenizer import UNCUT_SCRIPTS, is_letter, is_punctuation, words_of
from app.tagging.word_forms import word_forms
from training.corpora.lexicon import choose_lexicon, read_lexicon
from training.corpora.sentences import Sentence, read_sentences, read_utterance
from training.corpora.splits import Utterance
from training.corpora.vectors import read_vectors
from training.experiment import Experiment, StaticVectors, WordList
from training.paths import data_folder

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


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """
    What the training data hold: the vocabularies, the labels and the way to read them.

    `more_words` have a vector of `vector_size` but do not occur in training; `lexicon` has lines of
    an app.tagging.lexicon.Lexicon, from the list of that name. The first `letter_trigrams` of the
    trigrams spell words of several letters; behind them is what stands beside words.
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
    letter_trigrams: int = 0

    def read(self, tokens: Sequence[str]) -> EncodedSentence:
        """What a network for these data reads of a sentence's tokens."""
        return read_tokens(tokens, **self._options())

    def read_sentences(self, utterances: Iterable[Utterance]) -> list[Sentence]:
        """The sentences of the utterances that leave such a network something to read."""
        return read_sentences(utterances, self.intents, **self._options())

    def _options(self) -> dict[str, bool]:
        names = ("punctuation", "casing", "shapes", "cut")
        return {name: getattr(self, name) for name in names}

    @property
    def all_words(self) -> tuple[str, ...]:
        """The vocabulary of the bundle."""
        return self.words + self.more_words


def vocabularies_of(
    experiment: Experiment, utterances: Sequence[Utterance]
) -> tuple[Vocabularies, NDArray[np.float32] | None]:
    """
    What an experiment's network is made for, and the static vectors of its words by their ids.

    Raises CorpusError where a file of vectors or words that is asked for is absent or malformed.
    """
    settings = experiment.network
    vocabularies = build_vocabularies(
        utterances,
        intents=settings.intents,
        casing=settings.casing,
        shapes=settings.shapes,
        rarest=settings.min_count,
        lexicon=experiment.lexicon,
    )
    vocabularies, vectors = add_vectors(vocabularies, utterances, experiment.vectors)
    if vectors is not None and settings.inputs == "both" and vocabularies.letter_trigrams:
        vocabularies = replace(vocabularies, trigrams=(*vocabularies.trigrams, SPELLED))
    return vocabularies, vectors


def build_vocabularies(
    utterances: Sequence[Utterance],
    *,
    intents: bool,
    casing: bool = True,
    shapes: bool = False,
    rarest: int = 1,
    lexicon: Sequence[WordList] = (),
) -> Vocabularies:
    """
    Count what the training data hold; entries come in the order of their frequency.

    Of very many words and trigrams only the most frequent are kept, or the bundle would be large
    for the sake of those that hardly ever occur. A lexicon is read where most words are letters.
    Raises CorpusError where that is absent or malformed.
    """
    punctuation = has_punctuation(utterances)
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
    spellings: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    for reading in readings:
        if segments:
            beside.update(chain.from_iterable(map(marks_of, segments.marks(reading))))
        for before, word, after in with_neighbours(reading):
            if shapes and is_number(word):
                beside.update(number_shapes(word))
            else:
                spellings.update(letter_trigrams(word))
            if pairs and is_letter(word):
                beside.update(letter_pairs(before, word, after))
    marks = (CAPITAL,) * casing + (PAIR,) * pairs + (SHAPE,) * shapes + (CUT,) * cut
    slots = {span.name for utterance in utterances for span in read_spans(utterance.tags)}
    most = _by_frequency(spellings + beside)[: _MAX_TRIGRAMS - len(marks)]
    letters_first = sorted(most, key=beside.__contains__)
    labels = {each.intent for each in utterances if each.intent is not None} if intents else set()
    return Vocabularies(
        _known_words(words, rarest, _RAREST_NUMBER if shapes else 1),
        (*letters_first, *marks),
        tuple(sorted(slots)),
        tuple(sorted(labels)),
        punctuation,
        casing,
        shapes,
        cut,
        lexicon=known,
        lexicon_name=chosen.name if chosen else "",
        letter_trigrams=0 if pairs else sum(each in spellings for each in most),
    )


def add_vectors(
    vocabularies: Vocabularies, utterances: Sequence[Utterance], wanted: StaticVectors | None
) -> tuple[Vocabularies, NDArray[np.float32] | None]:
    """
    Add the words that have a static vector; with them come the vectors of all words by their ids.

    Raises CorpusError where a file that is asked for is absent or malformed.
    """
    if wanted is None:
        return vocabularies, None
    path = data_folder() / wanted.path
    if wanted.optional and not path.exists():
        return vocabularies, None
    running = [normalise(token) for each in utterances for token in each.tokens]
    known = set(vocabularies.words)
    found = read_vectors(path, wanted.words, known.union(running))
    if wanted.optional:
        covered = set(found.words)
        if sum(word in covered for word in running) < _COVERED * len(running):
            return vocabularies, None
    more = tuple(word for word in found.words if word not in known)
    rows = dict(zip(found.words, found.vectors, strict=True))
    size = found.vectors.shape[1]
    nothing = np.zeros(size, np.float32)
    vectors = np.stack(
        [nothing, nothing, *(rows.get(word, nothing) for word in vocabularies.words + more)]
    )
    return replace(vocabularies, more_words=more, vector_size=size), vectors


def has_punctuation(utterances: Sequence[Utterance]) -> bool:
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


def _by_frequency(counts: Counter[str], rarest: int = 1) -> tuple[str, ...]:
    ranked: Iterable[tuple[str, int]] = sorted(counts.items(), key=lambda entry: (-entry[1], entry))
    return tuple(entry for entry, count in ranked if count >= rarest)
