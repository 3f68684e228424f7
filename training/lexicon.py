"""Words of a dictionary of jieba's format: a word, how often it was counted, its part of speech."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from app.tagging.features import normalise
from app.tagging.lexicon import LONGEST
from training.errors import CorpusError, ExperimentError
from training.experiment import WordList

# A list of another script knows some letters, but not most.
_COVERED = 0.8


def read_lexicon(wanted: WordList, words: Mapping[str, int]) -> tuple[str, ...]:
    """
    The most frequent words of a list, as lines of a Lexicon.

    `words` are the corpus's with their frequencies: nothing is returned where the list has too few
    of those that are letters. Raises ExperimentError where the package is not installed, and
    CorpusError where its file is not as expected.
    """
    path = _path_of(wanted)
    counts: dict[str, tuple[int, str]] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, None, "a list of words in UTF-8", str(error)) from error
    for number, line in enumerate(lines, start=1):
        try:
            word, count, kind = line.split(" ")
            counted = int(count)
        except ValueError:
            expected = "a word, its count and its part of speech, blanks between"
            raise CorpusError(path, number, expected, repr(line)) from None
        word = normalise(word)
        if counted > 0 and 0 < len(word) <= LONGEST:
            counts.setdefault(word, (counted, kind))
    letters = {word: count for word, count in words.items() if len(word) == 1}
    covered = sum(count for letter, count in letters.items() if letter in counts)
    if covered < _COVERED * sum(letters.values()):
        return ()
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1][0], entry))
    return tuple(f"{word} {count} {kind}" for word, (count, kind) in ranked[: wanted.words])


def _path_of(wanted: WordList) -> Path:
    # Found and not imported: what is asked of the package are its data.
    try:
        spec = find_spec(wanted.package)
    except (ModuleNotFoundError, ValueError):  # of a part of another that is not there; of ""
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise ExperimentError(
            f"the lexicon {wanted.name} is in the package {wanted.package}, which is not "
            f"installed: pip install {wanted.package}, or take [lexicon] out of the experiment"
        )
    return Path(spec.submodule_search_locations[0]) / wanted.path
