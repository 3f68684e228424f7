"""Sentences → the padded arrays that every network takes."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from app.tagging.lexicon import Lexicon, marks_of
from app.tagging.tokenizer import is_letter, words_of
from app.tagging.vocabulary import PADDING, UNKNOWN, Vocabulary
from app.tagging.word_forms import word_forms

# Of a longer word the first letters say enough, and a line of ten million letters costs nothing.
MAX_TRIGRAMS = 24
# Of a word, code points: Unicode puts the marks of a letter in order in a time that grows with the
# square of their number, half a million of them in minutes, and all other threads wait for it.
MAX_LETTERS = 256
# Stands before a word that begins with a capital, and beside its trigrams, for networks that read
# casing. It is of Unicode's private use, which the tokenizer takes for no word.
CAPITAL = "\ue000"
# Stands beside a pair of letters that are neighbours in the sentence, for networks that read such
# pairs, and is of private use too.
PAIR = "\ue001"
# Stands before the shape of a word with digits, beside its trigrams, for networks that read shapes;
# of private use as well.
SHAPE = "\ue003"
# Says that words of scripts that set no blanks had some between them in training, and is no word.
CUT = "\ue004"
# Says that the network reads letter trigrams of unknown words alone, and is no word either.
SPELLED = "\ue005"
# What is remembered of words: some megabytes at most, whatever strangers make up.
_CACHED_WORDS = 20_000
CACHED_LETTERS = 40
# A word's row: its id, how many trigrams it has, their ids and CAPITAL's. Zeros are padding. What
# else stands beside a word takes the places of its last trigrams.
_ROW = 2 + MAX_TRIGRAMS + 1
_PADDING = bytes([PADDING])

T = TypeVar("T")


class Features(NamedTuple):
    """
    A batch of sentences, padded with zeros.

    words: (batch, words); trigrams: (batch, words, trigrams); lengths, in words: (batch,).
    All are int32, the type that ONNX's recurrent operators want of lengths.
    """

    words: NDArray[np.int32]
    trigrams: NDArray[np.int32]
    lengths: NDArray[np.int32]


class EncodedSentence(NamedTuple):
    """
    What a network reads of a sentence.

    words: normalised, with CAPITAL in front where casing is read and the word has one;
    first_words: for each token the number of its first word here, or None where the network reads
    nothing of it.
    """

    words: tuple[str, ...]
    first_words: tuple[int | None, ...]

    @property
    def is_plain(self) -> bool:
        """Whether each token is one word."""
        return len(self.first_words) == len(self.words) and None not in self.first_words


def normalise(word: str) -> str:
    """One form for all casings and all compatible code points (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", word[:MAX_LETTERS]).lower()


def without_capital(word: str) -> str:
    """A word of a reading without the mark of its capital."""
    return word.removeprefix(CAPITAL)


def letter_trigrams(word: str) -> list[str]:
    """
    The letters of a word three at a time; a shorter word is its own only trigram.

        apple → app ppl ple
    """
    if len(word) < 3:
        return [word]
    return [word[at : at + 3] for at in range(min(len(word) - 2, MAX_TRIGRAMS))]


def is_number(word: str) -> bool:
    """Whether there is a digit in the word."""
    return any(map(str.isdigit, word))


def number_shapes(word: str) -> list[str]:
    """
    What a word with digits has in common with others, each behind a SHAPE.

    Its digits as 0, its letters as they are; these as a; and of a run of either the first alone.

        1840s → 0000s 0000a 0a        5:30 → 0:00 0:0        dc10 → dc00 aa00 a0
    """
    zeros = "".join("0" if sign.isdigit() else sign for sign in word[:MAX_TRIGRAMS])
    plain = "".join("a" if sign.isalpha() else sign for sign in zeros)
    short = "".join(sign for sign, _ in groupby(plain))
    return [SHAPE + shape for shape in dict.fromkeys((zeros, plain, short))]


def with_neighbours(words: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    """Each word between the one before it and the one after it, empty at an end."""
    return zip(("", *words), words, (*words[1:], ""), strict=False)


def letter_pairs(before: str, word: str, after: str) -> list[str]:
    """
    A word of one letter, with its marks, and the letters beside it in its sentence, none at an end.

    Where writing has no blanks and each letter is a word they tell what trigrams tell elsewhere.
    """
    return [PAIR + _end_of(before) + word, word + _beginning_of(after) + PAIR]


def _end_of(word: str) -> str:
    return word if is_letter(word) else word[-1:]


def _beginning_of(word: str) -> str:
    return word if is_letter(word) else word[:1]


def read_tokens(
    tokens: Sequence[str],
    *,
    punctuation: bool,
    casing: bool = False,
    shapes: bool = False,
    cut: bool = False,
) -> EncodedSentence:
    """
    The words of a sentence given as tokens, whoever made them.

    Each token is cut as `tokenize` cuts a text and read as `word_forms` has it, so that a corpus's
    `i'd` and what people type agree. Without `punctuation` marks are not read: networks trained on
    transcribed speech have never seen any. With `casing` words that begin with a capital are
    marked, unless the sentence has capitals only, which say nothing. With `shapes` a number is one
    word, whatever marks are in it; with `cut` what stands between blanks is, in all scripts but
    those of Chinese and Japanese.
    """
    casing = casing and any(token != token.upper() for token in tokens)
    flags = punctuation, casing, shapes, cut
    single = _single_words[flags]
    known = tuple(map(single.get, tokens))
    if None not in known:
        return EncodedSentence(cast("tuple[str, ...]", known), tuple(range(len(known))))
    other = _other_words[flags]
    words: list[str] = []
    first_words: list[int | None] = []
    for token, word in zip(tokens, known, strict=True):
        pieces = (word,) if word is not None else other.get(token)
        if pieces is None and (again := single.get(token)):  # it stands here for the second time
            pieces = (again,)
        if pieces is None:
            pieces = _words(token, *flags)
            if len(token) <= CACHED_LETTERS:
                if len(pieces) == 1:
                    remember(single, token, pieces[0])
                else:
                    remember(other, token, pieces)
        first_words.append(len(words) if pieces else None)
        words += pieces
    return EncodedSentence(tuple(words), tuple(first_words))


def _words(token: str, punctuation: bool, casing: bool, shapes: bool, cut: bool) -> tuple[str, ...]:
    return tuple(
        CAPITAL * (casing and word[0].isupper()) + normalise(word)
        for piece in words_of(token, cut=cut)
        for word in word_forms(piece, punctuation=punctuation, shapes=shapes)
    )


# Of tokens that are one word, which, and of others all; by how they are read.
_Flags = tuple[bool, bool, bool, bool]
_single_words: defaultdict[_Flags, dict[str, str]] = defaultdict(dict)
_other_words: defaultdict[_Flags, dict[str, tuple[str, ...]]] = defaultdict(dict)


def remember(known: dict[str, T], key: str, value: T) -> None:
    """Bounded, and only ever full of what strangers make up: then begin again."""
    if len(known) >= _CACHED_WORDS:
        known.clear()
    known[key] = value


class Featurizer:
    """
    Words → ids and the ids of their letter trigrams.

    Where letters are words, those of pairs that the trigrams hold, and those of what a lexicon
    tells of the words that the letters make. Where the trigrams hold SPELLED, a known word has no
    letter trigrams, unless `spell_all` asks for them.
    """

    def __init__(
        self,
        words: Vocabulary,
        trigrams: Vocabulary,
        lexicon: Lexicon | None = None,
        *,
        spell_all: bool = False,
    ) -> None:
        self.words = words
        self.trigrams = trigrams
        self.lexicon = lexicon
        self.casing = CAPITAL in trigrams  # whether the network has learnt what a capital means
        self.pairs = PAIR in trigrams  # and what it means which letters are neighbours
        self.shapes = SHAPE in trigrams  # and what numbers have in common
        self.cut = CUT in trigrams  # whether words have blanks between them in all scripts
        self.spells_unknown = SPELLED in trigrams and not spell_all
        self._known: dict[str, bytes] = {}

    def __call__(self, sentences: Sequence[Sequence[str]]) -> Features:
        """Pad the sentences' ids into arrays; there must be at least one word in all."""
        lengths = [len(sentence) for sentence in sentences]
        longest = max(lengths)
        known = self._known
        # Joined as bytes: numpy would take as long for a word as this does for a sentence.
        rows = b"".join(
            b"".join([known.get(key) or self._row(key) for key in keys]).ljust(
                longest * _ROW * np.dtype(np.int32).itemsize, _PADDING
            )
            for keys in map(self._keys, sentences)
        )
        table = np.frombuffer(rows, np.int32).reshape(len(sentences), longest, _ROW)
        most = max(1, int(np.maximum.reduce(table[:, :, 1], axis=None)))
        # Copies always: torch wants arrays that may be written to.
        return Features(
            table[:, :, 0].copy(),
            table[:, :, 2 : 2 + most].copy(),
            np.array(lengths, np.int32),
        )

    def _keys(self, sentence: Sequence[str]) -> Sequence[str]:
        """Of each word all that its row depends on."""
        if not self.pairs:
            return sentence
        letters = [without_capital(word) for word in sentence]
        marks = self.lexicon.marks(letters) if self.lexicon else repeat("")
        return [
            PAIR.join((_end_of(before), word, _beginning_of(after), mark))
            if mark or is_letter(word)
            else word
            for (before, word, after), mark in zip(with_neighbours(sentence), marks, strict=False)
        ]

    def _row(self, key: str) -> bytes:
        before, word, after, mark = key.split(PAIR) if PAIR in key else ("", key, "", "")
        letters = without_capital(word)
        # What letters of numbers have in common says little: 914 is no nearer to 912 than to 555.
        is_shaped = self.shapes and is_number(letters)
        number = self.words.index(letters)
        is_spelled = number == UNKNOWN or not self.spells_unknown
        symbols = self._shapes(letters) if is_shaped else letter_trigrams(letters) * is_spelled
        if PAIR in key:
            beside = letter_pairs(before, letters, after) if is_letter(letters) else []
            beside += marks_of(mark)
            symbols = symbols[: MAX_TRIGRAMS - len(beside)] + beside
        # A trigram never seen says nothing; a word of nothing else reads as UNKNOWN.
        trigrams = [self.trigrams.index(trigram) for trigram in symbols]
        trigrams = [each for each in trigrams if each != UNKNOWN] or [UNKNOWN] * is_spelled
        if letters != word:
            trigrams.append(self.trigrams.index(CAPITAL))
        padding = [PADDING] * (_ROW - 2 - len(trigrams))
        numbers = [number, len(trigrams), *trigrams, *padding]
        row = np.array(numbers, np.int32).tobytes()
        if len(letters) <= CACHED_LETTERS:
            remember(self._known, key, row)
        return row

    def _shapes(self, number: str) -> list[str]:
        """The shapes of a number; where no time had a colon in training, of 5:30 those of 530."""
        shapes = number_shapes(number)
        if ":" in number and not any(shape in self.trigrams for shape in shapes):
            return number_shapes(number.replace(":", ""))
        return shapes
