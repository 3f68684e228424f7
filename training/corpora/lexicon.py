"""Lists of words that packages bring: a word, how often it was counted, its part of speech."""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import regex

from app.tagging.features import normalise
from app.tagging.lexicon import LONGEST
from app.tagging.tokenizer import is_letter
from training.errors import CorpusError, ExperimentError
from training.experiment import WordList

# Of a corpus's letters, so many must be of a list's script.
_COVERED = 0.8
# What a list without parts of speech says of all words.
_NO_KIND = "x"


def choose_lexicon(lists: Iterable[WordList], words: Mapping[str, int]) -> WordList | None:
    """The first list of the script that most letters have; `words` are the corpus's, counted."""
    letters = {word: count for word, count in words.items() if is_letter(word)}
    for wanted in lists:
        of_script = _script_of(wanted)
        covered = sum(count for letter, count in letters.items() if of_script.match(letter))
        if covered >= _COVERED * sum(letters.values()):
            return wanted
    return None


def read_lexicon(wanted: WordList) -> tuple[str, ...]:
    """
    The most frequent words of a list, as lines of a Lexicon.

    Raises ExperimentError where the package is not installed, and CorpusError where its file is
    not as expected.
    """
    path, of_script = _path_of(wanted), _script_of(wanted)
    counts: dict[str, tuple[int, str]] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, None, "a list of words in UTF-8", str(error)) from error
    for number, line in enumerate(lines, start=1):
        try:
            word, count, *kinds = line.split("\t" if "\t" in line else " ")
            counted = int(count)
            (kind,) = kinds or [_NO_KIND]
        except ValueError:
            expected = "a word, its count and its part of speech or none, blanks between"
            raise CorpusError(path, number, expected, repr(line)) from None
        word = normalise(word)
        is_short = len(word) <= min(wanted.longest, LONGEST) and " " not in word
        if counted > 0 and is_short and of_script.search(word):
            counts.setdefault(word, (counted, kind))
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1][0], entry))
    return tuple(f"{word} {count} {kind}" for word, (count, kind) in ranked[: wanted.words])


def _script_of(wanted: WordList) -> Any:
    try:
        return regex.compile(rf"\p{{Script={wanted.script}}}")
    except regex.error as error:
        raise ExperimentError(
            f"the lexicon {wanted.name}: {wanted.script!r} is no script of Unicode"
        ) from error


def _path_of(wanted: WordList) -> Path:
    # Found and not imported: what is asked of the package are its data.
    package, *inside = wanted.package.split(".")
    try:
        spec = find_spec(package)
    except ValueError:  # of ""
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise ExperimentError(
            f"the lexicon {wanted.name} is in the package {package}, which is not "
            f"installed: pip install {package}, or take [lexicon] out of the experiment"
        )
    return Path(spec.submodule_search_locations[0]).joinpath(*inside) / wanted.path
